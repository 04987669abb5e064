"""Which files hold an episode, and what their headers say together."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import h5py

from recorder.episode_file import check_header, open_episode, version_of
from recorder.episode_paths import segments_of
from recorder.old_layout import OldFile
from recorder.part import Part
from recorder.schema import WHOLE, Header, State
from recorder.segment_file import SegmentFile
from teleop.errors import EpisodeError, EpisodeIncomplete, SchemaMismatch

_LISTINGS = 3  # consolidation replaces the segments once


def open_parts(path: Path) -> tuple[Part, ...]:
    """The files that hold the episode now; segments may be joined into one while we look."""
    if not path.is_dir():
        return (open_part(path),)
    for _ in range(_LISTINGS):
        whole = path / WHOLE
        found = (whole,) if whole.exists() else segments_of(path)
        parts: list[Part] = []
        with ExitStack() as refused:
            try:
                for each in found:
                    parts.append(open_part(each))
                    refused.callback(parts[-1].close)
            except EpisodeError:
                if all(each.exists() for each in found):
                    raise
                continue
            refused.pop_all()
        if parts:
            return tuple(parts)
    raise EpisodeError(f"There is no episode in {path}: neither {WHOLE} nor a finished segment.")


def open_part(path: Path) -> Part:
    """Open one file of an episode. Raises as `EpisodeReader`."""
    file: h5py.File = open_episode(path)
    with ExitStack() as refused:
        refused.callback(file.close)
        header = check_header(file, path)
        old = version_of(file) < 3
        if path.suffix != ".h5" or (old and header.state is State.RECORDING):
            raise EpisodeIncomplete(
                f"The episode {path} was never finished; the recorder salvages it when it "
                "starts the next time."
            )
        part = OldFile(path, file, header) if old else SegmentFile(path, file, header)
        refused.pop_all()
        return part


def header_of(path: Path, parts: Sequence[Part]) -> Header:
    """The header of all parts, but for the sums over their rows."""
    first, last = parts[0].header, parts[-1].header
    for place, part in enumerate(parts):
        if part.header.uid != first.uid or part.header.cameras != first.cameras:
            raise SchemaMismatch(f"{part.path} is no part of the same episode as {parts[0].path}.")
        if len(parts) > 1 and part.header.segment != place:
            raise EpisodeIncomplete(f"{path}: segment {place} is missing; try `nudge repair`.")
    return replace(last, segment=-1) if path.is_dir() else last
