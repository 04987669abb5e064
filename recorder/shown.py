"""What there is to know of one episode: its streams, drivers, versions, latencies and losses."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.labels import interventions
from recorder.schema import COLUMNS, Header
from recorder.summary import Span, spans
from teleop.messages import Arm

STEPS = "steps"
_PAUSE = 5.0  # times the middle interval


@dataclass(frozen=True)
class StreamShown:
    """One stream at its own rate.

    Attributes:
        kind: rows, images or samples.
        rate_hz: found, over intervals that are no pause; 0: too few to tell.
        nominal_hz: 0: not known.
        missing: numbers that never came, by the gaps in their sequence.
        longest_ms: the longest time between two that follow each other.
        jitter_ms: the 99th percentile of how far an interval is from the middle one.
        latency_ms: from the event in the world to the host's stamp, -1: not known.
        bytes: of content; of images as they are packed, of the rest as it was before packing.
    """

    name: str
    kind: str
    count: int
    rate_hz: float
    nominal_hz: float
    missing: int
    longest_ms: float
    jitter_ms: float
    latency_ms: float
    bytes: int


@dataclass(frozen=True)
class EventShown:
    """Something that happened, in seconds since the first row."""

    at_s: float
    kind: str
    source: str
    text: str


@dataclass(frozen=True)
class InterventionShown:
    """One arm in the operator's hand, in seconds since the first row."""

    arm: str
    from_s: float
    to_s: float
    handed_back: bool


@dataclass(frozen=True)
class VersionShown:
    """A policy version that drove at least one arm in these rows."""

    version: int
    rows: int
    from_s: float


@dataclass(frozen=True)
class LatencyShown:
    """Something that takes time, over all rows in which it is known."""

    name: str
    middle_ms: float
    p99_ms: float
    most_ms: float


@dataclass(frozen=True)
class EpisodeShown:
    """All of it.

    Attributes:
        edits: numbers of the edits that made it what it is.
        drivers: who drove the left and the right arm, from when to when.
    """

    name: str
    path: str
    header: Header
    edits: tuple[int, ...]
    duration_s: float
    streams: tuple[StreamShown, ...]
    drivers: tuple[tuple[Span, ...], tuple[Span, ...]]
    interventions: tuple[InterventionShown, ...]
    versions: tuple[VersionShown, ...]
    latencies: tuple[LatencyShown, ...]
    events: tuple[EventShown, ...]


@dataclass(frozen=True)
class Nominal:
    """Rates that a session was set to; 0: not known."""

    rows_hz: float = 0.0
    cameras_hz: float = 0.0
    view_hz: float = 0.0
    view: str = ""  # the camera that runs at `view_hz`


def look_at(
    name: str, episode: EpisodeData, nominal: Nominal, edits: tuple[int, ...] = ()
) -> EpisodeShown:
    """Read what is shown of an episode.

    Raises:
        EpisodeError: it is damaged.
    """
    stamps: NDArray[np.int64] = episode.column("stamp_ns")
    times_s = (stamps - stamps[0]) * 1e-9 if len(stamps) else np.zeros(0)
    modes = episode.column("modes")
    found = () if episode.header.demonstration else interventions(modes)
    ends = [times_s[min(each.end, len(times_s) - 1)] for each in found]
    began_ns = int(stamps[0]) if len(stamps) else episode.header.opened_ns
    return EpisodeShown(
        name=name,
        path=str(episode.path),
        header=episode.header,
        edits=edits,
        duration_s=round(float(times_s[-1]), 3) if len(times_s) else 0.0,
        streams=tuple(_streams(episode, stamps, nominal)),
        drivers=(spans(modes[:, Arm.LEFT], times_s), spans(modes[:, Arm.RIGHT], times_s)),
        interventions=tuple(
            InterventionShown(
                each.arm.name.lower(),
                round(float(times_s[each.takeover]), 3),
                round(float(end), 3),
                each.handed_back,
            )
            for each, end in zip(found, ends, strict=True)
        ),
        versions=_versions(episode, times_s),
        latencies=_latencies(episode, stamps),
        events=tuple(
            EventShown(
                round((event.stamp_ns - began_ns) * 1e-9, 3), event.kind, event.source, event.text
            )
            for event in episode.events()
        ),
    )


