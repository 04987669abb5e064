"""Demonstrations in files: counted, of today, taken back; and what the page remembers."""

import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui.demonstrate.memory import (
    Remembered,
    recall,
    remember,
    with_countdown,
    with_operator,
    with_target,
)
from gui.demonstrate.records import RecordsReader, begin_of_today, read_recorded, take_back
from recorder.writer import EpisodeWriter
from teleop.errors import EpisodeError, SetupError
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from tests.held_here import read_here
from tests.sample_files import feed
from tests.sample_steps import opening, plain_step


def yes() -> bool:
    return True


def record(path: Path, episode: int, operator: str, demonstration: bool = True) -> EpisodeWriter:
    """An episode of 30 ms that goes on."""
    opened = replace(opening(episode, demonstration), operator=operator)
    writer = EpisodeWriter(SessionFolder(path), opened)
    feed(writer, [replace(plain_step(index), episode=episode) for index in range(3)])
    return writer


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sessions beside each other; `a` has a rollout too."""
    tmp_path = tmp_path_factory.mktemp("sessions")
    record(tmp_path / "a", 0, "Ana").close(Outcome.SUCCESS, "operator", 2_000_000_000)
    record(tmp_path / "a", 1, "Ana", demonstration=False).close(Outcome.FAIL, "time out", 99)
    record(tmp_path / "b", 0, "Bo").close(Outcome.FAIL, "operator", 3_000_000_000)
    return tmp_path


@pytest.fixture
def sessions(drawn: Path, tmp_path: Path) -> Path:
    """A copy of them, to be edited."""
    return Path(shutil.copytree(drawn, tmp_path / "sessions"))


def test_demonstrations_are_read_here_and_of_today_elsewhere(sessions: Path):
    found = read_recorded(SessionFolder(sessions / "a"), begin_of_today(), read_here, yes)
    [mine] = found.session
    assert (mine.episode, mine.operator, mine.outcome) == (0, "Ana", Outcome.SUCCESS)
    assert mine.duration_s == pytest.approx(1.0)
    assert found.today == found.session
    assert [each.operator for each in found.elsewhere] == ["Bo"]
    tomorrow_ns = time.time_ns() + 10**15
    later = read_recorded(SessionFolder(sessions / "a"), tomorrow_ns, read_here, yes)
    assert (len(later.session), later.today, later.elsewhere) == (1, (), ())


def test_the_last_one_is_taken_back_while_the_window_looks_on(sessions: Path, qtbot: QtBot):
    folder = SessionFolder(sessions / "a")
    owner = QObject()
    reader = RecordsReader(folder, read_here, owner)
    with qtbot.waitSignal(reader.found, timeout=3000):
        reader.start()
    with qtbot.waitSignal(reader.found, timeout=3000) as news:
        reader.take_back(0)
    assert news.args is not None
    assert [each.outcome for each in news.args[0].session] == [Outcome.DISCARDED]
    with qtbot.waitSignal(reader.failed, timeout=3000):
        reader.take_back(17)
    reader.close()


def test_a_demonstration_that_is_still_written_is_not_taken_back(sessions: Path):
    writer = record(sessions / "a", 2, "Ana")
    with pytest.raises(EpisodeError, match=r"episode_00002|still being written"):
        take_back(SessionFolder(sessions / "a"), 2, read_here, yes)
    writer.close(Outcome.SUCCESS, "operator", 99)
    take_back(SessionFolder(sessions / "a"), 2, read_here, yes)
    take_back(SessionFolder(sessions / "a"), 2, read_here, yes)  # once more changes nothing


def test_names_targets_and_the_countdown_are_remembered(tmp_path: Path):
    path = tmp_path / "new" / "demonstrate.json"
    kept = with_operator(with_operator(Remembered(), "Bo"), "Ana")
    kept = with_countdown(with_target(kept, "Plug it in.", 25), 5)
    remember(path, kept)
    found = recall(path)
    assert found == kept
    assert (found.operator, found.operators) == ("Ana", ("Ana", "Bo"))
    assert (found.target_of("Plug it in."), found.target_of("Pull it out.")) == (25, 25)
    assert with_operator(found, "").operators == ("Ana", "Bo")


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"countdown_s": "three"}', '{"operators": [1]}', "\xff"],
)
def test_a_file_that_cannot_be_read_is_as_if_it_were_not_there(tmp_path: Path, text: str):
    path = tmp_path / "demonstrate.json"
    path.write_text(text, encoding="latin-1")
    assert recall(path) == Remembered()


def test_numbers_out_of_range_come_back_into_it(tmp_path: Path):
    path = tmp_path / "demonstrate.json"
    path.write_text('{"countdown_s": 99, "target": -4, "operator": "a\\nb"}')
    found = recall(path)
    assert (found.countdown_s, found.target, found.operator) == (10, 0, "")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="could not be kept"):
        remember(tmp_path / "file" / "demonstrate.json", Remembered())
