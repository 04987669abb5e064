"""The clips of a session, a few at a time: in the process that reads episodes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from gui.review.reading_messages import Clips
from gui.review.values import ClipRow
from gui.texts import review as texts
from recorder.catalog import CatalogEntry, entry_of, require_session
from recorder.edits.clip import Clip
from recorder.edits.header_cache import HeaderCache
from recorder.edits.listed import ListedClip, listed_clip
from recorder.edits.log import EditLog, read_log
from recorder.edits.session_views import SessionViews, source_of
from recorder.edits.views import replay
from recorder.episode_paths import episode_paths, name_of
from recorder.reader import EpisodeReader
from recorder.schema import Header
from teleop.errors import EpisodeError
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder

BATCH_S = 0.03  # of reading, after which what was found is told

Note = Callable[[str], None]


class Listing:
    """Reads the headers of a session's clips, in steps.

    Args:
        folder: the session.
        avoid: names that are not to be opened.
        note: told of each episode or clip whose file is opened.

    Attributes:
        views: the session after all edits; None until it is whole.
        edited: the clips that edits made, as far as they can be read.

    Raises:
        SessionError: the folder is no session.
    """

    def __init__(self, folder: SessionFolder, avoid: frozenset[str], note: Note) -> None:
        require_session(folder)
        self.views: SessionViews | None = None
        self.edited: list[ListedClip] = []
        self._folder = folder
        self._avoid = avoid
        self._note = note
        self._paths = episode_paths(folder)
        self._recorded: dict[str, CatalogEntry] = {}
        self._damaged: list[ClipRow] = []
        self._trouble: list[str] = []
        self._rows: list[ClipRow] = []
        self._steps = self._work()

    def more(self, until_s: float) -> Clips:
        """Read on until that time of `time.monotonic`.

        Raises:
            EpisodeError: the log of edits may not be read.
        """
        first = len(self._rows)
        for _ in self._steps:
            if time.monotonic() >= until_s:
                break
        session, total = str(self._folder.path), len(self._paths)
        if self.views is None:
            return Clips(session, tuple(self._rows[first:]), first, total, whole=False)
        whole = sorted(self._rows, key=lambda row: (row.episode, row.name))
        return Clips(session, tuple(whole), 0, total, whole=True, trouble=tuple(self._trouble))

    def _work(self) -> Iterator[None]:
        for path in reversed(self._paths):  # the newest are looked for first
            self._take(path)
            yield
        log = read_log(self._folder)
        self._recorded = dict(reversed(self._recorded.items()))
        sources = [source_of(entry) for entry in self._recorded.values()]
        replayed = replay(log.entries, sources)
        self._trouble += log.damaged
        self._trouble += (
            f"Edit {number} has no effect: {why}"
            for number, why in sorted(replayed.refused.items())
        )
        if log.entries:
            yield from self._edited(replayed.clips)
        self.views = self._found(replayed.clips, log)

    def _take(self, path: Path) -> None:
        name = name_of(path)
        try:
            if name in self._avoid:
                raise EpisodeError(texts.AVOIDED.format(name=name))
            self._note(name)
            entry = entry_of(path)
            self._recorded[name] = entry
            row = _recorded_row(self._folder, entry)
        except EpisodeError as error:
            row = damaged_row(self._folder, name, path, str(error))
            self._trouble.append(str(error))
            self._damaged.append(row)
        self._rows.append(row)

    def _edited(self, clips: tuple[Clip, ...]) -> Iterator[None]:
        """Put the clips in the place of what was recorded."""
        cache = HeaderCache(self._folder)
        found = list(self._damaged)
        for clip in clips:
            try:
                if clip.name in self._avoid:
                    raise EpisodeError(texts.AVOIDED.format(name=clip.name))
                if clip.edits:
                    self._note(clip.name)
                    each = listed_clip(clip, self._recorded, cache)
                    self.edited.append(each)
                    found.append(row_of(self._folder, clip.name, each.header, edited=True))
                else:
                    found.append(_recorded_row(self._folder, self._recorded[clip.name]))
            except EpisodeError as error:
                self._trouble.append(str(error))
                path = clip.pieces[0].path
                found.append(damaged_row(self._folder, clip.name, path, str(error)))
            yield
        cache.keep()
        self._rows = found

    def _found(self, clips: tuple[Clip, ...], log: EditLog) -> SessionViews:
        return SessionViews(clips, self._recorded, log, tuple(self._trouble))


def row_of(folder: SessionFolder, name: str, header: Header, *, edited: bool) -> ClipRow:
    """A line of the browser, from a header."""
    version = header.policy_version
    return ClipRow(
        session=str(folder.path),
        name=name,
        episode=header.episode,
        started_epoch_ns=header.opened_epoch_ns,
        duration_s=max(0, header.ended_ns - header.opened_ns) / 1e9,
        outcome=header.outcome,
        reason=header.reason,
        interventions=header.interventions,
        operator_s=header.operator_s,
        versions=(version,) if version >= 0 else (),
        instruction=header.instruction,
        scene=header.scene,
        demonstration=header.demonstration,
        operator=header.operator,
        edited=edited,
        open=not header.state.finished,
    )


def damaged_row(folder: SessionFolder, name: str, path: Path, trouble: str) -> ClipRow:
    """A line for an episode that cannot be read."""
    try:
        changed_ns = path.stat().st_mtime_ns
    except OSError:
        changed_ns = 0
    number = name.removeprefix("episode_")[:5]
    return ClipRow(
        session=str(folder.path),
        name=name,
        episode=int(number) if number.isdecimal() else -1,
        started_epoch_ns=changed_ns,
        duration_s=0.0,
        outcome=Outcome.UNLABELLED,
        reason="",
        interventions=0,
        operator_s=0.0,
        trouble=trouble,
    )


def _recorded_row(folder: SessionFolder, entry: CatalogEntry) -> ClipRow:
    row = row_of(folder, entry.name, entry.header, edited=False)
    return _so_far(row, entry.path) if row.open else row


def _so_far(row: ClipRow, path: Path) -> ClipRow:
    """The length of an episode that has no end yet, by its rows."""
    with EpisodeReader(path) as episode:
        stamps = episode.column("stamp_ns")
        length_s = float(stamps[-1] - stamps[0]) / 1e9 if len(stamps) else 0.0
    return replace(row, duration_s=length_s)
