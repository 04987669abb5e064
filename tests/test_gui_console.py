"""What the window says, from the messages alone: no Qt, no bus."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gui.console import Console
from gui.rates import rates
from gui.view import ArmView, EpisodeMark, Lead, Level, View
from teleop.config import SessionConfig
from teleop.learner_messages import (
    LearnerState,
    LearnerStatus,
    PolicyPublished,
    PolicyServing,
)
from teleop.messages import (
    Action,
    Arm,
    EpisodeEnded,
    EpisodeOpened,
    EpisodeSaved,
    Health,
    Mode,
    Outcome,
    SessionMode,
    Step,
    frozen_array,
)
from teleop.takeover_messages import TakeoverStatus
from tests.fake_session import fake_step

SECOND = 1_000_000_000
NOW = 100 * SECOND


def step(**changes: Any) -> Step:
    return replace(fake_step(7, NOW, 0.07), **changes)


def console(*messages: object) -> Console:
    made = Console(SessionConfig(), ("control", "recorder"))
    for message in messages:
        made.take(message, NOW)
    return made


def shown(*messages: object, later_s: float = 0.0) -> View:
    return console(*messages).view(NOW + round(later_s * 1e9))


def left(*messages: object, later_s: float = 0.0) -> ArmView:
    return shown(*messages, later_s=later_s).arms[Arm.LEFT]


def faulty() -> Step:
    made = step()
    state = replace(made.observation.state, fault="left arm: joint limit")
    return replace(made, observation=replace(made.observation, state=state))


@pytest.mark.parametrize(
    ("made", "lead"),
    [
        (step(), Lead.POLICY),
        (step(modes=(Mode.OPERATOR, Mode.POLICY)), Lead.OPERATOR),
        (step(modes=(Mode.HOLD, Mode.POLICY)), Lead.HOLD),
        (step(session_mode=SessionMode.STOPPED, modes=(Mode.HOLD, Mode.HOLD)), Lead.STOPPED),
        (faulty(), Lead.FAULT),
    ],
)
def test_the_leader_shown_is_the_one_the_step_reports(made: Step, lead: Lead):
    assert left(made).lead is lead


def test_without_a_step_nothing_is_known():
    assert left().lead is Lead.NO_DATA
    assert left().wrench is None


def test_half_a_second_of_silence_is_no_data():
    assert left(step(), later_s=0.4).lead is Lead.POLICY
    silent = left(step(), later_s=3.2)
    assert (silent.lead, silent.reason) == (Lead.NO_DATA, "control silent for 3 s")
    assert silent.wrench is None


def status(**changes: Any) -> TakeoverStatus:
    made = TakeoverStatus(NOW, (1.0, 0.3), (True, True), ("", ""), "", (0.2, 0.4), 20.0, 3)
    return replace(made, **changes)


HOLDING = (Mode.HOLD, Mode.HOLD)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"session_mode": SessionMode.IDLE}, "no episode is running · F5: start"),
        ({}, "The device is silent: the arm holds."),
    ],
)
def test_a_hold_says_why_in_controls_own_words(changes: dict[str, Any], reason: str):
    told = status(hold_reason=("The device is silent: the arm holds.", ""))
    assert left(told, step(modes=HOLDING, **changes)).reason == reason


def test_a_stop_says_why_and_how_it_is_released():
    told = status(stop_reason="left arm too fast")
    stopped = step(session_mode=SessionMode.STOPPED, modes=HOLDING)
    assert left(told, stopped).reason == "left arm too fast · hold F9 for 1 s to release"


def test_no_cause_is_guessed_where_control_gives_none():
    blind = step(modes=HOLDING, camera_age_ns=7 * SECOND // 10, proposal_valid=(False, True))
    assert left(blind).reason == "control gives no cause · G: to the policy"
    old = console(status(hold_reason=("the puck is gone", "")))
    old.take(step(modes=HOLDING), NOW + 2 * SECOND)
    assert old.view(NOW + 2 * SECOND).arms[0].reason.startswith("control gives no cause")


def test_an_arm_that_rewinds_says_so():
    view = left(step(modes=(Mode.REWIND, Mode.POLICY)))
    assert (view.lead, view.nudging) == (Lead.REWIND, "")


def test_a_nudge_says_how_much_of_the_arm_is_the_operators():
    arms = shown(status(authority=(0.3, 1.0)), step(modes=(Mode.OPERATOR, Mode.OPERATOR))).arms
    assert [arm.nudging for arm in arms] == ["NUDGING 30 %", ""]


def test_a_puck_that_was_not_let_go_cannot_take_over_and_the_banner_says_so():
    armed = left(status(), step()).reason
    unarmed = left(status(armed=(False, True)), step()).reason
    assert armed.endswith("push the puck, or T: take over")
    assert unarmed.endswith("let the puck go once, or T: take over")


def test_the_deflection_is_the_one_before_the_dead_band_was_taken_off():
    config = SessionConfig().takeover
    pushed = 0.6  # along x, of full deflection
    speed = config.linear_scale * (pushed - config.leave) / (1 - config.leave)
    twist = np.zeros((2, 6))
    twist[0, 0] = speed
    asked = Action(frozen_array(twist), frozen_array((0.0, 0.0)))
    view = left(step(operator=asked))
    assert view.deflection == pytest.approx([pushed, 0, 0, 0, 0, 0])


def test_each_view_brings_the_wrenches_since_the_last():
    made = console(step(), step())
    assert [samples.values.shape for samples in made.view(NOW).samples] == [(2, 6), (2, 6)]
    assert len(made.view(NOW).samples[Arm.LEFT].stamps_ns) == 0


def test_the_limits_shown_are_those_of_the_arm():
    assert left(step(limits_hit=("right.force", "left.speed"))).limits == ("speed",)


def test_an_invalid_proposal_is_not_shown_as_a_speed():
    assert left(step(proposal_valid=(False, True))).proposed_twist is None


def opened(episode: int) -> EpisodeOpened:
    return EpisodeOpened(episode, NOW, "Plug the connector in.", ("operator",), "plug/near/1")


def saved(episode: int, outcome: Outcome = Outcome.SUCCESS, **changes: Any) -> EpisodeSaved:
    made = EpisodeSaved(episode, "/s/e.h5", True, 900, 2, 3.5, outcome, "inserted", 1, 0, -1)
    return replace(made, **changes)


def test_an_episode_runs_from_its_opening_to_its_end():
    running = shown(opened(3), step(episode=3, stamp_ns=NOW + 4 * SECOND)).episode
    assert (running.number, running.running, running.elapsed_s) == (3, True, 4.0)
    ended = EpisodeEnded(3, NOW, Outcome.FAIL, "dropped")
    over = shown(opened(3), step(episode=3), ended, step(episode=3)).episode
    assert not over.running
    assert over.last == EpisodeMark(3, Outcome.FAIL, "dropped")


def test_what_the_recorder_saved_is_kept_in_order_and_discarded_ones_are_left_out():
    episode = shown(saved(5), saved(4), saved(6, Outcome.DISCARDED)).episode
    assert [mark.episode for mark in episode.finished] == [4, 5]
    assert episode.finished[0].operator_s == 3.5


def test_a_cut_is_no_finished_episode():
    assert shown(saved(5, final=False)).episode.finished == ()


def test_a_window_opened_late_knows_the_running_episode_from_the_steps():
    episode = shown(step(), step(stamp_ns=NOW + SECOND)).episode
    assert (episode.number, episode.running) == (12, True)
    assert episode.instruction == "Plug the connector in."


def learning(**changes: Any) -> LearnerStatus:
    made = LearnerStatus(NOW, LearnerState.WAITING, 0.0, 5, 7, 40, 0.1, 0.2, "")
    return replace(made, **changes)


def test_the_learner_shows_versions_and_what_is_provisional():
    view = shown(
        step(policy_version=4),
        learning(),
        PolicyPublished(5, 4, "", True, True, "passed", NOW, NOW),
    ).learner
    assert (view.serving, view.newest, view.provisional) == (4, 5, {5})


def test_a_refused_version_says_why_until_another_is_accepted():
    refused = PolicyPublished(5, 4, "", False, False, "worse on demonstrations", NOW, NOW)
    accepted = PolicyPublished(6, 4, "", True, False, "passed", NOW, NOW)
    assert shown(refused).learner.refused == "v5: worse on demonstrations"
    assert shown(refused, accepted).learner.refused == ""


def test_seconds_from_correction_to_serving_are_counted_once_a_version():
    served = PolicyServing(5, NOW, NOW - 2 * SECOND)
    unasked = PolicyServing(6, NOW, -1)
    assert shown(served, served, unasked).learner.serving_delays_s == (2.0,)


def test_rates_are_over_the_last_ten_episodes_and_versions_are_marked():
    marks = [EpisodeMark(k, Outcome.FAIL, interventions=1, version=0) for k in range(10)]
    marks += [EpisodeMark(k, Outcome.SUCCESS, version=1) for k in range(10, 15)]
    made = rates(marks)
    assert (made.success[9], made.success[14]) == (0.0, 50.0)
    assert (made.intervention[9], made.intervention[14]) == (100.0, 50.0)
    assert made.version_changes == ((0, 0), (10, 1))


def health(process: str, **changes: Any) -> Health:
    return replace(Health(process, 1, NOW), **changes)


def test_the_recorder_lamp_says_recording_silent_and_lost():
    def lamp(*messages: object, later_s: float = 0.0) -> tuple[str, Level]:
        vitals = shown(*messages, later_s=later_s).vitals
        return vitals.recorder, vitals.recorder_level

    running = (opened(12), step(), step())
    assert lamp(health("recorder")) == ("recorder ready", Level.OK)
    assert lamp(*running, health("recorder")) == ("recording", Level.OK)
    assert lamp(*running) == ("no recorder", Level.WARNING)
    assert lamp(health("recorder"), later_s=4.0) == ("recorder silent", Level.ERROR)
    control = health("control", numbers={"lost_steps": 3.0})
    assert lamp(control, health("recorder")) == ("3 steps lost", Level.ERROR)
    assert lamp(health("recorder"), saved(5, dropped_steps=9)) == ("9 steps lost", Level.ERROR)


def test_the_recorder_lamp_says_what_is_being_lost_and_how_long_the_disk_suffices():
    def lamp(level: str = "warning", **numbers: float) -> tuple[str, Level]:
        sign = health("recorder", level=level, text="Lost.", numbers=numbers)
        vitals = shown(opened(12), step(), step(), sign).vitals
        return vitals.recorder, vitals.recorder_level

    assert lamp(losing_images=84.0) == ("losing images: 84", Level.WARNING)
    assert lamp(losing_samples=7.0) == ("losing samples: 7", Level.WARNING)
    assert lamp("error", losing_steps=2.0, losing_images=84.0) == ("losing steps: 2", Level.ERROR)
    assert lamp(room_s=150.0) == ("disk: 2 min left", Level.WARNING)
    assert lamp("error", room_s=1e6) == ("recorder trouble", Level.ERROR)
    assert lamp("error", stopped=1.0, losing_steps=2.0) == ("not recording", Level.ERROR)
    assert lamp("ok", losing_images=0.0, room_s=1e6) == ("recording", Level.OK)


def test_the_word_of_a_loss_goes_away_when_it_is_over():
    losing = health("recorder", level="warning", text="Lost since 17:03:20: 84 images.")
    assert shown(losing).vitals.notice is not None
    assert shown(losing, health("recorder")).vitals.notice is None
    late = health("control", level="warning", text="late")
    notice = shown(losing, late, health("recorder")).vitals.notice
    assert notice is not None
    assert notice.text == "control: late"


def test_the_rate_and_the_worst_lateness_are_of_the_last_second():
    steps = [step(stamp_ns=NOW + k * SECOND // 100, late_ns=k * 1000) for k in range(150)]
    vitals = shown(*steps).vitals
    assert vitals.rate_hz == pytest.approx(100.0)
    assert vitals.late_ms == pytest.approx(0.149)


def test_a_process_that_falls_silent_is_a_warning_then_an_error():
    def level(later_s: float) -> Level:
        return shown(health("control"), later_s=later_s).vitals.processes[0].level

    assert (level(1.0), level(4.0), level(9.0)) == (Level.OK, Level.WARNING, Level.ERROR)


def test_a_repeated_warning_is_counted_and_goes_away():
    warned = health("control", level="warning", text="late")
    notice = shown(warned, warned).vitals.notice
    assert notice is not None
    assert (notice.text, notice.count) == ("control: late", 2)
    assert shown(warned, later_s=60).vitals.notice is None
