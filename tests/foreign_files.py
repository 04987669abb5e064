"""Small files in the layouts of other tools."""

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.image_log import encode_jpeg
from teleop.messages import FrameRef
from tests.sample_steps import picture

ROWS = 24
OSC: dict[str, Any] = {
    "type": "OSC_POSE",
    "input_max": 1,
    "input_min": -1,
    "output_max": [0.05, 0.05, 0.05, 0.5, 0.5, 0.5],
    "output_min": [-0.05, -0.05, -0.05, -0.5, -0.5, -0.5],
    "control_delta": True,
}


def images(count: int = ROWS) -> NDArray[np.uint8]:
    return np.stack([picture(FrameRef("", row, 0)) for row in range(count)])


def osc_actions(seed: int = 0) -> NDArray[np.float64]:
    random = np.random.default_rng(seed)
    actions = random.uniform(-0.5, 0.5, (ROWS, 7))
    actions[:, 6] = np.where(np.arange(ROWS) < ROWS // 2, -1.0, 1.0)
    return actions


def robosuite_file(path: Path, demos: int = 2, controller: dict[str, Any] | None = None) -> Path:
    """Demos of a Panda that goes a third of what it is asked."""
    kwargs = {"control_freq": 20, "controller_configs": controller or OSC}
    with h5py.File(path, "w") as file:
        data = file.create_group("data")
        data.attrs["env_args"] = json.dumps({"env_name": "Lift", "type": 1, "env_kwargs": kwargs})
        for number in range(demos):
            demo = data.create_group(f"demo_{number}")
            actions = osc_actions(number)
            position = np.zeros((ROWS, 3))
            position[1:] = np.cumsum(actions[:-1, :3] * 0.05 / 3, axis=0)
            demo["actions"] = actions
            demo["states"] = np.random.default_rng(number).standard_normal((ROWS, 32))
            demo["obs/robot0_eef_pos"] = position
            demo["obs/robot0_eef_quat"] = np.tile([1.0, 0, 0, 0], (ROWS, 1))
            demo["obs/agentview_image"] = images()
            demo["next_obs/agentview_image"] = images()
    return path


def isaac_file(path: Path, env_name: str = "Isaac-Stack-Cube-Franka-IK-Rel-v0") -> Path:
    """As Isaac Lab's recorder writes: packed, nested states, an initial state, success."""
    with h5py.File(path, "w") as file:
        data = file.create_group("data")
        data.attrs["env_args"] = json.dumps({"env_name": env_name, "type": 2})
        demo = data.create_group("demo_0")
        demo.attrs["num_samples"], demo.attrs["success"] = ROWS, True
        packed = {"compression": "gzip"}
        demo.create_dataset("actions", data=osc_actions().astype(np.float32), **packed)
        demo.create_dataset("obs/eef_pos", data=np.zeros((ROWS, 3), np.float32), **packed)
        turn = np.tile(np.array([0, 1, 0, 0], np.float32), (ROWS, 1))
        demo.create_dataset("obs/eef_quat", data=turn, **packed)
        demo.create_dataset("obs/table_cam", data=images(), **packed)
        demo["states/articulation/robot/joint_position"] = np.zeros((ROWS, 9), np.float32)
        demo["initial_state/articulation/robot/joint_position"] = np.zeros((1, 9), np.float32)
    return path


def aloha_file(path: Path, *, jpeg: bool = False, stamps: bool = False) -> Path:
    """An episode of two arms; of BusyBox's recorder if it has stamps."""
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(3)
    with h5py.File(path, "w") as file:
        file.attrs["sim"], file.attrs["compress"] = False, jpeg
        file["action"] = random.uniform(0, 1, (ROWS, 14))
        for name in ("qpos", "qvel", "effort"):
            file[f"observations/{name}"] = random.uniform(0, 1, (ROWS, 14))
        if jpeg:
            codes = [encode_jpeg(image) for image in images()]
            size = max(map(len, codes))
            rows = np.zeros((ROWS, size), np.uint8)
            for row, code in enumerate(codes):
                rows[row, : len(code)] = np.frombuffer(code, np.uint8)
            file.create_dataset("observations/images/cam_high", data=rows, chunks=(1, size))
            file["compress_len"] = [list(map(len, codes))]
        else:
            file["observations/images/cam_high"] = images()
        if stamps:
            file["observations/timestamp"] = 1.7e9 + np.arange(ROWS) / 50.0 + 0.001
            file["action_timestamp"] = 1.7e9 + np.arange(ROWS) / 50.0
            states = ["{}"] * 5 + ['{"button": 1}'] * (ROWS - 5)
            file.create_dataset("busybox/state_json", data=states, dtype=h5py.string_dtype())
    return path
