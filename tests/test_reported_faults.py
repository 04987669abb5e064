"""Faults that people reported of other takeover tools, each tried on the whole control tick."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from teleop.config import SessionConfig, TakeoverConfig
from teleop.messages import Mode, Step
from teleop.order_messages import OrderKind
from teleop.se3 import length
from tests.control_parts import PERIOD_NS, Bench

PUSH = 0.6


def rolling(takeover: TakeoverConfig | None = None) -> Bench:
    bench = Bench(SessionConfig(takeover=takeover or TakeoverConfig()))
    bench.order(OrderKind.START)
    bench.tick(20)
    return bench


def moves(steps: list[Step]) -> float:
    """The farthest that a commanded pose of the left arm goes between two ticks, m/s."""
    twists = np.stack([step.executed.twist[0, :3] for step in steps])
    return float(length(twists).max())


@pytest.mark.parametrize("noise", [0.001, 0.02, 0.15])
def test_sensor_noise_or_a_brush_takes_over(noise: float):
    """At a threshold of 0.001 of the norm the rest noise of a puck does (HIL-SERL)."""
    bench = rolling()
    for tick in range(300):
        bench.device.left = noise * (-1) ** tick
        assert bench.tick().modes[0] is Mode.POLICY


def test_either_hand_takes_over_both_arms():
    """Dual setups there take both arms as soon as one puck moves (HIL-SERL)."""
    bench = rolling()
    bench.device.left = PUSH
    assert {bench.tick().modes[1] for _ in range(100)} == {Mode.POLICY}


def test_the_policy_snaps_back_in_the_pauses_of_a_correction():
    """A pause shorter than the dwell keeps the arm; the policy gets no say in it."""
    bench = rolling()
    bench.device.left = PUSH
    bench.tick(30)
    steps: list[Step] = []
    for push in (0.0, PUSH, 0.0, PUSH):
        bench.device.left = push
        steps += [bench.tick() for _ in range(20)]
    assert {step.modes[0] for step in steps} == {Mode.OPERATOR}


def test_the_robot_does_not_move_and_nobody_says_that_a_button_must_be_held():
    """gym-hil #18."""
    bench = rolling(TakeoverConfig(engage="clutch"))
    bench.device.left = PUSH
    bench.tick(5)
    assert "hold its clutch" in bench.notices[0].text


def test_the_flag_of_an_intervention_is_overwritten_by_a_reading_without_one():
    """lerobot #3227: corrections never reached the buffer."""
    bench = rolling()
    bench.device.left = PUSH
    bench.tick(10)
    bench.device.silent = True
    steps = [bench.tick() for _ in range(200)]
    assert {step.authority[0] for step in steps} == {1.0}
    assert Mode.POLICY not in {step.modes[0] for step in steps}


def test_the_arm_jumps_at_a_takeover_and_snaps_back_after_it():
    """lerobot #3385, #3504: here neither the pose nor the velocity may step."""
    bench = rolling()
    steps: list[Step] = []
    for push in (0.0, -PUSH, 0.0):
        bench.device.left = push
        steps += [bench.tick() for _ in range(60)]
    assert moves(steps) <= 0.1
    limits = SessionConfig().limits
    twists = np.stack([step.executed.twist[0, :3] for step in steps])
    step_ms = length(np.diff(twists, axis=0)).max()
    assert step_ms <= limits.linear_acceleration * PERIOD_NS * 1e-9 + 1e-9


def test_the_hand_over_eats_the_first_second_of_a_correction():
    """lerobot #3985: the operator drives, and is recorded, two readings after the push."""
    bench = rolling()
    bench.device.left = PUSH
    steps = [bench.tick() for _ in range(3)]
    assert [step.modes[0] for step in steps] == [Mode.POLICY, Mode.OPERATOR, Mode.OPERATOR]
    assert steps[-1].operator.twist[0, 0] > 0.05


def test_a_stale_action_queue_is_replayed_in_the_next_episode():
    """lerobot #1116."""
    bench = rolling()
    bench.policy.twist = 0.09
    bench.tick(30)
    bench.policy.silent = True
    bench.order(OrderKind.RESET)
    assert {bench.tick().modes[0] for _ in range(50)} == {Mode.HOLD}


@pytest.mark.parametrize(("half", "pressed"), [(0.3, 1.0), (0.7, 0.0)])
def test_a_gripper_is_stuck_half_open(half: float, pressed: float):
    """serl #46: one press always ends at open or closed."""
    bench = rolling()
    bench.policy.opening = half
    bench.tick(60)
    bench.device.left = PUSH
    assert_allclose(bench.tick(30).executed.opening[0], half)
    bench.device.presses = (1, 0)
    assert_allclose(bench.tick(30).executed.opening[0], pressed)


def test_the_intervention_is_saved_in_another_frame_than_it_was_driven_in():
    """serl PR 38: what the operator asked for and what was sent are in the same axes."""
    bench = rolling()
    bench.device.left = [0.3, -0.5, 0.2, 0.1, 0.0, -0.4]
    step = bench.tick(80)
    assert_allclose(step.executed.twist[0], step.operator.twist[0], atol=1e-9)


def test_the_state_of_an_intervention_is_cleared_and_no_takeover_follows():
    """lerobot #2345: after a hand-back the next takeover works as the first did."""
    bench = rolling()
    for _ in range(4):
        bench.device.left = PUSH
        assert bench.tick(5).modes[0] is Mode.OPERATOR
        bench.device.left = 0.0
        assert bench.tick(60).modes[0] is Mode.POLICY
