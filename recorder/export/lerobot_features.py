"""What stands in each row of a LeRobot dataset, and where in an episode it is gathered.

Everything is flat, because rerun's reader takes no tables within a row. Numbers are in single
precision, as LeRobot itself keeps and returns them; stamps are whole nanoseconds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.labels import Label
from teleop.errors import ConversionError
from teleop.stream_messages import StreamInfo

Rows = NDArray[np.intp]
ARMS = ("left", "right")
_POSE = ("x", "y", "z", "qw", "qx", "qy", "qz", "opening")
_TWIST = ("vx", "vy", "vz", "wx", "wy", "wz", "opening")
_WRENCH = ("fx", "fy", "fz", "tx", "ty", "tz")
_WINDOWED = "wrench"  # sensors of that name are exported as a window of their own rate
IMAGES = "observation.images."
ACTION = "action"
STAMP, FRAME_STAMP, DONE, SUCCESS = "stamp_ns", "frame_stamp_ns", "next.done", "next.success"


@dataclass(frozen=True)
class Feature:
    """A column, or a camera's video.

    Attributes:
        key: its name.
        dtype: as numpy writes it, or "video".
        shape: of one row; of an image H, W, 3.
        names: one for each number of a flat row.
        stream: the sensor whose last samples it holds, empty: it is gathered from the steps.
    """

    key: str
    dtype: str
    shape: tuple[int, ...]
    names: tuple[str, ...] = ()
    stream: str = ""


def _arms(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{arm}_{name}" for arm in ARMS for name in names)


def _joined(*columns: str) -> Callable[[EpisodeData, Rows], NDArray[Any]]:
    """Both arms' columns end to end, the left arm first."""

    def gather(episode: EpisodeData, rows: Rows) -> NDArray[Any]:
        parts = [episode.column(name)[rows] for name in columns]
        parts = [part[..., None] if part.ndim == 2 else part for part in parts]
        return np.concatenate(parts, axis=-1).reshape(len(rows), -1)

    return gather


def _plain(column: str) -> Callable[[EpisodeData, Rows], NDArray[Any]]:
    return lambda episode, rows: episode.column(column)[rows].reshape(len(rows), -1)


def _intervened(episode: EpisodeData, rows: Rows) -> NDArray[Any]:
    return (episode.labels()[rows] == Label.INTERVENTION).any(axis=1, keepdims=True)


_ACTIONS = _arms(_TWIST)
_TAXELS = tuple(
    f"{arm}_{pad}_{row}_{column}"
    for arm in ARMS
    for pad in range(2)
    for row in range(8)
    for column in range(8)
)
# Whatever begins with "observation" is taken for an input by LeRobot's training; nothing but
# images may have "image" in its name.
_GATHERED: tuple[tuple[Feature, Callable[[EpisodeData, Rows], NDArray[Any]]], ...] = (
    (
        Feature("observation.state", "float32", (16,), _arms(_POSE)),
        _joined("position", "quaternion", "opening"),
    ),
    (
        Feature("observation.joints", "float32", (12,), _arms(tuple(f"q{n}" for n in range(6)))),
        _joined("q"),
    ),
    (Feature("observation.wrench", "float32", (12,), _arms(_WRENCH)), _joined("wrench")),
    (Feature("observation.tactile", "float32", (256,), _TAXELS), _plain("tactile")),
    (Feature(ACTION, "float32", (14,), _ACTIONS), _joined("executed_twist", "executed_opening")),
    (
        Feature("action.policy", "float32", (14,), _ACTIONS),
        _joined("proposed_twist", "proposed_opening"),
    ),
    (
        Feature("action.operator", "float32", (14,), _ACTIONS),
        _joined("operator_twist", "operator_opening"),
    ),
    (Feature("proposal_valid", "bool", (2,), ARMS), _plain("proposal_valid")),
    (Feature("intervention", "bool", (1,)), _intervened),
    (Feature("complementary_info.is_intervention", "bool", (1,)), _intervened),
    (Feature("authority", "float32", (2,), ARMS), _plain("authority")),
    (Feature("label", "int64", (2,), ARMS), lambda episode, rows: episode.labels()[rows]),
    (Feature("policy_version", "int64", (1,)), _plain("policy_version")),
    (Feature(STAMP, "int64", (1,)), _plain("stamp_ns")),
)
_READ = {feature.key: read for feature, read in _GATHERED}


def features_of(
    episode: EpisodeData, cameras: tuple[tuple[str, tuple[int, int]], ...], fps: float
) -> tuple[Feature, ...]:
    """The columns and videos of a dataset whose first episode this is.

    Args:
        episode: its streams of wrenches become windows as long as a row lasts.
        cameras: name, and height and width of the images.
        fps: rows a second.
    """
    features = [feature for feature, _ in _GATHERED]
    features += [_window(info, fps) for info in episode.streams if info.name.startswith(_WINDOWED)]
    if cameras:
        names = tuple(name for name, _ in cameras)
        features.append(Feature(FRAME_STAMP, "int64", (len(names),), names))
    features += [Feature(DONE, "bool", (1,)), Feature(SUCCESS, "bool", (1,))]
    features += [
        Feature(f"{IMAGES}{name}", "video", (*size, 3), ("height", "width", "channels"))
        for name, size in cameras
    ]
    return tuple(features)


def _window(info: StreamInfo, fps: float) -> Feature:
    length = max(round(info.rate_hz / fps), 1)
    size = int(np.prod(info.shape))
    columns = info.columns if len(info.columns) == size else tuple(str(n) for n in range(size))
    names = tuple(f"{column}_{back}" for back in range(length - 1, -1, -1) for column in columns)
    return Feature(f"observation.{info.name}", "float32", (length * size,), names, info.name)


def gather(feature: Feature, episode: EpisodeData, rows: Rows) -> NDArray[Any]:
    """The numbers of one column, (n, *shape), of these steps.

    Raises:
        ConversionError: the sensor is not in this episode, or gave other or no samples.
    """
    if feature.stream:
        values = _last_samples(feature, episode, rows)
    else:
        values = _READ[feature.key](episode, rows)
    return values.reshape(len(rows), *feature.shape).astype(feature.dtype)


def _last_samples(feature: Feature, episode: EpisodeData, rows: Rows) -> NDArray[Any]:
    """The newest samples at each step, oldest first; the first sample stands for those before."""
    known = {info.name: info for info in episode.streams}
    size = int(np.prod(known[feature.stream].shape)) if feature.stream in known else 0
    samples = episode.samples(feature.stream) if size else None
    if samples is None or not len(samples.host_ns) or feature.shape[0] % size:
        raise ConversionError(
            f"{episode.path} has no samples of {feature.stream} such as the first exported episode "
            "has; export episodes with the same sensors together, the others to another target."
        )
    length = feature.shape[0] // size
    end = np.searchsorted(samples.host_ns, episode.column(STAMP)[rows], side="right")
    picked = np.clip(end[:, None] + np.arange(-length, 0), 0, len(samples.host_ns) - 1)
    return samples.data[picked]
