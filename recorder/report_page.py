"""The report on a shift as one HTML page that needs no script, no other file and no network."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

import simplejpeg

from recorder.charts import trend
from recorder.report_style import STYLE
from recorder.report_tables import (
    episode_table,
    move_table,
    operator_table,
    per_success,
    version_table,
)
from recorder.shift import Shift, by_operator, tally
from recorder.summary import Correction, EpisodeSummary, SessionSummary
from recorder.summary_table import share, version_name
from recorder.words import count_text

_LARGEST_PICTURE = 40_000  # bytes; larger ones are shown at half or a quarter of their size
_CAMERAS = 2  # shown of each correction
_PICTURED = 120  # corrections; of the ones before, only the tables tell


def page(shift: Shift) -> str:
    """Return the whole page."""
    names = [escape(session.folder.absolute().name) for session in shift.sessions]
    several = len(names) > 1
    title = f"Shift of {len(names)} sessions" if several else f"Session {names[0]}"
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title><style>{STYLE}</style></head><body><main>",
            f"<header><h1>{title}</h1><p>{_when(shift)}</p>",
            f"<p>{', '.join(names)}</p></header>" if several else "</header>",
            _headline(shift),
            _section("How it went", trend(shift.counted)),
            _section("Operators", operator_table(by_operator(shift.episodes))),
            *(_session(session, several=several) for session in shift.sessions),
            _section("Corrections", _corrections(shift.episodes)),
            _section("Not read", _list(_unread(shift))),
            "</main></body></html>",
        ]
    )


def _session(session: SessionSummary, *, several: bool) -> str:
    """What belongs to one session: its versions count from 0 anew."""
    of = f" · {escape(session.folder.absolute().name)}" if several else ""
    episodes = episode_table(session.episodes)
    edits = f"<p>{count_text(session.edits, 'edit')} made afterwards.</p>" if session.edits else ""
    return "".join(
        (
            _section(f"Policy versions{of}", version_table(session.versions)),
            _section(f"Versions served and rolled back{of}", move_table(session.moves)),
            _section(f"Episodes{of}", _legend() + episodes + edits if episodes else ""),
        )
    )


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>{content}</section>" if content else ""


def _when(shift: Shift) -> str:
    episodes = shift.episodes
    if not episodes:
        return "No episode has been finished."
    started, ended = (
        datetime.fromtimestamp(episode.header.opened_epoch_ns * 1e-9, UTC)
        for episode in (episodes[0], episodes[-1])
    )
    until = f"{ended:%H:%M}" if ended.date() == started.date() else f"{ended:%d %B, %H:%M}"
    recorded_s = sum(episode.duration_s for episode in episodes)
    told = dict.fromkeys(episode.header.instruction for episode in episodes)
    instructions = ", ".join(f"“{escape(each)}”" for each in list(told)[-3:] if each)
    return (
        f"{started:%d %B %Y, %H:%M} to {until} UTC. {count_text(len(episodes), 'episode')}, "
        f"{recorded_s / 60:.1f} minutes recorded. {instructions}"
    )


def _headline(shift: Shift) -> str:
    sums = tally(shift.episodes)
    p50 = shift.seconds_to_serving_p50
    back = f", {shift.rolled_back} rolled back" if shift.rolled_back else ""
    tiles = [
        (share(sums.successes, sums.episodes) or "–", "episodes succeeded"),
        (share(sums.unaided, sums.episodes) or "–", "without help"),
        (str(shift.corrections), f"corrections, {sums.operator_s:.1f} s of operator time"),
        (per_success(sums), "operator time per success"),
        (f"{p50:.1f} s" if p50 is not None else "–", "from correction to serving, median"),
        (str(shift.served), f"versions served{back}"),
    ]
    return (
        '<div class="tiles">'
        + "".join(f"<div><b>{value}</b><span>{label}</span></div>" for value, label in tiles)
        + "</div>"
    )


def _legend() -> str:
    return (
        '<p class="legend">Upper lane left arm, lower lane right arm: <i class="policy"></i>policy '
        '<i class="operator"></i>operator <i class="hold"></i>holds <i class="rewind"></i>rewinds'
        "</p>"
    )


def _corrections(episodes: Sequence[EpisodeSummary]) -> str:
    found = [(episode, each) for episode in episodes for each in episode.corrections]
    if not found:
        return ""
    shown = found[-_PICTURED:]
    left = len(found) - len(shown)
    more = f"<p>{left} earlier ones are in the tables alone.</p>" if left else ""
    cards = "".join(_card(episode, correction) for episode, correction in shown)
    return f'{more}<div class="cards">{cards}</div>'


def _card(episode: EpisodeSummary, correction: Correction) -> str:
    length_s = correction.end_s - correction.takeover_s
    pairs = [
        f"<figure>{_picture(before, camera)}{_picture(after, camera)}</figure>"
        for camera, before, after in correction.pictures[:_CAMERAS]
    ]
    after = "handed back" if correction.handed_back else "episode ended"
    return (
        f"<article><h3>Episode {episode.header.episode}, {version_name(episode.first_version)}, "
        f"{correction.arm.name.lower()} arm</h3>"
        f"<p>taken over at {correction.takeover_s:.1f} s, {after} {length_s:.1f} s later</p>"
        f"{''.join(pairs)}<p class=pair><span>takeover</span><span>{after}</span></p></article>"
    )


def _picture(jpeg: bytes | None, camera: str) -> str:
    if jpeg is None:
        return '<div class="none">no image</div>'
    content = base64.b64encode(_small(jpeg)).decode()
    return f'<img alt="{escape(camera)}" src="data:image/jpeg;base64,{content}">'


def _small(jpeg: bytes) -> bytes:
    if len(jpeg) <= _LARGEST_PICTURE:
        return jpeg
    image = simplejpeg.decode_jpeg(jpeg, min_height=240, min_width=320, min_factor=2)
    return simplejpeg.encode_jpeg(image, quality=85)


def _unread(shift: Shift) -> list[str]:
    return [line for session in shift.sessions for line in session.unreadable]


def _list(lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""
