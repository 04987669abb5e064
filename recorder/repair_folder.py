"""An episode's folder made whole after a crash or a damage; no original is ever overwritten.

Every step leaves the folder readable, so that a kill at any instant costs nothing: a salvaged
copy is synced and has its name before the original goes to the folder `originals`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import h5py

from recorder.consolidate import consolidate
from recorder.episode_file import check_header, open_episode
from recorder.episode_paths import parts_of, segments_of
from recorder.hdf5 import dataset_in, group_in, names_of
from recorder.header import saved_message, write_header
from recorder.joining import CODED
from recorder.layout import Layout
from recorder.originals import SCRATCH, put_aside, replace_by
from recorder.reader import EpisodeReader
from recorder.rescue import Lost, rescue
from recorder.schema import SALVAGED_REASON, STEPS, WHOLE, Header, State
from recorder.storage import part_of, publish, segment_name
from teleop.errors import DiskFull, EpisodeError, EpisodeIncomplete
from teleop.messages import EpisodeSaved, Outcome

_SEGMENT = re.compile(r"seg_(\d+)\.h5(\.part)?")


@dataclass
class FolderRepair:
    """What was found in an episode's folder, and what was done, in sentences."""

    said: list[str] = field(default_factory=list[str])
    lost: Lost = field(default_factory=Lost)
    saved: EpisodeSaved | None = None


def needs_repair(names: set[str]) -> bool:
    """Whether a folder with these names holds what a finished and joined episode does not."""
    own = {name for name in names if name.startswith(("seg_", WHOLE + "."))}
    return bool(own) or (WHOLE not in names and bool(names - {"originals"}))


def is_episode(path: Path) -> bool:
    """Whether an episode lies in that folder, or what is left of one."""
    names = {each.name for each in path.iterdir()} if path.is_dir() else set[str]()
    return WHOLE in names or any(name.startswith("seg_") for name in names)


def repair_folder(
    episode: Path, check: Callable[[Path], str] | None = None, *, join: bool = True
) -> FolderRepair:
    """Make an episode whole that nobody writes any more.

    Args:
        episode: its folder.
        check: says what is wrong with a finished file, empty: nothing; by default finished files
            are trusted, for they were synced before they got their names.
        join: whether its segments are to become one file.

    Raises:
        EpisodeError: a finished file is damaged that was trusted, or nothing can be written.
    """
    done = FolderRepair()
    for path in episode.glob(f"*{SCRATCH}*"):
        path.unlink()
    whole = episode / WHOLE
    wrong = check(whole) if check and whole.exists() else ""
    if wrong:
        _mend_whole(episode, wrong, done)
    if whole.exists():
        return _tidied(episode, done)
    headers = _segments(episode, check, done)
    if not headers:
        _put_parts_aside(episode, done)
        done.said.append("Nothing could be salvaged.")
        return done
    _close(episode, headers, done)
    _put_parts_aside(episode, done)
    if join:
        _join(episode, done)
    with EpisodeReader(episode) as reader:
        done.saved = saved_message(reader.header, str(episode), final=True)
    return done


def _mend_whole(episode: Path, wrong: str, done: FolderRepair) -> None:
    """A damaged `episode.h5`: its segments if they are still there, else what is left of it."""
    whole = episode / WHOLE
    done.said.append(f"{WHOLE} is damaged ({wrong}).")
    if segments_of(episode):
        aside = put_aside(whole)
        done.said.append(f"It is made again of its segments, and kept as {aside}.")
        return
    made = episode / (WHOLE + SCRATCH)
    try:
        header, lost = rescue(whole, made)
    except EpisodeError as error:
        raise EpisodeIncomplete(
            f"{whole} is damaged, and nothing of it can be read; it stays as it is. Fetch it from "
            f"a copy, or move the folder {episode.name} out of the session."
        ) from error
    header = replace(
        header,
        state=State.SALVAGED,
        reason=_marked(header.reason, lost),
        dropped_steps=header.dropped_steps + lost.steps,
        lost_images=header.lost_images + lost.images,
        lost_samples=header.lost_samples + lost.samples,
    )
    with h5py.File(made, "r+") as file:
        write_header(file, header)
    aside = replace_by(made, whole)
    done.lost += lost
    done.said.append(f"Lost: {lost}. The rest is kept, the original as {aside}.")


def _tidied(episode: Path, done: FolderRepair) -> FolderRepair:
    """A whole file is there: what lies beside it is left from making it."""
    with EpisodeReader(episode) as reader:
        done.saved = saved_message(reader.header, str(episode), final=True)
    _put_parts_aside(episode, done)
    if segments_of(episode) or part_of(episode / WHOLE).exists():
        consolidate(episode)
        done.said.append("It was joined already; what was left of its segments is deleted.")
    return done


