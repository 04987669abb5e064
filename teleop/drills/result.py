"""Judging a drill: what was found against what was expected. Pure, but for the arms' kinematics."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from teleop.drills.events import Chronicle, Event
from teleop.drills.expected import Expected
from teleop.drills.files import Files
from teleop.drills.motion import Motion, between, motions, tool_positions

TOLD_AT_MOST = 6


class Verdict(StrEnum):
    """What became of a drill."""

    PASS = "pass"
    FAIL = "fail"
    SKIP = "skip"


@dataclass(frozen=True)
class Findings:
    """What a drill brought to light.

    Attributes:
        fault_ns: when the fault was made.
        until_ns: the end of the motion that counts as the fault's.
        chronicle: everything that was told.
        complaints: what did not come as expected.
        announces: which events tell the operator of this fault.
        ending: whether the session went on, or how it ended.
    """

    fault_ns: int
    until_ns: int
    chronicle: Chronicle
    complaints: tuple[str, ...]
    announces: Callable[[Event], bool]
    ending: str


@dataclass(frozen=True)
class Result:
    """What is printed of a drill; lengths in mm, times in ms."""

    name: str
    fault: str
    verdict: Verdict
    path_mm: tuple[float, float] = (0.0, 0.0)  # left, right tool, after the fault
    moved_mm: tuple[float, float] = (0.0, 0.0)
    path_bound_mm: float = 0.0
    announced_ms: float | None = None
    announced_bound_ms: float | None = None
    bound_why: str = ""
    told: tuple[str, ...] = ()  # what was told first, with its time after the fault
    ending: str = ""
    files: str = ""
    faults: tuple[str, ...] = ()  # why it failed, or was skipped
    seconds: float = 0.0


def judge(name: str, fault: str, found: Findings, files: Files, expected: Expected) -> Result:
    """Compare, and put everything into one row."""
    scenes = between(found.chronicle.scenes, found.fault_ns, found.until_ns)
    motion = motions(tool_positions(scenes))
    told = [event for event in found.chronicle.after(found.fault_ns) if found.announces(event)]
    announced_ms = (told[0].stamp_ns - found.fault_ns) / 1e6 if told else None
    faults = [
        *found.complaints,
        *motion_faults(motion, len(scenes), expected),
        *announcement_faults(announced_ms, expected),
        *files.broken,
        *(f"{part} was never finished" for part in files.unfinished),
    ]
    return Result(
        name,
        fault,
        Verdict.FAIL if faults else Verdict.PASS,
        path_mm=(round(motion[0].path_mm, 1), round(motion[1].path_mm, 1)),
        moved_mm=(round(motion[0].moved_mm, 1), round(motion[1].moved_mm, 1)),
        path_bound_mm=round(expected.path_mm, 1),
        announced_ms=None if announced_ms is None else round(announced_ms, 1),
        announced_bound_ms=expected.announced_ms,
        bound_why=expected.why,
        told=first_told(told, found.fault_ns),
        ending=found.ending,
        files=files_in_words(files),
        faults=tuple(faults),
    )


def motion_faults(
    motion: tuple[Motion, Motion], scenes: int, expected: Expected
) -> tuple[str, ...]:
    """Say which tool went further than it may, or that nobody saw."""
    if scenes < 2:
        return ("control published no motion after the fault",)
    return tuple(
        f"the {side} tool went {one.path_mm:.1f} mm, more than {expected.path_mm:.1f} mm"
        for side, one in zip(("left", "right"), motion, strict=True)
        if one.path_mm > expected.path_mm
    )


def announcement_faults(announced_ms: float | None, expected: Expected) -> tuple[str, ...]:
    """Say that the fault was not told, or too late."""
    if expected.announced_ms is None:
        return ()
    if announced_ms is None:
        return ("nothing told of it",)
    if announced_ms > expected.announced_ms:
        return (f"told after {announced_ms:.0f} ms, later than {expected.announced_ms:.0f} ms",)
    return ()


def first_told(told: list[Event], fault_ns: int) -> tuple[str, ...]:
    """Return the first events, each once, as "TIME SOURCE TEXT"."""
    lines: dict[tuple[str, str], str] = {}
    for event in told:
        after_ms = (event.stamp_ns - fault_ns) / 1e6
        key = (event.source.value, event.text)
        lines.setdefault(key, f"{after_ms:.0f} ms {event.source.value}: {event.text}")
    return tuple(lines.values())[:TOLD_AT_MOST]


def files_in_words(files: Files) -> str:
    """Return how many files are whole, and how many rows they have."""
    episodes = files.episodes()
    rows = sum(file.steps for file in episodes)
    bad = len(files.broken) + len(files.unfinished)
    return f"{len(episodes)} whole, {rows} rows" + (f", {bad} not whole" if bad else "")
