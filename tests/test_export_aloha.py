import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from recorder.export.aloha import open_busybox, open_export
from recorder.export.aloha_layout import task_folder
from recorder.export.export import ExportOptions
from recorder.export.padded_jpegs import write_padded
from recorder.image_log import decode_jpeg
from teleop.errors import ConversionError
from tests.corrected_episode import HAND_BACK, CorrectedEpisode, GappedEpisode
from tests.drawn_episode import EPOCH_NS
from tests.sample_steps import CAMERAS

EVERY_ROW = ExportOptions(fps=100)


def opened(path: Path, mode: str = "r") -> Any:
    """The file as h5py gives it, which has no types."""
    return h5py.File(path, mode)


@pytest.fixture(scope="module")
def episode() -> CorrectedEpisode:
    return CorrectedEpisode()


@pytest.fixture(scope="module")
def file(episode: CorrectedEpisode, tmp_path_factory: pytest.TempPathFactory) -> Any:
    export = open_export(tmp_path_factory.mktemp("aloha") / "out", EVERY_ROW)
    export.add("s-episode_00004", episode)
    return opened(export.finish() / "episode_0.hdf5")


def test_joints_and_grippers_are_the_recorded_ones(file: Any, episode: CorrectedEpisode):
    qpos = file["observations/qpos"][()].reshape(30, 2, 7)
    np.testing.assert_array_equal(qpos[:, :, :6], episode.column("q"))
    np.testing.assert_array_equal(qpos[:, :, 6], episode.column("opening"))
    qvel = file["observations/qvel"][()].reshape(30, 2, 7)
    np.testing.assert_array_equal(qvel[:, :, :6], episode.column("dq"))
    expected = np.diff(episode.column("opening"), axis=0) / 0.01
    np.testing.assert_allclose(qvel[1:, :, 6], expected, rtol=1e-6)


def test_an_action_is_the_next_rows_joints_and_the_executed_opening(
    file: Any, episode: CorrectedEpisode
):
    action = file["action"][()].reshape(30, 2, 7)
    q = episode.column("q")
    np.testing.assert_array_equal(action[:-1, :, :6], q[1:])
    np.testing.assert_array_equal(action[-1, :, :6], q[-1])
    np.testing.assert_array_equal(action[:, :, 6], episode.column("executed_opening"))
    assert "nudge/executed_twist" in file["action"].attrs["means"]


def test_the_executed_twist_and_the_labels_lie_beside(file: Any, episode: CorrectedEpisode):
    beside = file["nudge"]
    for name in ("executed_twist", "proposed_twist", "operator_twist", "wrench", "stamp_ns"):
        np.testing.assert_array_equal(beside[name][()], episode.column(name))
    assert beside["action_modes"][15] == 1 and beside["intv_labels"][5] == -10


def test_images_pass_through_byte_for_byte(file: Any, episode: CorrectedEpisode):
    assert file.attrs["compress"]
    for at, camera in enumerate(CAMERAS):
        rows = file[f"observations/images/{camera}"][()]
        lengths = file["compress_len"][at]
        codes = episode.jpegs(camera, episode.image_rows(camera).tolist())
        for row, length, code in zip(rows, lengths, codes, strict=True):
            assert row[:length].tobytes() == code
            assert not row[length:].any()


def test_raw_images_are_arrays(tmp_path: Path, episode: CorrectedEpisode):
    export = open_export(tmp_path / "out", ExportOptions(fps=100, raw=True, cameras=("room",)))
    export.add("s-0", episode)
    with opened(export.finish() / "episode_0.hdf5") as file:
        assert not file.attrs["compress"] and "compress_len" not in file
        rows = episode.image_rows("room").tolist()
        np.testing.assert_array_equal(
            file["observations/images/room"], episode.images("room", rows)
        )


def test_images_of_another_size_are_coded_again(tmp_path: Path, episode: CorrectedEpisode):
    export = open_export(tmp_path / "out", ExportOptions(fps=50, size=16))
    export.add("s-0", episode)
    with opened(export.finish() / "episode_0.hdf5") as file:
        row, length = file["observations/images/left"][3], file["compress_len"][0, 3]
        assert decode_jpeg(row[:length].tobytes()).shape == (16, 16, 3)


