"""A scripted operator that behaves like a person with a SpaceMouse.

It sees the scene through a delay, notices a failure only after a while, reacts late, moves one arm
at bounded speed with a slow wander, a tremor and now and then a wrong start, and lets go when the
plug is back on track. What it hands over is what a puck would: deflections, through the same
thresholds and scales as every other device.
"""

from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

import numpy as np

from teleop.cells.plug.reading import PlugTruth
from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceReading
from teleop.devices.attention import (
    Watch,
    begun,
    is_failing,
    is_new_scene,
    is_on_track,
    looked,
)
from teleop.devices.person import OperatorProfile
from teleop.messages import Arm, Array, frozen_array

Expert = Callable[[PlugTruth], Array]

_PERIOD_NS = 8_000_000  # a puck reports every 8 ms while it is deflected
_LOOK_NS = 20_000_000  # the eye takes in no more than 50 scenes a second
_TREMOR_HZ = 8.5
_WANDER_S = 0.3  # how fast the wander changes
_GRASP_NS = 60_000_000  # the first push is firm, so that the takeover is noticed
_FIRM = 0.1  # deflection beyond the enter threshold of that push
_LIGHT = 0.02  # deflection beyond the leave threshold that is kept up while driving
_LEAVING_NS = 1_000_000_000  # switched off, it lets go, and is gone after this
_BREATH_NS = 1_000_000_000  # after letting go, before judging again
_WRONG_WAY = np.array([1.0, -1.0, -1.0, 1.0, -1.0, -1.0])  # sideways and turning, not along


class _Look(NamedTuple):
    """What there was to see at an instant, and what to do about it."""

    stamp_ns: int
    truth: PlugTruth
    ideal: Array | None  # twist (6,); None: nobody thought about it


class Doing(Enum):
    """What the person is at."""

    WATCHING = "watching"
    REACTING = "reacting"
    DRIVING = "driving"


