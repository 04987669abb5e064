import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from recorder.charts import running_share
from recorder.inline import InlineRecorder
from recorder.labels import HOLD, OPERATOR, POLICY
from recorder.report import main, write_report, write_shift
from recorder.shift import by_operator, tally
from recorder.summary import spans, summarise
from recorder.summary_table import session_table
from teleop.errors import SessionError
from teleop.messages import EpisodeEnded, EpisodeOpened, Mode, Outcome
from teleop.serving import move_serving
from teleop.session_folder import SessionFolder
from tests.sample_steps import CAMERAS, DrawnFrames, correction, plain_step


def record(
    recorder: InlineRecorder, episode: int, version: int, outcome: Outcome, corrected: bool
) -> None:
    recorder.opened(EpisodeOpened(episode, 1_000_000_000, "Plug it in.", CAMERAS, "plug/near/1"))
    steps = correction(30, 50, 20) if corrected else [plain_step(index) for index in range(100)]
    for step in steps:
        recorder.step(replace(step, episode=episode, policy_version=version))
    recorder.ended(EpisodeEnded(episode, 2_000_000_000, outcome, "<time out>"))


def manifest(folder: SessionFolder, version: int, **values: object) -> None:
    place = folder.policies / f"v{version:04d}"
    place.mkdir(parents=True)
    (place / "manifest.json").write_text(json.dumps({"version": version, **values}))


