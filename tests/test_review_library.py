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
from gui.review.reading_messages import Clips, ReadPicture
from gui.review.values import ClipTrack, Picture
from teleop.session_folder import SessionFolder
from tests.deadly_reading import DEADLY_TO_LIST, DEADLY_TO_OPEN
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


@pytest.mark.slow  # three starts of the process
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
