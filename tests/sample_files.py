"""Episode files for the recorder's tests, and other processes to break them in."""

import subprocess
import sys
from pathlib import Path

from recorder.writer import EpisodeWriter
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from tests.sample_steps import DrawnFrames, opening, plain_step

SINGLE = 1e-6  # relative, of a float32


def written(folder: SessionFolder, count: int = 40) -> Path:
    writer = EpisodeWriter(folder, opening(), DrawnFrames())
    for index in range(count):
        writer.append(plain_step(index))
    return Path(writer.close(Outcome.SUCCESS, "inserted", 5).path)


def run_python(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
