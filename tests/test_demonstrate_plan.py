"""The course of collecting demonstrations, played without a window, a robot or a clock."""

from dataclasses import replace

import pytest

from gui.demonstrate.plan import (
    Act,
    Made,
    Phase,
    Plan,
    Turn,
    Wanted,
    advance,
    begin,
    break_off,
    pause,
    redo,
)
from gui.demonstrate.prompt import prompt
from gui.demonstrate.seen import Seen
from gui.demonstrate.tally import (
    Demonstration,
    OperatorRow,
    counted,
    newest_kept,
    rows_of,
    with_live,
)
from gui.texts import demonstrate as words
from gui.view import EpisodeMark
from teleop.messages import Outcome

S = 1_000_000_000
IDLE = Seen(instruction="Plug it in.")
WANTED = Wanted(target=2, countdown_s=3)
STOPPED = words.stopped("hold F9")


def running(episode: int = 0, elapsed_s: float = 1.0) -> Seen:
    return replace(IDLE, demonstrating=True, episode=episode, elapsed_s=elapsed_s, holds=False)


def over(episode: int = 0, outcome: Outcome = Outcome.SUCCESS, reason: str = "operator") -> Seen:
    return replace(IDLE, episode=episode, last=EpisodeMark(episode, outcome, reason))


def step(plan: Plan, seen: Seen, at_s: float, wanted: Wanted = WANTED) -> Turn:
    return advance(plan, seen, wanted, "Ana", round(at_s * S))


def started(at_s: float = 0.0) -> Plan:
    plan = begin(Plan(), IDLE, WANTED, round(at_s * S)).plan
    turn = step(plan, IDLE, at_s + 3.0)
    assert turn.acts == (Act.BEGIN,)
    return turn.plan


def test_nothing_begins_before_the_countdown_has_run_down():
    turn = begin(Plan(), IDLE, WANTED, 0)
    assert (turn.plan.phase, turn.acts) == (Phase.COUNTDOWN, ())
    shown: list[int] = []
    for tenth in range(30):
        turn = step(turn.plan, IDLE, tenth / 10)
        assert turn.acts == ()
        shown.append(turn.plan.seconds_left(round(tenth / 10 * S)))
    assert shown == [3] * 10 + [2] * 10 + [1] * 10
    turn = step(turn.plan, IDLE, 3.0)
    assert (turn.plan.phase, turn.acts) == (Phase.STARTING, (Act.BEGIN,))
    assert step(turn.plan, IDLE, 3.1).acts == ()  # asked once


def test_without_a_countdown_enter_begins_at_once():
    assert begin(Plan(), IDLE, replace(WANTED, countdown_s=0), 0).acts == (Act.BEGIN,)


def test_a_demonstration_is_followed_to_its_end_and_the_cell_is_to_be_reset():
    plan = step(started(), running(elapsed_s=0.1), 3.2).plan
    assert plan.phase is Phase.RUNNING
    plan = step(plan, running(elapsed_s=7.5), 10.0).plan
    plan = step(plan, over(), 10.1).plan
    assert plan.made == (Made(0, "Plug it in.", "Ana", Outcome.SUCCESS, 7.5),)
    assert prompt(plan, IDLE, WANTED, 0) == "Success. Reset the cell, then press ↵ Enter."


@pytest.mark.parametrize("when_s", [0.0, 1.5, 2.9])
def test_a_hold_or_a_stop_breaks_the_countdown_off(when_s: float):
    plan = step(begin(Plan(), IDLE, WANTED, 0).plan, IDLE, when_s).plan
    plan = break_off(plan)
    assert plan.phase is Phase.READY
    assert step(plan, IDLE, 20.0).acts == ()


def test_trouble_during_the_countdown_breaks_it_off_and_is_told():
    stopped = replace(IDLE, trouble=STOPPED)
    plan = step(begin(Plan(), IDLE, WANTED, 0).plan, stopped, 1.0).plan
    assert plan.phase is Phase.READY
    assert prompt(plan, stopped, WANTED, 0) == f"{words.BROKEN_OFF} {STOPPED}"
    later = f"{words.BROKEN_OFF} {STOPPED} Reset the cell, then press ↵ Enter."
    assert prompt(plan, IDLE, WANTED, 0) == later
    assert begin(plan, stopped, WANTED, 2 * S).plan.phase is Phase.READY