def test_padding_takes_no_space(tmp_path: Path):
    codes = [np.random.default_rng(n).bytes(1000 + 20000 * (n == 3)) for n in range(4)]
    with opened(tmp_path / "a.h5", "w") as file:
        lengths = write_padded(file, "left", codes, 4, 21000)
        assert lengths.tolist() == [1000, 1000, 1000, 21000]
        assert file["left"].id.get_storage_size() < 25000
        assert [file["left"][n, : len(codes[n])].tobytes() for n in range(4)] == codes
        assert not file["left"][0, 1000:].any()


def test_a_gap_gives_two_files(tmp_path: Path):
    export = open_export(tmp_path / "out", EVERY_ROW)
    export.add("s-0", GappedEpisode())
    folder = export.finish()
    lengths: list[int] = []
    for number in (0, 1):
        with opened(folder / f"episode_{number}.hdf5") as file:
            lengths.append(len(file["action"]))
    assert lengths == [HAND_BACK, 30 - HAND_BACK]


def test_the_busybox_layout_has_folders_times_and_a_manifest(
    tmp_path: Path, episode: CorrectedEpisode
):
    export = open_busybox(tmp_path / "out", ExportOptions(fps=50))
    export.add("s-0", episode)
    folder = export.finish()
    told = json.loads((folder / "manifest.json").read_text())
    assert told["episode_0"]["task_folder"] == "PlugItIn"
    assert told["episode_0"]["task_instruction"] == "Plug it in."
    assert told["episode_0"]["timesteps"] == 15 and told["episode_0"]["success"]
    assert told["episode_0"]["recorded_fps"] == pytest.approx(50.0, abs=0.01)
    with opened(folder / "PlugItIn" / "episode_0.hdf5") as file:
        assert file["action"].dtype == np.float32 and not file.attrs["sim"]
        assert file["base_action"].shape == (15, 2)
        assert file["action_timestamp"][0] == pytest.approx(EPOCH_NS * 1e-9, abs=1e-6)
        assert file["observations/timestamp"].shape == (15,)


@pytest.mark.parametrize(
    ("instruction", "folder"),
    [
        ("Push the red button with the left gripper.", "PushButton"),
        ("Move the top slider to position 3.", "MoveSlider"),
        ("Move the box closer.", "MoveBox"),
        ("Turn the knob to position 2.", "TurnKnob"),
        ("Plug the connector into the socket.", "PlugTheConnectorInto"),
        ("", "Task"),
    ],
)
def test_tasks_have_the_names_of_the_busybox_recorder(instruction: str, folder: str):
    assert task_folder(instruction) == folder


def test_a_killed_export_goes_on_without_what_it_left_half_done(
    tmp_path: Path, episode: CorrectedEpisode
):
    killed = open_export(tmp_path / "out", EVERY_ROW)
    killed.add("s-0", episode)
    killed.close()
    for name in ("episode_1.hdf5", "episode_2.hdf5.part", "episode_7.hdf5"):
        (tmp_path / "out.part" / name).write_bytes(b"half")
    again = open_export(tmp_path / "out", EVERY_ROW)
    assert again.done() == {"s-0"}
    again.add("s-1", episode)
    folder = again.finish()
    assert sorted(path.name for path in folder.glob("episode*")) == [
        "episode_0.hdf5",
        "episode_1.hdf5",
    ]


def test_a_file_that_changed_after_it_was_written_is_found(
    tmp_path: Path, episode: CorrectedEpisode
):
    export = open_export(tmp_path / "out", EVERY_ROW)
    export.add("s-0", episode)
    with opened(tmp_path / "out.part" / "episode_0.hdf5", "r+") as file:
        file["action"][29] = 0.0
    with pytest.raises(ConversionError, match="not what was written of s-0"):
        export.finish()
    export.close()
    assert not (tmp_path / "out").exists()
