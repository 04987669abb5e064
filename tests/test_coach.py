"""What an operator is told of their corrections, and what they are not told."""

from dataclasses import replace

import numpy as np
import pytest

from learner.coach import GripperCount, gripper_count, notes_on, unbalanced
from recorder.labels import OPERATOR, POLICY
from teleop.learner_messages import Coaching
from teleop.messages import Outcome
from teleop.stream_messages import EventKind, RecordedEvent
from tests.drawn_episode import START_NS, DrawnEpisode

SECOND = 1_000_000_000
TAKEOVER, HAND_BACK, ROWS = 30, 36, 50  # rows, half a second apart: 15 s before, 3 s long


class Corrected(DrawnEpisode):
    """A rollout in which the left arm is taken over in time and handed back on track."""

    def __init__(self) -> None:
        super().__init__(ROWS)
        columns = self._columns
        columns["stamp_ns"] = START_NS + np.arange(ROWS) * SECOND // 2
        columns["modes"][:] = POLICY
        columns["modes"][TAKEOVER:HAND_BACK, 0] = OPERATOR
        columns["wrench"][:] = 0.0
        columns["position"][:] = 0.0
        columns["position"][:, 0, 0] = 0.01 * np.arange(ROWS)  # it gets on
        columns["executed_opening"][:] = 0.0
        columns["novelty"][:] = 0.0
        columns["force_surprise"][:] = 0.0

    def set(self, name: str, rows: slice, value: float) -> None:
        """Let the left arm's part of a column be `value` in `rows`."""
        self._columns[name][rows, 0] = value


class Called(Corrected):
    """The operator was called ten seconds before the takeover."""

    def events(self) -> tuple[RecordedEvent, ...]:
        stamp_ns = START_NS + 5 * SECOND
        return (RecordedEvent(stamp_ns, EventKind.NOTICE, "HELP: The left arm.", "left"),)


class Finished(Corrected):
    """Whose operator never lets go."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.set("modes", slice(TAKEOVER, ROWS), OPERATOR)
        self.header = replace(self.header, outcome=outcome)


def kinds(episode: DrawnEpisode) -> list[Coaching]:
    return [note.kind for note in notes_on("episode_00004", episode)]


def test_an_honest_correction_is_not_talked_about():
    assert kinds(Corrected()) == []


@pytest.mark.parametrize(("seconds", "late"), [(2, False), (4, True)])
def test_a_takeover_long_after_the_arm_began_to_press_is_late(seconds: int, late: bool):
    episode = Corrected()
    episode.set("wrench", slice(TAKEOVER - 2 * seconds, TAKEOVER), 9.0)
    assert (kinds(episode) == [Coaching.LATE]) is late
    for note in notes_on("episode_00004", episode):
        assert "Take over" in note.sentence
        assert note.stamp_ns == START_NS + TAKEOVER * SECOND // 2


@pytest.mark.parametrize(("seconds", "late"), [(5, False), (8, True)])
def test_a_takeover_long_after_the_arms_stopped_getting_on_is_late(seconds: int, late: bool):
    episode = Corrected()
    where = float(episode.column("position")[TAKEOVER, 0, 0])
    episode._columns["position"][TAKEOVER - 2 * seconds : TAKEOVER, 0, 0] = where
    assert (kinds(episode) == [Coaching.LATE]) is late


def test_a_call_for_help_that_stood_until_a_late_takeover_is_mentioned():
    episode = Called()
    episode.set("novelty", slice(10, TAKEOVER), 4.0)
    (note,) = notes_on("episode_00004", episode)
    assert "called 10 s before" in note.sentence
    episode.set("novelty", slice(20, 24), 0.5)  # it was over in between
    assert kinds(episode) == []


def test_who_finishes_the_task_is_told_to_let_go_earlier():
    (note,) = notes_on("episode_00004", Finished(Outcome.SUCCESS))
    assert note.kind is Coaching.OVERLONG
    assert "nudge record trim" in note.sentence
    assert Coaching.OVERLONG not in kinds(Finished(Outcome.FAIL))


def test_who_corrected_in_vain_is_told_that_it_hardly_counts():
    (note,) = notes_on("episode_00004", Finished(Outcome.FAIL))
    assert note.kind is Coaching.IN_VAIN
    assert "failed" in note.sentence and "Review" in note.sentence
    assert kinds(Finished(Outcome.UNLABELLED)) == []


def test_a_correction_of_a_quarter_of_a_minute_is_long():
    episode = Corrected()
    episode.set("modes", slice(5, TAKEOVER + 8), OPERATOR)
    (note,) = notes_on("episode_00004", episode)
    assert note.kind is Coaching.OVERLONG
    assert "demonstration" in note.sentence


def test_a_gripper_that_is_played_with_is_mentioned_and_counted():
    episode = Corrected()
    episode.set("executed_opening", slice(TAKEOVER + 1, TAKEOVER + 2), 1.0)
    assert gripper_count(episode) == GripperCount(opened=1, closed=1)
    assert kinds(episode) == []
    episode.set("executed_opening", slice(TAKEOVER + 3, TAKEOVER + 4), 1.0)
    assert kinds(episode) == [Coaching.GRIPPER]


def test_a_slow_gripper_moves_once():
    episode = Corrected()
    opening = np.linspace(0.0, 1.0, HAND_BACK - TAKEOVER)
    episode._columns["executed_opening"][TAKEOVER:HAND_BACK, 0] = opening
    assert gripper_count(episode) == GripperCount(opened=1)


def test_corrections_that_only_ever_close_a_gripper_are_out_of_balance():
    assert unbalanced(GripperCount(opened=0, closed=3), 0) is None
    assert unbalanced(GripperCount(opened=3, closed=5), 0) is None
    note = unbalanced(GripperCount(opened=1, closed=9), 0)
    assert note is not None
    assert "when to open" in note.sentence


def test_a_demonstration_is_no_correction():
    episode = Corrected()
    episode.header = replace(episode.header, demonstration=True)
    episode.set("modes", slice(0, ROWS), OPERATOR)
    assert notes_on("episode_00004", episode) == ()
    assert gripper_count(episode) == GripperCount()
