"""What the messages of an MCAP export are: our own beside those of Foxglove.

Foxglove has no message for a control tick, a wrench or touch. A tick is a JSON object whose schema
follows from the types below; samples are a protobuf message of the smallest kind, because JSON
would make ten times as much of 500 touch images a second.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto
from google.protobuf.timestamp_pb2 import Timestamp


@dataclass(frozen=True, slots=True)
class ArmTick:
    """One arm's part of a control tick; units as in `teleop.messages`."""

    mode: str
    label: str
    authority: float
    operator_twist: list[float]
    operator_opening: float
    proposed_twist: list[float]
    proposed_opening: float
    proposal_valid: bool
    executed_twist: list[float]
    executed_opening: float
    q: list[float]
    dq: list[float]
    position: list[float]
    quaternion: list[float]
    twist: list[float]
    opening: float
    wrench: list[float]
    novelty: float
    force_surprise: float


@dataclass(frozen=True, slots=True)
class Tick:
    """One control tick; stamps are monotonic, as in the native file."""

    index: int
    stamp_ns: int
    state_stamp_ns: int
    observed_ns: int
    session_mode: str
    instruction: str
    device: str
    fault: str
    policy_version: int
    chunk_id: int
    chunk_index: int
    limits_hit: list[str]
    device_age_ns: int
    camera_age_ns: int
    inference_ns: int
    late_ns: int
    newest_image: list[int]
    newest_image_stamp_ns: list[int]
    image_seen: list[int]
    left: ArmTick
    right: ArmTick


def json_schema(kind: type[Any]) -> bytes:
    """JSON schema of a dataclass, without references, which players do not all follow."""
    (root,), definitions = msgspec.json.schema_components([kind], ref_template="{name}")
    return msgspec.json.encode(_resolved(root, definitions))


def _resolved(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_resolved(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved(definitions[schema["$ref"]], definitions)
    return {name: _resolved(each, definitions) for name, each in schema.items()}


def _sample_class() -> Any:
    field = FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(
        name="nudge/Sample.proto", package="nudge", syntax="proto3"
    )
    file.dependency.append("google/protobuf/timestamp.proto")
    message = file.message_type.add(name="Sample")
    once, many = field.LABEL_OPTIONAL, field.LABEL_REPEATED
    message.field.add(
        name="timestamp",
        number=1,
        type=field.TYPE_MESSAGE,
        type_name=".google.protobuf.Timestamp",
        label=once,
    )
    message.field.add(name="sequence", number=2, type=field.TYPE_INT64, label=once)
    message.field.add(name="data", number=3, type=field.TYPE_FLOAT, label=many)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(Timestamp.DESCRIPTOR.file.serialized_pb)
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("nudge.Sample"))


Sample = _sample_class()  # timestamp, sequence, data: the numbers of one sample, flat
