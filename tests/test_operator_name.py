"""The operator's name, from the order to files, lists and exports."""

import shutil
from dataclasses import replace
from pathlib import Path

import h5py
import pytest

from recorder.catalog import entry_of
from recorder.export.beside import write_story
from recorder.header import read_header
from recorder.listing import ListOptions, episodes_of, table
from recorder.reader import EpisodeReader
from recorder.showing import ShowOptions, page, show
from recorder.writer import EpisodeWriter
from teleop.config import LONGEST_NAME, SessionConfig
from teleop.errors import ConfigError
from teleop.messages import Outcome
from teleop.order_messages import OrderKind
from teleop.session_folder import SessionFolder
from tests.control_parts import Bench
from tests.sample_files import feed
from tests.sample_steps import opening, plain_step


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> SessionFolder:
    """A session with two episodes, the second of somebody who is named."""
    folder = SessionFolder(tmp_path_factory.mktemp("named"))
    for episode, operator in enumerate(("", "Ana Ruiz")):
        writer = EpisodeWriter(folder, replace(opening(episode), operator=operator))
        feed(writer, [replace(plain_step(index), episode=episode) for index in range(5)])
        writer.close(Outcome.SUCCESS, "operator", 99)
    return folder


def test_the_name_counts_from_the_next_episode_on():
    bench = Bench(SessionConfig(operator=" Ana "))
    bench.order(OrderKind.START)
    bench.tick()
    bench.order(OrderKind.OPERATOR, "Bo")
    assert bench.loop.status(0).operator == "Bo"
    bench.tick()
    bench.order(OrderKind.SUCCESS)
    bench.tick()
    bench.order(OrderKind.OPERATOR, "")
    bench.order(OrderKind.SUCCESS)
    bench.tick()
    assert [opened.operator for opened in bench.told.openings] == ["Ana", "Bo", ""]


@pytest.mark.parametrize("name", ["x" * (LONGEST_NAME + 1), "Ana\nBo", "\x1b[31m"])
def test_a_name_that_would_spoil_a_list_is_refused(name: str):
    assert "name" in Bench().refusal(OrderKind.OPERATOR, name)
    with pytest.raises(ConfigError, match="operator"):
        SessionConfig(operator=name)


def test_the_name_is_in_the_file_and_a_file_without_one_reads_as_nobodys(
    folder: SessionFolder, tmp_path: Path
):
    path = folder.episodes / "episode_00001"
    with EpisodeReader(path) as episode:
        assert episode.header.operator == "Ana Ruiz"
    assert entry_of(path).header.operator == "Ana Ruiz"
    earlier = shutil.copy(path / "episode.h5", tmp_path)
    with h5py.File(earlier, "r+") as file:  # as an earlier program wrote it
        del file.attrs["operator"]
        assert read_header(file).operator == ""


def test_lists_show_the_name_where_anybody_is_named(folder: SessionFolder):
    found = episodes_of(ListOptions((folder.path,)))
    assert [each.operator for each in found.episodes] == ["", "Ana Ruiz"]
    lines = table(found.episodes, coloured=False).splitlines()
    assert "Operator" in lines[0]
    assert lines[2].endswith("Ana Ruiz")
    assert "Operator" not in table(found.episodes[:1], coloured=False)
    hers = episodes_of(ListOptions((folder.path,), operator="Ana Ruiz"))
    assert [each.name for each in hers.episodes] == ["episode_00001"]


def test_the_page_of_an_episode_names_the_operator(
    folder: SessionFolder, capsys: pytest.CaptureFixture[str]
):
    from rich.console import Console

    for episode, named in (("0", False), ("1", True)):
        shown = show(ShowOptions(folder.path, episode))
        Console().print(page(shown, all_events=False))
        assert ("Operator: Ana Ruiz." in capsys.readouterr().out) is named


def test_robomimic_and_aloha_exports_carry_the_name(folder: SessionFolder, tmp_path: Path):
    with (
        EpisodeReader(folder.episodes / "episode_00001") as episode,
        h5py.File(tmp_path / "out.h5", "w") as file,
    ):
        write_story(file, "episode_00001", episode)
        assert file.attrs["nudge_operator"] == "Ana Ruiz"
