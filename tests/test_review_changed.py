"""What changed: which versions are compared, what is said of them, what is drawn."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage

from gui.action_spec import Intent
from gui.review.changed.comparer import wanted
from gui.review.changed.sheet import ChangedSheet, other_actions, verdict_of
from gui.review.changed.versions import (
    VersionChoice,
    VersionsFound,
    corrected_version,
    found_versions,
    usual_pair,
)
from gui.review.values import ClipTrack
from gui.texts.changed import verdict
from recorder.labels import Label
from teleop.action_comparison import Match
from teleop.messages import Arm
from teleop.serving import move_serving
from teleop.session_folder import SessionFolder
from teleop.wire import encode
from tests.fake_learner import version_report, write_version
from tests.review_parts import Bench, make_bench, read_track
from tests.sample_files import written
from tests.test_action_comparison import comparison

OLD = Match(Arm.LEFT, 0.094, 0.05, True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> SessionFolder:
    """An episode, and versions 0 to 4 of which 4 is served."""
    made = SessionFolder(tmp_path_factory.mktemp("compared"))
    written(made, 40)
    for version in range(5):
        write_version(made.policies, version_report(version, accepted=version != 3))
    move_serving(made.policies, 4, "learner", "passed")
    return made


@pytest.fixture(scope="module")
def bench(qapp: object, folder: SessionFolder) -> Iterator[Bench]:
    made = make_bench(folder.path)
    yield made
    made.close()


def corrected(folder: SessionFolder) -> ClipTrack:
    """The right arm is the operator's in rows 10 to 39."""
    track = read_track(folder)
    labels = track.labels.copy()
    labels[10:, Arm.RIGHT] = Label.INTERVENTION
    return replace(track, labels=labels, version=np.repeat([-1, 0, 2], (5, 15, 20)))


@pytest.fixture
def sheet(bench: Bench, folder: SessionFolder, qtbot: object) -> Iterator[ChangedSheet]:
    bench.begin(folder.path)
    found = bench.actions.compared
    found.comparer._child.start = lambda *_: None  # pyright: ignore[reportAttributeAccessIssue]
    found.comparer._under_way = None
    found.comparer._known.clear()
    track = corrected(folder)
    bench.actions.show_clip(track.row, track)
    yield found
    found.dismiss()


@pytest.mark.parametrize(
    ("error", "needed", "said"),
    [
        (0.021, False, "v4 does what you did: error 0.021 against 0.094 of v0; it would not need "),
        (0.08, True, "v4 comes nearer to what you did: error 0.080 against 0.094 of v0; at most "),
        (0.12, True, "v4 is no nearer to what you did: "),
        (0.1, False, "v4 does about what you did: "),
    ],
)
def test_the_sentence_says_error_before_and_now_and_whether_you_are_needed(
    error: float, needed: bool, said: str
):
    sentence = verdict(OLD, replace(OLD, error=error, needed=needed), 0, 4)
    assert sentence.startswith(said)
    assert ("would still need you" in sentence) == needed


def test_the_version_that_was_taken_over_from_is_compared_with_the_one_that_serves(
    folder: SessionFolder,
):
    track = corrected(folder)
    assert corrected_version(track) == 0
    found = VersionsFound(folder.path, found_versions(folder.path))
    assert [each.number for each in found.versions] == [0, 1, 2, 3, 4]
    assert not found.versions[3].accepted
    assert usual_pair(found, track) == (0, 4)
    alone = VersionsFound(folder.path, (VersionChoice(0, serving=True), VersionChoice(5)))
    assert usual_pair(alone, track) == (0, 5)


def test_an_edit_of_the_clip_asks_for_another_comparison(folder: SessionFolder):
    track = corrected(folder)
    assert wanted(track, (0, 4)) == wanted(corrected(folder), (0, 4))
    assert wanted(replace(track, rows=track.rows + 1), (0, 4)) != wanted(track, (0, 4))
    assert wanted(track, (0, 3)) != wanted(track, (0, 4))


def test_a_comparison_is_told_drawn_and_given_to_the_player(
    bench: Bench, sheet: ChangedSheet, qtbot: object
):
    open_on_versions(bench, sheet)
    assert (sheet.old.currentData(), sheet.new.currentData()) == (0, 4)
    blank = picture_of(sheet)
    sheet.comparer._take_end(True, encode(comparison()))
    assert sheet.arm is Arm.RIGHT
    assert sheet.sentence.text().startswith("v4 does what you did")
    assert [each.version for each in bench.player.others] == [4]
    assert bench.player.others[0].twist.shape == (40, 2, 6)
    assert picture_of(sheet) != blank
    sheet.dismiss()
    assert bench.player.others == ()


def test_a_comparison_that_is_known_is_not_made_again(bench: Bench, sheet: ChangedSheet):
    open_on_versions(bench, sheet)
    sheet.comparer._take_end(True, encode(comparison()))
    sheet._compare()
    assert sheet.comparer._under_way is None


@pytest.mark.parametrize(
    ("well", "output", "said"),
    [(False, b"", "No weights in"), (True, b"nonsense", "cannot be read")],
)
def test_a_comparison_that_failed_says_why(
    bench: Bench, sheet: ChangedSheet, well: bool, output: bytes, said: str
):
    open_on_versions(bench, sheet)
    sheet.comparer._take_line("nudge: No weights in 'v0004': name another version.")
    sheet.comparer._take_end(well, output)
    assert said in sheet.sentence.text()
    assert bench.player.others == ()


def test_a_clip_without_a_correction_has_nothing_to_compare(
    bench: Bench, sheet: ChangedSheet, folder: SessionFolder
):
    track = read_track(folder)
    plain = replace(track, labels=np.zeros_like(track.labels))
    bench.actions.show_clip(plain.row, plain)
    bench.actions.intents[Intent.WHAT_CHANGED]()
    assert "Nobody took over" in sheet.sentence.text()


def test_what_the_player_draws_are_twists_of_both_versions():
    found = comparison()
    stamps = found.stamps_ns.copy()
    stamps[2:] += 5_000_000_000
    gapped = replace(found, rows=found.rows + np.array([0, 0, 500, 500]), stamps_ns=stamps)
    old, new = other_actions(gapped)
    assert (old.version, new.version) == (0, 4)
    assert new.twist[0, 0, 0] == pytest.approx(0.05)
    assert new.rows.tolist() == [*range(20), *range(520, 540)]  # none between two takeovers
    assert verdict_of(comparison(), Arm.LEFT) == ""


def open_on_versions(bench: Bench, sheet: ChangedSheet) -> None:
    """Open the sheet, with the versions read at once."""
    bench.actions.intents[Intent.WHAT_CHANGED]()
    assert sheet._reading is not None
    sheet._reading.wait()
    assert sheet._track is not None
    folder = bench.actions.context.folder.path
    sheet._take_versions(VersionsFound(folder, found_versions(folder)))


def picture_of(sheet: ChangedSheet) -> QImage:
    return sheet.curves.grab().toImage()
