"""What the window says of the learning, from the messages alone: no Qt, no bus."""

from dataclasses import replace

import pytest

from gui.console import Acknowledged, Console, NotesRead
from gui.learner_view import (
    LearnerView,
    awaited_text,
    episode_text,
    loss_of,
    rollback_target,
    seconds_text,
    serving_text,
    state_text,
)
from teleop.config import SessionConfig
from teleop.learner_messages import Coaching, LearnerState, PolicyServing
from teleop.messages import Arm
from teleop.serving import Move
from teleop.takeover_messages import Notice, NoticeKind
from tests.fake_learner import coach_note, correction_report, episode_report, version_report

NOW = 100_000_000_000


def move(version: int, before: int, by: str = "learner") -> Move:
    return Move(version, before, by, "", NOW + version)


def shown(*messages: object) -> LearnerView:
    console = Console(SessionConfig(), ("learner",))
    for message in messages:
        console.take(message, NOW)
    return console.view(NOW).learner


def served(version: int) -> PolicyServing:
    return PolicyServing(version, NOW, -1)


@pytest.mark.parametrize(
    ("speed", "words"),
    [
        ("base", "v4 · base policy"),
        ("head", "v4 · provisional head"),
        ("full", "v4 · full fit"),
        ("consolidate", "v4 · consolidated"),
        ("import", "v4 · imported"),
    ],
)
def test_the_serving_version_says_which_fit_made_it(speed: str, words: str):
    assert serving_text(shown(version_report(4, speed=speed), served(4))) == words


def test_a_version_the_operator_went_back_to_says_so():
    back = shown(version_report(3), served(3), move(3, 4, "operator"))
    assert serving_text(back).endswith("rolled back by you")
    forth = shown(version_report(5), served(5), move(5, 4, "operator"))
    assert serving_text(forth).endswith("chosen by you")
    assert "you" not in serving_text(shown(version_report(5), served(5), move(5, 4)))


def test_a_version_that_waits_for_a_safe_moment_is_announced():
    view = shown(version_report(3), version_report(4), served(4), move(3, 4, "operator"))
    assert awaited_text(view) == "v3 follows"
    assert awaited_text(shown(served(3), move(3, 4, "operator"))) == ""


def test_versions_stand_the_newest_first_and_once():
    view = shown(version_report(1), version_report(2), version_report(1))
    assert [each.version for each in view.versions] == [2, 1]
    assert loss_of(view.versions[0], "corrections") == pytest.approx(0.082)
    assert view.newest == 2


def test_rolling_back_twice_goes_back_two_versions_and_never_to_a_refused_one():
    versions = [version_report(n, accepted=n != 2) for n in range(5)]
    view = shown(*versions, move(0, -1, "start"), move(1, 0), move(3, 1), move(4, 3), served(4))
    assert rollback_target(view) == 3
    once = shown(*versions, *view.moves, move(3, 4, "operator"), served(3))
    assert rollback_target(once) == 1
    unknown = shown(*versions, served(3))
    assert rollback_target(unknown) == 1
    assert rollback_target(shown(version_report(0), served(0), move(0, -1, "start"))) == -1


def test_what_came_of_a_correction_is_the_newest_versions_word():
    first = correction_report(3, still_needed=True)
    later = replace(first, version=9, still_needed=False)
    other = replace(first, arm=Arm.RIGHT, start_ns=first.start_ns + 1)
    view = shown(first, later, first, other)
    assert [(each.arm, each.version) for each in view.changes] == [(Arm.RIGHT, 4), (Arm.LEFT, 9)]


def test_a_coaching_note_appears_once_and_stays_readable_when_it_is_put_away():
    note = coach_note(2)
    view = shown(note, note)
    assert [line.note for line in view.notes_unseen] == [note]
    view = shown(note, NotesRead(note), note)
    assert view.notes_unseen == ()
    assert [line.note for line in view.coaching] == [note]


def test_one_key_puts_calls_for_help_away_first_and_then_one_note_after_the_other():
    first, second = coach_note(1), coach_note(2, Coaching.OVERLONG)
    call = Notice(NOW, NoticeKind.HELP, Arm.LEFT, "It presses.")
    console = Console(SessionConfig(), ("learner",))
    for message in (first, second, call, Acknowledged()):
        console.take(message, NOW)
    view = console.view(NOW)
    assert view.notices.calls == ()
    assert [line.note for line in view.learner.notes_unseen] == [first, second]
    console.take(Acknowledged(), NOW)
    assert [line.note for line in console.view(NOW).learner.notes_unseen] == [second]


def test_episodes_are_kept_by_name():
    view = shown(episode_report(1), episode_report(2), episode_report(1))
    assert [each.episode for each in view.episodes] == ["episode_00001", "episode_00002"]


def test_a_fit_shows_its_progress_and_a_rest_none():
    busy = LearnerView(state=LearnerState.FULL_FIT, progress=0.43)
    assert state_text(busy) == "fitting all of it 43 %"
    assert state_text(LearnerView(state=LearnerState.PAUSED, progress=0.43)) == "paused"


def test_what_was_not_measured_is_a_dash_and_names_are_short():
    assert [seconds_text(value) for value in (-1.0, 1.25, 180.0, 9000.0, 36000.0)] == [
        "—", "1.2 s", "3 min", "2 h", "10 h",
    ]  # fmt: skip
    assert [episode_text(name) for name in ("episode_00012", "merged")] == ["episode 12", "merged"]
