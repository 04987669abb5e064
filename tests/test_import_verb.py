import os
from pathlib import Path
from typing import Any

import h5py
import msgspec
import numpy as np
import pytest

from recorder.folder_lock import locked
from recorder.imports import native, work
from recorder.imports.preflight import preflight
from recorder.imports.verb import main
from recorder.labels import Label
from recorder.reader import EpisodeReader
from teleop.errors import ConversionError, EpisodeError, FolderBusy
from teleop.messages import Mode, Outcome, SessionMode
from teleop.session_folder import SessionFolder
from teleop.session_record import read_record
from tests.foreign_files import (
    OSC,
    ROWS,
    aloha_file,
    images,
    isaac_file,
    osc_actions,
    robosuite_file,
)


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk_or_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr(work, "preflight", lambda target, path: None)


def imported(*arguments: object) -> int:
    return main([str(each) for each in arguments])


def episodes(session: Path) -> list[str]:
    return sorted(path.name for path in (session / "episodes").iterdir())


def test_osc_actions_become_twists_by_their_controllers_scale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = robosuite_file(tmp_path / "lift.hdf5")
    session = tmp_path / "session"
    assert imported("robomimic", path, session, "--instruction", "Lift the cube.") == 0
    assert "0.33 m per metre asked (correlation 1.00)" in capsys.readouterr().out
    assert episodes(session) == ["episode_00000", "episode_00001"]
    with EpisodeReader(session / "episodes" / "episode_00000") as episode:
        wanted = osc_actions()[:, :6] * ([0.05] * 3 + [0.5] * 3) * 20
        np.testing.assert_allclose(episode.column("executed_twist")[:, 1], wanted, rtol=1e-6)
        assert episode.column("executed_opening")[[0, -1], 1].tolist() == [1.0, 0.0]
        assert (episode.labels() == [Label.HOLD, Label.DEMONSTRATION]).all()
        step = episode.step(3)
        assert step.modes == (Mode.HOLD, Mode.OPERATOR)
        assert step.session_mode is SessionMode.TELEOP
        assert step.observation.instruction == "Lift the cube."
        assert np.diff(episode.column("stamp_ns")).tolist() == [50_000_000] * (ROWS - 1)
        assert episode.header.demonstration
        assert "lift.hdf5/data/demo_0" in episode.header.source
        there = episode.images("agentview_image").astype(int)
        assert np.abs(there - images()).mean() < 4
    assert read_record(SessionFolder(session)).config.instruction == "Lift the cube."


