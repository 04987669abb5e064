"""What the learner told of corrections, for a window that is opened later."""

from pathlib import Path

import numpy as np

from gui.console import NotesRead
from gui.history import HistoryReader
from gui.learner_log import LearnerLog
from gui.widgets.learning.losses import loss_lines
from teleop.learner_messages import CorrectionReport
from teleop.learner_told import TOLD, keep_told, told_since
from teleop.session_folder import SessionFolder
from tests.fake_learner import coach_note, correction_report, version_report


def test_what_was_told_comes_back_and_a_torn_line_is_passed_over(tmp_path: Path):
    report, note = correction_report(3), coach_note(3)
    keep_told(tmp_path, report)
    keep_told(tmp_path, note)
    with (tmp_path / TOLD).open("ab") as file:
        file.write(b'nonsense\n{"correction":{"epi')
    found, end = told_since(tmp_path, 0)
    assert found[1] == note
    assert isinstance(found[0], CorrectionReport)
    assert np.array_equal(found[0].new, report.new)
    assert (found[0].episode, found[0].still_needed) == (report.episode, report.still_needed)
    assert told_since(tmp_path, end) == ((), end)
    assert told_since(tmp_path / "none", 0) == ((), 0)


def test_a_window_opened_later_shows_what_was_told_with_its_notes_put_away(tmp_path: Path):
    folder = SessionFolder(tmp_path)
    folder.policies.mkdir()
    keep_told(folder.policies, correction_report(3))
    keep_told(folder.policies, coach_note(3))
    reader = HistoryReader(folder, lambda *_: None, None)  # pyright: ignore[reportArgumentType]
    log = LearnerLog()

    def take(message: object) -> None:
        if isinstance(message, CorrectionReport):
            log.changed(message)
        elif isinstance(message, NotesRead):
            log.put_away(message.note)
        else:
            log.coached(message)  # pyright: ignore[reportArgumentType]

    reader.found.connect(take)
    reader._look_at_versions()
    assert [each.episode for each in log.view().changes] == ["episode_00003"]
    assert [line.seen for line in log.view().coaching] == [True]


def test_errors_over_versions_are_in_their_order_and_say_which_were_refused():
    log = LearnerLog()
    for version in (2, 0, 1):
        log.reported(version_report(version, accepted=version != 1))
    lines = loss_lines(log.view())
    assert (lines.versions, lines.accepted) == ((0, 1, 2), (True, False, True))
    assert {line.stratum for line in lines.lines} <= {
        "corrections", "held out", "demonstrations", "rollouts", "synthetic",
    }  # fmt: skip
    assert all(len(line.errors) == 3 for line in lines.lines)
    assert lines.most > 0.0
