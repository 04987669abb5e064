"""One demo of a robomimic file: a piece of an episode as `data/demo_N`.

Arm 0 is `robot0`, the left one. What robomimic's loaders read lies where they look for it; what
only this program records lies beside it under names that begin with `nudge_`.
"""

from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.export.beside import write_beside, write_labels
from recorder.export.pictures import decoded
from recorder.export.rows import Piece, wrench_history
from teleop.messages import Arm, Outcome

ACTIONS = 14  # twist and opening of the left arm, then of the right one
_CLOSE_UP = 128  # px; smaller images are packed, which larger ones are too dear for
_OBSERVED: dict[str, tuple[str, str]] = {
    "eef_pos": ("position", "m, world"),
    "eef_quat": ("quaternion", "x, y, z, w; world"),
    "eef_vel": ("twist", "m/s, rad/s; world axes"),
    "joint_pos": ("q", "rad"),
    "joint_vel": ("dq", "rad/s"),
    "gripper_qpos": ("opening", "0 closed, 1 open"),
    "wrench": ("wrench", "N, Nm; tool axes"),
    "tactile": ("tactile", "N; 2 pads of 8 x 8"),
}
_STATE = ("q", "dq", "opening", "position", "quaternion", "twist")


@dataclass(frozen=True)
class Scale:
    """What 1 stands for in an action: recorded value = action × scale + offset."""

    linear_speed: float
    angular_speed: float

    @property
    def scale(self) -> NDArray[np.float64]:
        return np.tile([self.linear_speed] * 3 + [self.angular_speed] * 3 + [0.5], 2)

    @property
    def offset(self) -> NDArray[np.float64]:
        return np.tile([0.0] * 6 + [0.5], 2)

    def actions(
        self, twist: NDArray[Any], opening: NDArray[Any]
    ) -> tuple[NDArray[np.float64], int]:
        """Actions (M, 14) in [-1, 1] of (M, 2, 6) and (M, 2), and how many rows had to be cut."""
        both = np.concatenate((twist, opening[:, :, None]), axis=2, dtype=np.float64)
        wanted = (both.reshape(len(both), ACTIONS) - self.offset) / self.scale
        actions = np.clip(wanted, -1.0, 1.0)
        # What single precision adds to a value at its limit is no cut.
        return actions, int((np.abs(wanted) > 1.0 + 1e-6).any(axis=1).sum())


def write_demo(
    demo: h5py.Group, episode: EpisodeData, piece: Piece, scale: Scale, *, size: int, last: bool
) -> NDArray[np.float64]:
    """Fill a group; returns its actions.

    Args:
        demo: empty.
        episode: where it is from.
        piece: the rows.
        scale: of the actions.
        size: of the images, 0: as they are.
        last: the episode ends with it; else a gap follows.
    """
    rows = piece.rows
    actions, cut = scale.actions(
        episode.column("executed_twist")[rows], episode.column("executed_opening")[rows]
    )
    count = len(rows)
    success = episode.header.outcome is Outcome.SUCCESS and last
    ends = np.arange(count) == count - 1
    demo["actions"] = actions
    demo["rewards"] = (ends & success).astype(np.float64)
    demo["dones"] = ends.astype(np.int64)
    state = [episode.column(name)[rows].reshape(count, -1) for name in _STATE]
    demo["states"] = np.concatenate(state, axis=1, dtype=np.float64)
    demo["states"].attrs["columns"] = ", ".join(_STATE)
    write_labels(demo, "nudge_", episode.labels()[rows])
    write_beside(demo, "nudge_", episode, piece)
    obs = demo.create_group("obs")
    _write_state(obs, episode, piece)
    for camera, images in piece.images.items():
        _write_images(obs, f"{camera}_image", episode, camera, images, size)
    demo.attrs["num_samples"] = count
    demo.attrs["nudge_cut_actions"] = cut
    return actions


def _write_state(obs: h5py.Group, episode: EpisodeData, piece: Piece) -> None:
    rows = piece.rows
    stamp_ns: NDArray[np.int64] = episode.column("stamp_ns")[rows]
    for arm in Arm:
        for key, (column, unit) in _OBSERVED.items():
            values = episode.column(column)[rows, arm].reshape(len(rows), -1)
            if key == "eef_quat":
                values = np.roll(values, -1, axis=1)  # w comes last in robomimic
            _put(obs, f"robot{arm}_{key}", values, unit)
        history = wrench_history(episode, arm.name.lower(), stamp_ns)
        _put(
            obs, f"robot{arm}_wrench_history", history.reshape(len(rows), -1), "N, Nm; oldest first"
        )


def _put(obs: h5py.Group, name: str, values: NDArray[Any], unit: str) -> None:
    packed = "gzip" if values.shape[1] > 64 else None  # most bytes of touch repeat
    dataset = obs.create_dataset(
        name, data=values, compression=packed, compression_opts=1 if packed else None
    )
    dataset.attrs["unit"] = unit


def _write_images(
    obs: h5py.Group,
    name: str,
    episode: EpisodeData,
    camera: str,
    rows: NDArray[np.int64],
    size: int,
) -> None:
    dataset: h5py.Dataset | None = None
    for at, image in enumerate(decoded(episode, camera, rows, size)):
        if dataset is None:
            small = max(image.shape[:2]) <= _CLOSE_UP
            dataset = obs.create_dataset(
                name,
                (len(rows), *image.shape),
                np.uint8,
                chunks=(1, *image.shape),
                compression="gzip" if small else None,
                compression_opts=1 if small else None,
            )
        dataset[at] = image
