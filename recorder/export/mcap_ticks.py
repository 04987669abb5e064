"""Control ticks as JSON messages."""

from collections.abc import Iterator
from typing import Any

import msgspec
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.export.mcap_schemas import ArmTick, Tick
from recorder.export.mcap_streams import Message
from recorder.export.wall_time import WallTime
from recorder.labels import Label
from teleop.messages import Arm

ROWS_AT_ONCE = 256
_PLAIN = (
    "index",
    "stamp_ns",
    "state_stamp_ns",
    "observed_ns",
    "policy_version",
    "chunk_id",
    "chunk_index",
    "device_age_ns",
    "camera_age_ns",
    "inference_ns",
    "late_ns",
)
_NAMED = ("session_mode", "instruction", "device", "fault")
_PER_ARM = (
    "authority",
    "operator_twist",
    "operator_opening",
    "proposed_twist",
    "proposed_opening",
    "proposal_valid",
    "executed_twist",
    "executed_opening",
    "q",
    "dq",
    "position",
    "quaternion",
    "twist",
    "opening",
    "wrench",
    "novelty",
    "force_surprise",
)
_FRAMES = {
    "newest_image": "frame_sequence",
    "newest_image_stamp_ns": "frame_stamp_ns",
    "image_seen": "seen_sequence",
}


def ticks(episode: EpisodeData, wall: WallTime) -> Iterator[Message]:
    """Each row as a `Tick`; a number that is none becomes null."""
    log = wall.of(episode.column("stamp_ns")).tolist()
    for start in range(0, len(log), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        for stamp, tick in zip(log[rows], _rows(episode, rows), strict=True):
            yield Message(stamp, stamp, tick.index, msgspec.json.encode(tick))


def _rows(episode: EpisodeData, rows: slice) -> Iterator[Tick]:
    def listed(name: str) -> list[Any]:
        return _in_python(episode.column(name)[rows])

    plain = {name: listed(name) for name in _PLAIN}
    named: dict[str, list[str]] = {}
    for name in _NAMED:
        known = episode.names(name)
        named[name] = [known[code] for code in listed(name)]
    frames = {name: listed(column) for name, column in _FRAMES.items()}
    sides = {name: listed(name) for name in _PER_ARM}
    modes, limits = episode.names("modes"), episode.names("limits_hit")
    sides["mode"] = [[modes[code] for code in row] for row in listed("modes")]
    sides["label"] = [
        [Label(code).name for code in row] for row in _in_python(episode.labels()[rows])
    ]
    masks = listed("limits_hit")
    for row, mask in enumerate(masks):
        yield Tick(
            **{name: values[row] for name, values in plain.items()},
            **{name: values[row] for name, values in named.items()},
            **{name: values[row] for name, values in frames.items()},
            limits_hit=[name for bit, name in enumerate(limits) if mask >> bit & 1],
            left=_arm(sides, row, Arm.LEFT),
            right=_arm(sides, row, Arm.RIGHT),
        )


def _arm(sides: dict[str, list[Any]], row: int, arm: Arm) -> ArmTick:
    return ArmTick(**{name: values[row][arm] for name, values in sides.items()})


def _in_python(values: NDArray[Any]) -> list[Any]:
    return values.tolist()
