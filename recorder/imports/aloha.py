"""ALOHA's HDF5 and what grew from it (ACT, act-plus-plus, BusyBox): one file per episode."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import msgspec
import numpy as np
from numpy.typing import NDArray

from recorder.imports.foreign import ForeignEpisode
from recorder.imports.foreign_hdf5 import (
    MOST_BYTES,
    MOST_TEXT_BYTES,
    attribute,
    child,
    datasets_below,
    group_at,
    guarded,
    members,
    open_hdf5,
    text_attribute,
    unfit,
)
from recorder.imports.hdf5_episode import take_in
from recorder.imports.own import OUTCOMES, own_stamps
from teleop.errors import ConversionError

MOST_FILES = 100_000
_NAME = re.compile(r"episode_(\d{1,9})\.(hdf5|h5)")
_STAMPS = "observations/timestamp"  # s, one a row; BusyBox's recorder
_TEXTS = ("busybox/state_json",)
_MANIFEST = "manifest.json"
_MANIFEST_BYTES = 1 << 26


class Noted(msgspec.Struct, frozen=True):
    """What BusyBox's manifest says of an episode."""

    task_instruction: str = ""
    recorded_fps: float = 0.0
    success: bool | None = None


class AlohaDataset:
    """A folder of episodes, with folders of tasks in it or not; or a single file.

    Raises:
        ConversionError: there are no such files.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files = _files(path)
        self._open: h5py.File | None = None
        if not self._files:
            raise ConversionError(
                f"{path} holds no ALOHA episodes: there is no episode_0.hdf5 in it, nor one folder "
                "below."
            )
        folder = path if path.is_dir() else path.parent
        self._notes = {place: _manifest(place) for place in (folder, folder.parent)}

    def __len__(self) -> int:
        return len(self._files)

    def episodes(self) -> Iterator[ForeignEpisode]:
        """A damaged one raises in its turn; the next can be asked for all the same."""
        return map(self._opened, self._files)

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _opened(self, path: Path) -> ForeignEpisode:
        """An episode, whose images can be read until the next one is opened."""
        self.close()
        self._open = open_hdf5(path)
        return self._episode(path, self._open)

    def _episode(self, path: Path, file: h5py.File) -> ForeignEpisode:
        action = child(file, "action", path)
        if not isinstance(action, h5py.Dataset):
            raise ConversionError(
                f"{path} has no dataset 'action', so it is not in ALOHA's layout. Files of "
                "robomimic are imported by `nudge record import robomimic`."
            )
        why = unfit(action, path)
        if why:
            raise ConversionError(f"{path}: action cannot be imported: {why}.")
        datasets = dict(datasets_below(file, path, (*_TEXTS, "compress_len")))
        coded = frozenset(
            name
            for name, dataset in datasets.items()
            if name.startswith("observations/images/") and len(dataset.shape or ()) == 2
        )
        count = int(action.shape[0])
        content = take_in(path, count, datasets.items(), coded)
        texts, left_out = _texts(path, file, count)
        noted = self._noted(path)
        stamps = own_stamps(content.arrays)
        if stamps is None:
            stamps = _stamps(content.arrays.get(_STAMPS))
        outcome = OUTCOMES.get(text_attribute(file, "nudge_outcome", path))
        return ForeignEpisode(
            name=str(path.relative_to(self.path)) if path != self.path else path.name,
            fps=_rate(noted.recorded_fps) or _rate(attribute(file, "fps", path)),
            instruction=noted.task_instruction
            or text_attribute(file, "instruction", path)
            or text_attribute(file, "task_instruction", path),
            success=noted.success if outcome is None else outcome,
            arrays=content.arrays,
            cameras=content.cameras,
            stamp_ns=stamps,
            texts=texts,
            left_out=(*content.left_out, *left_out),
        )

    def _noted(self, path: Path) -> Noted:
        for place in (path.parent, path.parent.parent):
            notes = self._notes.get(place, {})
            if path.stem in notes:
                return notes[path.stem]
        return Noted()


def _rate(said: object) -> float:
    """Rows a second, 0: that is none."""
    return float(said) if isinstance(said, int | float) and 0.1 <= said <= 1e4 else 0.0


def open_dataset(path: Path) -> AlohaDataset:
    """Open a folder or file of that layout. Raises ConversionError: it is none."""
    return AlohaDataset(path)


@dataclass(frozen=True)
class _Found:
    number: int
    path: Path


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise ConversionError(f"There is no file or folder {path}.")
    found: list[_Found] = []
    for place in (path, *sorted(each for each in path.iterdir() if each.is_dir())):
        for each in place.iterdir():
            match = _NAME.fullmatch(each.name)
            if match and each.is_file():
                found.append(_Found(int(match[1]), each))
            if len(found) > MOST_FILES:
                raise ConversionError(f"{path} holds more than {MOST_FILES} episodes.")
    return [each.path for each in sorted(found, key=lambda each: (each.path.parent, each.number))]


def _manifest(folder: Path) -> dict[str, Noted]:
    """BusyBox's notes; a manifest of anything else says nothing."""
    path = folder / _MANIFEST
    try:
        if not path.is_file() or path.stat().st_size > _MANIFEST_BYTES:
            return {}
        entries = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        named = {name: entry for name, entry in entries.items() if name.startswith("episode_")}
        return msgspec.convert(named, dict[str, Noted])
    except (
        OSError,
        msgspec.DecodeError,
        msgspec.ValidationError,
        UnicodeDecodeError,
        RecursionError,
    ):
        return {}


def _stamps(seconds: NDArray[Any] | None) -> NDArray[np.int64] | None:
    """Nanoseconds since the first; None unless there are stamps that rise."""
    if seconds is None or seconds.ndim != 1 or not np.isfinite(seconds).all():
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        since = np.rint((seconds - seconds[:1]) * 1e9)
    if len(since) < 2 or (np.diff(since) <= 0).any() or since[-1] > 1e17:
        return None
    return since.astype(np.int64)


def _texts(path: Path, file: h5py.File, count: int) -> tuple[dict[str, list[str]], list[str]]:
    """BusyBox's own state at each row, as JSON."""
    found: dict[str, list[str]] = {}
    left_out: list[str] = []
    for name in _TEXTS:
        group, _, last = name.partition("/")
        parent = group_at(file, group, path) if group in members(file, path) else None
        dataset = child(parent, last, path) if parent is not None else None
        if not isinstance(dataset, h5py.Dataset):
            continue
        if dataset.shape == (count,) and guarded(path, name, partial(_is_text, dataset)):
            found[name] = _read_texts(path, name, dataset)
        else:
            left_out.append(f"{name} is left out: it is not one text a row.")
    return found, left_out


def _is_text(dataset: h5py.Dataset) -> bool:
    return h5py.check_string_dtype(dataset.dtype) is not None


def _read_texts(path: Path, name: str, dataset: h5py.Dataset) -> list[str]:
    texts: list[str] = []
    total = 0
    for row in range(dataset.shape[0]):
        text: Any = guarded(path, f"{name}[{row}]", partial(dataset.__getitem__, row))
        code = text if isinstance(text, bytes) else str(text).encode("utf-8", "replace")
        total += len(code)
        if len(code) > MOST_TEXT_BYTES or total > MOST_BYTES:
            raise ConversionError(f"{path}: the texts of {name} are too long to be states.")
        texts.append(code.decode("utf-8", "replace"))
    return texts
