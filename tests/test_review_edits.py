"""Edits of clips from the window: what is asked, what is written, what is refused."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.action_spec import Intent
from gui.actions import ACTIONS
from gui.review.edits.relabel import Relabelling
from gui.review.edits.requests import Rows, cut_out, keep, recorded_spans
from gui.review.values import ClipTrack
from gui.view import Level
from recorder.edits.edit import Span, Trim, counting
from recorder.edits.log import read_log
from recorder.edits.session_views import session_views
from recorder.labels import Label
from teleop.errors import EpisodeError
from teleop.messages import Arm, Outcome
from teleop.session_folder import SessionFolder
from tests.review_parts import Bench, make_bench, read_track
from tests.sample_files import written

ONE = "episode_00004"


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    """A session with one episode of 40 rows."""
    made = SessionFolder(tmp_path / "session")
    written(made, 40)
    return made


@pytest.fixture(scope="module")
def shared(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = make_bench(tmp_path_factory.mktemp("none"))
    yield made
    made.close()


@pytest.fixture
def bench(shared: Bench, folder: SessionFolder) -> Bench:
    shared.begin(folder.path)
    show(shared, folder)
    return shared


def show(bench: Bench, folder: SessionFolder) -> ClipTrack:
    track = read_track(folder)
    bench.actions.show_clip(track.row, track)
    return track


def do(bench: Bench, qtbot: QtBot, does: Intent) -> None:
    """Do a row of the table, and wait until its edit is written or refused."""
    bench.actions.answer.show_text("")
    bench.actions.intents[does]()
    answered(bench, qtbot)


def answered(bench: Bench, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bench.actions.answer.text() not in ("", "Working …"), timeout=6000)


def test_marks_mean_the_recorded_rows_behind_them(folder: SessionFolder):
    track = read_track(folder)
    trimmed = replace(track, rows=np.concatenate((track.rows[5:10], track.rows[20:40])))
    assert recorded_spans(trimmed, Rows(3, 7)) == (Span(ONE, 8, 10), Span(ONE, 20, 22))
    assert keep(track, Rows(10, 30), "") == Trim(ONE, (Span(ONE, 0, 10), Span(ONE, 30, 40)))
    assert cut_out(track, Rows(10, 30), "") == Trim(ONE, (Span(ONE, 10, 30),))


def test_rows_of_two_recordings_are_told_apart(folder: SessionFolder):
    track = read_track(folder)
    merged = replace(
        track,
        recordings=(ONE, "episode_00005"),
        recording=np.repeat([0, 1], 20),
        rows=np.arange(40),
    )
    assert recorded_spans(merged, Rows(18, 22)) == (
        Span(ONE, 18, 20),
        Span("episode_00005", 20, 22),
    )


def test_trimming_to_the_whole_clip_is_refused(folder: SessionFolder):
    with pytest.raises(EpisodeError, match="nothing to leave out"):
        keep(read_track(folder), Rows(0, 40), "nothing to leave out")


def test_a_clip_is_trimmed_to_the_marks_and_the_recording_stays(
    bench: Bench, folder: SessionFolder, qtbot: QtBot
):
    bench.mark(10, 30)
    assert bench.actions.marks.text() == "Marked: 0.10 to 0.29 s, 20 rows"
    do(bench, qtbot, Intent.TRIM_CLIP)
    assert session_views(folder).clips[0].rows == 20
    assert session_views(folder).recorded[ONE].header.steps == 40
    assert "Edit 1 leaves 20 rows out" in bench.actions.answer.text()
    assert bench.changed == [str(folder.path)]


def test_an_edit_is_undone_and_the_undo_too(bench: Bench, folder: SessionFolder, qtbot: QtBot):
    bench.mark(10, 30)
    do(bench, qtbot, Intent.CUT_CLIP)
    do(bench, qtbot, Intent.UNDO_EDIT)
    assert "Edit 1 is taken back" in bench.actions.answer.text()
    assert session_views(folder).clips[0].rows == 40
    do(bench, qtbot, Intent.UNDO_EDIT)
    assert "no edit to take back" in bench.actions.answer.text()
    bench.actions.intents[Intent.LIST_EDITS]()
    edits = bench.actions.edits
    qtbot.waitUntil(lambda: list(edits.buttons) == [2], timeout=6000)
    edits.buttons[2].click()
    answered(bench, qtbot)
    qtbot.waitUntil(lambda: session_views(folder).clips[0].rows == 20, timeout=6000)


def test_a_discarded_clip_says_that_it_is_unlearned(
    bench: Bench, folder: SessionFolder, qtbot: QtBot
):
    do(bench, qtbot, Intent.DISCARD_CLIP)
    assert session_views(folder).clips[0].discarded
    assert "unlearns it at its next fit" in bench.actions.answer.text()


def test_every_marked_clip_is_discarded_at_once(bench: Bench, folder: SessionFolder, qtbot: QtBot):
    written(folder, 12)
    rows = tuple(read_track(folder, place).row for place in range(2))
    bench.actions.show_marked(rows)
    assert bench.actions.clip.text() == "2 clips marked"
    assert "Discard 2 clips" in bench.actions.buttons[Intent.DISCARD_CLIP].text()
    do(bench, qtbot, Intent.DISCARD_CLIP)
    assert [clip.outcome for clip in session_views(folder).clips] == [Outcome.DISCARDED] * 2
    assert "2 clips edited" in bench.actions.answer.text()


def test_marks_elsewhere_in_the_list_leave_the_clip_that_is_shown_alone(
    bench: Bench, folder: SessionFolder, qtbot: QtBot
):
    row = read_track(folder).row
    bench.actions.show_marked((replace(row, name="a"), replace(row, name="b")))
    do(bench, qtbot, Intent.DISCARD_CLIP)
    assert "Edit 1 discards episode_00004" in bench.actions.answer.text()


def test_outcome_instruction_and_rows_are_relabelled(
    bench: Bench, folder: SessionFolder, qtbot: QtBot
):
    bench.actions.intents[Intent.RELABEL_CLIP]()
    sheet = bench.actions.relabel
    sheet.outcome.choose(Outcome.FAIL)
    sheet.instruction.setText("Pull it out.")
    sheet.send.click()
    answered(bench, qtbot)
    bench.mark(5, 15)
    sheet.label.choose(Label.HOLD)
    sheet.arms.choose((Arm.LEFT,))
    bench.actions.answer.show_text("")
    sheet.send_label.click()
    answered(bench, qtbot)
    after = read_track(folder)
    assert (after.row.outcome, after.row.instruction) == (Outcome.FAIL, "Pull it out.")
    assert (after.labels[5:15, Arm.LEFT] == Label.HOLD).all()
    assert not (after.labels[5:15, Arm.RIGHT] == Label.HOLD).any()


def test_nothing_chosen_to_relabel_writes_nothing(bench: Bench, folder: SessionFolder):
    bench.actions.relabel.wanted.emit(Relabelling())
    assert "Nothing was changed" in bench.actions.answer.text()
    assert read_log(folder).entries == ()


def test_a_clip_that_is_being_recorded_is_refused_in_a_sentence(
    bench: Bench, folder: SessionFolder, qtbot: QtBot
):
    growing = replace(read_track(folder).row, open=True)
    bench.actions.show_clip(growing, None)
    do(bench, qtbot, Intent.DISCARD_CLIP)
    assert "still being recorded" in bench.actions.answer.text()
    assert bench.said[-1][1] is Level.WARNING
    assert counting(read_log(folder).entries) == ()


@pytest.mark.parametrize("does", [Intent.TRIM_CLIP, Intent.DISCARD_CLIP, Intent.RELABEL_CLIP])
def test_without_a_clip_every_edit_says_what_is_missing(bench: Bench, does: Intent):
    bench.actions.show_clip(None, None)
    bench.actions.intents[does]()
    assert "Choose an episode" in bench.actions.answer.text()


def test_the_part_does_every_row_that_it_has_a_button_for(bench: Bench):
    assert set(bench.actions.buttons) == set(bench.actions.intents)
    table = {spec.does: spec for spec in ACTIONS}
    for does, button in bench.actions.buttons.items():
        assert table[does].key in button.text()


def test_a_sheet_leaves_hold_and_stop_to_the_window(bench: Bench):
    bench.actions.intents[Intent.RELABEL_CLIP]()
    sheet = bench.actions.relabel

    def taken(key: Qt.Key) -> bool:
        event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        sheet.event(event)
        return event.isAccepted()

    assert taken(Qt.Key.Key_Return)  # or it would end the episode as a success
    assert not any(taken(key) for key in (Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_T))


def test_one_sheet_at_a_time_and_the_same_key_closes_it(bench: Bench):
    actions = bench.actions
    actions.intents[Intent.RELABEL_CLIP]()
    actions.intents[Intent.EXPORT]()
    assert [sheet.isHidden() for sheet in actions.sheets] == [True, True, False, True]
    QTest.keyClick(actions.export.close_button, Qt.Key.Key_Return)
    assert all(sheet.isHidden() for sheet in actions.sheets)
