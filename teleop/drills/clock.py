"""Drill: the wall clock is set an hour forward, and then two hours back.

It is stepped by libfaketime for the session's processes alone, their C libraries included; the
machine's own clock would be stepped for every other program too.
"""

from itertools import pairwise
from pathlib import Path

from teleop.drills.alone import Alone, alone
from teleop.drills.files import Files
from teleop.drills.needs import faketime
from teleop.drills.result import Findings
from teleop.messages import Arm, Mode, SessionMode
from teleop.order_messages import Order, OrderKind

FORWARD_S, BACK_S = 3600, -3600  # against the true time
STEPS_S = (FORWARD_S, BACK_S)
BETWEEN_S = 1.0
LONGEST_TICK_S = 0.25  # between two published steps, on a busy machine


def clock_stepped(folder: Path) -> Findings:
    """Step the wall clock of every process of a session while the policy drives."""
    library = faketime()
    setting = folder / "clock"
    setting.write_text("+0")
    environment = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(setting),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with alone(folder, environment) as stage:
        stage.rolling()
        stage.rest(0.5)
        pids = dict(stage.chronicle.seen)
        stamps = [stage.step.stamp_ns]
        stage.fault(lambda: setting.write_text(f"+{FORWARD_S}"))
        _watch(stage, stamps)
        setting.write_text(f"{BACK_S}")
        _watch(stage, stamps)
        stage.settled()
        gap_s = max(b - a for a, b in pairwise(stamps)) / 1e9
        if gap_s > LONGEST_TICK_S or gap_s < 0.0:
            stage.complaints.append(f"control stood still for {gap_s:.2f} s")
        if stage.chronicle.seen != pids:
            stage.complaints.append("a process was started again")
        _open_another(stage)
        return stage.findings(
            lambda event: False, ending=f"went on; longest tick {gap_s * 1e3:.0f} ms"
        )


def _watch(stage: Alone, stamps: list[int]) -> None:
    """The policy goes on driving as if nothing had happened."""

    def disturbed() -> bool:
        if stage.step.stamp_ns != stamps[-1]:
            stamps.append(stage.step.stamp_ns)
        return not stage.modes(Mode.POLICY, Arm.LEFT)

    stage.never("the policy lost the left arm", disturbed, BETWEEN_S)


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
