"""Export as ALOHA's HDF5, one file per episode, for ACT; or as the BusyBox recorder lays it out.

A recording with a gap gives a file for each side of it. docs/exports.md tells the layout.
"""

from collections.abc import Sequence
from pathlib import Path

import h5py
import msgspec
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.export.aloha_file import write_file
from recorder.export.aloha_layout import AlohaLayout, aloha, busybox, task_folder
from recorder.export.export import ExportOptions
from recorder.export.journal import Journal, entry_of
from recorder.export.rows import pieces_of
from recorder.hdf5 import dataset_in, group_in
from recorder.storage import part_of, publish, sync
from teleop.errors import ConversionError
from teleop.messages import Outcome

MANIFEST = "manifest.json"


def open_export(target: Path, options: ExportOptions) -> "AlohaExport":
    """Open or continue an export for ACT. Raises ConversionError, as `Journal`."""
    return AlohaExport(Journal(target, "aloha", options), options, aloha(options))


def open_busybox(target: Path, options: ExportOptions) -> "AlohaExport":
    """Open or continue one in the BusyBox recorder's layout. Raises ConversionError."""
    return AlohaExport(Journal(target, "busybox", options), options, busybox(options))


class AlohaExport:
    """Implements `export.Export`."""

    def __init__(self, journal: Journal, options: ExportOptions, layout: AlohaLayout) -> None:
        self._journal = journal
        self._options = options
        self._layout = layout
        # What a killed run left without counting it.
        for path in journal.folder.rglob("episode_*.hdf5*"):
            if path.suffix == ".part" or _number(path) >= journal.pieces:
                path.unlink()

    def done(self) -> frozenset[str]:
        return self._journal.names

    def add(self, name: str, episode: EpisodeData) -> None:
        pieces = pieces_of(episode, self._options.fps, self._options.cameras)
        first = self._journal.pieces
        folder = self._journal.folder
        if self._layout.folders:
            folder /= task_folder(episode.header.instruction)
            folder.mkdir(exist_ok=True)
            sync(folder.parent)
        made: list[NDArray[np.float64]] = []
        for place, piece in enumerate(pieces):
            path = folder / f"episode_{first + place}.hdf5"
            made.append(write_file(part_of(path), name, episode, piece, self._layout))
            publish(part_of(path), path)
        self._journal.add(entry_of(name, made))

    def finish(self) -> Path:
        folder = self._journal.folder
        paths = sorted(folder.rglob("episode_*.hdf5"), key=_number)
        if [_number(path) for path in paths] != list(range(self._journal.pieces)):
            raise ConversionError(
                f"{folder} has {len(paths)} files instead of {self._journal.pieces}. Delete it and "
                "export again."
            )
        self._check(paths)
        if self._layout.folders:
            content = msgspec.json.format(msgspec.json.encode(self._manifest(paths)), indent=4)
            (folder / MANIFEST).write_bytes(content)
            sync(folder / MANIFEST)
        return self._journal.publish()

    def close(self) -> None:
        self._journal.close()

    def _check(self, paths: Sequence[Path]) -> None:
        number = 0
        for entry in self._journal.entries:
            for place, rows in enumerate(entry.rows):
                with h5py.File(paths[number + place], "r") as file:
                    _check_lengths(file, rows)
                    actions = dataset_in(file, "action")
                    ends = (actions[0].tolist(), actions[-1].tolist())
                wrong = place == 0 and ends[0] != list(entry.first)
                if wrong or (place == len(entry.rows) - 1 and ends[1] != list(entry.last)):
                    raise ConversionError(
                        f"{paths[number + place]} is not what was written of {entry.name}. Delete "
                        "the folder and export again; the disk may be failing."
                    )
            number += len(entry.rows)

    def _manifest(self, paths: Sequence[Path]) -> dict[str, object]:
        told: dict[str, object] = {"version": 1.0, "collector's notes": " "}
        for path in paths:
            with h5py.File(path, "r") as file:
                times = dataset_in(file, "action_timestamp")[()]
                lasted = float(times[-1] - times[0])
                told[path.stem] = {
                    "task_folder": path.parent.name,
                    "task_instruction": str(file.attrs["instruction"]),
                    "timesteps": len(times),
                    "recorded_fps": (len(times) - 1) / lasted if lasted > 0 else self._layout.fps,
                    "success": file.attrs["nudge_outcome"] == Outcome.SUCCESS.value,
                }
        return told


def _number(path: Path) -> int:
    """Of `episode_12.hdf5`."""
    return int(path.stem.removeprefix("episode_"))


def _check_lengths(file: h5py.File, rows: int) -> None:
    """Raise ConversionError unless every dataset has that many rows, and images decode."""
    observations = group_in(file, "observations")
    named = [dataset_in(observations, name) for name in ("qpos", "qvel", "effort")]
    shapes = {values.shape for values in (*named, dataset_in(file, "action"))}
    if shapes != {(rows, 14)}:
        raise ConversionError(f"{file.filename} has rows {sorted(shapes)} instead of {rows}.")
    images = group_in(observations, "images")
    for at, camera in enumerate(map(str, images)):
        codes = dataset_in(images, camera)
        if len(codes) != rows:
            raise ConversionError(f"{file.filename}: {camera} has {len(codes)} images, not {rows}.")
        if codes.ndim == 2:
            for row in (0, rows - 1):
                length = int(dataset_in(file, "compress_len")[at, row])
                if not simplejpeg.is_jpeg(codes[row, :length].tobytes()):
                    raise ConversionError(f"{file.filename}: image {row} of {camera} is no JPEG.")
