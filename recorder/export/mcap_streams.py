"""An episode's streams as messages, each stream in the order of its stamps."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from foxglove_schemas_protobuf.CompressedImage_pb2 import CompressedImage
from foxglove_schemas_protobuf.FrameTransforms_pb2 import FrameTransforms
from foxglove_schemas_protobuf.JointStates_pb2 import JointStates
from foxglove_schemas_protobuf.Log_pb2 import Log
from foxglove_schemas_protobuf.PoseInFrame_pb2 import PoseInFrame
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.export.mcap_schemas import Sample
from recorder.export.wall_time import WallTime
from teleop.messages import Arm
from teleop.stream_messages import NO_STAMP, EventKind, StreamInfo

IMAGES_AT_ONCE = 32
_ALARMS = frozenset(
    (
        EventKind.STEPS_LOST,
        EventKind.IMAGES_LOST,
        EventKind.SAMPLES_LOST,
        EventKind.SILENT,
        EventKind.CLOCK_STEP,
        EventKind.DISK,
    )
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a channel; times by the wall clock, but a device's by its own."""

    log_ns: int
    publish_ns: int
    sequence: int
    data: bytes


def publish_times(log_ns: NDArray[np.int64], device_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    """The device's stamp where there is one, else the host's; MCAP holds none below zero."""
    return np.maximum(np.where(device_ns == NO_STAMP, log_ns, device_ns), 0)


def images(episode: EpisodeData, camera: str, wall: WallTime) -> Iterator[Message]:
    """A camera's images as `foxglove.CompressedImage`, the JPEG bytes as they were stored."""
    table = episode.image_table(camera)
    log = wall.of(table.host_ns)
    publish = publish_times(log, table.device_ns)
    for start in range(0, len(log), IMAGES_AT_ONCE):
        rows = range(start, min(start + IMAGES_AT_ONCE, len(log)))
        for row, code in zip(rows, episode.jpegs(camera, rows), strict=True):
            image = CompressedImage(frame_id=camera, format="jpeg", data=code)
            stamp = int(log[row])
            image.timestamp.FromNanoseconds(stamp)
            yield Message(
                stamp, int(publish[row]), int(table.sequence[row]), image.SerializeToString()
            )


def samples(episode: EpisodeData, stream: str, wall: WallTime) -> Iterator[Message]:
    """A sensor's samples as `nudge.Sample`."""
    found = episode.samples(stream)
    log = wall.of(found.host_ns)
    publish = publish_times(log, found.device_ns)
    return _samples(log, publish, found.sequence, found.data)


def _samples(
    log: NDArray[np.int64],
    publish: NDArray[np.int64],
    sequence: NDArray[np.int64],
    data: NDArray[Any],
) -> Iterator[Message]:
    flat = data.reshape(len(data), -1)
    for stamp, published, number, row in zip(
        log.tolist(), publish.tolist(), sequence.tolist(), flat, strict=True
    ):
        sample = Sample(sequence=number, data=row.tolist())
        sample.timestamp.FromNanoseconds(stamp)
        yield Message(stamp, published, number, sample.SerializeToString())


def tactile(episode: EpisodeData, wall: WallTime) -> Iterator[Message]:
    """The touch of each tick as `nudge.Sample`: arm, finger pad, row, column, end to end."""
    log = wall.of(episode.column("stamp_ns"))
    stamped = wall.of(episode.column("state_stamp_ns"))
    return _samples(log, stamped, episode.column("index"), episode.column("tactile"))


def poses(episode: EpisodeData, arm: Arm, wall: WallTime) -> Iterator[Message]:
    """The pose of one end-effector in the world as `foxglove.PoseInFrame`."""
    log = wall.of(episode.column("stamp_ns")).tolist()
    index = episode.column("index").tolist()
    position = episode.column("position")[:, arm].tolist()
    quaternion = episode.column("quaternion")[:, arm].tolist()
    for stamp, number, (x, y, z), (w, i, j, k) in zip(
        log, index, position, quaternion, strict=True
    ):
        message = PoseInFrame(frame_id="world")
        message.timestamp.FromNanoseconds(stamp)
        message.pose.position.x, message.pose.position.y, message.pose.position.z = x, y, z
        turn = message.pose.orientation
        turn.w, turn.x, turn.y, turn.z = w, i, j, k
        yield Message(stamp, stamp, number, message.SerializeToString())


def transforms(episode: EpisodeData, wall: WallTime) -> Iterator[Message]:
    """Both end-effectors as `foxglove.FrameTransforms`, for a player's 3D view."""
    log = wall.of(episode.column("stamp_ns")).tolist()
    index = episode.column("index").tolist()
    position = episode.column("position").tolist()
    quaternion = episode.column("quaternion").tolist()
    for stamp, number, places, turns in zip(log, index, position, quaternion, strict=True):
        message = FrameTransforms()
        for arm in Arm:
            each = message.transforms.add(
                parent_frame_id="world", child_frame_id=f"{arm.name.lower()}_ee"
            )
            each.timestamp.FromNanoseconds(stamp)
            move, turn = each.translation, each.rotation
            move.x, move.y, move.z = places[arm]
            turn.w, turn.x, turn.y, turn.z = turns[arm]
        yield Message(stamp, stamp, number, message.SerializeToString())


def joints(episode: EpisodeData, wall: WallTime) -> Iterator[Message]:
    """Joint positions and velocities of both arms as `foxglove.JointStates`."""
    log = wall.of(episode.column("stamp_ns")).tolist()
    index = episode.column("index").tolist()
    q = episode.column("q").reshape(len(log), -1).tolist()
    dq = episode.column("dq").reshape(len(log), -1).tolist()
    width = len(q[0]) // len(Arm) if q else 0
    names = [f"{arm.name.lower()}_{joint + 1}" for arm in Arm for joint in range(width)]
    for stamp, number, positions, velocities in zip(log, index, q, dq, strict=True):
        message = JointStates()
        message.timestamp.FromNanoseconds(stamp)
        for name, position, velocity in zip(names, positions, velocities, strict=True):
            message.joints.add(name=name, position=position, velocity=velocity)
        yield Message(stamp, stamp, number, message.SerializeToString())


def event_log(episode: EpisodeData, wall: WallTime) -> Iterator[Message]:
    """Events as `foxglove.Log`, in the order of their stamps."""
    events = sorted(episode.events(), key=lambda each: each.stamp_ns)
    for number, event in enumerate(events):
        stamp = wall.one(event.stamp_ns)
        level = Log.Level.WARNING if event.kind in _ALARMS else Log.Level.INFO
        message = Log(level=level, message=event.text or event.kind, name=event.source)
        message.file = event.kind
        message.timestamp.FromNanoseconds(stamp)
        yield Message(stamp, stamp, number, message.SerializeToString())


def events(episode: EpisodeData, wall: WallTime) -> Iterator[Message]:
    """Events whole, with their numbers, as JSON."""
    found = sorted(episode.events(), key=lambda each: each.stamp_ns)
    for number, event in enumerate(found):
        stamp = wall.one(event.stamp_ns)
        yield Message(stamp, stamp, number, msgspec.json.encode(event))


def facts(info: StreamInfo) -> dict[str, str]:
    """What is known of a stream, as a channel's metadata."""
    return {
        "unit": info.unit,
        "shape": " ".join(map(str, info.shape)),
        "columns": " ".join(info.columns),
        "rate_hz": f"{info.rate_hz:g}",
        "latency_ns": str(info.latency_ns),
        "latency_note": info.latency_note,
    }