@pytest.mark.slow  # it starts a process
def test_a_file_that_hdf5_crashes_over_costs_a_child_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = robosuite_file(tmp_path / "lift.hdf5", 1)
    preflight("recorder.imports.robomimic:open_dataset", path)
    (tmp_path / "crashing.py").write_text(
        "import os, signal\ndef open_dataset(path):\n    os.kill(os.getpid(), signal.SIGSEGV)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ConversionError, match=r"HDF5 crashed over it \(SIGSEGV\)"):
        preflight("crashing:open_dataset", path)


def test_what_has_no_place_in_a_step_is_kept_as_a_stream(tmp_path: Path):
    path = robosuite_file(tmp_path / "lift.hdf5", 1)
    imported("robomimic", path, tmp_path / "s")
    with EpisodeReader(tmp_path / "s/episodes/episode_00000") as episode:
        with h5py.File(path) as file:
            states = np.asarray(file["data/demo_0/states"])
        np.testing.assert_array_equal(episode.samples("states").data, states.astype(np.float32))
        assert np.array_equal(episode.samples("states").host_ns, episode.column("stamp_ns"))
        assert episode.column("proposal_valid").sum() == 0


@pytest.mark.slow  # it loads torch
def test_the_learner_takes_imports_as_demonstrations(tmp_path: Path):
    extract = pytest.importorskip("learner.extract").extract
    path = robosuite_file(tmp_path / "lift.hdf5", 1)
    mapping = tmp_path / "mapping.toml"
    imported("robomimic", path, tmp_path / "s", "--write-mapping", mapping)
    text = mapping.read_text().replace(
        '"agentview_image" = "agentview_image"', '"agentview_image" = "overhead"'
    )
    mapping.write_text(text)
    imported("robomimic", path, tmp_path / "s", "--mapping", mapping)
    samples = extract(tmp_path / "s/episodes/episode_00000", ("overhead",))
    assert len(samples) > 5
    weights = samples.weight_NHA
    assert weights[0, 0, 7:].all() and not weights[:, :, :7].any()  # the right arm alone
    wanted = osc_actions()[:2, 0].mean() * 0.05 * 20  # a chunk step lasts two rows
    assert samples.target_NHA[0, 0, 7] == pytest.approx(wanted, rel=1e-6)


def test_an_import_goes_on_where_it_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = robosuite_file(tmp_path / "lift.hdf5", 2)
    session, real = tmp_path / "s", native.EpisodeWriter.append
    count = 0

    def killed(self: Any, step: Any) -> bool:
        nonlocal count
        count += 1
        if count == ROWS + 5:
            raise KeyboardInterrupt
        return real(self, step)

    with monkeypatch.context() as patched:
        patched.setattr(native.EpisodeWriter, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            imported("robomimic", path, session)
    assert episodes(session) == ["episode_00000"]
    assert imported("robomimic", path, session) == 0
    assert imported("robomimic", path, session) == 0
    assert len(episodes(session)) == 2


@pytest.mark.slow
def test_another_mapping_of_the_same_episode_is_asked_for_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path, session = robosuite_file(tmp_path / "lift.hdf5", 1), tmp_path / "s"
    imported("robomimic", path, session)
    assert imported("robomimic", path, session, "--fps", 10) == 1
    assert "by another mapping, as episode_00000" in capsys.readouterr().out.replace("\n", " ")
    assert imported("robomimic", path, session, "--fps", 10, "--again") == 0
    assert len(episodes(session)) == 2


def test_a_damaged_demo_is_refused_and_the_others_are_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = robosuite_file(tmp_path / "lift.hdf5", 4)
    with h5py.File(path, "r+") as file:
        del file["data/demo_1/actions"]
        actions = file["data/demo_2/actions"]
        assert isinstance(actions, h5py.Dataset)
        actions[7, 3] = np.inf
    assert imported("robomimic", path, tmp_path / "s", "--json") == 1
    result = msgspec.json.decode(capsys.readouterr().out)
    assert [each["source"] for each in result["added"]] == [
        "lift.hdf5/data/demo_0",
        "lift.hdf5/data/demo_3",
    ]
    assert "demo_1 has no dataset 'actions'" in result["refused"][0]
    assert "'actions' has no number in row 7, column 3" in result["refused"][1]


def test_nothing_is_written_while_a_question_is_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path, session = isaac_file(tmp_path / "isaac.hdf5"), tmp_path / "s"
    assert imported("isaaclab", path, session) == 2
    told = capsys.readouterr()
    assert "# ?? fps" in told.out and "# ?? right.rotation.order" in told.out
    assert "2 question(s) are open" in told.err
    assert not session.exists()
    mapping = tmp_path / "mapping.toml"
    assert imported("isaaclab", path, session, "--write-mapping", mapping) == 0
    with pytest.raises(ConversionError, match="there already"):
        imported("isaaclab", path, session, "--write-mapping", mapping)
    text = mapping.read_text().replace("# order = ", 'order = "quaternion_wxyz"')
    mapping.write_text(text.replace("fps = 0.0", "fps = 20.0"))
    assert imported("isaaclab", path, session, "--mapping", mapping, "--dry-run") == 0
    assert not session.exists()
    assert imported("isaaclab", path, session, "--mapping", mapping) == 0
    with EpisodeReader(session / "episodes/episode_00000") as episode:
        assert episode.header.outcome is Outcome.SUCCESS
        assert episode.column("quaternion")[0, 1].tolist() == [0, 1, 0, 0]
        first = osc_actions()[0, 0] * 0.5 * 20
        assert episode.column("executed_twist")[0, 1, 0] == pytest.approx(first, rel=1e-6)
        assert "states.articulation.robot.joint_position" in [each.name for each in episode.streams]


@pytest.mark.slow
def test_other_controllers_of_robosuite_are_understood_or_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    session = tmp_path / "s"
    right = {**OSC, "input_type": "delta", "output_max": 0.1}
    del right["control_delta"]
    newer = {"type": "BASIC", "body_parts": {"right": right}}
    for place, (controller, code) in enumerate(
        [(newer, 0), ({"type": "JOINT_POSITION"}, 0), ({"type": "IK_POSE"}, 2)]
    ):
        path = robosuite_file(tmp_path / f"{place}.hdf5", 1, controller)
        assert imported("robomimic", path, session) == code
    assert "right.action.kind" in capsys.readouterr().out
    with EpisodeReader(session / "episodes/episode_00000") as episode:
        first = osc_actions()[0, 3] * 0.1 * 20
        assert episode.column("executed_twist")[0, 1, 3] == pytest.approx(first, rel=1e-6)
    with EpisodeReader(session / "episodes/episode_00001") as episode:  # the tool's own motion
        moved = osc_actions()[0, 0] * 0.05 / 3 * 20
        assert episode.column("executed_twist")[0, 1, 0] == pytest.approx(moved, rel=1e-6)


@pytest.mark.slow
def test_a_single_arm_may_be_the_left_one(tmp_path: Path):
    path = robosuite_file(tmp_path / "lift.hdf5", 1)
    imported("robomimic", path, tmp_path / "s", "--arm", "left")
    with EpisodeReader(tmp_path / "s/episodes/episode_00000") as episode:
        assert (episode.labels() == [Label.DEMONSTRATION, Label.HOLD]).all()


def test_joints_alone_are_imported_only_on_demand_and_never_learned(tmp_path: Path):
    aloha_file(tmp_path / "data/episode_0.hdf5")
    aloha_file(tmp_path / "data/episode_10.hdf5", jpeg=True)
    session = tmp_path / "s"
    assert imported("aloha", tmp_path / "data", session) == 2
    assert imported("aloha", tmp_path / "data", session, "--without-actions") == 0
    with EpisodeReader(session / "episodes/episode_00001") as episode:
        assert (episode.labels() == Label.HOLD).all()
        with h5py.File(tmp_path / "data/episode_10.hdf5") as file:
            qpos = np.asarray(file["observations/qpos"])
            action = np.asarray(file["action"])
        np.testing.assert_array_equal(episode.column("q")[:, 1], qpos[:, 7:13])
        np.testing.assert_array_equal(episode.column("opening")[:, 0], qpos[:, 6])
        np.testing.assert_array_equal(episode.column("executed_opening")[:, 1], action[:, 13])
        np.testing.assert_array_equal(episode.samples("action").data, action.astype(np.float32))
        assert np.diff(episode.column("stamp_ns"))[0] == 20_000_000


def test_busybox_gives_instruction_rate_stamps_and_states(tmp_path: Path):
    aloha_file(tmp_path / "data/PushButton/episode_3.hdf5", jpeg=True, stamps=True)
    note = {"task_instruction": "Push the red button", "recorded_fps": 49.7, "success": False}
    manifest = msgspec.json.encode({"version": 1.0, "collector's notes": " ", "episode_3": note})
    (tmp_path / "data/manifest.json").write_bytes(manifest)
    assert imported("busybox", tmp_path / "data", tmp_path / "s", "--without-actions") == 0
    with EpisodeReader(tmp_path / "s/episodes/episode_00000") as episode:
        assert episode.header.instruction == "Push the red button"
        assert episode.header.outcome is Outcome.FAIL
        assert [each.text for each in episode.events()] == ["{}", '{"button": 1}']
        stamps = episode.samples("action_timestamp")
        assert stamps.info.unit == "after 1700000000.0"
        assert stamps.data[:, 0] == pytest.approx(np.arange(ROWS) / 50, abs=1e-6)


def test_a_camera_with_fewer_images_than_rows_is_left_out_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = robosuite_file(tmp_path / "lift.hdf5", 1)
    with h5py.File(path, "r+") as file:
        del file["data/demo_0/obs/agentview_image"]
        file["data/demo_0/obs/agentview_image"] = images(ROWS - 1)
    assert imported("robomimic", path, tmp_path / "s") == 0
    assert "has 23 rows, and the episode 24" in capsys.readouterr().out.replace("\n", " ")


def test_a_folder_of_something_else_is_no_session(tmp_path: Path):
    path = robosuite_file(tmp_path / "lift.hdf5", 1)
    with pytest.raises(ConversionError, match="is there and no session"):
        imported("robomimic", path, tmp_path)
    with pytest.raises(ConversionError, match="'zarr' is no format"):
        imported("zarr", path, tmp_path / "s")


def test_a_session_that_is_recorded_into_is_busy(tmp_path: Path):
    path = robosuite_file(tmp_path / "lift.hdf5", 1)
    with locked(SessionFolder(tmp_path / "s")), pytest.raises(FolderBusy):
        imported("robomimic", path, tmp_path / "s")


def test_a_disk_that_fails_leaves_no_half_episode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = robosuite_file(tmp_path / "lift.hdf5", 1)

    def fails(*arguments: object) -> bool:
        raise EpisodeError("the disk is gone")

    monkeypatch.setattr(native.EpisodeWriter, "append", fails)
    with pytest.raises(EpisodeError, match="gone"):
        imported("robomimic", path, tmp_path / "s")
    assert episodes(tmp_path / "s") == []
    assert not (tmp_path / "s/importing").exists()
