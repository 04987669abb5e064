"""Episode files for the recorder's tests, and other processes to break them in."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from recorder.writer import EpisodeWriter
from teleop.messages import FrameRef, Outcome, Step
from teleop.session_folder import SessionFolder
from tests.sample_steps import encoded, opening, plain_step

SINGLE = 1e-6  # relative, of a float32


def feed(writer: EpisodeWriter, steps: Iterable[Step]) -> list[bool]:
    """Give steps to the writer, each new image before the first step that names it."""
    known: set[FrameRef] = set()
    backs: list[bool] = []
    for step in steps:
        for ref in step.observation.frames:
            if ref not in known:
                known.add(ref)
                writer.image(encoded(ref))
        backs.append(writer.append(step))
    return backs


def written(folder: SessionFolder, count: int = 40) -> Path:
    """An episode of `count` steps that ended."""
    writer = EpisodeWriter(folder, opening())
    feed(writer, (plain_step(index) for index in range(count)))
    return Path(writer.close(Outcome.SUCCESS, "inserted", 5).path)


def run_python(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
