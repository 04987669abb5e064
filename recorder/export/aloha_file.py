"""One file of ALOHA's: a piece of an episode as `episode_N.hdf5`.

ALOHA's action is the joint positions of the leader arms. Here nobody moves a leader: an arm is told
a twist of its end-effector. What stands for the joint target is where the joints were one row
later, and for the gripper the opening that it was really told; the executed twist itself lies in
the group `nudge`. Joint torques are not measured: `effort` is zeros.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import DTypeLike, NDArray

from recorder.episode_data import EpisodeData
from recorder.export.aloha_layout import AlohaLayout
from recorder.export.beside import write_beside, write_labels, write_story
from recorder.export.new_file import new_file
from recorder.export.padded_jpegs import write_padded
from recorder.export.pictures import decoded, stored
from recorder.export.rows import Piece
from recorder.export.wall_time import WallTime
from recorder.image_log import encode_jpeg
from teleop.errors import ConversionError

ACTION_MEANS = (
    "left arm, right arm: 6 joint positions (rad) of the next row, standing for the joint target, "
    "and the gripper opening that was executed (0 closed, 1 open); the twist that was executed is "
    "nudge/executed_twist"
)
QVEL_MEANS = "rad/s; the grippers' are differences of their openings, 1/s"
EFFORT_MEANS = "not measured: zeros; the wrench at the tool is nudge/wrench"


def write_file(
    path: Path, name: str, episode: EpisodeData, piece: Piece, layout: AlohaLayout
) -> NDArray[np.float64]:
    """Write a file; returns its actions as they stand in it.

    Raises:
        ConversionError: images of one camera differ in size.
    """
    with new_file(path) as file:
        file.attrs["sim"] = layout.aligned
        file.attrs["compress"] = not layout.raw
        file.attrs["fps"] = layout.fps
        write_story(file, name, episode)
        actions = _write_numbers(file, episode, piece, layout.dtype)
        _write_images(file, episode, piece, layout)
        beside = file.create_group("nudge")
        write_labels(beside, "", episode.labels()[piece.rows])
        write_beside(beside, "", episode, piece)
        for column in ("position", "quaternion", "wrench", "tactile"):
            beside[column] = episode.column(column)[piece.rows]
        if layout.times:
            _write_times(file, episode, piece)
        return actions


def _write_numbers(
    file: h5py.File, episode: EpisodeData, piece: Piece, dtype: DTypeLike
) -> NDArray[np.float64]:
    rows = piece.rows
    q, dq, opening = (episode.column(name)[rows] for name in ("q", "dq", "opening"))
    following = np.concatenate((rows[1:], rows[-1:]))
    target = episode.column("q")[following]
    numbers = {
        "action": (_joined(target, episode.column("executed_opening")[rows]), ACTION_MEANS),
        "observations/qpos": (_joined(q, opening), "rad; 0 closed, 1 open"),
        "observations/qvel": (_joined(dq, _rate(opening, episode, rows)), QVEL_MEANS),
        "observations/effort": (np.zeros((len(rows), 14)), EFFORT_MEANS),
    }
    for name, (values, means) in numbers.items():
        file[name] = values.astype(dtype)
        file[name].attrs["means"] = means
    return numbers["action"][0].astype(dtype).astype(np.float64)


def _joined(joints: NDArray[Any], grippers: NDArray[Any]) -> NDArray[np.float64]:
    """(M, 14): left joints, left gripper, right joints, right gripper."""
    both = np.concatenate((joints, grippers[:, :, None]), axis=2, dtype=np.float64)
    return both.reshape(len(both), -1)


def _rate(opening: NDArray[Any], episode: EpisodeData, rows: NDArray[np.intp]) -> NDArray[Any]:
    """How fast the openings changed since the row before, 1/s; 0 in the first."""
    seconds = np.diff(episode.column("stamp_ns")[rows]) * 1e-9
    rates = np.zeros_like(opening)
    rates[1:] = np.diff(opening, axis=0) / np.maximum(seconds, 1e-6)[:, None]
    return rates


def _write_images(file: h5py.File, episode: EpisodeData, piece: Piece, layout: AlohaLayout) -> None:
    group = file.create_group("observations/images")
    # Loaders go through the cameras by the alphabet; so do the rows of compress_len.
    cameras = sorted(piece.images)
    if layout.raw:
        for camera in cameras:
            _write_raw(group, camera, episode, piece.images[camera], layout.size)
        return
    codes = {
        camera: _codes(episode, camera, piece.images[camera], layout.size) for camera in cameras
    }
    width = max((width for width, _ in codes.values()), default=1)
    lengths = [
        write_padded(group, camera, codes[camera][1], len(piece.rows), width) for camera in cameras
    ]
    file["compress_len"] = np.array(lengths, np.int64).reshape(len(cameras), len(piece.rows))
    file["compress_len"].attrs["cameras"] = ", ".join(cameras)


def _codes(
    episode: EpisodeData, camera: str, rows: NDArray[np.int64], size: int
) -> tuple[int, Iterable[bytes]]:
    """The length of the longest JPEG, and one for each row."""
    if size == 0:
        return int(episode.image_table(camera).length[rows].max()), stored(episode, camera, rows)
    kept, places = np.unique(rows, return_inverse=True)
    codes = [encode_jpeg(image) for image in decoded(episode, camera, kept, size)]
    return max(map(len, codes)), [codes[place] for place in places]


def _write_raw(
    group: h5py.Group, camera: str, episode: EpisodeData, rows: NDArray[np.int64], size: int
) -> None:
    dataset: h5py.Dataset | None = None
    for at, image in enumerate(decoded(episode, camera, rows, size)):
        if dataset is None:
            shape = (len(rows), *image.shape)
            dataset = group.create_dataset(camera, shape, np.uint8, chunks=(1, *image.shape))
        if image.shape != dataset.shape[1:]:
            raise ConversionError(
                f"{episode.path}: images of camera {camera} differ in size; give one with --size."
            )
        dataset[at] = image


def _write_times(file: h5py.File, episode: EpisodeData, piece: Piece) -> None:
    """Wall time in seconds, of the state and of the action, as the BusyBox recorder keeps it."""
    wall = WallTime(episode.clock())
    for name, column in (
        ("observations/timestamp", "state_stamp_ns"),
        ("action_timestamp", "stamp_ns"),
    ):
        file[name] = wall.of(episode.column(column)[piece.rows]) * 1e-9
        file[name].attrs["means"] = "s since 1970; whole nanoseconds are in nudge/stamp_ns"
    # A Mobile ALOHA has wheels; here nothing drives.
    file["base_action"] = np.zeros((len(piece.rows), 2), np.float32)
