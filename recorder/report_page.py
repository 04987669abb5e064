"""The report on a session as one HTML page that needs no script, no other file and no network."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

import simplejpeg

from recorder.charts import OUTCOMES, strip, trend
from recorder.report_style import STYLE
from recorder.summary import Correction, EpisodeSummary, SessionSummary, VersionSummary
from recorder.summary_table import served, share, version_name

_LARGEST_PICTURE = 40_000  # bytes; larger ones are shown at half or a quarter of their size
_CAMERAS = 2  # shown of each correction


def page(summary: SessionSummary) -> str:
    """Return the whole page."""
    name = escape(summary.folder.absolute().name)
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Session {name}</title><style>{STYLE}</style></head><body><main>",
            f"<header><h1>Session {name}</h1><p>{_when(summary)}</p></header>",
            _headline(summary),
            _section("How it went", trend(summary.counted)),
            _section("Policy versions", _version_table(summary.versions)),
            _section("Episodes", _legend() + _episode_table(summary.episodes)),
            _section("Corrections", _corrections(summary.episodes)),
            _section("Not read", _list(summary.unreadable)),
            "</main></body></html>",
        ]
    )


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>{content}</section>" if content else ""


def _when(summary: SessionSummary) -> str:
    if not summary.episodes:
        return "No episode has been finished."
    started = datetime.fromtimestamp(summary.episodes[0].header.opened_epoch_ns * 1e-9, UTC)
    recorded_s = sum(episode.duration_s for episode in summary.episodes)
    instruction = escape(summary.episodes[-1].header.instruction)
    return (
        f"{started:%d %B %Y, %H:%M} UTC. {len(summary.episodes)} episodes, "
        f"{recorded_s / 60:.1f} minutes recorded. “{instruction}”"
    )


def _headline(summary: SessionSummary) -> str:
    counted = summary.counted
    p50 = summary.seconds_to_serving_p50
    tiles = [
        (share(sum(e.succeeded for e in counted), len(counted)) or "–", "episodes succeeded"),
        (share(sum(e.unaided for e in counted), len(counted)) or "–", "without help"),
        (str(summary.corrections), "corrections"),
        (f"{summary.operator_s:.1f} s", "operator time"),
        (f"{p50:.1f} s" if p50 is not None else "–", "from correction to serving, median"),
    ]
    return (
        '<div class="tiles">'
        + "".join(f"<div><b>{value}</b><span>{label}</span></div>" for value, label in tiles)
        + "</div>"
    )


def _version_table(versions: Sequence[VersionSummary]) -> str:
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
    return _table(head, rows, numbers=range(3, 10))


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


def _legend() -> str:
    return (
        '<p class="legend">Upper lane left arm, lower lane right arm: <i class="policy"></i>policy '
        '<i class="operator"></i>operator <i class="hold"></i>holds</p>'
    )


def _episode_table(episodes: Sequence[EpisodeSummary]) -> str:
    longest_s = max((episode.duration_s for episode in episodes), default=0.0)
    rows = [_episode_row(episode, longest_s) for episode in episodes]
    head = ("episode", "version", "who was in control", "length", "operator", "outcome")
    return _table(head, rows, numbers=(3, 4)) if rows else ""


def _episode_row(episode: EpisodeSummary, longest_s: float) -> list[str]:
    header = episode.header
    lost = f"<small> {header.dropped_steps} steps lost</small>" if header.dropped_steps else ""
    kind = "demonstration" if header.demonstration else version_name(episode.first_version)
    return [
        f'<span title="{escape(episode.file)}, {escape(header.scene)}">{header.episode}</span>',
        kind,
        strip(episode, longest_s),
        f"{episode.duration_s:.1f} s",
        f"{header.operator_s:.1f} s" if header.operator_s else "",
        f'<em style="color:{OUTCOMES[header.outcome]}">{header.outcome.lower()}</em> '
        f"<small>{escape(header.reason)}</small>{lost}",
    ]


def _corrections(episodes: Sequence[EpisodeSummary]) -> str:
    cards = [
        _card(episode, correction) for episode in episodes for correction in episode.corrections
    ]
    return '<div class="cards">' + "".join(cards) + "</div>" if cards else ""


def _card(episode: EpisodeSummary, correction: Correction) -> str:
    length_s = correction.end_s - correction.takeover_s
    pairs = [
        f"<figure>{_picture(before, camera)}{_picture(after, camera)}</figure>"
        for camera, before, after in correction.pictures[:_CAMERAS]
    ]
    after = "handed back" if correction.handed_back else "episode ended"
    return (
        f"<article><h3>Episode {episode.header.episode}, {correction.arm.name.lower()} arm</h3>"
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


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=number' if place in numbers else ''}>{cell}</{tag}>"
            for place, cell in enumerate(cells)
        )

    body = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in rows)
    return f"<table><thead><tr>{row(head, 'th')}</tr></thead><tbody>{body}</tbody></table>"


def _list(lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""
