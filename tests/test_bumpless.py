"""Whatever comes in whatever order, the commanded velocity never steps.

Force, leash and workspace may cut at once; here nothing pushes, the arms follow, and they stay away
from the walls, so that every change is a ramp.
"""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teleop.config import SafetyLimits, SessionConfig
from teleop.messages import Arm, Array, FrameRef
from teleop.order_messages import Order, OrderKind
from teleop.se3 import length
from tests.control_parts import PERIOD_NS, Bench

WIDE = SafetyLimits(workspace_low=(-5.0, -5.0, -5.0), workspace_high=(5.0, 5.0, 5.0))
DT = PERIOD_NS * 1e-9


@dataclass(frozen=True)
class Scene:
    """What is done to the left arm, for some ticks."""

    push: tuple[float, float, float]
    ticks: int
    what: str
    value: float


WHATS = (
    "push", "push", "push", "silent", "blind", "no policy", "clutch", "take press",
    "rewind press", "gripper press", "AUTHORITY", "AUTHORITY", "TAKE", "GIVE", "HOLD", "REWIND",
)  # fmt: skip
scenes = st.builds(
    Scene,
    st.tuples(*[st.sampled_from([0.0, 0.05, 0.15, -0.4, 0.7, 1.0, -1.0])] * 3),
    st.sampled_from([1, 2, 3, 7, 30, 60, 120]),
    st.sampled_from(WHATS),
    st.sampled_from([0.0, 0.3, 1.0]),
)


def play(history: list[Scene]) -> Array:
    """Return the commanded twists (ticks, 2, 6)."""
    bench = Bench(SessionConfig(limits=WIDE))
    bench.order(OrderKind.START)
    bench.tick(30)
    device, twists = bench.device, []
    for scene in history:
        x, y, turn = scene.push
        device.left = [x, y, 0.0, 0.0, 0.0, turn]
        device.silent = scene.what == "silent"
        bench.policy.silent = scene.what == "no policy"
        device.clutch = (scene.what == "clutch", False)
        device.takes = (device.takes[0] + (scene.what == "take press"), 0)
        device.rewinds = (device.rewinds[0] + (scene.what == "rewind press"), 0)
        device.presses = (device.presses[0] + (scene.what == "gripper press"), 0)
        blind = scene.what == "blind"
        bench.refs = (FrameRef("wrist", 1, bench.clock.now_ns()),) if blind else None
        if scene.what.isupper():
            bench.loop.submit(Order(OrderKind(scene.what), Arm.LEFT, value=scene.value))
        twists += [bench.tick().executed.twist for _ in range(scene.ticks)]
    return np.stack(twists)


@pytest.mark.timeout(300)
@settings(max_examples=25, deadline=None)
@given(st.lists(scenes, min_size=1, max_size=12))
def test_the_commanded_velocity_never_steps(history: list[Scene]):
    change = np.diff(play(history), axis=0)
    assert length(change[..., :3]).max(initial=0.0) <= WIDE.linear_acceleration * DT + 1e-9
    assert length(change[..., 3:]).max(initial=0.0) <= WIDE.angular_acceleration * DT + 1e-9


@settings(max_examples=10, deadline=None)
@given(st.lists(scenes, min_size=1, max_size=8))
def test_the_other_arms_command_does_not_know_of_a_takeover(history: list[Scene]):
    """What stops the policy or blinds everybody is for both arms, and left out here."""
    own = [s for s in history if s.what not in ("silent", "blind", "no policy")]
    idle = [replace(s, push=(0.0, 0.0, 0.0), what="push") for s in own]
    if own:
        np.testing.assert_array_equal(play(own)[:, Arm.RIGHT], play(idle)[:, Arm.RIGHT])
