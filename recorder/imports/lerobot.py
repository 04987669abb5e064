"""LeRobot datasets of versions 2 and 3, read with pyarrow and PyAV alone."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from recorder.imports.foreign import ForeignDataset, ForeignEpisode, ForeignImage
from recorder.imports.lerobot_episodes import EpisodePlace, read_episodes, read_tasks
from recorder.imports.lerobot_images import check_video, table_images, video_images
from recorder.imports.lerobot_info import IMAGE, TEXT, Info, read_info
from recorder.imports.lerobot_tables import as_array, open_table, read_columns
from teleop.errors import ConversionError

EPISODE, FRAME, TIMESTAMP, TASK = "episode_index", "frame_index", "timestamp", "task_index"
SUCCESS, STAMP, INSTRUCTION = "next.success", "stamp_ns", "task"
Cameras = dict[str, Callable[[], Iterator[ForeignImage]]]
_CAMERA_NAMES = ("observation.images.", "observation.image.", "observation.")


def open_dataset(path: Path) -> ForeignDataset:
    """Open the dataset in the folder `path`. Raises as `ForeignDataset`."""
    return LeRobotDataset(path)


class LeRobotDataset:
    """A dataset whose lists have been read; tables and videos are opened as they are asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._info = read_info(root)
        self._places = read_episodes(root, self._info)
        self._tasks = read_tasks(root, self._info)
        self._table = _OpenTable()

    def __len__(self) -> int:
        return len(self._places)

    def episodes(self) -> Iterator[ForeignEpisode]:
        """Each in turn. After one that is damaged the iterator can be asked for the next."""
        return map(self._episode, self._places)

    def close(self) -> None:
        self._table.close()

    def _episode(self, place: EpisodePlace) -> ForeignEpisode:
        info = self._info
        file, groups, rows = self._table.rows(place)
        wanted = [*info.numbers(), *info.of_kind(IMAGE, TEXT)]
        table = read_columns(file, place.table, wanted, groups).slice(rows.start, place.length)
        arrays: dict[str, NDArray[Any]] = {}
        for key in info.numbers():
            arrays[key] = as_array(table[key], place.table, key)
            _check_shape(place, key, arrays[key], info)
        cameras = self._videos(place, _times(place, arrays, info))
        for key in info.of_kind(IMAGE):
            cameras[key] = partial(table_images, place.table, key, table[key].to_pylist())
        tasks = self._instructions(place, arrays)
        texts = {key: [str(each) for each in table[key].to_pylist()] for key in info.of_kind(TEXT)}
        return ForeignEpisode(
            name=f"{self._root.name}/episode_{place.number:06d}",
            fps=info.fps,
            instruction=tasks[0],
            success=_success(place, arrays),
            arrays=arrays,
            cameras={_camera(key, tuple(cameras)): images for key, images in cameras.items()},
            stamp_ns=_stamps(arrays),
            columns={key: names for key in arrays if (names := info.features[key].columns())},
            texts={INSTRUCTION: tasks} | texts,
            left_out=info.left_out(),
        )

    def _videos(self, place: EpisodePlace, times_s: NDArray[np.float64]) -> Cameras:
        """The videos' images at these times of the episode."""
        cameras: Cameras = {}
        half_s = 0.5 / self._info.fps + 1e-4
        for key, video in place.videos.items():
            shape = self._info.features[key].shape
            wanted = video.start_s + times_s
            check_video(video.path, shape, float(wanted[-1]), half_s)
            cameras[key] = partial(video_images, video.path, wanted, half_s)
        return cameras

    def _instructions(self, place: EpisodePlace, arrays: dict[str, NDArray[Any]]) -> list[str]:
        """Of each row."""
        if TASK not in arrays or not self._tasks:
            return [place.tasks[0] if place.tasks else ""] * place.length
        numbers = arrays[TASK].reshape(-1).tolist()
        unknown = set(numbers) - set(self._tasks)
        if unknown:
            raise ConversionError(
                f"{place.table} names task {min(unknown)}, which is not in {self._root}/meta. "
                "Fetch the dataset once more."
            )
        return [self._tasks[number] for number in numbers]


