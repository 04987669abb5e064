from dataclasses import replace

import numpy as np
import pytest

from teleop.config import SafetyLimits, SessionConfig, TakeoverConfig
from teleop.messages import Arm, Mode, SessionMode
from teleop.order_messages import Order, OrderKind
from teleop.settings_live import (
    Settings,
    Standing,
    applied,
    changed_sections,
    changes,
    objection,
    summary,
)
from teleop.takeover_messages import NoticeKind
from tests.control_parts import Bench, make_state

PLAIN = SessionConfig()
RESTING = Standing(True, (False, False), (False, False), (0.0, 0.0))
MOVING = replace(RESTING, at_rest=False)


def limits(**values: float) -> Settings:
    return Settings(limits=replace(PLAIN.limits, **values))


def why(settings: Settings, standing: Standing, *, confirmed: bool = False) -> str:
    return objection(changes(PLAIN, applied(PLAIN, settings)), standing, confirmed)


def submit(bench: Bench, settings: Settings | None) -> str:
    """The reason of a refusal; empty: granted."""
    return bench.loop.submit(Order(OrderKind.CONFIGURE, settings=settings)).reason


def test_tighter_limits_are_taken_at_any_time():
    assert why(limits(linear_speed=0.1, leash_m=0.005, arm_distance=0.01), MOVING) == ""


def test_looser_limits_are_refused_while_an_arm_moves_even_if_confirmed():
    reason = why(limits(linear_speed=0.3), MOVING, confirmed=True)
    assert reason.startswith("limits.linear_speed would become looser while an arm moves")


def test_looser_limits_ask_for_a_confirmation():
    assert why(limits(linear_speed=0.3), RESTING) == (
        "limits.linear_speed would become looser: that must be confirmed."
    )
    assert why(limits(linear_speed=0.3), RESTING, confirmed=True) == ""


@pytest.mark.parametrize(
    "looser",
    [
        limits(arm_distance=0.001),
        limits(joint_margin=0.0),
        limits(characteristic_length=0.5),
        Settings(limits=replace(PLAIN.limits, workspace_low=(-0.40, -0.25, 0.20))),
        Settings(limits=replace(PLAIN.limits, workspace_high=(0.40, 0.30, 0.70))),
        Settings(takeover=replace(PLAIN.takeover, needs_view=False)),
        Settings(chunks=replace(PLAIN.chunks, stale_camera_s=2.0)),
    ],
    ids=lambda settings: next(name for name in vars(settings) if getattr(settings, name)),
)
def test_every_way_to_a_looser_limit_counts_as_one(looser):
    assert "looser" in why(looser, MOVING, confirmed=True)


def test_takeovers_are_not_set_while_the_operator_has_an_arm():
    settings = Settings(takeover=replace(PLAIN.takeover, enter=0.3))
    assert "right arm is the operator's" in why(settings, replace(MOVING, operated=(False, True)))
    assert why(settings, MOVING) == ""


def test_help_is_not_set_while_an_arm_waits_for_it():
    settings = Settings(help=replace(PLAIN.help, at_second="alert"))
    assert "left arm waits for the help" in why(settings, replace(MOVING, asking=(True, False)))


def test_a_hard_force_below_what_an_arm_feels_would_move_it_and_is_refused():
    settings = limits(hard_force=26.0)
    assert "right arm feels 31 N" in why(settings, replace(RESTING, force=(2.0, 31.0)))
    assert why(settings, replace(RESTING, force=(2.0, 25.5))) == ""


def test_only_sections_that_differ_are_sent():
    after = replace(PLAIN, limits=replace(PLAIN.limits, linear_speed=0.1), rate_hz=200.0)
    assert changed_sections(PLAIN, after) == Settings(limits=after.limits)


def test_a_change_tells_path_unit_and_both_values():
    after = applied(PLAIN, limits(linear_speed=0.1))
    assert summary(changes(PLAIN, after)) == "Set: limits.linear_speed 0.15 m/s → 0.1 m/s."


