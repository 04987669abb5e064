"""The episodes of a LeRobot dataset, and where each one lies, by version 2 or 3 of the format."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from recorder.imports.lerobot_info import INFO, VIDEO, Info, place
from recorder.imports.lerobot_tables import open_table, read_columns
from teleop.errors import ConversionError

T = TypeVar("T")
_OUTCOMES = {"SUCCESS": True, "FAIL": False}  # as our own export tells them
_TASK_TEXT = ("task", "__index_level_0__")  # the index of a table that pandas wrote


@dataclass(frozen=True)
class VideoPlace:
    """A camera's images of one episode: a file, and the time in it where they begin."""

    path: Path
    start_s: float = 0.0


@dataclass(frozen=True)
class EpisodePlace:
    """An episode of the dataset.

    Attributes:
        number: its episode_index.
        length: rows.
        table: the file that has its rows.
        videos: by feature.
        tasks: its instructions.
        success: None: not said.
        unlabelled: it is told that nobody said how it ended, as our own export does.
    """

    number: int
    length: int
    table: Path
    videos: dict[str, VideoPlace]
    tasks: tuple[str, ...] = ()
    success: bool | None = None
    unlabelled: bool = False


def read_episodes(root: Path, info: Info) -> tuple[EpisodePlace, ...]:
    """List the episodes.

    Raises:
        ConversionError: the list is damaged, or is not of as many as info.json says.
    """
    newer = info.codebase_version.startswith("v3.")
    episodes = tuple(_newer(root, info) if newer else _older(root, info))
    frames = sum(each.length for each in episodes)
    for what, said, found in (
        ("episodes", info.total_episodes, len(episodes)),
        ("frames", info.total_frames, frames),
    ):
        if said not in (-1, found):
            raise ConversionError(
                f"{root / INFO} says {said} {what}, and meta/episodes lists {found}: the dataset "
                "is not whole. Fetch it once more, or correct info.json by hand."
            )
    return episodes


def read_tasks(root: Path, info: Info) -> dict[int, str]:
    """The instructions by their number; empty where the dataset has none."""
    if not info.codebase_version.startswith("v3."):
        path = root / "meta/tasks.jsonl"
        return {each.task_index: each.task for each in _lines(path, _Task)}
    path = root / "meta/tasks.parquet"
    if not path.exists():
        return {}
    file = open_table(path)
    text = next((name for name in _TASK_TEXT if name in file.schema_arrow.names), _TASK_TEXT[0])
    table = read_columns(file, path, ["task_index", text])
    numbers, texts = table["task_index"].to_pylist(), table[text].to_pylist()
    return {number: str(task) for number, task in zip(numbers, texts, strict=True)}


@dataclass(frozen=True)
class _Task:
    task_index: int
    task: str


@dataclass(frozen=True)
class _Episode:
    episode_index: int
    length: int
    tasks: tuple[str, ...] = ()


def _lines(path: Path, kind: type[T]) -> list[T]:
    try:
        lines = path.read_bytes().splitlines()
        return [msgspec.json.decode(line, type=kind) for line in lines if line.strip()]
    except FileNotFoundError:
        raise ConversionError(
            f"{path} is missing. Fetch the dataset once more, with its folder meta."
        ) from None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ConversionError(f"{path} is damaged ({error}). Fetch it once more.") from error


def _older(root: Path, info: Info) -> list[EpisodePlace]:
    episodes: list[EpisodePlace] = []
    for each in _lines(root / "meta/episodes.jsonl", _Episode):
        number = each.episode_index
        values: dict[str, Any] = {
            "episode_index": number,
            "episode_chunk": number // info.chunks_size,
        }
        videos = {
            key: VideoPlace(place(root, info.video_path or "", values | {"video_key": key}))
            for key in info.of_kind(VIDEO)
        }
        table = place(root, info.data_path, values)
        episodes.append(EpisodePlace(number, each.length, table, videos, each.tasks))
    return episodes


@dataclass(frozen=True)
class _Row:
    """A row of meta/episodes. Missing numbers are told with the column's name."""

    path: Path
    values: dict[str, Any] = field(default_factory=dict[str, Any])

    def whole(self, name: str) -> int:
        value = self.values.get(name)
        if not isinstance(value, int):
            raise self._wrong(name, value)
        return value

    def seconds(self, name: str) -> float:
        value = self.values.get(name)
        if not isinstance(value, float | int) or not 0 <= value < 1e9:
            raise self._wrong(name, value)
        return float(value)

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name)
        return tuple(str(each) for each in value) if isinstance(value, list) else ()

    def _wrong(self, name: str, value: object) -> ConversionError:
        return ConversionError(
            f"{self.path}: {name} of an episode is {value}, which cannot be. Fetch the dataset "
            "once more."
        )


def _newer(root: Path, info: Info) -> list[EpisodePlace]:
    paths = sorted((root / "meta/episodes").glob("*/*.parquet"))
    if not paths and info.total_episodes != 0:
        raise ConversionError(
            f"{root}/meta/episodes has no table: the recording was not finalized, or the dataset "
            "was fetched in part. LeRobot cannot read it either."
        )
    return [
        _newer_place(root, info, _Row(path, values)) for path in paths for values in _rows(path)
    ]


def _rows(path: Path) -> Sequence[dict[str, Any]]:
    file = open_table(path)
    names = [name for name in file.schema_arrow.names if not name.startswith("stats/")]
    return read_columns(file, path, names).to_pylist()


def _newer_place(root: Path, info: Info, row: _Row) -> EpisodePlace:
    videos: dict[str, VideoPlace] = {}
    for key in info.of_kind(VIDEO):
        values: dict[str, Any] = {
            "video_key": key,
            "chunk_index": row.whole(f"videos/{key}/chunk_index"),
            "file_index": row.whole(f"videos/{key}/file_index"),
        }
        start = row.seconds(f"videos/{key}/from_timestamp")
        videos[key] = VideoPlace(place(root, info.video_path or "", values), start)
    values = {
        "chunk_index": row.whole("data/chunk_index"),
        "file_index": row.whole("data/file_index"),
    }
    return EpisodePlace(
        row.whole("episode_index"),
        row.whole("length"),
        place(root, info.data_path, values),
        videos,
        row.texts("tasks"),
        _OUTCOMES.get(str(row.values.get("outcome"))),
        row.values.get("outcome") == "UNLABELLED",
    )
