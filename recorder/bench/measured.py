"""The recorder process with a watch on its writer: `python -m recorder.bench.measured SESSION`.

It is `nudge recorder`; each call of its writer is timed, and the times are written at the end.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import msgspec

from recorder import service
from recorder.encoded import EncodedImage
from recorder.live import writing
from recorder.writer import EpisodeWriter
from teleop.messages import EpisodeSaved, Outcome, Step
from teleop.session_folder import SessionFolder
from teleop.stream_messages import SampleBlock

TIMES = "writer_times.json"


@dataclass
class Times:
    """How long calls of the writer took, in ns; a step's may include the flush that fell due."""

    append: list[int] = field(default_factory=list[int])  # of a step, an image, a block of samples
    flush: list[int] = field(default_factory=list[int])  # also: a segment finished, the next begun
    close: list[int] = field(default_factory=list[int])
    accepted_ns: dict[int, int] = field(default_factory=dict[int, int])  # first step of an episode
    closed_ns: dict[int, int] = field(default_factory=dict[int, int])


_times = Times()


class TimedWriter(EpisodeWriter):
    """An `EpisodeWriter` that takes down how long it takes."""

    def append(self, step: Step) -> bool:
        began_ns = time.monotonic_ns()
        back = super().append(step)
        ended_ns = time.monotonic_ns()
        _times.append.append(ended_ns - began_ns)
        _times.accepted_ns.setdefault(step.episode, ended_ns)
        return back

    def image(self, image: EncodedImage) -> None:
        began_ns = time.monotonic_ns()
        super().image(image)
        _times.append.append(time.monotonic_ns() - began_ns)

    def samples(self, block: SampleBlock) -> None:
        began_ns = time.monotonic_ns()
        super().samples(block)
        _times.append.append(time.monotonic_ns() - began_ns)

    def flush(self) -> None:
        began_ns = time.monotonic_ns()
        super().flush()
        _times.flush.append(time.monotonic_ns() - began_ns)

    def close(self, outcome: Outcome, reason: str, ended_ns: int | None = None) -> EpisodeSaved:
        began_ns = time.monotonic_ns()
        saved = super().close(outcome, reason, ended_ns)
        _times.closed_ns[saved.episode] = time.monotonic_ns()
        _times.close.append(_times.closed_ns[saved.episode] - began_ns)
        return saved


def main(arguments: Sequence[str]) -> int:
    """Record until told to end, and write the times; return the exit code."""
    with mock.patch.object(writing, "EpisodeWriter", TimedWriter):
        code = service.main(list(arguments))
    folder = SessionFolder(Path(arguments[0]))
    (folder.path / TIMES).write_bytes(msgspec.json.encode(_times))
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