def _segments(
    episode: Path, check: Callable[[Path], str] | None, done: FolderRepair
) -> dict[int, Header]:
    """The headers of all segments, those that were salvaged among them, by number."""
    headers: dict[int, Header] = {}
    damaged: list[Path] = []
    for path in segments_of(episode):
        wrong = check(path) if check else ""
        if wrong:
            done.said.append(f"{path.name} is damaged ({wrong}).")
            damaged.append(path)
            continue
        try:
            headers[_number(path)] = _header_of(path)
        except EpisodeError as error:
            done.said.append(str(error))
            damaged.append(path)
    parts = [path for path in parts_of(episode) if not path.with_suffix("").exists()]
    like = headers[min(headers)] if headers else None
    for path in [*damaged, *parts]:
        number = _number(path)
        made = episode / (segment_name(number) + SCRATCH)
        own = replace(like, segment=number, state=State.RECORDING) if like else None
        try:
            header, lost = rescue(path, made, own)
        except EpisodeError as error:
            made.unlink(missing_ok=True)
            done.said.append(f"Nothing of {path.name} can be read: {error}")
            if path in damaged:
                aside = put_aside(path)
                done.said.append(f"It is kept as {aside}.")
            continue
        headers[number] = _publish(made, path, replace(header, segment=number))
        done.lost += lost
        kept = f"{header.steps} steps were salvaged from {path.name}"
        done.said.append(f"{kept}; lost: {lost}." if lost else f"{kept}.")
    return headers


def _publish(made: Path, original: Path, header: Header) -> Header:
    with h5py.File(made, "r+") as file:
        write_header(file, header)
    if original.suffix == ".h5":
        replace_by(made, original)
    else:
        publish(made, original.with_suffix(""))
        put_aside(original)
    return header


def _close(episode: Path, headers: dict[int, Header], done: FolderRepair) -> None:
    """Fill holes with empty segments, and add one with the end where that is missing."""
    last = headers[max(headers)]
    for number in range(max(headers)):
        if number not in headers:
            done.said.append(f"Segment {number} is missing; its rows are lost.")
            hole = replace(headers[min(headers)], segment=number, state=State.RECORDING)
            _empty(episode, episode / segment_name(number), hole)
            done.lost.streams += (f"segment {number}",)
    if last.state.finished and not done.lost:
        return
    ended = last.state.finished
    steps, ended_ns, gap = _rows_of(episode, headers)
    closing = replace(
        last,
        state=State.SALVAGED,
        segment=max(headers) + 1,
        outcome=last.outcome if ended else Outcome.UNLABELLED,
        reason=_marked(last.reason if ended else SALVAGED_REASON, done.lost),
        ended_ns=last.ended_ns if ended else ended_ns,
        dropped_steps=last.dropped_steps + done.lost.steps + gap,
        lost_images=last.lost_images + done.lost.images,
        lost_samples=last.lost_samples + done.lost.samples,
    )
    _empty(episode, episode / segment_name(closing.segment), closing)
    if not ended:
        done.said.append(f"It had no end; it is closed as {closing.outcome.value}, {steps} steps.")


def _rows_of(episode: Path, headers: dict[int, Header]) -> tuple[int, int, int]:
    """How many steps there are, the last one's stamp, and how many holes between segments hold."""
    with EpisodeReader(episode) as reader:
        index, stamps = reader.column("index"), reader.column("stamp_ns")
    gap = before = 0
    for number in range(max(headers)):
        before += headers[number].steps if number in headers else 0
        if number not in headers and number - 1 in headers and 0 < before < len(index):
            gap += int(index[before] - index[before - 1]) - 1
    return len(index), int(stamps[-1]) if len(stamps) else -1, gap


def _empty(episode: Path, path: Path, header: Header) -> None:
    """Write a segment without a row, whose codes are those of the last segment before it."""
    layout = Layout(header.cameras)
    before = [each for each in segments_of(episode) if each.name < path.name]
    for each in before[-1:]:
        with open_episode(each) as file:
            steps = group_in(file, STEPS)
            layout.know({name: names_of(dataset_in(steps, name)) for name in CODED})
    made = path.with_name(path.name + SCRATCH)
    made.write_bytes(layout.template())
    none = replace(
        header, steps=0, interventions=0, operator_s=0.0, policy_version=-1, handback_ns=-1
    )
    with h5py.File(made, "r+") as file:
        write_header(file, none)
    publish(made, path)


def _join(episode: Path, done: FolderRepair) -> None:
    try:
        consolidate(episode)
    except DiskFull as error:
        done.said.append(f"Its segments stay, which is no harm: {error}")


def _put_parts_aside(episode: Path, done: FolderRepair) -> None:
    for path in parts_of(episode):
        aside = put_aside(path)
        done.said.append(f"{path.name} is kept as {aside}.")


def _number(path: Path) -> int:
    found = _SEGMENT.fullmatch(path.name)
    return int(found[1]) if found else -1


def _header_of(path: Path) -> Header:
    with open_episode(path) as file:
        return check_header(file, path)


def _marked(reason: str, lost: Lost) -> str:
    if not lost:
        return reason
    return f"{reason}; damaged, lost: {lost}" if reason else f"damaged, lost: {lost}"
