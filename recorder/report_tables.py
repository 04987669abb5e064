"""The tables of the shift report, as HTML."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

from recorder.charts import OUTCOMES, strip
from recorder.shift import UNNAMED, Tally, rolled_back
from recorder.summary import EpisodeSummary, VersionSummary
from recorder.summary_table import served, share, version_name
from teleop.serving import Move

BY = {"learner": "learner", "operator": "operator", "start": "start of the session"}


def version_table(versions: Sequence[VersionSummary]) -> str:
    """The versions, and how the episodes went in which each drove first."""
    rows = [_version_row(version) for version in versions]
    head = (
        "version",
        "from",
        "what",
        "episodes",
        "success",
        "unaided",
        "takeovers",
        "per episode",
        "operator",
        "to serving",
        "gate",
    )
    return table(head, rows, numbers=range(3, 10)) if rows else ""


def _version_row(version: VersionSummary) -> list[str]:
    manifest = version.manifest
    seconds = manifest.seconds_from_handback
    rate = f"{version.interventions / version.episodes:.2f}" if version.episodes else ""
    return [
        f"<b>{version_name(manifest.version)}</b>",
        version_name(manifest.parent) if manifest.parent >= 0 else "",
        escape(served(version)),
        str(version.episodes),
        share(version.successes, version.episodes),
        share(version.unaided, version.episodes),
        str(version.interventions),
        rate,
        f"{version.operator_s:.1f} s" if version.episodes else "",
        f"{seconds:.1f} s" if seconds >= 0.0 else "",
        f"<small>{escape(manifest.reason)}</small>",
    ]


def move_table(moves: Sequence[Move]) -> str:
    """When another version was served, by whom and why; a way back is marked."""
    rows = [
        [
            f"{datetime.fromtimestamp(move.wall_ns * 1e-9, UTC):%H:%M:%S}",
            f"{version_name(move.before)} → <b>{version_name(move.version)}</b>",
            "<em>↩ rolled back</em>" if rolled_back(move) else "served",
            escape(BY.get(move.by, move.by)),
            f"<small>{escape(move.reason)}</small>",
        ]
        for move in moves
    ]
    return table(("UTC", "version", "what", "by", "why"), rows, numbers=()) if rows else ""


def operator_table(operators: Sequence[tuple[str, Tally]]) -> str:
    """What each operator's episodes came to."""
    head = (
        "operator",
        "episodes",
        "success",
        "unaided",
        "takeovers",
        "time",
        "per success",
        "demonstrations",
    )
    rows = [
        [
            escape(name) if name != UNNAMED else "<i>not named</i>",
            str(sums.episodes),
            share(sums.successes, sums.episodes),
            share(sums.unaided, sums.episodes),
            str(sums.takeovers),
            f"{sums.operator_s:.1f} s",
            per_success(sums),
            str(sums.demonstrations or ""),
        ]
        for name, sums in operators
    ]
    return table(head, rows, numbers=range(1, 8)) if rows else ""


def per_success(sums: Tally) -> str:
    """Operator's seconds that a success cost."""
    seconds = sums.seconds_per_success
    return "–" if seconds is None else f"{seconds:.1f} s"


def episode_table(episodes: Sequence[EpisodeSummary]) -> str:
    """Who drove when, and how it ended."""
    longest_s = max((episode.duration_s for episode in episodes), default=0.0)
    named = any(episode.header.operator for episode in episodes)
    rows = [_episode_row(episode, longest_s, named=named) for episode in episodes]
    head = ["episode", "version", "who was in control", "length", "operator", "outcome"]
    if named:
        head.insert(5, "who")
    return table(head, rows, numbers=(3, 4)) if rows else ""


def _episode_row(episode: EpisodeSummary, longest_s: float, *, named: bool) -> list[str]:
    header = episode.header
    lost = f"<small> {header.dropped_steps} steps lost</small>" if header.dropped_steps else ""
    kind = "demonstration" if header.demonstration else version_name(episode.first_version)
    return [
        f'<span title="{escape(episode.file)}, {escape(header.scene)}">{header.episode}</span>',
        kind,
        strip(episode, longest_s),
        f"{episode.duration_s:.1f} s",
        f"{header.operator_s:.1f} s" if header.operator_s else "",
        *([escape(header.operator)] if named else []),
        f'<em style="color:{OUTCOMES[header.outcome]}">{header.outcome.lower()}</em> '
        f"<small>{escape(header.reason)}</small>{lost}",
    ]


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> str:
    """A table; the columns of `numbers` are set to the right. Cells are HTML already."""

    def row(cells: Sequence[str], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=number' if place in numbers else ''}>{cell}</{tag}>"
            for place, cell in enumerate(cells)
        )

    body = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in rows)
    return f"<table><thead><tr>{row(head, 'th')}</tr></thead><tbody>{body}</tbody></table>"
