"""LeRobotDataset v3, written with pyarrow and PyAV alone; docs/exports.md says what is in it.

LeRobot keeps rows at a fixed rate without real stamps. The rows are control ticks on a regular
grid, with the newest image of each camera; the real stamps of both stand in columns of their own.
"""

import contextlib
from collections.abc import Generator
from pathlib import Path

import pyarrow as pa
from av.error import FFmpegError

from recorder.episode_data import EpisodeData
from recorder.export.export import Export, ExportOptions
from recorder.export.journal import Entry, Journal
from recorder.export.lerobot_check import check_dataset
from recorder.export.lerobot_features import Feature
from recorder.export.lerobot_join import complete, join
from recorder.export.lerobot_parts import (
    Plan,
    begin_part,
    drop_parts,
    end_part,
    parts_there,
    read_part,
)
from recorder.export.lerobot_rows import write_part
from recorder.export.lerobot_tables import INFO
from recorder.export.lerobot_video import CODES, require_encoder
from teleop.errors import ConversionError


def open_export(target: Path, options: ExportOptions) -> Export:
    """Open or continue a dataset in the folder `target`. Raises as `OpenExport`."""
    if options.fps < 1 or options.fps != round(options.fps):
        raise ConversionError(
            f"LeRobot takes a whole number of rows a second, not {options.fps:g}; choose another."
        )
    if options.size % 2:
        raise ConversionError(
            f"Video takes an even number of pixels, not {options.size}; choose another size."
        )
    require_encoder(CODES[options.video])
    return LeRobotExport(Journal(target, "lerobot", options), options)


class LeRobotExport:
    """A dataset under way. Episodes wait as parts and are joined by `finish`."""

    def __init__(self, journal: Journal, options: ExportOptions) -> None:
        self._journal = journal
        self._options = options
        self._features: tuple[Feature, ...] = ()  # known from the first episode on

    def done(self) -> frozenset[str]:
        return self._journal.names

    def add(self, name: str, episode: EpisodeData) -> None:
        building, number = self._journal.folder, len(self._journal.entries)
        if self._joined():
            if not parts_there(building):
                raise ConversionError(
                    f"{building} was stopped just before its end, and takes no more episodes: "
                    "export the same ones again, or delete it."
                )
            (building / INFO).unlink()
        if number and not self._features:
            self._features = read_part(building, 0).part.features
        with _said(building):
            folder = begin_part(building, number)
            part, actions = write_part(folder, name, episode, self._options, self._features)
            end_part(folder, part)
        ends = [tuple(float(value) for value in actions[row]) for row in (0, -1)]
        self._journal.add(Entry(name, part.pieces, ends[0], ends[1]))
        self._features = part.features

    def finish(self) -> Path:
        building = self._journal.folder
        with _said(building):
            if not self._joined():
                parts = [read_part(building, n) for n in range(len(self._journal.entries))]
                if not parts:
                    raise ConversionError(f"No episode was exported to {self._journal.target}.")
                features = parts[0].part.features
                plan = Plan(round(self._options.fps), self._options.video, features)
                info = join(building, plan, parts)
                check_dataset(building, plan, self._journal.entries)
                complete(building, info)
            drop_parts(building)
        return self._journal.publish()

    def close(self) -> None:
        self._journal.close()

    def _joined(self) -> bool:
        return (self._journal.folder / INFO).exists()


@contextlib.contextmanager
def _said(building: Path) -> Generator[None]:
    """Say in one sentence what a library has against it; what the disk has, the caller says."""
    try:
        yield
    except (pa.ArrowException, FFmpegError) as error:
        if isinstance(error, OSError):
            raise
        raise ConversionError(f"{building} cannot be written: {error}.") from error
