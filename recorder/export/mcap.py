"""MCAP: one file per episode, every stream at its own rate, for Foxglove and other players."""

import heapq
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
from foxglove_schemas_protobuf.CompressedImage_pb2 import CompressedImage
from foxglove_schemas_protobuf.FrameTransforms_pb2 import FrameTransforms
from foxglove_schemas_protobuf.JointStates_pb2 import JointStates
from foxglove_schemas_protobuf.Log_pb2 import Log
from foxglove_schemas_protobuf.PoseInFrame_pb2 import PoseInFrame
from mcap.reader import make_reader
from mcap.writer import CompressionType, Writer
from mcap_protobuf.schema import build_file_descriptor_set

from recorder.episode_data import EpisodeData
from recorder.export import mcap_streams as streams
from recorder.export.export import Export, ExportOptions
from recorder.export.mcap_schemas import Sample, Tick, json_schema
from recorder.export.mcap_streams import Message
from recorder.export.mcap_ticks import ticks
from recorder.export.one_file_each import OneFileEach
from recorder.export.rows import cameras_of
from recorder.export.wall_time import WallTime
from teleop.errors import ConversionError
from teleop.messages import Arm
from teleop.stream_messages import RecordedEvent

_SEQUENCE_BITS = 0xFFFFFFFF


def open_export(target: Path, options: ExportOptions) -> Export:
    """Open or continue an export into the folder `target`.

    Raises:
        ConversionError: the target is something else, or cannot be written.
    """
    return OneFileEach(target, ".mcap", lambda path, episode: write_mcap(path, episode, options))


@dataclass(frozen=True, eq=False)
class Channel:
    """A topic, what its messages are, and the messages.

    Attributes:
        kind: a protobuf class, or a dataclass for JSON.
    """

    topic: str
    kind: Any
    messages: Iterator[Message]
    facts: dict[str, str]


def channels(episode: EpisodeData, options: ExportOptions) -> Iterator[Channel]:
    """All of an episode. Raises ConversionError: it lacks a camera that was asked for."""
    wall = WallTime(episode.clock())
    for camera in cameras_of(episode, options.cameras):
        found = streams.images(episode, camera, wall)
        yield Channel(f"/camera/{camera}", CompressedImage, found, {})
    for info in episode.streams:
        found = streams.samples(episode, info.name, wall)
        yield Channel(f"/samples/{info.name}", Sample, found, streams.facts(info))
    yield Channel("/tick", Tick, ticks(episode, wall), {})
    shape = {"unit": "N", "shape": " ".join(map(str, episode.column("tactile").shape[1:]))}
    yield Channel("/tick/tactile", Sample, streams.tactile(episode, wall), shape)
    yield Channel("/tf", FrameTransforms, streams.transforms(episode, wall), {})
    yield Channel("/joints", JointStates, streams.joints(episode, wall), {"unit": "rad, rad/s"})
    for arm in Arm:
        found = streams.poses(episode, arm, wall)
        yield Channel(f"/ee/{arm.name.lower()}", PoseInFrame, found, {"unit": "m"})
    yield Channel("/log", Log, streams.event_log(episode, wall), {})
    yield Channel("/events", RecordedEvent, streams.events(episode, wall), {})


def write_mcap(path: Path, episode: EpisodeData, options: ExportOptions) -> None:
    """Write the episode, messages of all streams in the order of time.

    Raises:
        OSError: it cannot be written.
        EpisodeIncomplete: the episode is damaged.
        ConversionError: the file does not hold what was written into it, or the episode lacks
            a camera that was asked for.
    """
    written = 0
    with path.open("wb") as file:
        writer = Writer(file, compression=CompressionType.ZSTD)
        writer.start(profile="", library="nudge")
        writer.add_metadata("nudge_episode", _texts(asdict(episode.header)))
        pairs = {str(pair.monotonic_ns): str(pair.realtime_ns) for pair in episode.clock()}
        writer.add_metadata("nudge_clock_monotonic_to_realtime_ns", pairs)
        schemas: dict[str, int] = {}
        merged = heapq.merge(
            *(_numbered(writer, schemas, channel) for channel in channels(episode, options)),
            key=lambda each: each[0].log_ns,
        )
        for message, channel in merged:
            written += 1
            writer.add_message(
                channel_id=channel,
                log_time=message.log_ns,
                data=message.data,
                publish_time=message.publish_ns,
                sequence=message.sequence & _SEQUENCE_BITS,
            )
        writer.finish()
    _check(path, written)


def _check(path: Path, written: int) -> None:
    with path.open("rb") as file:
        summary = make_reader(file).get_summary()
    found = summary.statistics.message_count if summary and summary.statistics else 0
    if found != written:
        raise ConversionError(
            f"{path} holds {found} messages of {written}; the disk may be failing. Export again."
        )


def _numbered(
    writer: Writer, schemas: dict[str, int], channel: Channel
) -> Iterator[tuple[Message, int]]:
    """The channel's messages with its number; it is registered at once."""
    proto = hasattr(channel.kind, "DESCRIPTOR")
    name = channel.kind.DESCRIPTOR.full_name if proto else f"nudge.{channel.kind.__name__}"
    if name not in schemas:
        content = (
            build_file_descriptor_set(channel.kind).SerializeToString()
            if proto
            else json_schema(channel.kind)
        )
        encoding = "protobuf" if proto else "jsonschema"
        schemas[name] = writer.register_schema(name=name, encoding=encoding, data=content)
    number = writer.register_channel(
        topic=channel.topic,
        message_encoding="protobuf" if proto else "json",
        schema_id=schemas[name],
        metadata=channel.facts,
    )
    return ((message, number) for message in channel.messages)


def _texts(values: dict[str, object]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for name, value in values.items()
    }
