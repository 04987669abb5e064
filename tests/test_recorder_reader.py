from pathlib import Path

import h5py
import numpy as np
import pytest

from recorder.reader import EpisodeReader
from recorder.schema import COLUMNS
from teleop.errors import EpisodeError, EpisodeIncomplete, SchemaMismatch
from teleop.messages import FrameRef, Mode
from teleop.session_folder import SessionFolder
from tests.sample_files import written
from tests.sample_steps import (
    CAMERAS,
    picture,
)


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path)


def test_each_step_names_the_image_it_saw(folder: SessionFolder):
    with EpisodeReader(written(folder)) as reader:
        for camera in CAMERAS:
            rows = reader.image_rows(camera)
            images = reader.images(camera)
            assert len(images) == 14  # one every third of 40 steps
            assert rows.tolist() == [index // 3 for index in range(40)]
            drawn = picture(FrameRef(camera, 5, 0))
            assert np.abs(images[4].astype(int) - drawn).max() < 12
            np.testing.assert_array_equal(reader.images(camera, [4])[0], images[4])
            assert reader.image_index(camera)[:, 3].tolist() == list(range(1, 15))
        with pytest.raises(EpisodeError, match="no camera ceiling"):
            reader.images("ceiling")


def test_foreign_and_unfinished_files_are_refused_with_a_sentence(
    folder: SessionFolder, tmp_path: Path
):
    with pytest.raises(EpisodeError, match="There is no episode file"):
        EpisodeReader(tmp_path / "nowhere.h5")
    (tmp_path / "text.h5").write_text("hello")
    with pytest.raises(SchemaMismatch, match="not HDF5"):
        EpisodeReader(tmp_path / "text.h5")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file.attrs["format"] = "something"
    with pytest.raises(SchemaMismatch, match="no episode of this program"):
        EpisodeReader(tmp_path / "other.h5")

    path = written(folder)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(EpisodeIncomplete, match="cut off"):
        EpisodeReader(path)
    for change, error, sentence in (
        (lambda file: file.attrs.__setitem__("version", 99), SchemaMismatch, "update it"),
        (lambda file: file.attrs.__delitem__("cameras"), SchemaMismatch, "cameras"),
        (
            lambda file: file.attrs.__setitem__("state", "recording"),
            EpisodeIncomplete,
            "never finished",
        ),
        (lambda file: file["steps/wrench"].resize(3, axis=0), EpisodeIncomplete, "wrench has 3"),
        (lambda file: file.__delitem__("steps/q"), EpisodeIncomplete, "no dataset /steps/q"),
    ):
        path.write_bytes(whole)
        with h5py.File(path, "r+") as file:
            change(file)
        with pytest.raises(error, match=sentence):
            EpisodeReader(path)


def test_a_damaged_image_is_not_handed_out(folder: SessionFolder):
    path = written(folder)
    with h5py.File(path, "r+") as file:
        content = file["images/left/bytes"]
        assert isinstance(content, h5py.Dataset)
        content[100] = 255 - content[100]
    with EpisodeReader(path) as reader, pytest.raises(EpisodeIncomplete, match="image 0 of camera"):
        reader.images("left")


def test_every_column_says_its_unit_or_what_its_codes_mean(folder: SessionFolder):
    with EpisodeReader(written(folder)) as reader:
        assert reader.names("modes") == tuple(Mode)
        assert [c.name for c in COLUMNS if len(reader.column(c.name)) != len(reader)] == []
