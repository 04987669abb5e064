"""The process that is killed: it records, edits or exports, and tells what it does line by line.

A line is a word and its numbers. What it tells is done: "saved 3 450" comes when everything of
episode 3 is on the disk.
"""

import os
import sys
import threading
from pathlib import Path

from recorder.consolidate import consolidate
from recorder.drills.load import Load
from recorder.edits.edit import RelabelOutcome
from recorder.edits.editing import write_edit
from recorder.edits.session_views import session_views
from recorder.export.export import ExportOptions
from recorder.export.selection import USUAL, Chosen, choose
from recorder.export.work import Job, carry_through, format_named
from recorder.writer import SEGMENT_S, EpisodeWriter
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from teleop.stream_messages import ClockPair

TICKS = 330  # of an episode
FLUSH_TICKS = 25
_SEGMENT_TICKS = round(SEGMENT_S * 100)
IMAGE_BYTES = 6_000


def tell(*words: object) -> None:
    """Say something at once."""
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


def record(folder: Path, episodes: int) -> None:
    """Record episodes as fast as it goes; each is consolidated while the next one is written."""
    joining: threading.Thread | None = None
    for number in range(episodes):
        path = _record_one(SessionFolder(folder), Load(number, IMAGE_BYTES))
        if joining:
            joining.join()
        joining = threading.Thread(target=_join, args=(number, path))
        joining.start()
    if joining:
        joining.join()


def _record_one(folder: SessionFolder, load: Load) -> Path:
    writer = EpisodeWriter(folder, load.opened, flush_s=1e6)
    began = 0
    for index in range(TICKS):
        if index % 100 == 0:
            writer.clock(ClockPair(load.stamp_ns(index), index))
        back = load.record(index, writer)
        tell("append", load.episode, index)
        if index % FLUSH_TICKS == FLUSH_TICKS - 1:
            last = index - began >= _SEGMENT_TICKS
            tell("rename" if last else "flush", load.episode)
            writer.flush()
            began = index if last else began
        if back:
            tell("rename", load.episode)
            saved = writer.cut()
            tell("cut", load.episode, saved.steps)
            began = index
    tell("close", load.episode)
    saved = writer.close(Outcome.SUCCESS, "inserted")
    tell("saved", load.episode, saved.steps)
    return Path(saved.path)


def _join(number: int, path: Path) -> None:
    tell("consolidate", number)
    consolidate(path)
    tell("consolidated", number)


def edit(folder: Path, count: int) -> None:
    """Change the outcomes of episodes back and forth."""
    session = SessionFolder(folder)
    views = session_views(session)
    for number in range(count):
        outcome = (Outcome.FAIL, Outcome.SUCCESS)[number // len(views.clips) % 2]
        clip = views.clips[number % len(views.clips)].name
        tell("edit", number)
        entry = write_edit(session, views, RelabelOutcome(clip, outcome))
        tell("edited", entry.number)


class _Told:
    """Tells of an export's progress."""

    def begin(self, chosen: tuple[Chosen, ...], there: frozenset[str]) -> None:
        tell("export")

    def add(self, episode: Chosen) -> None:
        tell("export")

    def added(self, episode: Chosen) -> None:
        tell("export")

    def finish(self) -> None:
        tell("export")


def export(folder: Path, target: Path) -> None:
    """Export all episodes, going on with what an earlier run left."""
    job = Job(format_named("robomimic"), target, ExportOptions(fps=25.0, size=24))
    result = carry_through(job, choose((folder,), frozenset(), USUAL), _Told())
    tell("exported", len(result.added) + len(result.there), result.path)


def main(what: str, folder: str, more: str) -> None:
    """Do one of the three."""
    match what:
        case "record":
            record(Path(folder), int(more))
        case "edit":
            edit(Path(folder), int(more))
        case _:
            export(Path(folder), Path(more))


if __name__ == "__main__":
    main(*sys.argv[1:])
