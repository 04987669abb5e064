"""Which episodes are exported, and under which names."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from recorder.catalog import CatalogEntry
from recorder.edits.clip import Clip
from recorder.edits.clip_reader import open_clip
from recorder.edits.session_views import session_views
from recorder.episode_data import EpisodeData
from teleop.errors import ConversionError, SessionError
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder

USUAL = frozenset(Outcome) - {Outcome.DISCARDED}
NOT_ASKED = "it was not asked for"
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


@dataclass(frozen=True)
class Chosen:
    """An episode that is to be exported.

    Attributes:
        name: unique in the target: that of its session, and its own.
        size: bytes on the disk.
        open: opens it for reading.
    """

    name: str
    size: int
    open: Callable[[], EpisodeData]


@dataclass(frozen=True)
class LeftOut:
    """An episode that is not exported, and why, in words."""

    name: str
    reason: str


@dataclass(frozen=True)
class Selection:
    """What was found in the sessions, oldest first."""

    chosen: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]
    damaged: tuple[LeftOut, ...]


def numbers_of(text: str) -> frozenset[int]:
    """The episode numbers of "3,5-9"; nothing: none.

    Raises:
        ConversionError: it is not written so.
    """
    found: set[int] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ConversionError(
                f"'{part}' names no episodes. Write numbers and ranges, such as 3,5-9."
            )
        first = int(match[1])
        found.update(range(first, int(match[2] or first) + 1))
    return frozenset(found)


def choose(
    sessions: Sequence[Path],
    numbers: frozenset[int] = frozenset(),
    outcomes: frozenset[Outcome] = USUAL,
    names: frozenset[str] = frozenset(),
) -> Selection:
    """Look at every episode of the sessions, as it is after all edits.

    Args:
        sessions: folders.
        numbers: of episodes; none: all.
        outcomes: of those to export.
        names: of clips; none: all.

    Raises:
        SessionError: a folder is no session, or two of them have the same name.
        ConversionError: there is no episode of one of the numbers or names.
    """
    chosen: list[Chosen] = []
    left_out: list[LeftOut] = []
    damaged: list[LeftOut] = []
    found: set[int] = set()
    called: set[str] = set()
    for session, label in zip(sessions, _labels(sessions), strict=True):
        views = session_views(SessionFolder(session))
        for clip in views.clips:
            name = f"{label}-{clip.name}"
            recorded = [views.recorded[piece.episode] for piece in clip.pieces]
            own = {entry.header.episode for entry in recorded}
            found |= own
            reason = _against(clip, recorded, outcomes)
            called.add(clip.name)
            if (numbers and not numbers & own) or (names and clip.name not in names):
                left_out.append(LeftOut(name, NOT_ASKED))
            elif reason:
                left_out.append(LeftOut(name, reason))
            else:
                size = sum(_size(entry.path) for entry in recorded)
                chosen.append(Chosen(name, size, lambda clip=clip: open_clip(clip)))
        if not numbers and not names:
            damaged += [LeftOut(label, trouble) for trouble in views.trouble]
    if numbers - found:
        missing = ", ".join(map(str, sorted(numbers - found)))
        raise ConversionError(
            f"No episode {missing} can be read there; `nudge record list` shows those there are."
        )
    if names - called:
        missing = ", ".join(sorted(names - called))
        raise ConversionError(
            f"There is no episode {missing} any more; `nudge record list` shows those there are."
        )
    return Selection(tuple(chosen), tuple(left_out), tuple(damaged))


def _against(clip: Clip, recorded: Sequence[CatalogEntry], outcomes: frozenset[Outcome]) -> str:
    """Why the clip is not exported, empty: it is."""
    if clip.outcome not in outcomes:
        return f"its outcome is {clip.outcome.value.lower()}"
    if not all(entry.finished for entry in recorded):
        return "it was not finished; wait for its end, or `nudge record repair` after a crash"
    return "" if clip.rows else "it has no row"


def _labels(sessions: Sequence[Path]) -> list[str]:
    for session in sessions:
        if not SessionFolder(session).episodes.is_dir():
            raise SessionError(
                f"{session} is no session folder: it has no folder 'episodes'. The last path is "
                "the target, all before it are sessions."
            )
    labels = [session.resolve().name for session in sessions]
    twice = next((label for label in labels if labels.count(label) > 1), None)
    if twice is not None:
        raise SessionError(
            f"Two of the sessions are called {twice}; name each once, or rename one's folder."
        )
    return labels


def _size(path: Path) -> int:
    files = path.iterdir() if path.is_dir() else (path,)
    return sum(file.stat().st_size for file in files)