def test_a_refusal_is_told_and_silence_is_too():
    plan = started()
    refused = replace(IDLE, refused="No device.", refused_ns=4 * S)
    after = step(plan, refused, 4.1).plan
    assert after.phase is Phase.READY
    assert after.said == "No device."
    assert step(plan, IDLE, 5.9).plan.phase is Phase.STARTING
    assert step(plan, IDLE, 6.1).plan.said == words.NOT_BEGUN
    old = replace(IDLE, refused="Of before.", refused_ns=1 * S)
    assert step(plan, old, 4.1).plan.phase is Phase.STARTING


def test_pause_between_demonstrations_rests_and_within_one_holds_and_goes_on():
    resting = pause(begin(Plan(), IDLE, WANTED, 0).plan, IDLE).plan
    assert resting.phase is Phase.PAUSED
    assert step(resting, IDLE, 60.0).acts == ()
    assert pause(resting, IDLE).plan.phase is Phase.READY
    plan = step(started(), running(), 3.2).plan
    assert pause(plan, running()).acts == (Act.HOLD,)
    held = replace(running(), holds=True)
    assert pause(plan, held).acts == (Act.BEGIN,)
    assert prompt(plan, held, WANTED, 0) == words.held("Ctrl+Space", "↵ Enter", "Backspace", "Del")


def test_at_the_target_it_says_so_and_begins_no_other():
    done = replace(WANTED, counted=2)
    turn = begin(Plan(), IDLE, done, 0)
    assert (turn.plan.phase, turn.acts) == (Phase.READY, ())
    assert prompt(turn.plan, IDLE, done, 0) == words.done(2)
    assert begin(Plan(), IDLE, replace(done, target=3), 0).plan.phase is Phase.COUNTDOWN
    assert begin(Plan(), IDLE, replace(done, target=0), 0).plan.phase is Phase.COUNTDOWN


def test_the_last_one_is_taken_back_once_and_the_open_one_discarded():
    plan = step(step(started(), running(), 3.2).plan, over(), 9.0).plan
    turn = redo(plan, 0)
    assert (turn.acts, turn.plan.taken_back) == ((Act.TAKE_BACK,), 0)
    assert turn.plan.made[0].outcome is Outcome.DISCARDED
    assert redo(turn.plan, 0).acts == ()
    assert redo(Plan(), -1).acts == ()
    assert redo(replace(plan, phase=Phase.RUNNING), 0).acts == (Act.DISCARD,)


def test_a_demonstration_that_runs_when_the_page_opens_is_followed_and_none_comes_after_it():
    turn = step(Plan(), running(episode=7), 1.0)
    assert (turn.plan.phase, turn.plan.episode, turn.acts) == (Phase.RUNNING, 7, (Act.BEGIN,))
    held = replace(running(episode=7), holds=True)
    assert step(Plan(), held, 1.0).acts == ()  # a hold is left alone


def test_an_end_that_was_missed_counts_for_nothing():
    plan = step(step(started(), running(), 3.2).plan, running(episode=1), 9.0).plan
    assert plan.made[0].outcome is Outcome.UNLABELLED
    assert (plan.phase, plan.episode) == (Phase.RUNNING, 1)


def recorded(episode: int, operator: str, outcome: Outcome, seconds: float = 4.0) -> Demonstration:
    return Demonstration("", episode, operator, "Plug it in.", outcome, seconds, seconds / 2)


DONE = (
    recorded(0, "Ana", Outcome.SUCCESS, 4.0),
    recorded(1, "Ana", Outcome.FAIL, 10.0),
    recorded(2, "Bo", Outcome.SUCCESS, 8.0),
    recorded(3, "Ana", Outcome.DISCARDED, 1.0),
)


def test_each_operator_has_a_row_and_the_busiest_comes_first():
    assert rows_of(DONE) == (
        OperatorRow("Ana", 2, 1, 7.0, 7.0, 1),
        OperatorRow("Bo", 1, 1, 8.0, 4.0, 0),
    )
    assert rows_of([recorded(0, "Cy", Outcome.DISCARDED)])[0].median_s == 0.0


def test_what_ended_since_the_files_were_read_counts_and_what_is_in_them_counts_once():
    made = tuple(Made(n, "Plug it in.", "Bo", Outcome.SUCCESS, 5.0) for n in (2, 4))
    everything = with_live(DONE, frozenset(range(4)), made)
    assert [each.episode for each in everything] == [0, 1, 2, 3, 4]
    assert counted(everything, "Plug it in.") == 3
    assert counted(everything, "Pull it out.") == 0
    assert newest_kept(everything) == 4
    back = with_live(DONE, frozenset(range(4)), (), taken_back=2)
    assert (counted(back, "Plug it in."), newest_kept(back)) == (1, 1)
