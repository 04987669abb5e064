"""A damaged file may crash the process that reads: the window goes on, and says which it was."""

import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.review import reading_child
from gui.review.library import Library
from gui.review.patience import Seen
from gui.review.reading_messages import Clips, ReadPicture
from gui.review.values import ClipTrack, Picture
from teleop.session_folder import SessionFolder
from tests.deadly_reading import DEADLY_TO_LIST, DEADLY_TO_OPEN, HANGS_ONCE, ONCE
from tests.sample_steps import CAMERAS
from tests.test_review_reading import ONE, record

PATIENCE_S = 20.0


def until(check: Callable[[], bool]) -> None:
    """Let Qt work until `check` holds; fail if it does not for long."""
    deadline = time.monotonic() + PATIENCE_S
    while not check():
        assert time.monotonic() < deadline
        QTest.qWait(5)


class Heard:
    """What a signal told."""

    def __init__(self, signal: SignalInstance) -> None:
        self.told: list[tuple[object, ...]] = []
        signal.connect(lambda *told: self.told.append(told))

    def wait(self, count: int = 1) -> tuple[object, ...]:
        until(lambda: len(self.told) >= count)
        return self.told[-1]


@pytest.fixture
def library(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Generator[Library]:
    monkeypatch.setattr(reading_child, "PROGRAM", "tests.deadly_reading")
    parent = QObject(qapp)
    made = Library(parent)
    made.start()
    yield made
    made.close()
    made.close()
    parent.deleteLater()


@pytest.mark.slow  # four starts of the process
def test_an_episode_that_crashes_hdf5_while_it_is_listed_is_listed_as_damaged(
    library: Library, tmp_path: Path
):
    for episode in (4, 5, 6):
        record(SessionFolder(tmp_path), episode)
    session = str(tmp_path)
    damaged, clips = Heard(library.clip_damaged), Heard(library.clips_came)
    library.want_clips(session)
    assert damaged.wait()[:2] == (session, DEADLY_TO_LIST)
    assert "SIGSEGV" in str(damaged.told[0][2])
    until(lambda: any(isinstance(told, Clips) and told.whole for (told,) in clips.told))
    whole = clips.told[-1][0]
    assert isinstance(whole, Clips)
    assert {row.name: bool(row.trouble) for row in whole.rows} == {
        ONE: False,
        DEADLY_TO_LIST: True,
        DEADLY_TO_OPEN: False,
    }


def test_an_episode_that_crashes_hdf5_kills_the_reader_and_not_the_window(
    library: Library, tmp_path: Path
):
    for episode in (4, 6):
        record(SessionFolder(tmp_path), episode)
    session = str(tmp_path)
    damaged, failed = Heard(library.clip_damaged), Heard(library.track_failed)
    library.want_track(session, DEADLY_TO_OPEN)
    assert failed.wait()[:2] == (session, DEADLY_TO_OPEN)
    assert damaged.told[-1][:2] == (session, DEADLY_TO_OPEN)
    assert len(damaged.told) == 1
    assert "tried twice" in str(damaged.told[0][2])
    assert "Open the session again" in str(damaged.told[0][2])
    tracks = Heard(library.track_came)
    library.want_track(session, ONE)
    track = tracks.wait()[0]
    assert isinstance(track, ClipTrack)
    assert track.row.name == ONE
    pictures, missing = Heard(library.picture_came), Heard(library.picture_failed)
    library.want_picture(ReadPicture(session, ONE, CAMERAS[0], 3))
    picture = pictures.wait()[0]
    assert isinstance(picture, Picture)
    assert picture.pixels.shape == (32, 32, 3)
    assert picture.stamp_ns == track.cameras[0].stamps_ns[3]
    library.want_picture(ReadPicture(session, ONE, CAMERAS[0], 3000))
    assert "no image 3000" in str(missing.wait()[1])


def test_a_clip_that_was_not_read_in_time_is_tried_again(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(ONCE, str(tmp_path / "once"))
    monkeypatch.setattr(reading_child, "LIMIT_S", 2.0)
    monkeypatch.setattr(reading_child, "LOOK_S", 0.1)
    record(SessionFolder(tmp_path), 7)
    damaged, tracks = Heard(library.clip_damaged), Heard(library.track_came)
    library.want_track(str(tmp_path), HANGS_ONCE)
    track = tracks.wait()[0]
    assert isinstance(track, ClipTrack)
    assert track.row.name == HANGS_ONCE
    assert (tmp_path / "once").exists()
    assert not damaged.told


def test_a_reader_without_a_processor_is_waited_for_and_its_clip_is_whole(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading_child, "LIMIT_S", 0.05)
    monkeypatch.setattr(reading_child, "LOOK_S", 0.02)
    monkeypatch.setattr(reading_child, "look_at", lambda process: Seen(runs=True, used_s=0.01))
    record(SessionFolder(tmp_path), 4)
    damaged, tracks = Heard(library.clip_damaged), Heard(library.track_came)
    began_s = time.monotonic()
    library.want_track(str(tmp_path), ONE)
    tracks.wait()
    assert time.monotonic() - began_s > 0.1  # twice what it would have had by the clock
    assert not damaged.told
