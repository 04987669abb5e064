import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from recorder.reader import EpisodeReader
from teleop.bus import (
    EPISODE_ENDED,
    EPISODE_OPENED,
    EPISODE_SAVED,
    HEALTH,
    STATE,
    Outbox,
    Subscriber,
)
from teleop.config import SessionConfig
from teleop.frames import FrameRing
from teleop.messages import EpisodeEnded, EpisodeSaved, FrameRef, Outcome
from teleop.session_folder import STEPS, SessionFolder
from teleop.session_record import SessionRecord, write_record
from tests.sample_steps import CAMERAS, correction, opening, picture, plain_step

START = "import sys; from recorder.service import main; sys.exit(main(sys.argv[1:]))"


class Station:
    """The recorder process, and what a session has around it."""

    def __init__(self, folder: SessionFolder) -> None:
        self.folder = folder
        write_record(folder, SessionRecord(SessionConfig(cameras=CAMERAS), ""))
        self.outbox = Outbox(folder.endpoint(STEPS))
        # Deep enough that half of it holds what a test writes before the episode is announced.
        self.rings = {
            camera: FrameRing(folder.frames, camera, (32, 32, 3), slots=64) for camera in CAMERAS
        }
        self.saved: list[EpisodeSaved] = []
        self.health: list[Any] = []
        self.process = self.start()

    def start(self) -> subprocess.Popen[str]:
        socket = Path(self.folder.endpoint("recorder").removeprefix("ipc://"))
        socket.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, str(self.folder.path)],
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )
        deadline = time.monotonic() + 20
        while not socket.exists():  # a subscriber that is there before misses the first sign
            assert time.monotonic() < deadline
            time.sleep(0.002)
        self.heard = Subscriber([self.folder.endpoint("recorder")], [EPISODE_SAVED, HEALTH])
        return self.process

    def listen(self, until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not until():
            assert time.monotonic() < deadline, (self.saved, self.health)
            for topic, message in self.heard.poll(0.1):
                (self.saved if topic is EPISODE_SAVED else self.health).append(message)

    def end(self) -> str:
        self.process.terminate()
        log = self.process.communicate(timeout=20)[1]
        assert self.process.returncode == 0, log
        return log

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self.outbox.close()
        self.heard.close()
        for ring in self.rings.values():
            ring.close()


@pytest.fixture
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    station = Station(SessionFolder(tmp_path_factory.mktemp("s")))
    station.listen(lambda: bool(station.health))
    yield station
    station.close()


def test_steps_from_the_bus_become_a_file_with_the_images_of_the_rings(station: Station):
    for sequence in range(1, 18):
        for ring in station.rings.values():
            stamp_ns = 1_000_000_000 + (sequence - 1) * 3 * 10_000_000
            ring.write(picture(FrameRef("", sequence, 0)), stamp_ns)
    station.outbox.send(EPISODE_OPENED, opening())
    for step in correction(20, 10, 20):
        station.outbox.send(STATE, step)
    station.outbox.send(EPISODE_ENDED, EpisodeEnded(4, 99, Outcome.SUCCESS, "inserted"))
    station.listen(lambda: len(station.saved) == 2)
    assert [(m.final, m.steps, m.dropped_steps) for m in station.saved] == [
        (False, 31, 0),
        (True, 50, 0),
    ]
    with EpisodeReader(Path(station.saved[1].path)) as reader:
        assert len(reader.images("left")) == 17
        assert reader.header.lost_images == 0
    station.end()


def test_sigterm_closes_the_open_episode_unlabelled(station: Station):
    station.outbox.send(EPISODE_OPENED, opening())
    for index in (0, 1, 5):
        station.outbox.send(STATE, plain_step(index))
    station.listen(lambda: bool(station.health) and station.health[-1].numbers["lost_steps"] == 3)
    assert station.health[-1].level != "ok"
    assert "3 steps" in station.health[-1].text
    station.end()
    with EpisodeReader(station.folder.episodes / "episode_00004") as reader:
        assert len(reader) == 3
        assert reader.header.outcome is Outcome.UNLABELLED
        assert reader.header.dropped_steps == 3


def test_steps_that_stop_coming_are_safe_within_half_a_second(station: Station):
    station.outbox.send(EPISODE_OPENED, opening())
    station.outbox.send(STATE, plain_step(0))
    station.listen(lambda: station.health[-1].numbers["episode"] == 4)
    time.sleep(0.5)
    station.process.kill()
    station.process.communicate()
    station.heard.close()
    station.start()  # salvages, and goes on with the same episode
    station.listen(lambda: bool(station.saved))
    assert (station.saved[0].steps, station.saved[0].outcome) == (1, Outcome.UNLABELLED)
    station.outbox.send(STATE, plain_step(7))
    station.outbox.send(EPISODE_ENDED, EpisodeEnded(4, 99, Outcome.FAIL, "time out"))
    station.listen(lambda: len(station.saved) == 2)
    assert Path(station.saved[1].path).name == "episode_00004_2"
    assert any("1 steps were salvaged" in sign.text for sign in station.health)
    assert "1 steps were salvaged" in station.end()


def test_an_unwritable_folder_is_told_once_and_recording_resumes_with_the_next(station: Station):
    station.folder.episodes.rmdir()
    station.folder.episodes.write_text("in the way")
    station.outbox.send(EPISODE_OPENED, opening(4))
    station.outbox.send(STATE, plain_step(0))
    station.listen(lambda: station.health[-1].level == "error")
    assert "Cannot make an episode" in station.health[-1].text
    station.folder.episodes.unlink()
    station.outbox.send(EPISODE_OPENED, opening(5))
    station.outbox.send(EPISODE_ENDED, EpisodeEnded(5, 99, Outcome.FAIL, "time out"))
    station.listen(lambda: bool(station.saved))
    assert station.saved[0].episode == 5
    station.end()


@pytest.mark.slow
def test_a_second_recorder_is_refused_by_name(station: Station):
    second = subprocess.run(
        [sys.executable, "-c", START, str(station.folder.path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
        timeout=20,
        check=False,
    )
    assert second.returncode != 0
    assert f"FolderBusy: Another recorder (process {station.process.pid})" in second.stderr


ORPHAN = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2]])
print(child.pid, flush=True)
time.sleep(60)
"""


def test_the_recorder_ends_when_its_parent_is_gone(tmp_path_factory: pytest.TempPathFactory):
    folder = SessionFolder(tmp_path_factory.mktemp("s"))
    write_record(folder, SessionRecord(SessionConfig(cameras=CAMERAS), ""))
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, START, str(folder.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    with Subscriber([folder.endpoint("recorder")], [HEALTH]) as heard:
        deadline = time.monotonic() + 20
        while not heard.poll(0.1):
            assert time.monotonic() < deadline
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    deadline = time.monotonic() + 10
    while _alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"
