"""`nudge policy`: the versions of a session, shown, served, taken back and taken elsewhere."""

import json
import shutil
from pathlib import Path

import pytest

from learner.pack import save_demonstrations
from learner.policies.exporting import export
from learner.policies.naming import named
from learner.policies.reading import read_versions, version_before
from learner.policies.showing import ancestors
from learner.replay import Demonstrations
from learner.seed import DEMONSTRATIONS, checkpoint_folder, demonstrations_file, seed_store
from learner.store import PolicyStore, load_checkpoint
from teleop import cli
from teleop.config import SessionConfig
from teleop.errors import ConfigError, PolicyNotFound, SessionError
from teleop.serving import moves, serving_version
from teleop.session_folder import SessionFolder
from teleop.session_record import SessionRecord, write_record
from tests.learner_data import manifest, samples, small_net

REFUSAL = "it forgot: error 0.9 on held-out demonstrations, 0.1 allowed"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Versions 0, 1, 2 (refused) and 3, of which 3 is served after 0 and 1."""
    folder = SessionFolder(tmp_path_factory.mktemp("recorded"))
    store = PolicyStore(folder.policies)
    write_record(folder, SessionRecord(SessionConfig(), "2026-03-01T09:00:00"))
    store.publish(small_net(), manifest(0))
    first = manifest(1, parent=0, method="finetune", speed="head", corrections=("e1",))
    store.publish(small_net(1), first)
    refused = manifest(2, parent=1, method="finetune", accepted=False, reason=REFUSAL)
    store.publish(small_net(2), refused)
    full = manifest(3, parent=0, method="finetune", speed="full", corrections=("e2",))
    store.publish(small_net(3), full)
    for version in (0, 1, 3):
        store.promote(version)
    return folder.path


@pytest.fixture
def session(recorded: Path, tmp_path: Path) -> SessionFolder:
    """A copy of the recorded session."""
    path = tmp_path / "sessions" / "morning"
    shutil.copytree(recorded, path)
    return SessionFolder(path)


def nudge(*arguments: str) -> int:
    return cli.main(["policy", *arguments])


def test_the_list_marks_what_is_served_and_says_why_a_version_was_refused(session, capsys):
    assert nudge("list", str(session.path)) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "3 served full finetune" in shown and f"Version 2 was refused: {REFUSAL}" in shown


def test_the_list_is_one_json_object(session, capsys):
    assert nudge("list", str(session.path), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["serving"] == 3
    assert [each["report"]["version"] for each in found["versions"] if each["served"]] == [3]


def test_a_manifest_that_cannot_be_read_leaves_the_others_in_the_list(session, capsys):
    (session.policies / "v0001" / "manifest.json").write_text("{")
    assert nudge("list", str(session.path)) == 1
    captured = capsys.readouterr()
    assert "version 3 is served" in captured.out and "v0001" in captured.err


def test_the_lineage_says_which_corrections_made_which_version(session, capsys):
    versions = read_versions(session.policies)
    assert [(a.version, a.learned) for a in ancestors(versions, 3)] == [(3, ("e2",)), (0, ())]
    assert nudge("show", f"{session.path}:1") == 0
    shown = capsys.readouterr().out
    assert "v1" in shown and "e1" in shown and "not served" in shown


def test_a_rollback_goes_to_what_was_served_before_and_twice_two_back(session):
    for expected in (1, 0):
        assert nudge("rollback", str(session.path)) == 0
        assert serving_version(session.policies) == expected
    assert [move.by for move in moves(session.policies)][-2:] == ["operator", "operator"]
    assert nudge("rollback", str(session.path)) == 1


def test_without_a_log_of_moves_a_rollback_goes_to_the_newest_accepted_version_before(session):
    (session.policies / "moves.jsonl").unlink()
    assert version_before(read_versions(session.policies)) == 1


def test_a_rollback_with_a_number_goes_there(session):
    assert nudge("rollback", f"{session.path}:0") == 0
    assert serving_version(session.policies) == 0


def test_a_refused_version_is_served_only_by_force(session, capsys):
    assert nudge("promote", f"{session.path}:2") == 1
    assert REFUSAL in capsys.readouterr().err and serving_version(session.policies) == 3
    assert nudge("promote", f"{session.path}:2", "--force") == 0
    assert serving_version(session.policies) == 2


def test_a_version_that_cannot_be_loaded_is_never_promoted(session, capsys):
    (session.policies / "v0001" / "weights.safetensors").write_bytes(b"\x80\x04pickle")
    assert nudge("promote", f"{session.path}:1", "--force") == 1
    assert "not a whole safetensors file" in capsys.readouterr().err
    assert serving_version(session.policies) == 3


def test_the_newest_session_is_meant_where_none_is_named(session, monkeypatch):
    monkeypatch.chdir(session.path.parent.parent)
    assert named("").session.path.name == "morning"
    assert (named("1").version, named(":v0001").version) == (1, 1)
    assert nudge("promote", "0") == 0
    assert serving_version(session.policies) == 0


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("nowhere", SessionError, "no session folder"),
        ("nowhere:3", SessionError, "no session folder"),
        ("", SessionError, "no session with policies"),
        (".", PolicyNotFound, "has no policies"),
    ],
)
def test_what_is_no_session_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: type, words: str
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=words):
        named(name)


def test_an_exported_version_starts_another_session(session, tmp_path: Path):
    demonstrations = Demonstrations(samples(4), samples(3))
    save_demonstrations(session.policies / "v0003" / DEMONSTRATIONS, demonstrations)
    out = tmp_path / "taken" / "away"
    done = export(named(str(session.path)).folder, out, demonstrations=True)
    assert done.version == 3 and DEMONSTRATIONS in done.files
    store = PolicyStore(tmp_path / "evening" / "policies")
    seed_store(store, str(out))
    first = store.load(0)[1]
    assert (first.method, first.speed, first.corrections) == ("finetune", "import", ())
    assert store.serving() == 0 and load_checkpoint(out)[1].corrections == ("e2",)
    assert demonstrations_file(str(out)) == out / DEMONSTRATIONS
    with pytest.raises(ConfigError, match="exists already"):
        export(out, out, demonstrations=False)


def test_a_policy_may_be_named_by_its_session_and_version(session):
    assert checkpoint_folder(str(session.path)).name == "v0003"
    assert checkpoint_folder(f"{session.path}:1").name == "v0001"
    with pytest.raises(PolicyNotFound, match="no version 7"):
        checkpoint_folder(f"{session.path}:7")


def test_a_version_is_learned_with_the_demonstrations_its_session_began_with(
    session, tmp_path: Path
):
    export(session.policies / "v0000", tmp_path / "own", demonstrations=False)
    save_demonstrations(tmp_path / "own" / DEMONSTRATIONS, Demonstrations(samples(4), samples(3)))
    config = SessionConfig(policy=str(tmp_path / "own"))
    write_record(session, SessionRecord(config, "2026-03-01T09:00:00"))
    assert demonstrations_file(str(session.path)) == tmp_path / "own" / DEMONSTRATIONS
