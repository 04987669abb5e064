import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h5py
import pytest

from recorder.edits.edit import RelabelOutcome, Span, Trim
from recorder.edits.editing import write_edit
from recorder.edits.session_views import session_views
from recorder.export import aloha
from recorder.export.export import FORMATS, ExportFormat
from recorder.export.selection import numbers_of
from recorder.export.verb import main
from recorder.export.work import load
from recorder.storage import RESERVE_BYTES
from teleop.errors import ConversionError, SessionError
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from tests.sample_files import written

NAMES = ["s-episode_00004", "s-episode_00004_2"]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session of two episodes, not to be changed."""
    folder = tmp_path_factory.mktemp("recorded") / "s"
    written(SessionFolder(folder), 24)
    written(SessionFolder(folder), 24)
    return folder


@pytest.fixture
def session(recorded: Path, tmp_path: Path) -> Path:
    """A session of two episodes."""
    return Path(shutil.copytree(recorded, tmp_path / "s"))


def export(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    """What the verb printed with --json, and its exit code under `code`."""
    code = main([*map(str, arguments), "--json"])
    return {"code": code, **json.loads(capsys.readouterr().out)}


def rows(path: Path) -> int:
    with h5py.File(path) as file:
        dataset = file["action"]
        assert isinstance(dataset, h5py.Dataset)
        return len(dataset)


def test_every_episode_is_exported_and_told(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    told = export(capsys, "aloha", recorded, tmp_path / "out")
    assert told["code"] == 0
    assert told["added"] == NAMES
    assert told["path"] == str(tmp_path / "out")
    assert rows(tmp_path / "out" / "episode_1.hdf5") == 12  # 24 ticks at 100 Hz, 50 rows a second


def test_a_finished_target_is_refused_and_left_alone(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    export(capsys, "aloha", recorded, tmp_path / "out")
    with pytest.raises(ConversionError, match=r"finished already.*--overwrite"):
        export(capsys, "aloha", recorded, tmp_path / "out", "--size", 16)
    assert rows(tmp_path / "out" / "episode_0.hdf5") == 12


def test_overwriting_replaces_the_target_once_the_new_one_is_complete(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
):
    export(capsys, "aloha", recorded, tmp_path / "out")

    def fail(*_: object) -> None:
        raise ConversionError("The disk is failing.")

    with monkeypatch.context() as broken:
        broken.setattr(aloha.AlohaExport, "finish", fail)
        with pytest.raises(ConversionError, match="failing"):
            export(capsys, "aloha", recorded, tmp_path / "out", "--overwrite", "--fps", 25)
    assert rows(tmp_path / "out" / "episode_0.hdf5") == 12
    told = export(capsys, "aloha", recorded, tmp_path / "out", "--overwrite", "--fps", 25)
    assert told["there"] == NAMES and told["path"] == str(tmp_path / "out")
    assert rows(tmp_path / "out" / "episode_0.hdf5") == 6
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_stopped_export_is_continued_by_the_same_command(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
):
    add = aloha.AlohaExport.add

    def stopped(self: aloha.AlohaExport, name: str, episode: Any) -> None:
        if name == NAMES[1]:
            raise KeyboardInterrupt
        add(self, name, episode)

    with monkeypatch.context() as interrupted:
        interrupted.setattr(aloha.AlohaExport, "add", stopped)
        with pytest.raises(KeyboardInterrupt, match="the same command continues"):
            export(capsys, "aloha", recorded, tmp_path / "out")
    capsys.readouterr()
    assert not (tmp_path / "out").exists()
    told = export(capsys, "aloha", recorded, tmp_path / "out")
    assert (told["there"], told["added"]) == (NAMES[:1], NAMES[1:])


def test_discarded_episodes_are_left_out_unless_asked_for(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = SessionFolder(session)
    edit = RelabelOutcome("episode_00004", Outcome.DISCARDED)
    write_edit(folder, session_views(folder), edit)
    told = export(capsys, "aloha", session, tmp_path / "out")
    assert told["added"] == NAMES[1:]
    assert told["left_out"] == [{"name": NAMES[0], "reason": "its outcome is discarded"}]
    told = export(capsys, "aloha", session, tmp_path / "all", "--outcome", "discarded")
    assert told["added"] == NAMES[:1]


def test_an_episode_is_exported_as_it_was_edited(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = SessionFolder(session)
    edit = Trim("episode_00004", (Span("episode_00004", 0, 10),))
    write_edit(folder, session_views(folder), edit)
    export(capsys, "aloha", session, tmp_path / "out")
    assert rows(tmp_path / "out" / "episode_0.hdf5") == 7
    assert rows(tmp_path / "out" / "episode_1.hdf5") == 12


def damage(session: Path) -> None:
    (file,) = (session / "episodes" / "episode_00004").glob("*.h5")
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def test_a_damaged_episode_keeps_the_target_from_being_finished(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    damage(session)
    told = export(capsys, "aloha", session, tmp_path / "out")
    assert (told["code"], told["path"]) == (1, "")
    assert told["added"] == NAMES[1:]
    assert "episode_00004" in told["damaged"][0]["reason"]
    assert not (tmp_path / "out").exists()
    told = export(capsys, "aloha", session, tmp_path / "out", "--skip-damaged")
    assert (told["code"], told["there"]) == (0, NAMES[1:])


def test_an_episode_that_the_format_cannot_hold_is_left_out_and_named(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
):
    add = aloha.AlohaExport.add

    def choosy(self: aloha.AlohaExport, name: str, episode: Any) -> None:
        if name == NAMES[0]:
            raise ConversionError("It has no image of the camera wrist.")
        add(self, name, episode)

    monkeypatch.setattr(aloha.AlohaExport, "add", choosy)
    told = export(capsys, "aloha", recorded, tmp_path / "out")
    assert (told["code"], told["added"]) == (0, NAMES[1:])
    assert told["left_out"][0]["reason"] == "It has no image of the camera wrist."


def test_an_episode_that_the_disk_refuses_stops_the_export(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
):
    def refused(*_: object) -> None:
        raise ConversionError("The disk is full.") from OSError(28, "No space left on device")

    monkeypatch.setattr(aloha.AlohaExport, "add", refused)
    with pytest.raises(ConversionError, match="disk is full"):
        export(capsys, "aloha", recorded, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_full_disk_is_told_before_it_is_full(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
):
    monkeypatch.setattr("recorder.export.work.free_bytes", lambda _: RESERVE_BYTES - 1)
    with pytest.raises(ConversionError, match=r"is full.*the same command continues"):
        export(capsys, "aloha", recorded, tmp_path / "out")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["aloha", "SESSION"], "at least one session and the target"),
        (["robomimc", "SESSION", "x"], "no format 'robomimc'. Did you mean 'robomimic'"),
        (["robomimic", "SESSION", "x"], "end in .hdf5"),
        (["aloha", "SESSION", "SESSION"], "is a session"),
        (["aloha", "SESSION", __file__, "--overwrite"], "makes a folder, and .* is a file"),
        (["mcap", "SESSION", "SESSION/episodes/x"], "lies among recorded episodes"),
        (["aloha", "SESSION", "x", "--episodes", "4,7-9"], "No episode 7, 8, 9"),
        (["aloha", "SESSION", "x", "--episodes", "four"], "'four' names no episodes"),
        (["aloha", "SESSION", "x", "--fps", "-3"], "--fps is -3.0"),
        (["aloha", "SESSION", "x", "--outcome", "fail"], "nothing to export: its outcome is succ"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    recorded: Path, arguments: Sequence[str], sentence: str
):
    with pytest.raises(ConversionError, match=sentence):
        main([each.replace("SESSION", str(recorded)) for each in arguments])


def test_a_recording_is_never_overwritten(session: Path, tmp_path: Path):
    folder = written(SessionFolder(tmp_path / "other"))
    before = (folder / "episode.h5").read_bytes()
    target = f"{session}/../other/episodes/{folder.name}/episode.h5"
    with pytest.raises(ConversionError, match="lies among recorded episodes"):
        main(["robomimic", str(session), target, "--overwrite"])
    assert (folder / "episode.h5").read_bytes() == before


def test_where_no_episode_fits_the_reason_is_told_and_no_repair_advised(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["aloha", str(recorded), str(tmp_path / "out"), "--cameras", "none"]) == 1
    told = capsys.readouterr().out
    assert "has no camera none" in told and "None of the episodes could be exported" in told
    assert "repair" not in told


def test_a_folder_that_is_no_session_is_told(tmp_path: Path):
    with pytest.raises(SessionError, match=r"is no session folder.*The last path is the target"):
        main(["aloha", str(tmp_path), str(tmp_path / "out")])


def test_two_sessions_of_one_name_are_refused(recorded: Path, tmp_path: Path):
    with pytest.raises(SessionError, match="Two of the sessions are called s"):
        main(["aloha", str(recorded), str(recorded), str(tmp_path / "out")])


def test_a_missing_library_is_named_with_the_command_that_brings_it():
    row = ExportFormat("rerun", "no:where", "", needs=("json", "no_such_library"), extra="rerun")
    with pytest.raises(
        ConversionError, match=r"needs no_such_library: pip install 'nudge-teleop\[rerun\]'"
    ):
        load(row)


def test_the_help_lists_every_format_and_what_it_needs(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--help"])
    page = capsys.readouterr().out
    assert all(f"\n  {row.name} " in page for row in FORMATS)
    told = " ".join(page.split())
    assert "50 rows a second" in told and "pip install 'nudge-teleop[rerun]'" in told
    assert max(len(line) for line in page.splitlines() if line.startswith("  ")) <= 80


def test_ranges_of_episodes_are_read():
    assert numbers_of("3, 5-7") == {3, 5, 6, 7}
    assert numbers_of("") == frozenset()


def test_clips_are_chosen_by_name(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    told = export(capsys, "aloha", session, tmp_path / "out", "--clips", "episode_00004_2")
    assert told["added"] == NAMES[1:]
    with pytest.raises(ConversionError, match="no episode episode_00099"):
        export(capsys, "aloha", session, tmp_path / "other", "--clips", "episode_00099")


def test_a_program_is_told_how_far_it_is(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["aloha", str(session), str(tmp_path / "out"), "--json", "--progress=lines"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [each["episodes"] for each in told] == [0, 0, 1, 1, 2, 2]
    assert told[-1]["reading_back"]
