"""A foreign episode, resolved, written as an episode of ours."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from recorder.consolidate import consolidate
from recorder.encoded import EncodedImage
from recorder.image_log import decode_jpeg, encode_jpeg
from recorder.imports.foreign import ForeignEpisode, ForeignImage
from recorder.imports.mapping import Mapping
from recorder.imports.places import placed
from recorder.imports.resolve import Drives, Resolved
from recorder.writer import EpisodeWriter
from teleop.errors import ConversionError
from teleop.messages import (
    Action,
    EpisodeOpened,
    EpisodeSaved,
    FrameRef,
    Mode,
    Observation,
    Outcome,
    RobotState,
    SessionMode,
    Step,
    frozen_array,
)
from teleop.session_folder import SessionFolder
from teleop.stream_messages import (
    NO_STAMP,
    EventKind,
    RecordedEvent,
    SampleBlock,
    StreamInfo,
)

DEVICE = "import"
ROWS_AT_ONCE = 64
FLUSH_S = 2.0
SEGMENT_S = 10.0  # a segment lies in memory until it is finished
EXACT = 1 << 24  # whole numbers up to this are exact in single precision
NOTE_BYTES = 4000

_MODE = {
    Drives.DEMONSTRATION: Mode.OPERATOR,
    Drives.OPERATOR: Mode.OPERATOR,
    Drives.POLICY: Mode.POLICY,
    Drives.NOBODY: Mode.HOLD,
}
_MEASURED = ("q", "dq", "position", "quaternion", "moved", "wrench", "opening", "tactile")
Told = Callable[[int], None]  # told how many rows are written


def write_native(
    folder: SessionFolder,
    number: int,
    episode: ForeignEpisode,
    resolved: Resolved,
    mapping: Mapping,
    source: str,
    told: Told = lambda rows: None,
) -> EpisodeSaved:
    """Write the episode into a session folder as its episode `number`.

    Raises:
        ConversionError: it has fewer images than rows, or an image cannot be read.
        EpisodeError: it could not be written.
    """
    cameras = {name: mapping.cameras.get(name, name).replace("/", ".") for name in episode.cameras}
    instruction = mapping.instruction or episode.instruction
    demonstration = not np.isin(resolved.driver, (Drives.OPERATOR, Drives.POLICY)).any()
    opened = EpisodeOpened(
        number,
        int(resolved.stamp_ns[0]),
        instruction,
        tuple(cameras.values()),
        "",
        demonstration,
    )
    writer = EpisodeWriter(folder, opened, segment_s=SEGMENT_S, flush_s=FLUSH_S, source=source)
    images = {cameras[name]: make() for name, make in episode.cameras.items()}
    streams = _streams(episode, mapping.fps or episode.fps, placed(mapping, episode))
    for row, step in enumerate(_steps(resolved, number, opened)):
        for camera, iterator in images.items():
            writer.image(_image(episode, iterator, camera, row, step, mapping.colours))
        writer.append(step)
        if row % ROWS_AT_ONCE == 0:
            for block in _blocks(streams, resolved.stamp_ns, row):
                writer.samples(block)
            told(row)
    for event in _notes(episode, resolved.stamp_ns):
        writer.event(event)
    saved = writer.close(_outcome(episode), "imported")
    consolidate(writer.path)
    return saved


def _outcome(episode: ForeignEpisode) -> Outcome:
    if episode.success is None:
        return Outcome.UNLABELLED
    return Outcome.SUCCESS if episode.success else Outcome.FAIL


def _steps(resolved: Resolved, number: int, opened: EpisodeOpened) -> Iterator[Step]:
    def both(name: str) -> NDArray[np.float64]:
        return np.stack([getattr(arm, name) for arm in resolved.arms], axis=1)

    twist, gripper = both("twist"), both("gripper")
    measured = {name: both(name) for name in _MEASURED}
    nothing = frozen_array(np.zeros((2, 6)))
    for row, stamp in enumerate(resolved.stamp_ns.tolist()):
        drivers = [Drives(code) for code in resolved.driver[row]]
        operated = [_MODE[driver] is Mode.OPERATOR for driver in drivers]
        executed = Action(frozen_array(twist[row]), frozen_array(gripper[row]))
        asked = frozen_array(twist[row] * np.array(operated)[:, None])
        policy = Drives.POLICY in drivers or Drives.OPERATOR in drivers
        yield Step(
            index=row,
            stamp_ns=stamp,
            episode=number,
            session_mode=SessionMode.ROLLOUT if policy else SessionMode.TELEOP,
            observation=Observation(
                _state(stamp, {name: rows[row] for name, rows in measured.items()}),
                tuple(FrameRef(camera, row, stamp) for camera in opened.cameras),
                opened.instruction,
            ),
            device=DEVICE if any(operated) else "",
            operator=Action(asked, executed.opening),
            proposed=Action(nothing, executed.opening),
            proposal_valid=(False, False),
            executed=executed,
            authority=(float(operated[0]), float(operated[1])),
            modes=(_MODE[drivers[0]], _MODE[drivers[1]]),
            policy_version=-1,
            chunk_id=-1,
            chunk_index=-1,
            limits_hit=(),
            device_age_ns=-1,
            camera_age_ns=-1,
            inference_ns=0,
            late_ns=0,
        )


def _state(stamp: int, at: dict[str, NDArray[np.float64]]) -> RobotState:
    return RobotState(
        stamp_ns=stamp,
        q=frozen_array(at["q"]),
        dq=frozen_array(at["dq"]),
        position=frozen_array(at["position"]),
        quaternion=frozen_array(at["quaternion"]),
        twist=frozen_array(at["moved"]),
        wrench=frozen_array(at["wrench"]),
        opening=frozen_array(at["opening"]),
        tactile=frozen_array(at["tactile"]),
    )


def _image(
    episode: ForeignEpisode,
    iterator: Iterator[ForeignImage],
    camera: str,
    row: int,
    step: Step,
    colours: str,
) -> EncodedImage:
    image = next(iterator, None)
    if image is None:
        raise ConversionError(
            f"{episode.name}: camera '{camera}' has {row} images for {len(episode)} rows."
        )
    ref = FrameRef(camera, row, step.stamp_ns)
    if isinstance(image, bytes) and colours == "rgb":
        height, width, *_ = simplejpeg.decode_jpeg_header(image)
        return EncodedImage(ref, image, (int(height), int(width), 3))
    pixels = decode_jpeg(image) if isinstance(image, bytes) else image
    if colours == "bgr":
        pixels = pixels[:, :, ::-1]
    return EncodedImage(ref, encode_jpeg(pixels), (pixels.shape[0], pixels.shape[1], 3))


def _streams(
    episode: ForeignEpisode, fps: float, without: frozenset[str]
) -> list[tuple[StreamInfo, NDArray[np.float32]]]:
    """Every other array of the dataset, as it was, under its own name.

    Samples are of single precision. Of large numbers, such as stamps, the first one is taken off
    and told in the unit.
    """
    streams: list[tuple[StreamInfo, NDArray[np.float32]]] = []
    for name, rows in episode.arrays.items():
        if name in without:
            continue
        values: NDArray[Any] = rows[: len(episode)]
        shape = values.shape[1:] or (1,)
        columns = episode.columns.get(name, ())
        unit = ""
        largest = float(np.abs(values).max(initial=0)) if values.dtype.kind in "iuf" else 0.0
        if largest > EXACT and np.isfinite(largest):
            unit = f"after {values.flat[0]!s}"
            values = values - values.flat[0]
        info = StreamInfo(
            name.replace("/", "."),
            shape,
            unit,
            columns if len(columns) == int(np.prod(shape)) else (),
            fps,
            latency_note=f"imported; one sample a row of '{name}'",
        )
        with np.errstate(over="ignore"):
            streams.append((info, values.reshape(-1, *shape).astype(np.float32)))
    return streams


def _blocks(
    streams: list[tuple[StreamInfo, NDArray[np.float32]]], stamp_ns: NDArray[np.int64], row: int
) -> Iterator[SampleBlock]:
    rows = slice(row, row + ROWS_AT_ONCE)
    stamps = stamp_ns[rows]
    sequence = np.arange(row, row + len(stamps))
    none = np.full(len(stamps), NO_STAMP, np.int64)
    for info, values in streams:
        yield SampleBlock(info, sequence, stamps, none, values[rows])


def _notes(episode: ForeignEpisode, stamp_ns: NDArray[np.int64]) -> Iterator[RecordedEvent]:
    """Texts where they change, and what was left out."""
    for name, texts in episode.texts.items():
        before: str | None = None
        for stamp, text in zip(stamp_ns.tolist(), texts, strict=False):
            if text != before:
                yield RecordedEvent(stamp, EventKind.NOTICE, text[:NOTE_BYTES], name)
            before = text
    for sentence in episode.left_out:
        yield RecordedEvent(int(stamp_ns[0]), EventKind.NOTICE, sentence, DEVICE)
