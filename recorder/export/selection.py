"""Which episodes are exported, and under which names."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from recorder.episode_data import EpisodeData
from recorder.episode_paths import episode_paths
from recorder.reader import EpisodeReader
from recorder.schema import State
from teleop.errors import ConversionError, EpisodeError, SessionError
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder

USUAL = frozenset(Outcome) - {Outcome.DISCARDED}
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
) -> Selection:
    """Look at every episode of the sessions.

    Args:
        sessions: folders.
        numbers: of episodes; none: all.
        outcomes: of those to export.

    Raises:
        SessionError: a folder is no session, or two of them have the same name.
    """
    chosen: list[Chosen] = []
    left_out: list[LeftOut] = []
    damaged: list[LeftOut] = []
    for session, label in zip(sessions, _labels(sessions), strict=True):
        for path in episode_paths(SessionFolder(session)):
            name = f"{label}-{path.name.removesuffix('.h5')}"
            try:
                with EpisodeReader(path) as episode:
                    reason = _against(episode, numbers, outcomes)
            except EpisodeError as error:
                damaged.append(LeftOut(name, str(error)))
                continue
            if reason:
                left_out.append(LeftOut(name, reason))
            else:
                chosen.append(Chosen(name, _size(path), lambda path=path: EpisodeReader(path)))
    return Selection(tuple(chosen), tuple(left_out), tuple(damaged))


def _against(episode: EpisodeData, numbers: frozenset[int], outcomes: frozenset[Outcome]) -> str:
    """Why the episode is not exported, empty: it is."""
    header = episode.header
    if numbers and header.episode not in numbers:
        return "not among --episodes"
    if header.outcome not in outcomes:
        return f"its outcome is {header.outcome.value.lower()}"
    if header.state is State.RECORDING:
        return "it was not finished; wait for its end, or `nudge record repair` after a crash"
    if len(episode) == 0:
        return "it has no row"
    return ""


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
