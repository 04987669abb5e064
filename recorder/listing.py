"""`nudge record list`: the episodes of sessions, as they are after all edits."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import tyro
from rich.console import Console
from rich.style import Style

from recorder.catalog import require_session
from recorder.edits.listed import ListedClip, listed
from recorder.edits.session_views import session_views
from recorder.reading_bar import reading_bar
from recorder.schema import State
from recorder.words import bytes_text, count_text, length_text, lost_text
from teleop.cli_options import parse
from teleop.errors import SessionError
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder


@dataclass(frozen=True)
class ListOptions:
    """Which sessions, which of their episodes, and how to print."""

    sessions: Annotated[tyro.conf.Positional[tuple[Path, ...]], tyro.conf.arg(metavar="SESSION...")]
    """session folders"""
    outcome: tuple[Literal["success", "fail", "discarded", "unlabelled"], ...] = ()
    """only episodes that ended so; all if not given"""
    with_corrections: bool = False
    """only episodes in which the operator took over"""
    operator: str | None = None
    """only episodes of the operator of this name; '': of those who were not named"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


@dataclass(frozen=True)
class ListedEpisode:
    """An episode in the list.

    Attributes:
        edits: numbers of the edits that made it what it is, for `nudge record undo`.
    """

    session: str
    name: str
    opened_epoch_ns: int
    state: str
    outcome: str
    reason: str
    demonstration: bool
    instruction: str
    steps: int
    duration_s: float
    takeovers: int
    operator_s: float
    lost_steps: int
    lost_images: int
    lost_samples: int
    bytes: int
    edits: tuple[int, ...]
    operator: str

    @property
    def operator_share(self) -> float:
        """Of its length, 0 to 1; also of a demonstration."""
        return min(1.0, self.operator_s / self.duration_s) if self.duration_s else 0.0


@dataclass(frozen=True)
class EpisodeList:
    """What `--json` prints."""

    episodes: tuple[ListedEpisode, ...]
    trouble: tuple[str, ...]


def episodes_of(options: ListOptions) -> EpisodeList:
    """Read the sessions, and choose.

    Raises:
        SessionError: a folder is no session, or none is named.
        EpisodeError: a log of edits may not be read.
    """
    if not options.sessions:
        raise SessionError("Name at least one session: nudge record list SESSION")
    wanted = {Outcome(name.upper()) for name in options.outcome}
    episodes: list[ListedEpisode] = []
    trouble: list[str] = []
    for path in options.sessions:
        folder = SessionFolder(path)
        require_session(folder)
        with reading_bar(f"Reading {path}") as progress:
            views = session_views(folder, progress)
        trouble += views.trouble
        for each in listed(folder, views, trouble):
            if wanted and each.header.outcome not in wanted:
                continue
            if options.with_corrections and not each.header.interventions:
                continue
            if options.operator is not None and each.header.operator != options.operator:
                continue
            episodes.append(_row(path, each))
    return EpisodeList(tuple(episodes), tuple(trouble))


def _row(session: Path, each: ListedClip) -> ListedEpisode:
    header = each.header
    return ListedEpisode(
        session=str(session),
        name=each.clip.name,
        opened_epoch_ns=header.opened_epoch_ns,
        state=header.state.value,
        outcome=header.outcome.value,
        reason=header.reason,
        demonstration=header.demonstration,
        instruction=header.instruction,
        steps=header.steps,
        duration_s=round(each.duration_s, 3),
        takeovers=header.interventions,
        operator_s=round(header.operator_s, 3),
        lost_steps=header.dropped_steps,
        lost_images=header.lost_images,
        lost_samples=header.lost_samples,
        bytes=each.size,
        edits=each.clip.edits,
        operator=header.operator,
    )


_STYLES = {
    Outcome.SUCCESS: Style(color="green"),
    Outcome.FAIL: Style(color="red"),
    Outcome.DISCARDED: Style(dim=True),
    Outcome.UNLABELLED: Style(color="yellow"),
}
_HEAD = ("Episode", "When", "Outcome", "Length", "Takeovers", "Size", "Operator", "Edits", "Lost")
_TO_THE_RIGHT = frozenset({"Length", "Takeovers", "Size"})
# Left out where there are none: 80 columns are few.
_WHERE_ANY = frozenset({"Operator", "Edits", "Lost"})
_OUTCOME = 2


