import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from recorder.episode_data import EpisodeData
from recorder.export.export import ExportOptions
from recorder.export.journal import Entry
from recorder.export.robomimic import check, open_export
from teleop.errors import ConversionError
from tests.corrected_episode import HAND_BACK, TAKEOVER, CorrectedEpisode, GappedEpisode
from tests.drawn_episode import DrawnEpisode
from tests.sample_steps import CAMERAS

EVERY_ROW = ExportOptions(fps=100, linear_speed=10.0, angular_speed=10.0)


def opened(path: Path, mode: str = "r") -> Any:
    """The file as h5py gives it, which has no types."""
    return h5py.File(path, mode)


def exported(folder: Path, *episodes: EpisodeData, options: ExportOptions = EVERY_ROW) -> Any:
    export = open_export(folder / "out.hdf5", options)
    for number, episode in enumerate(episodes):
        export.add(f"s-episode_{number:05d}", episode)
    return opened(export.finish())


@pytest.fixture(scope="module")
def episode() -> CorrectedEpisode:
    return CorrectedEpisode()


@pytest.fixture(scope="module")
def file(episode: CorrectedEpisode, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return exported(tmp_path_factory.mktemp("robomimic"), episode, DrawnEpisode(6))


def test_actions_scaled_back_are_the_executed_ones(file: Any, episode: CorrectedEpisode):
    actions = file["data/demo_0/actions"][()]
    assert np.abs(actions).max() <= 1.0
    data = file["data"].attrs
    back = (actions * data["action_scale"] + data["action_offset"]).reshape(30, 2, 7)
    np.testing.assert_allclose(back[:, :, :6], episode.column("executed_twist"), rtol=1e-12)
    np.testing.assert_allclose(back[:, :, 6], episode.column("executed_opening"), rtol=1e-12)
    kwargs = json.loads(data["env_args"])["env_kwargs"]
    assert kwargs["action_scale"] == data["action_scale"].tolist()


def test_what_exceeds_the_scale_is_cut_counted_and_kept_beside(tmp_path: Path):
    episode = CorrectedEpisode()
    with exported(tmp_path, episode, options=ExportOptions(fps=100, linear_speed=0.1)) as file:
        demo = file["data/demo_0"]
        assert np.abs(demo["actions"]).max() == 1.0
        assert demo.attrs["nudge_cut_actions"] == 30
        np.testing.assert_array_equal(
            demo["nudge_executed_twist"], episode.column("executed_twist")
        )


@pytest.mark.parametrize(
    ("key", "column"),
    [("eef_pos", "position"), ("joint_pos", "q"), ("wrench", "wrench"), ("tactile", "tactile")],
)
def test_observations_are_the_recorded_numbers(
    file: Any, episode: CorrectedEpisode, key: str, column: str
):
    for arm in (0, 1):
        found = file[f"data/demo_0/obs/robot{arm}_{key}"][()]
        np.testing.assert_array_equal(found, episode.column(column)[:, arm].reshape(30, -1))


def test_quaternions_have_w_last(file: Any, episode: CorrectedEpisode):
    found = file["data/demo_0/obs/robot1_eef_quat"][()]
    np.testing.assert_array_equal(found[:, [3, 0, 1, 2]], episode.column("quaternion")[:, 1])


def test_images_are_those_of_the_recording(file: Any, episode: CorrectedEpisode):
    for camera in CAMERAS:
        found = file[f"data/demo_0/obs/{camera}_image"][()]
        rows = episode.image_rows(camera)
        np.testing.assert_array_equal(found, episode.images(camera, rows.tolist()))


def test_images_are_scaled_to_the_size_that_was_asked_for(tmp_path: Path):
    options = ExportOptions(fps=100, size=12, cameras=("room",))
    with exported(tmp_path, DrawnEpisode(6), options=options) as file:
        obs = file["data/demo_0/obs"]
        assert obs["room_image"].shape == (6, 12, 12, 3)
        assert "left_image" not in obs


def test_a_correction_has_the_labels_of_sirius(file: Any):
    demo = file["data/demo_0"]
    modes, marks = demo["action_modes"][()], demo["intv_labels"][()]
    assert np.flatnonzero(modes == 1).tolist() == list(range(TAKEOVER, HAND_BACK))
    assert (marks[:TAKEOVER] == -10).all()
    assert (marks[HAND_BACK:] == 0).all()
    assert (demo["nudge_arm_action_modes"][:, 0] == 0).all()


def test_masks_name_the_demos_of_each_kind(file: Any):
    masks = {name: [each.decode() for each in names] for name, names in file["mask"].items()}
    assert masks == {
        "train": ["demo_0"],
        "valid": ["demo_1"],
        "corrections": ["demo_0"],
        "rollouts": ["demo_1"],
        "success": ["demo_0", "demo_1"],
    }


def test_the_last_row_of_a_success_is_rewarded(file: Any):
    demo = file["data/demo_1"]
    assert demo["rewards"][()].tolist() == [0, 0, 0, 0, 0, 1]
    assert demo["dones"][()].tolist() == [0, 0, 0, 0, 0, 1]
    assert file["data"].attrs["total"] == 36


def test_the_next_observation_is_that_of_the_next_row(file: Any):
    for key in ("robot0_joint_pos", "left_image", "robot1_wrench_history"):
        obs, following = (file[f"data/demo_0/{group}/{key}"][()] for group in ("obs", "next_obs"))
        np.testing.assert_array_equal(following[:-1], obs[1:])
        np.testing.assert_array_equal(following[-1], obs[-1])


def test_an_episode_of_one_row_is_exported(tmp_path: Path):
    with exported(tmp_path, DrawnEpisode(1)) as file:
        assert file["data/demo_0/next_obs/robot0_joint_pos"].shape == (1, 6)


def test_a_gap_gives_two_demos_and_only_the_end_is_rewarded(tmp_path: Path):
    with exported(tmp_path, GappedEpisode()) as file:
        first, second = file["data/demo_0"], file["data/demo_1"]
        assert len(first["actions"]) == HAND_BACK and len(second["actions"]) == 30 - HAND_BACK
        assert first["rewards"][()].sum() == 0 and second["rewards"][()].sum() == 1


def test_a_killed_export_goes_on_and_ends_as_an_undisturbed_one(tmp_path: Path):
    path = tmp_path / "a.hdf5"
    killed = open_export(path, EVERY_ROW)
    killed.add("s-0", DrawnEpisode(7))
    killed.close()
    (tmp_path / "a.hdf5.part" / "demo_00001.hdf5.part").write_bytes(b"half")
    (tmp_path / "a.hdf5.part" / "demo_00001.hdf5").write_bytes(b"uncounted")
    again = open_export(path, EVERY_ROW)
    assert again.done() == {"s-0"}
    again.add("s-1", DrawnEpisode(6))
    again.finish()
    whole = open_export(tmp_path / "b.hdf5", EVERY_ROW)
    whole.add("s-0", DrawnEpisode(7))
    whole.add("s-1", DrawnEpisode(6))
    whole.finish()
    with opened(path) as left, opened(tmp_path / "b.hdf5") as right:
        names: list[str] = []
        left.visit(names.append)
        others: list[str] = []
        right.visit(others.append)
        assert names == others
        for name in names:
            if isinstance(left[name], h5py.Dataset):
                np.testing.assert_array_equal(left[name][()], right[name][()])


def test_a_file_with_other_numbers_than_were_written_is_refused(file: Any):
    actions = file["data/demo_0/actions"][()]
    ends = tuple(actions[0].tolist()), tuple(actions[-1].tolist())
    short = file["data/demo_1/actions"][()]
    other = Entry("b", (6,), tuple(short[0].tolist()), tuple(short[-1].tolist()))
    check(file, [Entry("a", (30,), *ends), other])
    with pytest.raises(ConversionError, match="30\\] rows instead of 29"):
        check(file, [Entry("a", (29,), *ends), other])
    with pytest.raises(ConversionError, match="not what was written of a"):
        check(file, [Entry("a", (30,), ends[1], ends[0]), other])
    with pytest.raises(ConversionError, match="2 demos instead of 1"):
        check(file, [Entry("a", (30,), *ends)])
