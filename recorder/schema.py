"""The layout of an episode, version 3; 1 and 2 are read too. docs/format.md says it in full.

An episode is a folder, `episodes/episode_00012`:

    seg_00000.h5, seg_00001.h5 ...   while it is recorded: immutable, synced, some seconds each
    seg_00007.h5.part                what came since then, 4 times a second: a log, see `journal`
    episode.h5                       all segments in one, made afterwards; they are deleted then
    episode.json                     the header once more, for quick listing; only a cache

A segment and the whole episode have the same layout, and the segments of an episode are simply
joined, row by row:

    /                       attributes: format, version, and the fields of `Header`
    /steps/COLUMN           one dataset per column of `COLUMNS`, all (N, ...), one row a control
                            tick; attribute `unit`, and for coded columns `coding` and `names`
    /steps/frame_sequence   (N, C) of each camera's newest image at the tick, -1: none
    /steps/frame_stamp_ns   (N, C)
    /steps/seen_sequence    (N, C) of the image that the proposal was computed from, -1: none
    /steps/label            (N, 2) codes of `labels.Label`; only in a whole episode
    /streams/NAME           a camera or a sensor at its own rate; attributes of `StreamInfo`, and
                            `kind`: image or samples
        t_host_ns, t_dev_ns, sequence   (M,) of each image or sample
        data                            (M, *shape) samples
        bytes, offset, length, crc32    (B,), (M,), (M,), (M,) images, as JPEG end to end;
                                        attribute `encoding`
    /events                 bytes, offset, length, crc32, t_host_ns: a JSON object for each
                            `RecordedEvent`
    /clock                  (K, 2) monotonic and wall time of one instant, about once a second

Offsets count from the beginning of the `bytes` beside them. A stream appears with its first block,
so that the first segments may lack it; from then on all segments have it, if only empty. An episode
that ended within its first segment has no segments: that one became `episode.h5` as it was closed.

Camera k of `Header.cameras` is column k of the (N, C) datasets; its images are the stream of its
name, found by their sequence. Array axes, units and frames are those of `teleop.messages`. Poses,
joint positions and openings are kept in double precision; velocities, actions' twists, wrenches
and touch in single. A coded column holds places in its attribute `names`, which only ever grow
within an episode, so that the last segment's names hold for all; a coded set holds a bit per name.
All datasets of numbers carry HDF5's check sum (fletcher32).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from teleop.messages import Mode, Outcome, SessionMode, Step

FORMAT = "nudge-episode"
VERSION = 3

STEPS, STREAMS, EVENTS, CLOCK = "steps", "streams", "events", "clock"
LABEL = "label"
BYTES, OFFSET, LENGTH, CRC32 = "bytes", "offset", "length", "crc32"
HOST_NS, DEVICE_NS, SEQUENCE, DATA = "t_host_ns", "t_dev_ns", "sequence", "data"
WHOLE = "episode.h5"
SUMMARY = "episode.json"
# Versions 1 and 2: images lay in /images/CAMERA, one index of four columns beside the bytes, and
# /steps/image told the row of each step's image.
IMAGES, IMAGE, INDEX = "images", "image", "index"
INDEX_COLUMNS = ("offset", "length", "stamp_ns", "sequence")


class State(StrEnum):
    """How far an episode had come when the file was closed."""

    RECORDING = "recording"  # a segment that is not the last
    CUT = "cut"  # versions 1 and 2: a copy made at a hand-back
    FINAL = "final"  # the last segment, and the whole episode
    SALVAGED = "salvaged"  # what a crash left, made whole

    @property
    def finished(self) -> bool:
        """Whether it is the end of an episode."""
        return self in (State.FINAL, State.SALVAGED)


SALVAGED_REASON = "salvaged after a crash"


@dataclass(frozen=True)
class Header:
    """The attributes of an episode file.

    What is derived from the rows (`steps` to `handback_ns`) is there for quick reading of many
    files; a segment's are of its own rows. What was lost or cut counts from the beginning of the
    episode, so that the last segment's numbers hold. The fields with a default from `uid` on came
    with version 3.
    """

    state: State
    episode: int
    opened_ns: int
    opened_epoch_ns: int  # the same moment by the wall clock
    ended_ns: int  # -1: not ended
    instruction: str
    scene: str
    cameras: tuple[str, ...]
    demonstration: bool
    outcome: Outcome
    reason: str
    dropped_steps: int
    lost_images: int
    steps: int = 0
    interventions: int = 0
    operator_s: float = 0.0
    policy_version: int = -1
    handback_ns: int = -1
    uid: str = ""  # of the episode, random, the same in all its segments
    segment: int = -1  # its number, -1: the whole episode
    corrections_only: bool = False  # rows far from a takeover were not kept
    source: str = ""  # where it was imported from
    lost_samples: int = 0
    cut_rows: int = 0  # rows that were deliberately not kept; not lost
    operator: str = ""  # the name of who was at the devices, empty: nobody has said
    camera_models: tuple[str, ...] = ()  # see `camera_models`; of those whose place was known


class Coding(StrEnum):
    """What the numbers of a column stand for."""

    PLAIN = "plain"  # numbers
    NAME = "name"  # each a place in `names`
    SET = "set"  # a bit per name


SET_BITS = 64  # of a coded set; later names have none


@dataclass(frozen=True)
class Column:
    """How one part of a `Step` is kept.

    Attributes:
        name: of the dataset.
        read: that part of a step.
        dtype: as numpy writes it.
        shape: of one row.
        unit: for people.
        names: those of a coded column that are known before; others are added as they come.
        packed: compress it; worth it where most bytes repeat.
        since: the first version that has it; in older files it reads as zeros.
    """

    name: str
    read: Callable[[Step], Any]
    dtype: str
    shape: tuple[int, ...] = ()
    unit: str = ""
    coding: Coding = Coding.PLAIN
    names: tuple[str, ...] = ()
    packed: bool = False
    since: int = 1


def _state(
    name: str, dtype: str, shape: tuple[int, ...], unit: str, packed: bool = False
) -> Column:
    return Column(
        name, lambda step: getattr(step.observation.state, name), dtype, shape, unit, packed=packed
    )


def _action(name: str, read: Callable[[Step], Any]) -> tuple[Column, Column]:
    return (
        Column(f"{name}_twist", lambda step: read(step).twist, "f4", (2, 6), "m/s, rad/s"),
        Column(f"{name}_opening", lambda step: read(step).opening, "f8", (2,), "0 closed, 1 open"),
    )


def _plain(
    name: str, dtype: str, unit: str = "", shape: tuple[int, ...] = (), since: int = 1
) -> Column:
    return Column(name, lambda step: getattr(step, name), dtype, shape, unit, since=since)


COLUMNS: tuple[Column, ...] = (
    _plain("index", "i8"),
    _plain("stamp_ns", "i8", "ns"),
    Column(
        "session_mode",
        lambda step: step.session_mode,
        "i1",
        coding=Coding.NAME,
        names=tuple(SessionMode),
    ),
    Column("state_stamp_ns", lambda step: step.observation.state.stamp_ns, "i8", unit="ns"),
    _state("q", "f8", (2, 6), "rad"),
    _state("dq", "f4", (2, 6), "rad/s"),
    _state("position", "f8", (2, 3), "m, world"),
    _state("quaternion", "f8", (2, 4), "w first, world"),
    _state("twist", "f4", (2, 6), "m/s, rad/s"),
    _state("wrench", "f4", (2, 6), "N, Nm"),
    _state("opening", "f8", (2,), "0 closed, 1 open"),
    _state("tactile", "f4", (2, 2, 8, 8), "N", packed=True),
    Column("fault", lambda step: step.observation.state.fault, "i2", coding=Coding.NAME),
    Column("instruction", lambda step: step.observation.instruction, "i2", coding=Coding.NAME),
    Column("device", lambda step: step.device, "i2", coding=Coding.NAME),
    *_action("operator", lambda step: step.operator),
    *_action("proposed", lambda step: step.proposed),
    Column("proposal_valid", lambda step: step.proposal_valid, "?", (2,)),
    *_action("executed", lambda step: step.executed),
    Column("authority", lambda step: step.authority, "f8", (2,), "operator's share, 0 to 1"),
    Column("modes", lambda step: step.modes, "i1", (2,), coding=Coding.NAME, names=tuple(Mode)),
    _plain("policy_version", "i8"),
    _plain("chunk_id", "i8"),
    _plain("chunk_index", "i8"),
    Column("limits_hit", lambda step: step.limits_hit, "u8", coding=Coding.SET),
    _plain("device_age_ns", "i8", "ns"),
    _plain("camera_age_ns", "i8", "ns"),
    _plain("inference_ns", "i8", "ns"),
    _plain("late_ns", "i8", "ns"),
    _plain("novelty", "f4", "standard deviations", (2,), since=2),
    _plain("force_surprise", "f4", "standard deviations", (2,), since=2),
    _plain("observed_ns", "i8", "ns", since=3),
)


def columns_of(file_version: int) -> tuple[Column, ...]:
    """The columns that a file of that version has."""
    return tuple(column for column in COLUMNS if column.since <= file_version)


# Of the newest image of each camera, whether or not it could be kept.
FRAME_SEQUENCE, FRAME_STAMP = "frame_sequence", "frame_stamp_ns"
SEEN_SEQUENCE = "seen_sequence"  # of the images that the proposal was computed from
FRAMES = (FRAME_SEQUENCE, FRAME_STAMP, SEEN_SEQUENCE)