def table(episodes: Sequence[ListedEpisode], *, coloured: bool) -> str:
    """The list for people, a line an episode.

    Takeovers are with the operator's share of the time. Made by hand, for rich takes more than a
    second for 2,000 lines.
    """
    several = len({episode.session for episode in episodes}) > 1
    rows = [_HEAD, *(_cells(episode, with_session=several) for episode in episodes)]
    told = [head not in _WHERE_ANY or any(column) for head, *column in zip(*rows, strict=True)]
    rows = [tuple(compress(row, told)) for row in rows]
    heads = rows[0]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines: list[str] = []
    for number, row in enumerate(rows):
        cells = [
            cell.rjust(width) if head in _TO_THE_RIGHT else cell.ljust(width)
            for cell, width, head in zip(row, widths, heads, strict=True)
        ]
        if coloured:
            bold = Style(bold=True)
            style = bold if not number else _STYLES[Outcome(episodes[number - 1].outcome)]
            cells[_OUTCOME] = style.render(cells[_OUTCOME])
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _cells(episode: ListedEpisode, *, with_session: bool) -> tuple[str, ...]:
    when = datetime.fromtimestamp(episode.opened_epoch_ns * 1e-9)
    kind = " (shown)" if episode.demonstration else ""
    running = episode.state == State.RECORDING
    count = str(episode.takeovers) if episode.takeovers else ""
    known = episode.operator_s and episode.duration_s
    share = f"({episode.operator_share:.0%})" if known else ""
    return (
        f"{episode.session}/{episode.name}" if with_session else episode.name,
        f"{when:%Y-%m-%d %H:%M}",
        "not finished" if running else episode.outcome.lower() + kind,
        length_text(episode.duration_s),
        f"{count} {share}".strip(),
        bytes_text(episode.bytes),
        episode.operator,
        ",".join(map(str, episode.edits)),
        lost_text(episode.lost_steps, episode.lost_images, episode.lost_samples),
    )


def sums(episodes: Sequence[ListedEpisode]) -> str:
    """What is under the list; discarded episodes count for nothing but themselves."""
    kept = [episode for episode in episodes if episode.outcome != Outcome.DISCARDED]
    duration_s = sum(episode.duration_s for episode in kept)
    operator_s = sum(episode.operator_s for episode in kept)
    outcomes = [episode.outcome for episode in episodes]
    parts = [f"{outcomes.count(each)} {each.value.lower()}" for each in Outcome if each in outcomes]
    share = f" ({operator_s / duration_s:.0%})" if duration_s else ""
    lost = lost_text(
        sum(episode.lost_steps for episode in kept),
        sum(episode.lost_images for episode in kept),
        sum(episode.lost_samples for episode in kept),
    )
    length = length_text(duration_s) or "0 s"
    return (
        f"{count_text(len(episodes), 'episode')}: {', '.join(parts) or 'none'}. {length} kept, "
        f"{count_text(sum(episode.takeovers for episode in kept), 'takeover')}, operator "
        f"{length_text(operator_s) or '0 s'}{share}. Lost: {lost or 'nothing'}. "
        f"{bytes_text(sum(episode.bytes for episode in episodes))}, "
        f"{sum(bool(episode.edits) for episode in episodes)} edited."
    )


def main(arguments: list[str]) -> int:
    """List, print; return 0, or 1 if something could not be read."""
    options = parse(ListOptions, arguments, prog="nudge record list", description=__doc__ or "")
    found = episodes_of(options)
    if options.json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return 1 if found.trouble else 0
    coloured = Console().is_terminal
    if found.episodes:
        sys.stdout.write(table(found.episodes, coloured=coloured) + "\n\n")
    sys.stdout.write(sums(found.episodes) + "\n")
    for line in found.trouble:
        sys.stderr.write(line + "\n")
    return 1 if found.trouble else 0
