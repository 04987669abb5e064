"""Exports and reports from the window: what is asked of the child, and what is shown of it."""

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.action_spec import Intent
from gui.review.export import verb_child
from gui.review.export.choice import ExportChoice, Scope, arguments, usual_target
from gui.review.export.sheet import ExportSheet
from gui.review.export.verb_child import VerbChild
from recorder.export.export import FORMATS
from recorder.export.progress_lines import ExportProgress, ProgressLines, progress_in
from recorder.export.selection import Chosen
from recorder.export.verb import ExportVerbOptions
from teleop.cli_options import parse
from teleop.session_folder import SessionFolder
from tests.review_parts import Bench, make_bench, read_track
from tests.sample_files import written


class NoChild:
    """In the place of a child process; the test plays it."""

    def __init__(self, sheet: ExportSheet) -> None:
        self.started: tuple[str, ...] = ()
        self.stopped = 0
        sheet.child.start = self.start  # pyright: ignore[reportAttributeAccessIssue]
        sheet.child.stop = self.stop  # pyright: ignore[reportAttributeAccessIssue]

    def start(self, *arguments: str) -> None:
        self.started = arguments

    def stop(self) -> None:
        self.stopped += 1


@pytest.fixture(scope="module")
def bench(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = SessionFolder(tmp_path_factory.mktemp("recorded") / "morning")
    written(folder, 12)
    made = make_bench(folder.path)
    yield made
    made.close()


@pytest.fixture
def sheet(bench: Bench) -> ExportSheet:
    bench.begin(bench.actions.context.folder.path)
    track = read_track(bench.actions.context.folder)
    bench.actions.show_clip(track.row, track)
    bench.actions.intents[Intent.EXPORT]()
    return bench.actions.export


def test_the_command_is_one_that_the_verb_understands():
    choice = ExportChoice(
        "lerobot", Path("/s"), Path("/t"), ("episode_00004",), 15.0, 128, "av1", True, True
    )
    record, export, *rest = arguments(choice)
    options = parse(ExportVerbOptions, list(rest), prog="nudge record export", description="")
    assert (record, export) == ("record", "export")
    assert (options.format, options.paths) == ("lerobot", (Path("/s"), Path("/t")))
    assert options.clips == ("episode_00004",)
    assert (options.fps, options.size, options.video) == (15.0, 128, "av1")
    assert options.overwrite and options.skip_damaged and options.json
    assert options.progress == "lines"


def test_the_usual_target_lies_in_no_session(tmp_path: Path):
    target = usual_target(tmp_path / "morning", FORMATS[0])
    assert target == tmp_path / "exports" / "morning-robomimic.hdf5"


def test_progress_goes_through_lines_and_comes_out_as_it_went_in():
    stream = io.StringIO()
    lines = ProgressLines(stream)
    one = Chosen("s-episode_00004", 3_000_000, lambda: pytest.fail("not to be opened"))
    lines.begin((one,), frozenset())
    lines.add(one)
    lines.added(one)
    lines.finish()
    told = [progress_in(line) for line in stream.getvalue().splitlines()]
    assert told[1] == ExportProgress(0, 1, 0.0, 3.0, "s-episode_00004")
    assert told[-1] == ExportProgress(1, 1, 3.0, 3.0, reading_back=True)
    assert ExportProgress(1, 2, 3.0, 4.0).share == 0.75
    assert progress_in("nudge: The disk is full.") is None


def test_which_clips_are_exported_follows_the_choice(bench: Bench, sheet: ExportSheet):
    row = read_track(bench.actions.context.folder).row
    sheet.scopes.button(tuple(Scope).index(Scope.THIS)).setChecked(True)
    choice = sheet.choice()
    assert choice is not None and choice.clips == ("episode_00004",)
    marked = (row, replace(row, name="episode_00007"))
    sheet.show_choice(bench.actions.context.folder.path, row, marked)
    sheet.scopes.button(tuple(Scope).index(Scope.MARKED)).setChecked(True)
    choice = sheet.choice()
    assert choice is not None and choice.clips == ("episode_00004", "episode_00007")
    sheet.scopes.button(tuple(Scope).index(Scope.ALL)).setChecked(True)
    choice = sheet.choice()
    assert choice is not None and choice.clips == ()


def test_progress_and_result_are_shown(sheet: ExportSheet):
    child = NoChild(sheet)
    sheet.start.click()
    assert child.started[:2] == ("record", "export")
    assert not sheet.start.isEnabled() and sheet.cancel.isEnabled()
    sheet.child.line.emit('{"episodes":1,"of":4,"megabytes":5,"of_megabytes":20,"at":"s-one"}')
    assert sheet.state.text() == "1 of 4 episodes · 5 of 20 MB · s-one"
    assert sheet.bar.value() == 250
    done = {
        "format": "robomimic",
        "path": "/t/out.hdf5",
        "added": ["a", "b"],
        "there": [],
        "left_out": [{"name": "c", "reason": "its outcome is discarded"}],
        "damaged": [],
        "seconds": 3.0,
    }
    sheet.child.ended.emit(True, json.dumps(done).encode())
    assert sheet.state.text() == "2 episodes, 1 left out (its outcome is discarded): /t/out.hdf5"
    assert sheet.start.isEnabled() and not sheet.cancel.isEnabled()


def test_an_error_is_shown_as_it_was_told(bench: Bench, sheet: ExportSheet):
    NoChild(sheet)
    sheet.start.click()
    sheet.child.line.emit("nudge: The disk of /t is full.")
    sheet.child.ended.emit(False, b"")
    assert sheet.state.text() == "The disk of /t is full."
    assert bench.said[-1][0] == "The disk of /t is full."


def test_a_cancelled_export_says_that_it_goes_on_where_it_was(sheet: ExportSheet):
    child = NoChild(sheet)
    sheet.start.click()
    sheet.cancel.click()
    assert child.stopped == 1
    assert "goes on where it was" in sheet.state.text()
    assert sheet.start.isEnabled()


def test_a_child_is_heard_line_by_line_and_can_be_ended(
    qapp: object, bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(verb_child, "MODULE", "this")  # prints a poem, and ends
    child = VerbChild(bench.host)
    with qtbot.waitSignal(child.ended, timeout=8000) as ended:
        child.start()
    assert ended.args is not None
    assert ended.args[0] is True
    assert b"Beautiful is better than ugly." in ended.args[1]
    child.start()
    child.stop()
    assert not child.running


def test_a_program_that_cannot_start_is_told(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    child = VerbChild(bench.host)
    told: list[str] = []
    child.line.connect(told.append)
    with qtbot.waitSignal(child.ended, timeout=8000) as ended:
        child.start()
    assert ended.args is not None and ended.args[0] is False
    assert told != []


def test_the_report_says_where_it_is(bench: Bench, sheet: ExportSheet):
    reporter = bench.actions.reporter
    reporter._take_end(True, _reported("/s/report.html"))
    assert bench.actions.answer.text() == "The shift report is written: /s/report.html"
    reporter._told.append("nudge: The report cannot be written to /s: read-only.")
    reporter._take_end(False, b"")
    assert "cannot be written to /s: read-only" in bench.actions.answer.text()


def _reported(path: str) -> bytes:
    figures = dict.fromkeys(
        ("episodes", "counted", "successes", "unaided", "corrections", "versions_served"), 1
    )
    told = {
        "path": path,
        **figures,
        "operator_s": 1.0,
        "operator_s_per_success": None,
        "rolled_back": 0,
        "unreadable": [],
    }
    return json.dumps(told).encode()
