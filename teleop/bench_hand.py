"""The hand of `nudge bench takeover`: pushes one of two virtual pucks, and stamps every report.

A push grows over a few reports, is held, and goes back the same way, with a report every 8 ms as a
real puck sends them while it is deflected. Arm, direction, strength, length and the phase against
the control tick are drawn at random.
"""

import math
import time
from dataclasses import dataclass
from random import Random
from typing import Protocol

from teleop.config import TakeoverConfig
from teleop.messages import Arm
from teleop.rig.pucks import FULL
from teleop.takeover_match import Push

REPORT_NS = 8_000_000
LONGEST_RAMP = 4  # reports
HOLD_REPORTS = (6, 32)  # 50 to 250 ms
STRENGTH = (0.35, 0.80)  # of full deflection

Counts = tuple[int, int, int, int, int, int]
CENTRED: Counts = (0, 0, 0, 0, 0, 0)


class Puck(Protocol):
    """What is pushed, such as a `teleop.rig.pucks.VirtualPuck`."""

    def report(self, axes: Counts) -> None: ...


@dataclass(frozen=True)
class Gesture:
    """One push, before it is made."""

    arm: Arm
    reports: tuple[Counts, ...]  # one every 8 ms, the last one centred


def draw_gesture(random: Random) -> Gesture:
    """Draw a push along or about a random direction."""
    arm = random.choice((Arm.LEFT, Arm.RIGHT))
    direction = [random.gauss(0.0, 1.0) for _ in range(3)]
    scale = FULL * random.uniform(*STRENGTH) / max(math.hypot(*direction), 1e-9)
    axes = [scale * value for value in direction]
    turned = random.random() < 0.3
    full = [0.0, 0.0, 0.0, *axes] if turned else [*axes, 0.0, 0.0, 0.0]
    up, down = random.randint(1, LONGEST_RAMP), random.randint(1, LONGEST_RAMP)
    shares = [step / up for step in range(1, up)]
    shares += [1.0] * random.randint(*HOLD_REPORTS)
    shares += [step / down for step in range(down - 1, -1, -1)]
    return Gesture(arm, tuple(_counts(full, share) for share in shares))


def _counts(full: list[float], share: float) -> Counts:
    x, y, z, rx, ry, rz = (round(share * value) for value in full)
    return x, y, z, rx, ry, rz


def deflection(counts: Counts) -> float:
    """The larger of the linear and the angular deflection, 0..1, as the arbiter takes it."""
    return max(math.hypot(*counts[:3]), math.hypot(*counts[3:])) / FULL


def make_push(puck: Puck, gesture: Gesture, config: TakeoverConfig) -> Push:
    """Write the reports of `gesture`, each at its time; return when they were written."""
    begun_ns = time.monotonic_ns()
    beyond_ns: list[int] = []
    centred_ns = -1
    for number, counts in enumerate(gesture.reports):
        while (wait_ns := begun_ns + number * REPORT_NS - time.monotonic_ns()) > 0:
            time.sleep(wait_ns * 1e-9)
        written_ns = time.monotonic_ns()
        puck.report(counts)
        if deflection(counts) > config.enter:
            beyond_ns.append(written_ns)
        elif beyond_ns and centred_ns < 0 and deflection(counts) < config.leave:
            centred_ns = written_ns
    return Push(gesture.arm, begun_ns, tuple(beyond_ns), centred_ns)
