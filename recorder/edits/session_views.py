"""The clips of a session folder: what the learner, the window, reports and exports read."""

from collections.abc import Mapping
from dataclasses import dataclass

from recorder.catalog import CatalogEntry, Progress, no_news, scan
from recorder.edits.clip import Clip, Source
from recorder.edits.log import EditLog, read_log
from recorder.edits.views import replay
from teleop.session_folder import SessionFolder


@dataclass(frozen=True)
class SessionViews:
    """A session after all edits.

    Attributes:
        clips: in the order of their recording, discarded ones too.
        recorded: what was recorded, by name.
        log: the edits.
        trouble: a sentence for each episode or line of the log that cannot be read, and for each
            edit that has no effect.
    """

    clips: tuple[Clip, ...]
    recorded: Mapping[str, CatalogEntry]
    log: EditLog
    trouble: tuple[str, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(source_of(entry) for entry in self.recorded.values())


def session_views(folder: SessionFolder, progress: Progress = no_news) -> SessionViews:
    """Read the headers and the edits of a session.

    Args:
        folder: the session.
        progress: told how far it has come; it may stop there, and the rest is left out.

    Raises:
        EpisodeError: the log of edits may not be read.
    """
    trouble: list[str] = []
    recorded = {entry.name: entry for entry in scan(folder, trouble.append, progress)}
    log = read_log(folder)
    replayed = replay(log.entries, [source_of(entry) for entry in recorded.values()])
    trouble += log.damaged
    trouble += (f"Edit {n} has no effect: {why}" for n, why in sorted(replayed.refused.items()))
    return SessionViews(replayed.clips, recorded, log, tuple(trouble))


def source_of(entry: CatalogEntry) -> Source:
    """What edits must know of a recorded episode."""
    header = entry.header
    return Source(
        name=entry.name,
        path=entry.path,
        rows=header.steps,
        outcome=header.outcome,
        uid=header.uid,
        opened_ns=header.opened_ns,
        ended_ns=header.ended_ns,
        cameras=header.cameras,
        demonstration=header.demonstration,
        finished=entry.finished,
    )