class ScriptedOperator:
    """Implements `teleop.interfaces.Device`.

    Args:
        truth: what there is to see, now.
        expert: the ideal world twist (6,) of the arm, now; both reach the mind with a delay.
        takeover: what a deflection means, to know how far to push.
        profile: how good the person is.
        seed: of everything that is random in a person.
        arm: the one arm it drives.
        working: whether the robot is at work; nobody pushes a puck beside one that is not.
        takeovers: how often this person took over before, in earlier episodes.

    Attributes:
        takeovers: how often this person has taken over.
        enabled: whether the person is there; may be switched in flight.
    """

    def __init__(
        self,
        truth: Callable[[], PlugTruth],
        expert: Expert,
        takeover: TakeoverConfig,
        profile: OperatorProfile | None = None,
        seed: int = 0,
        arm: Arm = Arm.LEFT,
        working: Callable[[], bool] = lambda: True,
        takeovers: int = 0,
    ) -> None:
        self._truth = truth
        self._expert = expert
        self._takeover = takeover
        self._profile = profile or OperatorProfile()
        self._rng = np.random.default_rng([seed, 0x0B5E])
        self._arm = arm
        self._working = working
        self._seen: deque[_Look] = deque()
        self._reading: DeviceReading | None = None
        self._watch = Watch()
        self._since_ns = 0  # of what the person is at
        self._react_ns = 0
        self._there_ns = -_LEAVING_NS
        self._push = np.zeros(6)
        self._wander = np.zeros(6)
        self._wrong = np.ones(6)
        self.takeovers = takeovers
        self.doing = Doing.WATCHING
        self.enabled = True

    def configure(self, takeover: TakeoverConfig) -> None:
        """Push by what a deflection means from now on."""
        self._takeover = takeover

    @property
    def name(self) -> str:
        return "scripted"

    def read(self, now_ns: int) -> DeviceReading | None:
        if self._reading is not None and now_ns - self._reading.stamp_ns < _PERIOD_NS:
            return self._reading
        if self.enabled:
            self._there_ns = now_ns
        elif now_ns - self._there_ns > _LEAVING_NS:
            return self._reading  # nobody is there: it grows old
        elapsed_s = _PERIOD_NS * 1e-9
        if self._reading is not None:
            elapsed_s = (now_ns - self._reading.stamp_ns) * 1e-9
        seen = self._look(now_ns)
        wanted = np.zeros(6)
        if seen is not None and self.enabled and self._working():
            self._attend(seen.truth, now_ns)
            if self.doing is Doing.DRIVING and seen.ideal is not None:
                wanted = self._wanted(seen.ideal, now_ns, elapsed_s)
        else:
            self._be(Doing.WATCHING, now_ns)
        deflection = np.zeros((2, 6))
        deflection[self._arm] = self._move_hand(wanted, now_ns, elapsed_s)
        self._reading = DeviceReading(now_ns, self.name, frozen_array(deflection))
        return self._reading

    def close(self) -> None:
        """Nothing to let go of."""

    def _look(self, now_ns: int) -> _Look | None:
        """Take in the scene; return what has reached the mind by now."""
        if not self._seen or now_ns - self._seen[-1].stamp_ns >= _LOOK_NS:
            truth = self._truth()
            if self._seen and is_new_scene(self._seen[-1].truth, truth):
                self._seen.clear()
                self._be(Doing.WATCHING, now_ns)
            ideal = None if self.doing is Doing.WATCHING else self._expert(truth)
            self._seen.append(_Look(now_ns, truth, ideal))
        known_ns = now_ns - int(self._profile.perception_s * 1e9)
        while len(self._seen) > 1 and self._seen[1].stamp_ns <= known_ns:
            self._seen.popleft()
        return self._seen[0] if self._seen[0].stamp_ns <= known_ns else None

    def _attend(self, seen: PlugTruth, now_ns: int) -> None:
        if self.doing is Doing.WATCHING:
            if now_ns < self._since_ns:
                return
            self._watch = looked(self._watch, seen, now_ns)
            if is_failing(self._watch, seen, now_ns, self._profile.patience):
                self._react_ns = int(self._rng.uniform(*self._profile.reaction_s) * 1e9)
                self._be(Doing.REACTING, now_ns)
        elif self.doing is Doing.REACTING:
            if is_on_track(seen):
                self._be(Doing.WATCHING, now_ns)
            elif now_ns - self._since_ns >= self._react_ns:
                self._choose_direction()
                self._be(Doing.DRIVING, now_ns)
        elif is_on_track(seen) or self._given_up(now_ns):
            self._be(Doing.WATCHING, now_ns + _BREATH_NS)

    def _be(self, doing: Doing, since_ns: int) -> None:
        if doing is self.doing and doing is not Doing.WATCHING:
            return
        self.doing = doing
        self._since_ns = since_ns
        self._watch = begun(since_ns)

    def _choose_direction(self) -> None:
        """Now and then a person first pushes sideways the wrong way, or never finds the right."""
        self.takeovers += 1
        wrong = self._rng.random() < self._profile.wrong_rate
        self._wrong = _WRONG_WAY if wrong or self._contrary else np.ones(6)

    @property
    def _contrary(self) -> bool:
        """Whether this takeover is wrong from beginning to end."""
        every = self._profile.contrary_every
        return every > 0 and self.takeovers % every == 0

    def _given_up(self, now_ns: int) -> bool:
        return self._contrary and now_ns - self._since_ns >= self._profile.contrary_s * 1e9

    def _wanted(self, ideal: Array, now_ns: int, elapsed_s: float) -> Array:
        """Deflection (6,) that the person means."""
        profile, takeover = self._profile, self._takeover
        twist = ideal * profile.gain
        if self._contrary or now_ns - self._since_ns < profile.wrong_s * 1e9:
            twist = twist * self._wrong
        blend = min(1.0, elapsed_s / _WANDER_S)
        fresh = self._rng.normal(0.0, profile.wander, 6)
        self._wander = self._wander * (1.0 - blend) + fresh * np.sqrt(blend * (2.0 - blend))
        linear = _bounded(twist[:3], profile.linear_speed)
        angular = _bounded(twist[3:], profile.angular_speed)
        linear = linear + self._wander[:3] * np.linalg.norm(linear)
        angular = angular + self._wander[3:] * np.linalg.norm(angular)
        push = np.concatenate(
            [
                _push_for(linear, takeover.linear_scale, takeover.leave),
                _push_for(angular, takeover.angular_scale, takeover.leave),
            ]
        )
        firm = now_ns - self._since_ns < _GRASP_NS
        return _at_least(push, takeover.enter + _FIRM if firm else takeover.leave + _LIGHT)

    def _move_hand(self, wanted: Array, now_ns: int, elapsed_s: float) -> Array:
        """The hand follows the will with a lag; it trembles while it holds the cap."""
        follow = 1.0 - np.exp(-elapsed_s / self._profile.hand_s)
        holding = self.doing is Doing.DRIVING
        if holding and now_ns == self._since_ns:
            self._push = wanted
        self._push = self._push + follow * (wanted - self._push)
        if not holding:
            # The spring of the cap brings it home at once when it is let go.
            self._push = np.zeros(6)
            return self._push
        phase = 2.0 * np.pi * _TREMOR_HZ * now_ns * 1e-9 + np.arange(6)
        return np.clip(self._push + self._profile.tremor * np.sin(phase), -1.0, 1.0)


def _bounded(vector: Array, most: float) -> Array:
    return vector * min(1.0, most / max(float(np.linalg.norm(vector)), 1e-12))


def _push_for(velocity: Array, scale: float, leave: float) -> Array:
    """The deflection (3,) that makes the arbiter ask for `velocity`."""
    speed = float(np.linalg.norm(velocity))
    if speed < 1e-9:
        return np.zeros(3)
    return velocity / speed * (leave + (1.0 - leave) * min(1.0, speed / scale))


def _at_least(push: Array, least: float) -> Array:
    """Lengthen the larger half of `push` to `least`; without a direction, push in x."""
    halves = push.reshape(2, 3)
    sizes = np.linalg.norm(halves, axis=1)
    larger = int(sizes.argmax())
    if sizes[larger] >= least:
        return push
    out = halves.copy()
    out[larger] = halves[larger] / sizes[larger] * least if sizes[larger] > 0 else (least, 0, 0)
    return out.reshape(6)