@pytest.fixture
def session(recorded: Path, tmp_path: Path) -> Path:
    """A copy of the recorded session."""
    return Path(shutil.copytree(recorded, tmp_path / "<session>"))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four episodes and three versions, not to be changed."""
    folder = SessionFolder(tmp_path_factory.mktemp("recorded") / "<session>")
    recorder = InlineRecorder(folder, DrawnFrames(), flush_s=10)
    record(recorder, 0, 0, Outcome.FAIL, corrected=True)
    record(recorder, 1, 0, Outcome.SUCCESS, corrected=True)
    record(recorder, 2, 2, Outcome.SUCCESS, corrected=False)
    record(recorder, 3, 2, Outcome.DISCARDED, corrected=True)
    manifest(folder, 0, accepted=True, reason="shipped")
    manifest(folder, 1, parent=0, accepted=False, seconds_from_handback=9.0)
    manifest(folder, 2, parent=0, accepted=True, seconds_from_handback=2.5, unknown=["x"])
    return folder.path


def test_success_and_takeovers_are_counted_for_the_version_that_drove_first(session: Path):
    summary = summarise(session)
    rows = [
        (v.manifest.version, v.episodes, v.successes, v.unaided, v.interventions)
        for v in summary.versions
    ]
    assert rows == [(0, 2, 1, 0, 2), (1, 0, 0, 0, 0), (2, 1, 1, 1, 0)]
    assert summary.versions[0].operator_s == pytest.approx(1.0)


def test_the_sums_leave_out_what_says_nothing(session: Path):
    summary = summarise(session)
    assert len(summary.episodes) == 4
    assert len(summary.counted) == 3  # the discarded one is shown, not counted
    assert summary.corrections == 3
    assert summary.seconds_to_serving_p50 == 2.5  # of the accepted version
    first = summary.episodes[0]
    assert first.duration_s == pytest.approx(0.99)
    assert [span.mode for span in first.lanes[0]] == [Mode.POLICY]
    assert [span.mode for span in first.lanes[1]] == [Mode.POLICY, Mode.OPERATOR, Mode.POLICY]
    (found,) = first.corrections
    assert (found.takeover_s, found.end_s) == (pytest.approx(0.3), pytest.approx(0.8))
    assert all(before and after for _, before, after in found.pictures)


def test_the_page_needs_nothing_else_and_shows_every_correction(session: Path):
    _, path = write_report(session)
    page = path.read_text()
    assert path == session / "report.html"
    assert page.count('src="data:image/jpeg;base64,') == 3 * 2 * 2
    assert len(re.findall(r"<svg", page)) == 1 + 4
    assert "<script" not in page
    assert not re.search(r'(href|src)="(?!data:)', page)
    assert "&lt;session&gt;" in page
    assert "&lt;time out&gt;" in page
    assert "<time out>" not in page
    assert "2.5 s" in page


def test_damaged_files_are_named_and_the_rest_is_reported(session: Path):
    (session / "episodes" / "episode_00009.h5").write_text("nonsense")
    manifest(SessionFolder(session), 7)
    (session / "policies" / "v0007" / "manifest.json").write_text("[]")
    summary, path = write_report(session)
    assert len(summary.episodes) == 4
    assert len(summary.unreadable) == 2
    assert "episode_00009.h5 is no episode file" in path.read_text()


def test_a_session_without_an_episode_has_a_page_too(tmp_path: Path):
    SessionFolder(tmp_path).episodes.mkdir()
    summary, path = write_report(tmp_path)
    assert summary.episodes == ()
    assert summary.seconds_to_serving_p50 is None
    assert "No episode has been finished" in path.read_text()


def test_a_folder_that_is_no_session_is_a_sentence(tmp_path: Path):
    with pytest.raises(SessionError, match="is no session folder"):
        main([str(tmp_path)])


def test_a_page_that_cannot_be_written_is_a_sentence(session: Path):
    with pytest.raises(SessionError, match="--output"):
        write_report(session, session / "nowhere" / "page.html")


def test_the_verb_prints_the_table_and_where_the_page_is(
    session: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([str(session)]) == 0
    output = capsys.readouterr().out
    assert "report.html" in output
    assert "4 episodes, 2 of 3 succeeded, 1 without help" in output.replace("\n", " ")


def test_the_table_fits_a_terminal_of_80_columns(session: Path):
    console = Console(width=80)
    with console.capture() as printed:
        console.print(session_table(summarise(session)))
    text = printed.get()
    assert "1/2" in text
    assert "to serving" in text
    assert "…" not in text


def test_spans_follow_each_other_without_a_gap():
    modes = np.array([HOLD, HOLD, POLICY, OPERATOR, POLICY], np.int8)
    found = spans(modes, np.arange(5.0))
    assert [(span.start_s, span.end_s) for span in found] == [(0, 2), (2, 3), (3, 4), (4, 4)]
    assert spans(modes[:0], np.zeros(0)) == ()


def test_the_running_share_looks_back_only():
    assert running_share([True, False, False, True], window=2) == [1.0, 0.5, 0.0, 0.5]


def test_several_sessions_are_one_shift(session: Path, tmp_path: Path):
    other = tmp_path / "afternoon"
    shutil.copytree(session, other)
    shift, path = write_shift((session, other), tmp_path / "shift.html")
    page = path.read_text()
    assert len(shift.episodes) == 8
    assert shift.corrections == 6
    assert tally(shift.episodes).seconds_per_success == pytest.approx(
        sum(each.operator_s for each in shift.sessions) / 4
    )
    assert "Shift of 2 sessions" in page
    assert "Episodes · afternoon" in page
    assert write_shift((session, session), tmp_path / "one.html")[0].sessions[1:] == ()


def test_moves_of_the_serving_version_say_who_and_why(session: Path):
    policies = SessionFolder(session).policies
    move_serving(policies, 0, "start", "the session began")
    move_serving(policies, 2, "learner", "passed: <all>")
    move_serving(policies, 0, "operator", "chosen by the operator")
    shift, path = write_shift((session,))
    page = path.read_text()
    assert (shift.served, shift.rolled_back) == (1, 1)
    assert "rolled back" in page
    assert "passed: &lt;all&gt;" in page
    assert "chosen by the operator" in page


def test_each_operator_has_a_row_where_names_are_told(session: Path):
    episodes = summarise(session).episodes
    assert by_operator(episodes) == ()
    named = [
        replace(each, header=replace(each.header, operator=name))
        for each, name in zip(episodes, ("Ada", "", "Ada", "Bo"), strict=True)
    ]
    found = dict(by_operator(named))
    assert list(found) == ["Ada", "Bo", ""]
    assert (found["Ada"].episodes, found["Ada"].successes) == (2, 1)
    assert found["Bo"].seconds_per_success is None  # discarded


def test_an_episode_in_which_an_arm_was_rewound_is_drawn(tmp_path: Path):
    folder = SessionFolder(tmp_path)
    recorder = InlineRecorder(folder, DrawnFrames(), flush_s=10)
    recorder.opened(EpisodeOpened(0, 1_000_000_000, "Plug it in.", CAMERAS, "plug/near/1"))
    for index in range(20):
        mode = Mode.REWIND if 5 <= index < 10 else Mode.POLICY
        recorder.step(replace(plain_step(index, (mode, Mode.POLICY)), episode=0))
    recorder.ended(EpisodeEnded(0, 2_000_000_000, Outcome.SUCCESS, ""))
    _, path = write_report(tmp_path)
    assert "rewind 0.1 to 0.1 s" in path.read_text()


def test_the_verb_tells_a_program_where_the_page_is(
    session: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([str(session), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["path"] == str(session / "report.html")
    assert (told["counted"], told["successes"], told["corrections"]) == (3, 2, 3)
