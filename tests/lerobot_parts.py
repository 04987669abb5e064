"""A LeRobot dataset of version 2.1, made by hand, as older recorders left them."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recorder.export.lerobot_video import CODES, write_video
from teleop.interfaces import Image

CAMERA = "observation.images.top"
FPS = 10
LENGTHS = (7, 5)
_ROW = {"dtype": "int64", "shape": [1], "names": None}
FEATURES = {
    "action": {"dtype": "float32", "shape": [3], "names": ["x", "y", "z"]},
    CAMERA: {"dtype": "video", "shape": [16, 32, 3], "names": ["height", "width", "channels"]},
    "observation.images.depth": {
        "dtype": "video",
        "shape": [16, 32, 1],
        "info": {"video.is_depth_map": True},
    },
    "language_events": {"dtype": "language", "shape": [1], "names": None},
    "timestamp": {"dtype": "float32", "shape": [1], "names": None},
    "episode_index": _ROW,
    "task_index": _ROW,
}


def shown(number: int, row: int) -> Image:
    """What the camera saw."""
    return np.full((16, 32, 3), 40 + 60 * number + 10 * row, np.uint8)


def actions(number: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return (np.arange(LENGTHS[number] * 3, dtype=np.float32) + 100 * number).reshape(-1, 3)


def write_older(root: Path) -> Path:
    """Write it, one table and one video an episode."""
    (root / "meta").mkdir(parents=True)
    info = {
        "codebase_version": "v2.1",
        "total_episodes": len(LENGTHS),
        "total_frames": sum(LENGTHS),
        "chunks_size": 1000,
        "fps": FPS,
        "data_path": "data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet",
        "video_path": "videos/chunk-{episode_chunk:03d}/{video_key}/{episode_index:06d}.mp4",
        "features": FEATURES,
    }
    (root / "meta/info.json").write_text(json.dumps(info))
    listed = [
        {"episode_index": number, "tasks": [f"task {number}"], "length": length}
        for number, length in enumerate(LENGTHS)
    ]
    tasks = [{"task_index": number, "task": f"task {number}"} for number in range(len(LENGTHS))]
    for name, lines in (("episodes", listed), ("tasks", tasks)):
        text = "\n".join(json.dumps(line) for line in lines)
        (root / f"meta/{name}.jsonl").write_text(text + "\n")
    for number, length in enumerate(LENGTHS):
        _write_episode(root, number, length)
    return root


def _write_episode(root: Path, number: int, length: int) -> None:
    table = root / f"data/chunk-000/episode_{number:06d}.parquet"
    table.parent.mkdir(parents=True, exist_ok=True)
    columns = {
        "action": pa.array(actions(number).tolist(), pa.list_(pa.float32())),
        "timestamp": pa.array(np.arange(length, dtype=np.float32) / FPS),
        "episode_index": pa.array([number] * length),
        "task_index": pa.array([number] * length),
    }
    pq.write_table(pa.table(columns), table)
    video = root / f"videos/chunk-000/{CAMERA}/{number:06d}.mp4"
    video.parent.mkdir(parents=True, exist_ok=True)
    images = (shown(number, row) for row in range(length))
    write_video(video, images, (16, 32), FPS, CODES["h264"])
