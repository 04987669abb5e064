"""What a killed process leaves of an episode, and what is in it."""

import os
import signal
from pathlib import Path

from recorder.reader import EpisodeReader
from recorder.writer import EpisodeWriter
from teleop.session_folder import SessionFolder
from tests.sample_files import SINGLE, feed
from tests.sample_steps import assert_same, opening, plain_step


def left_behind(folder: SessionFolder, count: int, segment_s: float = 0.4) -> Path:
    """An episode that its process was killed in: a child writes `count` steps."""
    pid = os.fork()
    if pid == 0:
        writer = EpisodeWriter(folder, opening(), segment_s=segment_s)
        feed(writer, (plain_step(index) for index in range(count)))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    return folder.episodes / "episode_00004"


def contents(path: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(path)): each.read_bytes() for each in path.rglob("*") if each.is_file()
    }


def same_steps(path: Path, indices: range) -> None:
    with EpisodeReader(path) as reader:
        assert reader.column("index").tolist() == list(indices)
        for row, index in ((0, indices[0]), (len(indices) - 1, indices[-1])):
            assert_same(plain_step(index), reader.step(row), SINGLE)
