"""What a person types to look at episodes and to edit them."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from recorder.edits.session_views import session_views
from recorder.listing import EpisodeList
from recorder.record import VERBS, main
from recorder.summary import Span
from recorder.terminal_timeline import drawn_modes
from recorder.words import bytes_text, length_text
from recorder.writer import EpisodeWriter
from teleop.errors import EpisodeError, SessionError
from teleop.messages import Mode, Outcome
from teleop.session_folder import SessionFolder
from teleop.stream_messages import EventKind, RecordedEvent
from tests.sample_files import feed
from tests.sample_steps import correction, opening, plain_step

APART_NS = 10_000_000_000


def record(folder: SessionFolder, episode: int, outcome: Outcome, corrected: bool) -> None:
    opened = opening(episode)
    later_ns = APART_NS * episode
    writer = EpisodeWriter(folder, replace(opened, stamp_ns=opened.stamp_ns + later_ns))
    steps = correction(20, 20, 20) if corrected else [plain_step(index) for index in range(60)]
    feed(writer, [replace(s, episode=episode, stamp_ns=s.stamp_ns + later_ns) for s in steps])
    writer.event(RecordedEvent(steps[20].stamp_ns + later_ns, EventKind.TAKEOVER, "", "keyboard"))
    writer.close(outcome, "inserted", opened.stamp_ns + later_ns + 600_000_000)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> SessionFolder:
    folder = SessionFolder(tmp_path_factory.mktemp("recorded"))
    record(folder, 0, Outcome.SUCCESS, corrected=True)
    record(folder, 1, Outcome.FAIL, corrected=False)
    record(folder, 2, Outcome.DISCARDED, corrected=True)
    return folder


@pytest.fixture
def session(recorded: SessionFolder, tmp_path: Path) -> Path:
    (tmp_path / "episodes").symlink_to(recorded.episodes)
    return tmp_path


def listed(session: Path, capsys: pytest.CaptureFixture[str], *options: str) -> EpisodeList:
    capsys.readouterr()
    main(["list", str(session), "--json", *options])
    return msgspec.json.decode(capsys.readouterr().out, type=EpisodeList)


def rows_of(session: Path) -> dict[str, int]:
    return {clip.name: clip.rows for clip in session_views(SessionFolder(session)).clips}


def test_the_list_names_every_episode_and_sums_up(
    session: Path, capsys: pytest.CaptureFixture[str]
):
    main(["trim", str(session), "1", "--end-rows", "10"])
    capsys.readouterr()
    assert main(["list", str(session)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["Episode", *rows_of(session)]
    assert "success" in lines[1] and "33%" in lines[1]
    assert lines[2].endswith(" 1")  # the number of the edit
    assert max(map(len, lines[:4])) <= 80
    assert lines[-1].startswith("3 episodes: 1 success, 1 fail, 1 discarded. 1.1 s kept, 1 take")


def test_the_list_can_be_narrowed_and_span_sessions(
    session: Path, capsys: pytest.CaptureFixture[str]
):
    def names(*options: str) -> list[str]:
        return [each.name[-1] for each in listed(session, capsys, *options).episodes]

    assert names("--outcome", "success", "discarded") == ["0", "2"]
    assert names("--with-corrections") == ["0", "2"]
    assert names("--with-corrections", "--outcome", "fail") == []
    capsys.readouterr()
    other = session / "other"
    other.mkdir()
    (other / "episodes").symlink_to(session / "episodes")
    main(["list", str(session), str(other)])
    out = capsys.readouterr().out
    assert f"{session}/episode_00001 " in out and f"{other}/episode_00001 " in out


def test_a_folder_that_is_no_session_is_a_sentence(tmp_path: Path):
    with pytest.raises(SessionError, match="is no session folder"):
        main(["list", str(tmp_path)])
    with pytest.raises(SessionError, match="Name at least one session"):
        main(["list"])


def test_an_episode_is_shown_with_who_drove(session: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["show", str(session), "0"]) == 0
    shown = capsys.readouterr().out
    left, right, *_ = (line for line in shown.splitlines() if line[:6] in ("left  ", "right "))
    assert "█" not in left and right.count("█") in (20, 21, 22)
    assert "right arm taken over at 0.20 s, handed back 0.20 s later" in shown
    assert "policy v2: " in shown
    assert "…" not in shown  # it fits 80 columns


def test_what_is_shown_can_be_read_by_a_program(session: Path, capsys: pytest.CaptureFixture[str]):
    main(["show", str(session), "episode_00000", "--json"])
    shown = msgspec.json.decode(capsys.readouterr().out)
    steps, left, room = shown["streams"]
    assert (steps["rate_hz"], steps["count"], steps["missing"]) == (100.0, 60, 0)
    assert left["kind"] == room["kind"] == "images"
    assert shown["interventions"][0]["arm"] == "right"
    (event,) = shown["events"]
    assert (event["kind"], event["at_s"], event["source"]) == ("takeover", 0.2, "keyboard")


def test_an_edit_says_what_changes_and_how_it_is_taken_back(
    session: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["trim", str(session), "0", "--start-s", "0.1", "--end-s", "0.2"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "Edit 1 leaves 30 rows out of episode_00000.",
        "  episode_00000: 60 rows, success -> 30 rows, success",
        f"To take it back: nudge record undo {session} 1",
    ]
    assert rows_of(session)["episode_00000"] == 30
    main(["undo", str(session)])
    assert rows_of(session)["episode_00000"] == 60
    main(["undo", str(session), "2"])
    assert rows_of(session)["episode_00000"] == 30
    capsys.readouterr()
    main(["edits", str(session)])
    first, second, third = capsys.readouterr().out.splitlines()
    assert not first.endswith("(undone by 2)") and second.endswith("(undone by 3)")
    assert third.endswith("takes edit 2 back")


def test_a_dry_run_changes_nothing(session: Path, capsys: pytest.CaptureFixture[str]):
    main(["split", str(session), "1", "--at-row", "10", "--dry-run"])
    assert "This would be edit 1" in capsys.readouterr().out
    assert not (session / "edits.log").exists()


def test_episodes_are_split_merged_discarded_and_relabelled(
    session: Path, capsys: pytest.CaptureFixture[str]
):
    place = str(session)
    main(["split", place, "0", "--at-s", "0.3"])
    assert rows_of(session)["episode_00000a"] == 30
    main(["merge", place, "0b", "1"])
    assert rows_of(session)["episode_00000b+00001"] == 90
    main(["discard", place, "0a", "1"])
    main(["relabel", place, "2", "--outcome", "success"])
    main(["relabel", place, "2", "--instruction", "Unplug it."])
    span = ["--from-s", "0.1", "--to-s", "0.2", "--arm", "left"]
    main(["relabel", place, "2", "--label", "hold", *span])
    found = {each.name: each for each in listed(session, capsys).episodes}
    assert [each.outcome for each in found.values()] == ["DISCARDED", "DISCARDED", "SUCCESS"]
    assert found["episode_00002"].instruction == "Unplug it."
    assert found["episode_00002"].edits == (5, 6, 7)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["trim", "7", "--start-s", "1"], "There is no episode 'episode_00007'. Did you mean"),
        (["trim", "episod_00001", "--start-s", "1"], "Did you mean 'episode_00001'"),
        (["trim", "1"], "Say what to leave out"),
        (["trim", "1", "--start-s", "9"], "Nothing would be left"),
        (["trim", "1", "--end-s", "-1"], "positive"),
        (["trim", "1", "--start-s", "nan"], "nan s is no time"),
        (["split", "1", "--at-s", "inf"], "inf s is no time"),
        (["split", "1", "--at-s", "9"], "is not inside episode_00001, which has 60 rows"),
        (["split", "1"], "Say where"),
        (["discard", "2"], "is discarded already"),
        (["relabel", "1"], "exactly one of"),
        (["relabel", "1", "--label", "hold", "--from-s", "8"], "There is no row of episode_00001"),
        (["merge", "1"], "at least two"),
        (["undo"], "There is no edit to take back"),
        (["undo", "3"], "nothing was edited yet"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(session: Path, arguments: list[str], says: str):
    verb, *rest = arguments
    with pytest.raises(EpisodeError, match=says):
        main([verb, str(session), *rest])
    assert rows_of(session) == dict.fromkeys(rows_of(session), 60)


def test_a_number_that_became_several_asks_which(session: Path):
    main(["split", str(session), "1", "--at-row", "10"])
    with pytest.raises(EpisodeError, match="several by now: episode_00001a, episode_00001b"):
        main(["show", str(session), "1"])


OWN = ("recorder.edits.", "recorder.listing", "recorder.showing")


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS if verb.target.startswith(OWN)])
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main([verb, "--help"])
    assert left.value.code == 0
    assert f"usage: nudge record {verb}" in capsys.readouterr().out


def test_in_the_timeline_a_short_takeover_is_seen():
    drivers = (
        Span(0.0, 50.0, Mode.POLICY),
        Span(50.0, 50.1, Mode.OPERATOR),
        Span(50.1, 100.0, Mode.POLICY),
    )
    drawn = drawn_modes(drivers, 100.0, 20)
    assert drawn.count(Mode.OPERATOR) == 1 and drawn[10] is Mode.OPERATOR
    assert drawn_modes((), 0.0, 20) == []


def test_lengths_and_sizes_are_short():
    assert [length_text(s) for s in (0, 1.25, 61, 3700)] == ["", "1.2 s", "1:01 min", "1:01 h"]
    assert [bytes_text(n) for n in (7, 7_100, 3e6, 5e12)] == ["7 B", "7.1 kB", "3.0 MB", "5.0 TB"]
