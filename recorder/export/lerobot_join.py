"""Parts of an export made into files of a LeRobotDataset v3, as few as LeRobot's limits allow.

A file of rows, one of each camera's video and one of episodes go together and have the same number.
"""

# pyarrow brings no types.
# pyright: reportUnknownParameterType=false

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recorder.export.lerobot_parts import TABLE, Plan, WaitingPart
from recorder.export.lerobot_stats import Stats, column_stats, joined_pair
from recorder.export.lerobot_tables import (
    DATA_MB,
    DATA_PATH,
    DEFAULT_FEATURES,
    EPISODE,
    EPISODES_PATH,
    FRAME,
    INDEX,
    INFO,
    OPERATOR,
    OUTCOME,
    SOURCE,
    STATS,
    TASK,
    TASKS,
    TIMESTAMP,
    VIDEO_MB,
    VIDEO_PATH,
    arrow_column,
    columns_of,
    data_schema,
    episodes_table,
    file_place,
    info_json,
    numpy_column,
    stats_json,
    videos_of,
    write_tasks,
)
from recorder.export.lerobot_video import join_videos
from recorder.storage import part_of, sync

_MIB = 1 << 20
_FOLDERS = ("data", "videos", "meta")


def join(building: Path, plan: Plan, parts: Sequence[WaitingPart]) -> bytes:
    """Make the dataset of all parts in the folder `building`, all but its info.json.

    Returns:
        the content of info.json, which makes it complete.
    """
    for name in _FOLDERS:
        if (building / name).exists():
            shutil.rmtree(building / name)
    tasks = {
        task: number
        for number, task in enumerate(dict.fromkeys(t for each in parts for t in each.part.tasks))
    }
    joining = _Joining(building, plan, tasks)
    for group in _groups(parts):
        joining.add(group)
    write_tasks(joining.place(TASKS), list(tasks))
    joining.place(STATS).write_bytes(stats_json(joining.stats))
    for name in _FOLDERS:
        for path in (building / name).rglob("*"):
            sync(path)
    return info_json(plan, joining.episodes, joining.rows, len(tasks))


def complete(building: Path, info: bytes) -> None:
    """Write info.json, whole or not at all."""
    growing = part_of(building / INFO)
    growing.write_bytes(info)
    sync(growing)
    growing.rename(building / INFO)
    sync(building / "meta")


def _groups(parts: Iterable[WaitingPart]) -> Iterator[list[WaitingPart]]:
    """Parts whose files stay below the limits together, and whose videos can be joined."""
    group: list[WaitingPart] = []
    sizes: dict[str, int] = {}
    for each in parts:
        mine = {key: video.size_bytes for key, video in each.part.videos.items()}
        mine[""] = each.table_bytes()
        full = any(
            sizes.get(key, 0) + size > (VIDEO_MB if key else DATA_MB) * _MIB
            for key, size in mine.items()
        )
        if group and (full or _heads(group[0]) != _heads(each)):
            yield group
            group, sizes = [], {}
        group.append(each)
        sizes = {key: sizes.get(key, 0) + size for key, size in mine.items()}
    if group:
        yield group


def _heads(each: WaitingPart) -> dict[str, int]:
    return {key: video.head for key, video in each.part.videos.items()}


class _Joining:
    """The dataset as far as it is made."""

    def __init__(self, building: Path, plan: Plan, tasks: dict[str, int]) -> None:
        self._building = building
        self._plan = plan
        self._tasks = tasks
        self._files = 0
        self.episodes = 0
        self.rows = 0
        self.stats: dict[str, Stats] = {}

    def place(self, name: str) -> Path:
        """The path of a file, whose folder is made."""
        path = self._building / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def add(self, group: Sequence[WaitingPart]) -> None:
        """Make the next file of each kind."""
        chunk, file = file_place(self._files)
        for feature in videos_of(self._plan):
            key = feature.key
            videos = [(each.folder / f"{key}.mp4", each.part.videos[key].frames) for each in group]
            name = VIDEO_PATH.format(video_key=key, chunk_index=chunk, file_index=file)
            join_videos(videos, self.place(name), self._plan.fps)
        rows: list[dict[str, Any]] = []
        stats: list[Mapping[str, Stats]] = []
        schema = data_schema((*columns_of(self._plan), *DEFAULT_FEATURES))
        name = DATA_PATH.format(chunk_index=chunk, file_index=file)
        before = self.rows
        with pq.ParquetWriter(self.place(name), schema, write_page_checksum=True) as writer:
            for each in group:
                for table, row, of_episode in self._episodes(each, self.rows - before):
                    writer.write_table(table.select(schema.names).cast(schema))
                    rows.append(row)
                    stats.append(of_episode)
        name = EPISODES_PATH.format(chunk_index=chunk, file_index=file)
        pq.write_table(episodes_table(rows, stats), self.place(name), write_page_checksum=True)
        self._files += 1

    def _episodes(
        self, each: WaitingPart, in_file: int
    ) -> Iterator[tuple[pa.Table, dict[str, Any], Mapping[str, Stats]]]:
        """Rows, description and statistics of each piece; `in_file` rows came before it."""
        table = pq.read_table(each.folder / TABLE, page_checksum_verification=True)
        numbers = np.array([self._tasks[task] for task in each.part.tasks], np.int64)
        start = 0
        for length, images in zip(each.part.pieces, each.part.image_stats, strict=True):
            rows = self._numbered(table.slice(start, length), numbers)
            stats: dict[str, Stats] = {
                feature.key: column_stats(numpy_column(rows, feature))
                for feature in (*columns_of(self._plan), *DEFAULT_FEATURES)
            }
            for key, of_key in images.items():
                stats[key] = {name: np.asarray(value) for name, value in of_key.items()}
            used = set(rows[TASK].to_pylist())
            described = {
                EPISODE: self.episodes,
                "tasks": [task for task, number in self._tasks.items() if number in used],
                "length": length,
                "dataset_from_index": self.rows,
                "dataset_to_index": self.rows + length,
                SOURCE: each.part.name,
                OUTCOME: each.part.outcome,
                OPERATOR: each.part.operator,
            }
            yield rows, described | self._places(in_file + start, length), stats
            self.episodes += 1
            self.rows += length
            start += length
            for key, value in stats.items():
                known = self.stats.get(key)
                self.stats[key] = joined_pair(known, value) if known else value

    def _numbered(self, table: pa.Table, tasks: np.ndarray[Any, Any]) -> pa.Table:
        """Add the columns that every LeRobot dataset has."""
        count = np.arange(len(table))
        values = {
            TIMESTAMP: count / self._plan.fps,
            FRAME: count,
            EPISODE: np.full(len(table), self.episodes),
            INDEX: self.rows + count,
            TASK: tasks[table[TASK].to_numpy()],
        }
        table = table.drop_columns([TASK])
        for feature in DEFAULT_FEATURES:
            column = arrow_column(feature, values[feature.key].astype(feature.dtype))
            table = table.append_column(feature.key, column)
        return table

    def _places(self, start: int, length: int) -> dict[str, Any]:
        """Where an episode lies in the files that are being made."""
        places: dict[str, Any] = {}
        videos = [f"videos/{feature.key}" for feature in videos_of(self._plan)]
        for where in ("data", "meta/episodes", *videos):
            places[f"{where}/chunk_index"], places[f"{where}/file_index"] = file_place(self._files)
        for where in videos:
            places[f"{where}/from_timestamp"] = start / self._plan.fps
            places[f"{where}/to_timestamp"] = (start + length) / self._plan.fps
        return places
