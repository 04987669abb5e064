"""Tables and JSON of a LeRobotDataset v3 as they lie on disk."""

# pyarrow brings no types.
# pyright: reportUnknownParameterType=false

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from recorder.export.lerobot_features import Feature
from recorder.export.lerobot_parts import Plan
from recorder.export.lerobot_stats import NAMES, Stats
from recorder.export.lerobot_video import CODES, PIXELS

VERSION = "v3.0"
CHUNK_FILES = 1000
DATA_MB, VIDEO_MB = 100, 200
DATA_PATH = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
VIDEO_PATH = "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4"
EPISODES_PATH = "meta/episodes/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
TASKS, INFO, STATS = "meta/tasks.parquet", "meta/info.json", "meta/stats.json"
TIMESTAMP, FRAME, EPISODE, INDEX, TASK = DEFAULTS = (
    "timestamp", "frame_index", "episode_index", "index", "task_index",
)  # fmt: skip
# Beside LeRobot's columns: by what name the episode was exported, and how it ended.
SOURCE, OUTCOME, OPERATOR = "source", "outcome", "operator"

DEFAULT_FEATURES = tuple(
    Feature(key, "float32" if key == TIMESTAMP else "int64", (1,)) for key in DEFAULTS
)
_ARROW = {"float32": pa.float32(), "int64": pa.int64(), "bool": pa.bool_()}


def file_place(number: int) -> tuple[int, int]:
    """Chunk and file index of the file that is `number` in a dataset."""
    return divmod(number, CHUNK_FILES)


def columns_of(plan: Plan) -> tuple[Feature, ...]:
    """The features that stand in the tables."""
    return tuple(each for each in plan.features if each.dtype != "video")


def videos_of(plan: Plan) -> tuple[Feature, ...]:
    """The features that are videos."""
    return tuple(each for each in plan.features if each.dtype == "video")


def arrow_column(feature: Feature, values: NDArray[Any]) -> pa.Array:
    """(n, *shape) numbers as a column."""
    flat = pa.array(np.ascontiguousarray(values).reshape(-1), _ARROW[feature.dtype])
    if feature.shape == (1,):
        return flat
    return pa.FixedSizeListArray.from_arrays(flat, feature.shape[0])


def numpy_column(table: pa.Table, feature: Feature) -> NDArray[Any]:
    """The inverse, (n, *shape)."""
    column = table[feature.key].combine_chunks()
    if feature.shape != (1,):
        column = column.flatten()
    return column.to_numpy(zero_copy_only=False).reshape(len(table), *feature.shape)


def data_schema(features: Sequence[Feature]) -> pa.Schema:
    """Of the tables of rows, with what HuggingFace's datasets library wants to know of them."""
    fields: list[pa.Field] = []
    described: dict[str, Any] = {}
    for feature in features:
        kind = _ARROW[feature.dtype]
        value: dict[str, Any] = {"dtype": feature.dtype, "_type": "Value"}
        if feature.shape != (1,):
            kind = pa.list_(kind, feature.shape[0])
            value = {"feature": value, "length": feature.shape[0], "_type": "List"}
        fields.append(pa.field(feature.key, kind))
        described[feature.key] = value
    return pa.schema(fields, {"huggingface": json.dumps({"info": {"features": described}})})


def write_tasks(path: Path, tasks: Sequence[str]) -> None:
    """The instructions: pandas' index is the text, which its own description must say."""
    index = "__index_level_0__"
    columns = [
        {
            "name": name,
            "field_name": field,
            "pandas_type": kind,
            "numpy_type": numpy_type,
            "metadata": None,
        }
        for name, field, kind, numpy_type in (
            (TASK, TASK, "int64", "int64"),
            (None, index, "unicode", "object"),
        )
    ]
    described = {
        "index_columns": [index],
        "column_indexes": [],
        "columns": columns,
        "creator": {"library": "pyarrow", "version": pa.__version__},
        "pandas_version": "2.2.0",
    }
    schema = pa.schema(
        [(TASK, pa.int64()), (index, pa.string())], {"pandas": json.dumps(described)}
    )
    pq.write_table(pa.table([list(range(len(tasks))), list(tasks)], schema=schema), path)


def episodes_table(
    rows: Sequence[Mapping[str, Any]], stats: Sequence[Mapping[str, Stats]]
) -> pa.Table:
    """One row an episode; its statistics in columns of their own."""
    columns = {name: pa.array([row[name] for row in rows]) for name in rows[0]}
    for key in stats[0]:
        for name in NAMES:
            values = [each[key][name].tolist() for each in stats]
            kind = pa.float64()
            if name == "count":
                values = [[int(number) for number in value] for value in values]
                kind = pa.int64()
            for _ in range(stats[0][key][name].ndim):
                kind = pa.list_(kind)
            columns[f"stats/{key}/{name}"] = pa.array(values, kind)
    return pa.table(columns)


def info_json(plan: Plan, episodes: int, frames: int, tasks: int) -> bytes:
    """The content of info.json."""
    info = {
        "codebase_version": VERSION,
        "robot_type": "two_arms",
        "total_episodes": episodes,
        "total_frames": frames,
        "total_tasks": tasks,
        "chunks_size": CHUNK_FILES,
        "data_files_size_in_mb": DATA_MB,
        "video_files_size_in_mb": VIDEO_MB,
        "fps": plan.fps,
        "splits": {"train": f"0:{episodes}"},
        "data_path": DATA_PATH,
        "video_path": VIDEO_PATH if videos_of(plan) else None,
        "features": {
            feature.key: _described(feature, plan)
            for feature in (*plan.features, *DEFAULT_FEATURES)
        },
    }
    return json.dumps(info, indent=1).encode()


def _described(feature: Feature, plan: Plan) -> dict[str, Any]:
    described: dict[str, Any] = {
        "dtype": feature.dtype,
        "shape": list(feature.shape),
        "names": list(feature.names) or None,
    }
    if feature.dtype == "video":
        described["info"] = {
            "video.height": feature.shape[0],
            "video.width": feature.shape[1],
            "video.codec": CODES[plan.video].codec,
            "video.pix_fmt": PIXELS,
            "video.is_depth_map": False,
            "video.fps": plan.fps,
            "video.channels": 3,
            "has_audio": False,
        }
    return described


def stats_json(stats: Mapping[str, Stats]) -> bytes:
    """The content of stats.json."""
    plain = {
        key: {
            name: [int(number) for number in values] if name == "count" else values.tolist()
            for name, values in each.items()
        }
        for key, each in stats.items()
    }
    return json.dumps(plain, indent=1).encode()
