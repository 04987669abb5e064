"""`nudge record trim`, `discard`, `split`, `merge`: what each is told, and what it does."""

from dataclasses import dataclass
from typing import Annotated

import tyro

from recorder.edits.clip_reader import open_clip
from recorder.edits.edit import Merge, RelabelOutcome, Split, Trim
from recorder.edits.naming import find_clip
from recorder.edits.places import place_of, row_at, spans_of
from recorder.edits.verb_parts import EPISODE, EditOptions, OneEpisode, carry_out, look_up, views_of
from teleop.cli_options import parse
from teleop.errors import EpisodeError
from teleop.messages import Outcome


@dataclass(frozen=True)
class TrimOptions(OneEpisode):
    """Which episode, and what to leave out of it."""

    start_s: float = 0.0
    """seconds to leave out at the beginning"""
    end_s: float = 0.0
    """seconds to leave out at the end"""
    start_rows: int = 0
    """rows to leave out at the beginning"""
    end_rows: int = 0
    """rows to leave out at the end"""


def trim(arguments: list[str]) -> int:
    """Leave out the beginning or the end of an episode."""
    options = parse(
        TrimOptions,
        arguments,
        prog="nudge record trim",
        description=f"Leave out the beginning or the end of an episode {EPISODE}.",
    )
    views, clip = look_up(options)
    if min(options.start_s, options.end_s, options.start_rows, options.end_rows) < 0:
        raise EpisodeError("Give seconds and rows to leave out as positive numbers.")
    with open_clip(clip) as episode:
        stamps = episode.column("stamp_ns")
    first = max(options.start_rows, row_at(stamps, options.start_s))
    length_s = float(stamps[-1] - stamps[0]) * 1e-9
    until = row_at(stamps, length_s - options.end_s) + 1 if options.end_s else len(stamps)
    last = min(until, len(stamps) - options.end_rows)
    if first <= 0 and last >= len(stamps):
        raise EpisodeError(
            "Say what to leave out: --start-s or --end-s in seconds, --start-rows or --end-rows."
        )
    out = (*spans_of(clip, 0, min(first, len(stamps))), *spans_of(clip, last, len(stamps)))
    return carry_out(options, views, Trim(clip.name, out))


@dataclass(frozen=True)
class SeveralOptions(EditOptions):
    """Which episodes."""

    episodes: Annotated[tyro.conf.Positional[tuple[str, ...]], tyro.conf.arg(metavar="EPISODE...")]
    """numbers or names of the episodes, such as 12, 12a or episode_00012"""


def discard(arguments: list[str]) -> int:
    """Leave episodes out: kept on the disk, and nobody learns from them."""
    options = parse(
        SeveralOptions,
        arguments,
        prog="nudge record discard",
        description=f"Leave episodes out; they stay on the disk {EPISODE}.",
    )
    if not options.episodes:
        raise EpisodeError("Name the episodes to discard.")
    views = views_of(options.session)
    clips = [find_clip(views, text) for text in options.episodes]
    for clip in clips:
        if clip.discarded:
            raise EpisodeError(f"{clip.name} is discarded already.")
    for clip in clips:
        edit = RelabelOutcome(clip.name, Outcome.DISCARDED)
        carry_out(options, views, edit)
    return 0


def merge(arguments: list[str]) -> int:
    """Make one episode of several, in the order in which they were recorded."""
    options = parse(
        SeveralOptions,
        arguments,
        prog="nudge record merge",
        description=f"Make one episode of several, in the order of their recording {EPISODE}.",
    )
    views = views_of(options.session)
    names = tuple(find_clip(views, text).name for text in options.episodes)
    return carry_out(options, views, Merge(names))


@dataclass(frozen=True)
class SplitOptions(OneEpisode):
    """Which episode, and where."""

    at_s: float | None = None
    """seconds from its beginning at which the second part begins"""
    at_row: int | None = None
    """or the row with which it begins"""


def split(arguments: list[str]) -> int:
    """Make two episodes of one. The second keeps the outcome, the first has none."""
    options = parse(
        SplitOptions,
        arguments,
        prog="nudge record split",
        description="Make two episodes of one. The second keeps the outcome, the first has none "
        f"{EPISODE}.",
    )
    if (options.at_s is None) == (options.at_row is None):
        raise EpisodeError("Say where: either --at-s in seconds or --at-row.")
    views, clip = look_up(options)
    row = options.at_row or 0
    if options.at_s is not None:
        with open_clip(clip) as episode:
            row = row_at(episode.column("stamp_ns"), options.at_s)
    if not 0 < row < clip.rows:
        where = f"{options.at_s} s" if options.at_s is not None else f"row {row}"
        raise EpisodeError(
            f"{where} is not inside {clip.name}, which has {clip.rows} rows: both parts of a split "
            "must hold rows."
        )
    episode_name, own_row = place_of(clip, row)
    edit = Split(clip.name, episode_name, own_row)
    return carry_out(options, views, edit)