def test_the_next_tick_keeps_within_the_new_limits():
    bench = Bench()
    bench.policy.twist = 0.12
    bench.order(OrderKind.START)
    assert np.linalg.norm(bench.tick(30).executed.twist[0, :3]) > 0.1
    assert submit(bench, limits(linear_speed=0.05)) == ""
    assert np.linalg.norm(bench.tick(30).executed.twist[0, :3]) == pytest.approx(0.05, rel=1e-3)
    assert bench.loop.settings.limits == replace(PLAIN.limits, linear_speed=0.05)
    assert [notice.kind for notice in bench.notices][-1] is NoticeKind.SETTINGS


def test_a_session_that_rests_takes_looser_limits_once_they_are_confirmed():
    bench = Bench()
    bench.tick(2)
    looser = limits(linear_speed=0.3)
    assert "confirmed" in submit(bench, looser)
    assert submit(bench, replace(looser, confirmed=True)) == ""
    assert "in force already" in submit(bench, replace(looser, confirmed=True))


def test_an_arm_that_waits_for_a_late_chunk_is_not_at_rest():
    bench = Bench()
    bench.policy.silent = True
    bench.order(OrderKind.START)
    bench.tick(3)
    assert bench.loop.modes == (Mode.HOLD, Mode.HOLD)
    assert "while an arm moves" in submit(bench, replace(limits(leash_m=0.02), confirmed=True))
    bench.order(OrderKind.HOLD)
    bench.tick()
    assert submit(bench, replace(limits(leash_m=0.02), confirmed=True)) == ""


def test_a_lower_threshold_does_not_turn_a_device_that_lies_deflected_into_a_takeover():
    bench = Bench()
    bench.order(OrderKind.START)
    bench.tick(30)
    bench.device.left = 0.15
    bench.tick(5)
    assert bench.loop.modes[Arm.LEFT] is Mode.POLICY
    assert submit(bench, Settings(takeover=TakeoverConfig(enter=0.1))) == ""
    bench.tick(20)
    assert bench.loop.modes[Arm.LEFT] is Mode.POLICY
    bench.device.left = 0.0
    bench.tick(5)
    bench.device.left = 0.15
    bench.tick(5)
    assert bench.loop.modes[Arm.LEFT] is Mode.OPERATOR


def test_a_shorter_time_limit_counts_from_the_next_episode_on():
    bench = Bench()
    bench.order(OrderKind.START)
    bench.tick(150)
    assert submit(bench, Settings(episode=replace(PLAIN.episode, time_limit_s=1.0))) == ""
    bench.tick(20)
    assert not bench.told.endings
    bench.order(OrderKind.FAIL)
    bench.tick(105)
    assert [ending.reason for ending in bench.told.endings] == ["operator", "time out"]


def test_the_budget_that_was_ordered_counts_as_a_setting():
    bench = Bench()
    bench.order(OrderKind.HELP_BUDGET, value=3.0)
    assert bench.loop.settings.help == replace(PLAIN.help, alerts_per_hour=3.0)
    assert submit(bench, Settings(help=replace(PLAIN.help, alerts_per_hour=3.0, slow=0.1))) == ""
    assert bench.loop.status(0).help_budget == 3.0


def test_an_authority_that_is_set_counts_for_both_arms():
    bench = Bench()
    bench.tick()
    assert submit(bench, Settings(takeover=TakeoverConfig(authority=0.4))) == ""
    assert bench.loop.status(0).authority == (0.4, 0.4)


def test_nothing_is_set_by_an_order_without_settings():
    bench = Bench()
    assert submit(bench, None) == "There are no settings in the order."


def test_what_an_arm_feels_is_measured_when_the_order_comes():
    bench = Bench()
    bench.robot.wrench = make_state().wrench.copy()
    bench.robot.wrench[1, 2] = -30.0
    bench.order(OrderKind.START)
    bench.tick(3)
    assert "right arm feels 30 N" in submit(bench, limits(hard_force=28.0))
    assert bench.told.steps[-1].session_mode is SessionMode.ROLLOUT


def test_limits_of_a_broken_message_are_refused_before_they_are_made():
    with pytest.raises(ValueError, match=r"linear_speed is 5\.0 m/s"):
        SafetyLimits(linear_speed=5.0)
