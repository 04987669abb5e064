"""Recordings for the rerun viewer: one file per episode, every stream at its own rate.

Numbers go in by whole columns, which costs a hundredth of one call per value; images by some
dozens, so that an episode of gigabytes needs little memory.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import rerun as rr
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.export.export import Export, ExportOptions
from recorder.export.one_file_each import OneFileEach
from recorder.export.piped import piped_to
from recorder.export.rows import cameras_of
from recorder.export.wall_time import WallTime
from recorder.labels import Label
from teleop.messages import Arm

APPLICATION = "nudge"
IMAGES_AT_ONCE = 32
LINES = 32  # more numbers a sample than this are no lines to look at, and kept as plain values
TOOL_RADIUS_M = 0.01

_AXES = ("x", "y", "z", "turn x", "turn y", "turn z")
_FORCES = ("fx", "fy", "fz", "tx", "ty", "tz")
_PER_ARM: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    *(
        (f"action/{{arm}}/{who}/{part}", f"{who}_{part}", names)
        for who in ("operator", "proposed", "executed")
        for part, names in (("twist", _AXES), ("opening", ("opening",)))
    ),
    ("state/{arm}/wrench", "wrench", _FORCES),
    ("state/{arm}/twist", "twist", _AXES),
    ("state/{arm}/q", "q", ()),
    ("state/{arm}/dq", "dq", ()),
    ("state/{arm}/opening", "opening", ("opening",)),
    ("drive/{arm}/authority", "authority", ("operator's share",)),
    ("drive/{arm}/proposal_valid", "proposal_valid", ("proposal valid",)),
    ("drive/{arm}/novelty", "novelty", ("novelty",)),
    ("drive/{arm}/force_surprise", "force_surprise", ("force surprise",)),
)
_WHOLE = (
    "policy_version",
    "chunk_id",
    "chunk_index",
    "device_age_ns",
    "camera_age_ns",
    "inference_ns",
    "late_ns",
    "observed_ns",
    "stamp_ns",
    "state_stamp_ns",
)
_TEXTS = ("session_mode", "device", "instruction", "fault")


def open_export(target: Path, options: ExportOptions) -> Export:
    """Open or continue an export into the folder `target`.

    Raises:
        ConversionError: the target is something else, or cannot be written.
    """
    return OneFileEach(target, ".rrd", lambda path, episode: write_rrd(path, episode, options))


@dataclass(frozen=True, eq=False)
class Timelines:
    """When things are: by the wall clock of the recording host, and by control ticks."""

    wall: WallTime
    stamp_ns: NDArray[np.int64]
    index: NDArray[np.int64]

    def at(self, stamp_ns: NDArray[np.int64]) -> list[rr.TimeColumn]:
        """Both timelines for these monotonic stamps; the tick is the newest before each."""
        wall = self.wall.of(stamp_ns).astype("datetime64[ns]")
        columns = [rr.TimeColumn("host_time", timestamp=wall)]
        if len(self.index):
            row = np.searchsorted(self.stamp_ns, stamp_ns, side="right") - 1
            columns.append(rr.TimeColumn("tick", sequence=self.index[np.maximum(row, 0)]))
        return columns


def write_rrd(path: Path, episode: EpisodeData, options: ExportOptions) -> None:
    """Write the episode.

    Raises:
        OSError: it cannot be written.
        EpisodeIncomplete: the episode is damaged.
        ConversionError: it lacks a camera that was asked for.
    """
    header = episode.header
    times = Timelines(
        WallTime(episode.clock()), episode.column("stamp_ns"), episode.column("index")
    )
    cameras = cameras_of(episode, options.cameras)
    name = header.uid or str(header.opened_epoch_ns)
    with (
        piped_to(path) as pipe,  # rerun itself would wait for ever on a full disk
        rr.RecordingStream(APPLICATION, recording_id=name) as recording,
    ):
        recording.save(pipe)
        recording.send_recording_name(f"episode {header.episode}")
        document = msgspec.json.format(msgspec.json.encode(asdict(header))).decode()
        recording.log("header", rr.TextDocument(document), static=True)
        for camera in cameras:
            _send_images(recording, times, episode, camera)
        for info in episode.streams:
            found = episode.samples(info.name)
            at = times.at(found.host_ns)
            _send_numbers(recording, f"samples/{info.name}", at, found.data, info.columns)
        _send_rows(recording, times, episode)
        _send_events(recording, times, episode)
        recording.flush()
        recording.disconnect()


def _send_images(
    recording: rr.RecordingStream, times: Timelines, episode: EpisodeData, camera: str
) -> None:
    table = episode.image_table(camera)
    for start in range(0, len(table.sequence), IMAGES_AT_ONCE):
        rows = range(start, min(start + IMAGES_AT_ONCE, len(table.sequence)))
        codes = [np.frombuffer(code, np.uint8) for code in episode.jpegs(camera, rows)]
        columns = rr.EncodedImage.columns(blob=codes, media_type=["image/jpeg"] * len(codes))
        recording.send_columns(f"camera/{camera}", times.at(table.host_ns[rows]), columns)
        recording.flush()


def _send_numbers(
    recording: rr.RecordingStream,
    entity: str,
    at: list[rr.TimeColumn],
    values: NDArray[Any],
    names: Sequence[str],
) -> None:
    """One sample a row: lines, or plain values where there are too many of them."""
    if len(values) == 0:
        return
    flat = values.reshape(len(values), -1)
    lengths = [flat.shape[1]] * len(flat)
    if flat.shape[1] > LINES:
        # As an Arrow array: rerun would turn each number of any other into a Python object.
        plain = rr.AnyValues.columns(data=pa.array(flat.ravel())).partition(lengths)
        recording.send_columns(entity, at, plain)
        return
    if len(names) == flat.shape[1]:
        recording.log(entity, rr.SeriesLines(names=list(names)), static=True)
    lines = rr.Scalars.columns(scalars=flat.astype(np.float64).ravel())
    recording.send_columns(entity, at, lines.partition(lengths))


def _send_rows(recording: rr.RecordingStream, times: Timelines, episode: EpisodeData) -> None:
    at = times.at(times.stamp_ns)
    if len(times.stamp_ns) == 0:
        return
    for arm in Arm:
        side = arm.name.lower()
        for entity, column, names in _PER_ARM:
            values = episode.column(column)[:, arm]
            _send_numbers(recording, entity.format(arm=side), at, values, names)
        _send_numbers(recording, f"state/{side}/tactile", at, episode.column("tactile")[:, arm], ())
        w_first = episode.column("quaternion")[:, arm]
        poses = rr.Transform3D.columns(
            translation=episode.column("position")[:, arm], quaternion=np.roll(w_first, -1, axis=1)
        )
        recording.send_columns(f"ee/{side}", at, poses)
        recording.log(f"ee/{side}", rr.Points3D([[0, 0, 0]], radii=TOOL_RADIUS_M), static=True)
        modes = [episode.names("modes")[code] for code in episode.column("modes")[:, arm]]
        _send_changes(recording, times, f"drive/{side}/mode", modes)
        labels = [Label(code).name for code in episode.labels()[:, arm]]
        _send_changes(recording, times, f"drive/{side}/label", labels)
    for name in _WHOLE:
        _send_numbers(recording, f"tick/{name}", at, episode.column(name), (name,))
    for name in _TEXTS:
        known = episode.names(name)
        texts = [known[code] for code in episode.column(name)]
        _send_changes(recording, times, f"tick/{name}", texts)
    limits = episode.names("limits_hit")
    hit = [
        ", ".join(name for bit, name in enumerate(limits) if mask >> bit & 1)
        for mask in episode.column("limits_hit").tolist()
    ]
    _send_changes(recording, times, "tick/limits_hit", hit)


def _send_changes(
    recording: rr.RecordingStream, times: Timelines, entity: str, values: list[str]
) -> None:
    """A text where it differs from the one a row before."""
    rows = [row for row, value in enumerate(values) if row == 0 or value != values[row - 1]]
    text = rr.TextLog.columns(text=[values[row] or "-" for row in rows])
    recording.send_columns(entity, times.at(times.stamp_ns[rows]), text)


def _send_events(recording: rr.RecordingStream, times: Timelines, episode: EpisodeData) -> None:
    events = episode.events()
    if not events:
        return
    stamps = np.array([event.stamp_ns for event in events], np.int64)
    texts = [f"{event.kind}: {event.source} {event.text} {_numbers(event)}" for event in events]
    recording.send_columns("events", times.at(stamps), rr.TextLog.columns(text=texts))


def _numbers(event: Any) -> str:
    return " ".join(f"{name}={value:g}" for name, value in event.numbers.items())
