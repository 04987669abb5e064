"""Run by LeRobot's own Python (tools/peer-env), never imported: its loader, and its recorder.

load ROOT           load a dataset as training does; print what it gives, as JSON
make ROOT KIND      record a dataset with images as KIND: video or image
kill ROOT           record two episodes of a dataset and die without finalizing it
"""

# pyright: basic, reportMissingImports=false
import json
import os
import signal
import sys
from pathlib import Path

import av
import numpy as np
import torch
from lerobot.datasets import lerobot_dataset
from lerobot.datasets.lerobot_dataset import LeRobotDataset

FPS, LENGTHS, SIZE = 10, (12, 17), (64, 96)
_JOINTS = {"dtype": "float32", "shape": (7,), "names": [f"j{n}" for n in range(7)]}


def decoded(path, timestamps, tolerance_s, backend=None):
    """LeRobot's decoder by PyAV: its own asks for a part of torchvision that is gone."""
    with av.open(str(path)) as video:
        frames = [(float(f.time), f.to_ndarray(format="rgb24")) for f in video.decode(video=0)]
    times = np.array([time for time, _ in frames])
    nearest = [int(np.abs(times - wanted).argmin()) for wanted in timestamps]
    distance = np.abs(times[nearest] - np.array(timestamps)).max()
    if distance >= tolerance_s:
        raise ValueError(f"{path} has no image within {tolerance_s} s: {distance}")
    images = np.stack([frames[number][1] for number in nearest])
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255


def load(root: Path) -> None:
    lerobot_dataset.decode_video_frames = decoded
    info = json.loads((root / "meta/info.json").read_text())
    step = 1 / info["fps"]
    cameras = [key for key in info["features"] if key.startswith("observation.images.")]
    deltas = {"action": [0.0, step, 2 * step], "observation.state": [-step, 0.0]}
    deltas |= {key: [-step, 0.0] for key in cameras}
    dataset = LeRobotDataset("nudge/test", root=root, delta_timestamps=deltas)
    items = [dataset[number] for number in range(len(dataset))]
    said = {
        "episodes": dataset.num_episodes,
        "rows": len(dataset),
        "tasks": sorted({item["task"] for item in items}),
        "stats": {
            key: {name: np.asarray(value).tolist() for name, value in each.items()}
            for key, each in dataset.meta.stats.items()
        },
    }
    columns = ("action", "action_is_pad", "stamp_ns", "intervention", "episode_index")
    for key in (*columns, "observation.state", "next.done", "next.success", "policy_version"):
        said[key] = [item[key].tolist() for item in items]
    for key in cameras:
        images = torch.stack([item[key] for item in items])  # (N, 2, 3, H, W)
        said[key] = [list(images.shape), images.mean(dim=(2, 3, 4)).tolist()]
    sys.stdout.write(json.dumps(said))


def record(root: Path, kind: str, episodes: int) -> LeRobotDataset:
    image = {"dtype": kind, "shape": (*SIZE, 3), "names": ["height", "width", "channels"]}
    features = {
        "observation.state": _JOINTS,
        "action": _JOINTS,
        "observation.force": {"dtype": "float32", "shape": (5, 6), "names": None},
        "next.success": {"dtype": "bool", "shape": (1,), "names": None},
        "observation.images.top": image,
    }
    dataset = LeRobotDataset.create(
        "nudge/test", fps=FPS, root=root, features=features, use_videos=kind == "video"
    )
    for number in range(episodes):
        for row in range(LENGTHS[number]):
            frame = {
                "observation.state": np.full(7, number + row / 100, np.float32),
                "action": np.arange(7, dtype=np.float32) + row,
                "observation.force": np.arange(30, dtype=np.float32).reshape(5, 6) * row,
                "next.success": np.array([number == 0 and row == LENGTHS[0] - 1]),
                "observation.images.top": np.full((*SIZE, 3), 20 + 8 * row + number, np.uint8),
                "task": f"task {number}",
            }
            dataset.add_frame(frame)
        dataset.save_episode()
    return dataset


def main(verb: str, root: Path, kind: str = "image") -> None:
    if verb == "load":
        load(root)
    elif verb == "make":
        record(root, kind, len(LENGTHS)).finalize()
    else:
        held = record(root, kind, len(LENGTHS))  # letting it go would finalize it
        os.kill(os.getpid(), signal.SIGKILL)
        held.finalize()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
