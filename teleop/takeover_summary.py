"""The numbers of `nudge bench takeover`. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from teleop.bench_control import percentile_ms
from teleop.config import SessionConfig
from teleop.errors import SessionError
from teleop.takeover_match import Taken
from teleop.timing import Timing


@dataclass(frozen=True)
class TakeoverBench:
    """What is printed; times in ms."""

    report_to_command_p50_ms: float
    report_to_command_p99_ms: float
    wrong_arm: int
    lost_or_double: int
    velocity_step_over_limit: int  # ticks
    release_to_policy_p99_ms: float  # with the dwell in it
    dwell_ms: float
    release_to_policy_beyond_dwell_p99_ms: float
    takeovers: int
    rate_hz: float
    tick_ms: float
    early: int  # before the report that completes them was written
    report_to_command_max_ms: float
    report_to_tick_p50_ms: float  # of which: until the tick that acts on it begins
    tick_to_command_p50_ms: float
    tick_to_command_p99_ms: float
    cut_at_once: dict[str, int]  # ticks in which a limit that may do so stepped the velocity
    late_p99_ms: float
    late_max_ms: float
    resumed: int  # by an order, because the policy had been silent for too long
    restarts: dict[str, int]  # of processes that died or hung meanwhile


def summarise(
    outcomes: Sequence[Taken],
    timing: Timing,
    config: SessionConfig,
    resumed: int = 0,
    restarts: dict[str, int] | None = None,
) -> TakeoverBench:
    """Count and sort what came of the pushes.

    Raises:
        SessionError: no push took an arm over.
    """
    sound = [taken for taken in outcomes if taken.sound]
    if not sound or not timing.ticks:
        raise SessionError("Not one push took its arm over and gave it back: nothing to measure.")
    command_ns = [taken.report_to_command_ns for taken in sound]
    tick_ns = [taken.report_to_tick_ns for taken in sound]
    work_ns = [taken.report_to_command_ns - taken.report_to_tick_ns for taken in sound]
    policy_ns = [t.release_to_policy_ns for t in sound if t.release_to_policy_ns >= 0]
    dwell_ns = round(config.takeover.dwell_s * 1e9)
    late_ns = [tick.late_ns for tick in timing.ticks]
    faults = {step.stamp_ns for step in timing.velocity_steps if not step.cut}
    cuts = {(name, step.stamp_ns) for step in timing.velocity_steps for name in step.cut}
    return TakeoverBench(
        report_to_command_p50_ms=round(percentile_ms(command_ns, 50.0), 3),
        report_to_command_p99_ms=round(percentile_ms(command_ns, 99.0), 3),
        wrong_arm=sum(taken.wrong for taken in outcomes),
        lost_or_double=len(outcomes) - len(sound),
        velocity_step_over_limit=len(faults),
        release_to_policy_p99_ms=round(percentile_ms(policy_ns, 99.0), 3),
        dwell_ms=dwell_ns / 1e6,
        release_to_policy_beyond_dwell_p99_ms=round(
            percentile_ms([value - dwell_ns for value in policy_ns], 99.0), 3
        ),
        takeovers=len(outcomes),
        rate_hz=config.rate_hz,
        tick_ms=1e3 / config.rate_hz,
        early=sum(taken.early for taken in sound),
        report_to_command_max_ms=round(max(command_ns) / 1e6, 3),
        report_to_tick_p50_ms=round(percentile_ms(tick_ns, 50.0), 3),
        tick_to_command_p50_ms=round(percentile_ms(work_ns, 50.0), 3),
        tick_to_command_p99_ms=round(percentile_ms(work_ns, 99.0), 3),
        cut_at_once=dict(sorted(Counter(name for name, _ in cuts).items())),
        late_p99_ms=round(percentile_ms(late_ns, 99.0), 3),
        late_max_ms=round(max(late_ns) / 1e6, 3),
        resumed=resumed,
        restarts=restarts or {},
    )
