import resource
from collections.abc import Generator
from pathlib import Path

import h5py
import numpy as np
import pytest

from recorder.export.aloha import open_export
from recorder.export.export import ExportOptions
from recorder.export.new_file import new_file
from teleop.errors import ConversionError
from tests.drawn_episode import DrawnEpisode

LIMIT = 50_000


@pytest.fixture
def nearly_full_disk() -> Generator[None]:
    """No file may grow beyond `LIMIT` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_written_so_is_an_ordinary_one(tmp_path: Path):
    (tmp_path / "a.h5").write_bytes(b"left by somebody" * 10_000)
    values = np.arange(300_000)
    with new_file(tmp_path / "a.h5") as file:
        file.create_dataset("a", data=values, chunks=(1000,), compression="gzip")
    with h5py.File(tmp_path / "a.h5") as file:
        np.testing.assert_array_equal(file["a"], values)


@pytest.mark.usefixtures("nearly_full_disk")
def test_a_full_disk_is_told_once_and_the_file_is_let_go(tmp_path: Path):
    path = tmp_path / "a.h5"
    with pytest.raises(ConversionError, match="cannot be written: File too large") as refused:
        write_much(path)
    assert isinstance(refused.value.__cause__, OSError)
    assert not path.exists()
    held = [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    assert not [each for each in held if str(each).startswith(str(path))]


def write_much(path: Path) -> None:
    with new_file(path) as file:
        for number in range(5):
            file[str(number)] = np.ones(LIMIT)
            file.flush()


@pytest.mark.usefixtures("nearly_full_disk")
def test_an_export_onto_a_full_disk_counts_nothing_that_is_not_there(tmp_path: Path):
    export = open_export(tmp_path / "out", ExportOptions(fps=100))
    with pytest.raises(ConversionError, match="the same command continues"):
        export.add("s-0", DrawnEpisode())
    assert export.done() == frozenset()
    export.close()
