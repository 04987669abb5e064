import importlib
import resource
from collections.abc import Generator
from pathlib import Path

import pytest

from recorder.export.export import ExportOptions
from recorder.export.piped import piped_to
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


def test_all_that_goes_into_the_pipe_is_in_the_file(tmp_path: Path):
    content = bytes(range(256)) * 10_000
    with piped_to(tmp_path / "a") as pipe, pipe.open("wb") as file:
        file.write(content)
    assert (tmp_path / "a").read_bytes() == content


@pytest.mark.usefixtures("nearly_full_disk")
def test_a_refused_write_is_told_at_the_end_and_blocks_nobody(tmp_path: Path):
    with pytest.raises(OSError, match="File too large"):
        fill(tmp_path / "a")


def fill(path: Path) -> None:
    with piped_to(path) as pipe, pipe.open("wb") as file:
        file.write(bytes(40 * LIMIT))


@pytest.mark.slow  # rerun takes a second to load
@pytest.mark.usefixtures("nearly_full_disk")
def test_rerun_does_not_wait_for_ever_on_a_full_disk(tmp_path: Path):
    pytest.importorskip("rerun", reason="rerun is not installed")
    open_export = importlib.import_module("recorder.export.rerun").open_export
    export = open_export(tmp_path / "out", ExportOptions())
    with pytest.raises(ConversionError, match=r"Cannot write .*File too large"):
        export.add("episode_00004", DrawnEpisode())
    assert not list((tmp_path / "out").iterdir())
