"""Watches where an idle puck's centre wanders, and keeps a wandered one from moving a robot.

A puck whose axes stay within a few counts for `STILL_S` is not held by a hand, which trembles by
more: where it stands is its centre now. That is believed near the centre known before (a slow
drift, which is followed as far as it goes) and below `JUMP` (a cap that sticks after a push). A
puck that is held against its stop is neither.

From `WARN` on, half of what counts as let go by default, the operator is told. From there on, too,
the puck counts as let go while it stands within `AROUND` of its wandered centre, so that it takes
nothing over, and an arm it had is handed back. What it says when it is really pushed is passed on
unchanged: a correction by a wrong estimate would move the arm at the very moment of letting go.

A centre that wanders faster than about `_STILL` in `STILL_S` (0.8 % a second) looks like a hand;
the thresholds alone stand against that.
"""

from dataclasses import dataclass

from teleop.device_messages import AT_REST, Six
from teleop.devices.rest import Looks, first_look, looked

WARN = 0.04  # of full deflection
AROUND = 0.03
JUMP = 0.20
STILL_S = 1.5
_STILL = 4.5 / 350  # four counts
_NOISES = 3.0  # spread of a noisy puck at rest, in terms of its calibrated noise


@dataclass(frozen=True)
class Drift:
    """What an idle puck was seen to do; axes are those off the calibrated offset."""

    looks: Looks
    centre: Six = AT_REST

    @property
    def wander(self) -> float:
        """How far the centre is from where it was calibrated, of full deflection."""
        return max(map(abs, self.centre))


def watched(drift: Drift | None, axes: Six, noise: Six, now_ns: int) -> Drift:
    """Return what is known after one more look."""
    if drift is None:
        return Drift(first_look(axes, now_ns))
    looks = looked(drift.looks, axes)
    if any(
        high - low > max(_STILL, _NOISES * width)
        for low, high, width in zip(looks.low, looks.high, noise, strict=True)
    ):
        return Drift(first_look(axes, now_ns), drift.centre)
    if now_ns - looks.since_ns < STILL_S * 1e9:
        return Drift(looks, drift.centre)
    middle = looks.middle
    if max(map(abs, middle)) < JUMP or _is_near(middle, drift.centre):
        return Drift(looks, middle)
    return Drift(looks, drift.centre)


def is_at_rest(drift: Drift | None, axes: Six) -> bool:
    """Whether it stands at a centre that has wandered too far to be ignored."""
    return drift is not None and drift.wander >= WARN and _is_near(axes, drift.centre)


def _is_near(axes: Six, centre: Six) -> bool:
    return all(abs(value - middle) <= AROUND for value, middle in zip(axes, centre, strict=True))