def _streams(
    episode: EpisodeData, stamps: NDArray[np.int64], nominal: Nominal
) -> list[StreamShown]:
    widths = [int(np.prod(column.shape)) * np.dtype(column.dtype).itemsize for column in COLUMNS]
    per_row = sum(widths) + len(episode.header.cameras) * 8 * 3
    shown = [
        _stream(
            STEPS, "rows", episode.column("index"), stamps, nominal.rows_hz, per_row * len(stamps)
        )
    ]
    for camera in episode.header.cameras:
        table = episode.image_table(camera)
        rate_hz = nominal.view_hz if camera == nominal.view else nominal.cameras_hz
        size = int(table.length.sum())
        shown.append(_stream(camera, "images", table.sequence, table.host_ns, rate_hz, size))
    for info in episode.streams:
        found = episode.samples(info.name)
        size = found.data.nbytes + 3 * found.host_ns.nbytes
        latency_ms = info.latency_ns * 1e-6 if info.latency_ns >= 0 else -1.0
        shown.append(
            _stream(
                info.name, "samples", found.sequence, found.host_ns, info.rate_hz, size, latency_ms
            )
        )
    return shown


def _stream(
    name: str,
    kind: str,
    sequence: NDArray[np.int64],
    stamps: NDArray[np.int64],
    nominal_hz: float,
    size: int,
    latency_ms: float = -1.0,
) -> StreamShown:
    steps = np.diff(sequence)
    missing = int((steps[steps > 1] - 1).sum())
    every_ms = np.diff(stamps) * 1e-6
    if not len(every_ms):
        return StreamShown(name, kind, len(stamps), 0, nominal_hz, missing, 0, 0, latency_ms, size)
    middle_ms = float(np.median(every_ms))
    running_ms = every_ms[every_ms <= _PAUSE * middle_ms]
    return StreamShown(
        name,
        kind,
        len(stamps),
        round(1e3 * len(running_ms) / float(running_ms.sum()), 2) if middle_ms > 0 else 0.0,
        nominal_hz,
        missing,
        round(float(every_ms.max()), 3),
        round(float(np.percentile(np.abs(every_ms - middle_ms), 99)), 3),
        round(latency_ms, 3),
        size,
    )


def _versions(episode: EpisodeData, times_s: NDArray[np.float64]) -> tuple[VersionShown, ...]:
    drove = episode.column("proposal_valid").any(axis=1)
    versions = episode.column("policy_version")
    shown: list[VersionShown] = []
    for version in np.unique(versions[drove & (versions >= 0)]):
        rows = np.flatnonzero(drove & (versions == version))
        shown.append(VersionShown(int(version), len(rows), round(float(times_s[rows[0]]), 3)))
    return tuple(shown)


def _latencies(episode: EpisodeData, stamps: NDArray[np.int64]) -> tuple[LatencyShown, ...]:
    observed = episode.column("observed_ns")
    proposal_age = np.where(observed > 0, stamps - observed, -1)
    known = (
        ("control tick late", episode.column("late_ns"), 0),
        ("inference", episode.column("inference_ns"), 1),
        ("observation behind the proposal", proposal_age, 0),
        ("oldest camera image", episode.column("camera_age_ns"), 0),
        ("device reading", episode.column("device_age_ns"), 0),
    )
    shown: list[LatencyShown] = []
    for name, values, least in known:
        own = values[values >= least] * 1e-6
        if len(own):
            middle, p99 = np.percentile(own, (50, 99))
            most = float(own.max())
            shown.append(LatencyShown(name, *(round(float(v), 3) for v in (middle, p99, most))))
    return tuple(shown)