class _OpenTable:
    """The file of rows that was read last, with the episode of each of its rows."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._file: pq.ParquetFile | None = None
        self._numbers: NDArray[Any] = np.zeros(0)

    def rows(self, place: EpisodePlace) -> tuple[pq.ParquetFile, list[int], range]:
        """The file, the row groups that the episode lies in, and its rows within these."""
        if self._file is None or self._path != place.table:
            self.close()
            file = open_table(place.table)
            column = read_columns(file, place.table, [EPISODE])[EPISODE]
            self._numbers = as_array(column, place.table, EPISODE).reshape(-1)
            self._path, self._file = place.table, file
        found = np.flatnonzero(self._numbers == place.number)
        if len(found) != place.length or not len(found):
            raise ConversionError(
                f"{place.table} has {len(found)} rows of episode {place.number}, and the list of "
                f"episodes says {place.length}: they do not belong together. Fetch the dataset "
                "once more."
            )
        first, last = int(found[0]), int(found[-1])
        if last - first + 1 != len(found):
            raise ConversionError(
                f"{place.table}: rows of other episodes stand among those of {place.number}. "
                "Fetch the dataset once more."
            )
        count = self._file.metadata.num_row_groups
        ends = np.cumsum([self._file.metadata.row_group(n).num_rows for n in range(count)])
        low, high = np.searchsorted(ends, [first, last], side="right")
        start = first - (int(ends[low - 1]) if low else 0)
        return self._file, list(range(low, high + 1)), range(start, start + len(found))

    def close(self) -> None:
        """Idempotent."""
        if self._file is not None:
            self._file.close()
        self._file = self._path = None


def _check_shape(place: EpisodePlace, key: str, values: NDArray[Any], info: Info) -> None:
    shape = info.features[key].shape
    if shape not in ((), values.shape[1:]) and not (shape == (1,) and values.ndim == 1):
        raise ConversionError(
            f"{place.table}: rows of {key} are {values.shape[1:]}, and info.json says {shape}. "
            "Correct info.json, or fetch the dataset once more."
        )


def _times(place: EpisodePlace, arrays: dict[str, NDArray[Any]], info: Info) -> NDArray[np.float64]:
    """When each row was, (N,) s from the episode's first on."""
    if TIMESTAMP not in arrays:
        return np.arange(place.length) / info.fps
    times = arrays[TIMESTAMP].astype(np.float64).reshape(-1)
    if not (np.isfinite(times).all() and (np.diff(times) > 0).all() and times[0] >= 0):
        raise ConversionError(
            f"{place.table}: the timestamps of episode {place.number} do not rise. Fetch the "
            "dataset once more."
        )
    return times


def _success(place: EpisodePlace, arrays: dict[str, NDArray[Any]]) -> bool | None:
    if place.success is not None or place.unlabelled or SUCCESS not in arrays:
        return place.success
    return bool(arrays[SUCCESS].any())


def _stamps(arrays: dict[str, NDArray[Any]]) -> NDArray[np.int64] | None:
    """Real stamps, which only our own export has."""
    stamps = arrays.get(STAMP)
    if stamps is None or stamps.ndim != 1 or stamps.dtype != np.int64:
        return None
    return stamps if (np.diff(stamps) > 0).all() else None


def _camera(key: str, keys: tuple[str, ...]) -> str:
    """A short name, where it is only one camera's."""

    def short(name: str) -> str:
        prefix = next((each for each in _CAMERA_NAMES if name.startswith(each)), "")
        return name.removeprefix(prefix)

    alone = sum(short(each) == short(key) for each in keys) == 1
    return short(key) if alone else key
