"""The header of an edited episode, with its sums taken anew."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recorder.edits.part_of_episode import PartOfEpisode
from recorder.header import summed
from recorder.schema import FRAME_SEQUENCE, Header
from teleop.messages import Outcome
from teleop.stream_messages import EventKind


@dataclass(frozen=True)
class _Missing:
    """What is missing of some rows."""

    steps: int
    images: int
    samples: int
    cut_rows: int


def clip_header(
    outcome: Outcome, parts: Sequence[PartOfEpisode], rows: Callable[[str], NDArray[Any]]
) -> Header:
    """The header of a clip, as if it had been recorded so.

    Args:
        outcome: of the clip.
        parts: its pieces.
        rows: returns a column of the clip by its name.
    """
    first, last = parts[0].reader.header, parts[-1].reader.header
    stamps: NDArray[np.int64] = rows("stamp_ns")
    begun_ns = first.opened_ns if parts[0].piece.start == 0 else int(stamps[0])
    to_the_end = parts[-1].piece.stop == len(parts[-1].reader)
    told = parts[0].piece.instruction
    missing = [_missing(part) for part in parts]
    header = replace(
        first,
        state=last.state,
        opened_ns=begun_ns,
        opened_epoch_ns=first.opened_epoch_ns + begun_ns - first.opened_ns,
        ended_ns=last.ended_ns if to_the_end else int(stamps[-1]),
        instruction=first.instruction if told is None else told,
        outcome=outcome,
        reason=last.reason if to_the_end else "",
        dropped_steps=sum(each.steps for each in missing),
        lost_images=sum(each.images for each in missing),
        lost_samples=sum(each.samples for each in missing),
        cut_rows=sum(each.cut_rows for each in missing),
        uid="+".join(_uid(part) for part in parts),
        segment=-1,
    )
    return summed(header, rows)


def _uid(part: PartOfEpisode) -> str:
    uid = part.reader.header.uid
    return uid if part.whole else f"{uid}[{part.piece.start}:{part.piece.stop}]"


def _missing(part: PartOfEpisode) -> _Missing:
    """By the recorder's count where the recording is whole, else by its events and the gaps."""
    header = part.reader.header
    if part.whole:
        return _Missing(
            header.dropped_steps, header.lost_images, header.lost_samples, header.cut_rows
        )
    gaps = int(np.maximum(np.diff(part.column("index")) - 1, 0).sum())
    steps = gaps if not header.cut_rows else min(gaps, _told(part, EventKind.STEPS_LOST))
    unkept = sum(_unkept(part, place) for place in range(len(header.cameras)))
    return _Missing(
        steps,
        max(unkept, _told(part, EventKind.IMAGES_LOST)),
        _told(part, EventKind.SAMPLES_LOST),
        gaps - steps,
    )


def _told(part: PartOfEpisode, kind: EventKind) -> int:
    events = (event for event in part.events() if event.kind is kind)
    return sum(int(event.numbers.get("count", 1)) for event in events)


def _unkept(part: PartOfEpisode, place: int) -> int:
    """Images of a camera that rows refer to and that were not kept."""
    camera = part.reader.header.cameras[place]
    sequences = part.column(FRAME_SEQUENCE)[:, place]
    return len(np.unique(sequences[(part.image_rows(camera) < 0) & (sequences >= 0)]))
