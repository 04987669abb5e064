"""Drill: the wall clock is set an hour forward, and then two hours back.

It is stepped for the session's processes alone, their C libraries included.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from teleop.drills.alone import Alone, alone
from teleop.drills.files import Files
from teleop.drills.motion import between
from teleop.drills.result import Findings
from teleop.drills.wall_clock import WallClock
from teleop.messages import Arm, Mode, SceneState, SessionMode
from teleop.order_messages import Order, OrderKind

FORWARD_S, BACK_S = 3600, -3600  # against the true time
BETWEEN_S = 1.0
LONGEST_TICK_S = 0.25  # between two published steps, on a busy machine


def clock_stepped(folder: Path) -> Findings:
    """Step the wall clock of every process of a session while the policy drives."""
    clock = WallClock(folder)
    with alone(folder, clock.environment) as stage:
        stage.rolling()
        pids = dict(stage.chronicle.seen)
        stage.fault(lambda: clock.be_wrong_by(FORWARD_S))
        _watch(stage)
        clock.be_wrong_by(BACK_S)
        _watch(stage)
        stage.settled()
        gap_s = longest_gap_s(between(stage.chronicle.scenes, stage.fault_ns, stage.until_ns))
        if gap_s > LONGEST_TICK_S or gap_s < 0.0:
            stage.complaints.append(f"control stood still for {gap_s:.2f} s")
        if stage.chronicle.seen != pids:
            stage.complaints.append("a process was started again")
        _open_another(stage)
        return stage.findings(
            lambda event: False, ending=f"went on; longest tick {gap_s * 1e3:.0f} ms"
        )


def longest_gap_s(scenes: Sequence[SceneState]) -> float:
    """Return the longest time between two ticks; a clock that goes back shows as less than 0."""
    gaps = [(later.stamp_ns - scene.stamp_ns) / 1e9 for scene, later in pairwise(scenes)]
    return min(gaps) if gaps and min(gaps) < 0.0 else max(gaps, default=0.0)


def _watch(stage: Alone) -> None:
    """The policy goes on driving as if nothing had happened."""
    stage.never(
        "the policy lost the left arm",
        lambda: not stage.modes(Mode.POLICY, Arm.LEFT),
        BETWEEN_S,
    )


def _open_another(stage: Alone) -> None:
    """An episode whose file bears the stepped date, for `dates_differ`."""
    first = stage.step.episode
    stage.order(Order(OrderKind.RESET))
    stage.expect("another episode", lambda: stage.step.episode > first, 3.0)
    stage.expect("a rollout", lambda: stage.step.session_mode is SessionMode.ROLLOUT)
    stage.rest(0.5)


def dates_differ(found: Findings, files: Files) -> tuple[str, ...]:
    """The step of the clock did reach the processes: it is in the dates of the two files."""
    opened = sorted((file.episode, file.opened_epoch_ns) for file in files.episodes())
    if len(opened) < 2:
        return (f"{len(opened)} episodes instead of 2 were recorded",)
    shift_s = (opened[1][1] - opened[0][1]) / 1e9
    if abs(shift_s - BACK_S) > 120.0:
        return (f"the clock was not stepped: the second file is dated {shift_s:.0f} s later",)
    return ()
