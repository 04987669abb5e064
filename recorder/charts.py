"""Small drawings as inline SVG: who drove when, and how a session went. Colours: Okabe and Ito."""

from collections.abc import Sequence
from html import escape

from recorder.summary import EpisodeSummary, Span
from recorder.summary_table import version_name
from teleop.messages import Mode, Outcome

DRIVERS = {
    Mode.POLICY: 'fill="#56B4E9"',
    Mode.OPERATOR: 'fill="#fff" stroke="#1b1f24"',
    Mode.HOLD: 'fill="#b8bec6"',
    Mode.REWIND: 'fill="#8E24AA"',
}
OUTCOMES = {
    Outcome.SUCCESS: "#009E73",
    Outcome.FAIL: "#D55E00",
    Outcome.DISCARDED: "#b8bec6",
    Outcome.UNLABELLED: "#b8bec6",
}
WINDOW = 5  # episodes in the running mean of the success rate

# Told apart without colour too.
_SUCCESS = 'stroke="#009E73" stroke-width="2"'
_UNAIDED = 'stroke="#0072B2" stroke-width="2" stroke-dasharray="7 4"'
_HELP = 'stroke="#A3216F" stroke-width="2" stroke-dasharray="2 3"'

_STRIP_WIDTH, _LANE = 560, 10  # px
_WIDTH, _LEFT, _RIGHT = 992, 48, 8
_PANEL, _GAP, _TOP = 96, 48, 36


def strip(episode: EpisodeSummary, longest_s: float) -> str:
    """Return an episode as a strip: the left arm's lane over the right arm's, to scale."""
    scale = (_STRIP_WIDTH - 2) / max(longest_s, 1e-9)
    lanes = [
        _lane(spans, scale, 1 + lane * (_LANE + 3)) for lane, spans in enumerate(episode.lanes)
    ]
    height = 2 * _LANE + 5
    return _svg(_STRIP_WIDTH, height, f"who drove in {escape(episode.file)}", "".join(lanes))


def _lane(spans: Sequence[Span], scale: float, top: int) -> str:
    return "".join(
        f'<rect x="{1 + span.start_s * scale:.1f}" y="{top}" '
        f'width="{max((span.end_s - span.start_s) * scale, 1.0):.1f}" height="{_LANE}" '
        f"{DRIVERS[span.mode]}><title>{span.mode.lower()} {span.start_s:.1f} to "
        f"{span.end_s:.1f} s</title></rect>"
        for span in spans
    )


def running_share(flags: Sequence[bool], window: int = WINDOW) -> list[float]:
    """Return for each place the share of true flags among it and those just before it."""
    recent = [flags[max(0, end - window) : end] for end in range(1, len(flags) + 1)]
    return [sum(each) / len(each) for each in recent]


def trend(episodes: Sequence[EpisodeSummary]) -> str:
    """Return success and need for help over operator seconds, with the versions' changes.

    Both are shown, because the need for help can fall while success does not rise.
    """
    if not episodes:
        return ""
    step = (_WIDTH - _LEFT - _RIGHT) / len(episodes)
    centres = [_LEFT + (place + 0.5) * step for place in range(len(episodes))]
    second = _TOP + _PANEL + _GAP
    height = second + _PANEL + 40
    parts = [
        *_versions(episodes, step, height - 40),
        *_success(episodes, centres, _TOP),
        *_operator_bars(episodes, centres, step, second),
        _text(_WIDTH - _RIGHT, height - 6, "episodes in their order", "end"),
    ]
    return _svg(_WIDTH, height, "success and operator time, episode by episode", "".join(parts))


def _success(episodes: Sequence[EpisodeSummary], centres: Sequence[float], top: int) -> list[str]:
    def y(share: float) -> float:
        return top + _PANEL * (1.0 - share)

    parts = [
        _text(
            0,
            top - 18,
            f"Means of {WINDOW}. — success, - - success without help, ··· with help. "
            "Dots: each episode, hollow with help",
        )
    ]
    parts += [_level(y(share), f"{share:.0%}") for share in (0.0, 0.5, 1.0)]
    for flags, style in (
        ([bool(episode.header.interventions) for episode in episodes], _HELP),
        ([episode.unaided for episode in episodes], _UNAIDED),
        ([episode.succeeded for episode in episodes], _SUCCESS),
    ):
        shares = running_share(flags)
        points = " ".join(f"{x:.1f},{y(s):.1f}" for x, s in zip(centres, shares, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" {style}/>')
    for x, episode in zip(centres, episodes, strict=True):
        filled = OUTCOMES[episode.header.outcome] if not episode.header.interventions else "#fff"
        title = f"{episode.file}: {_in_words(episode)}"
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y(float(episode.succeeded)):.1f}" r="4" fill="{filled}" '
            f'stroke="{OUTCOMES[episode.header.outcome]}" stroke-width="1.5">'
            f"<title>{escape(title)}</title></circle>"
        )
    return parts


def _in_words(episode: EpisodeSummary) -> str:
    header = episode.header
    return f"{header.outcome.lower()}, {header.interventions} takeovers, {header.reason}"


def _operator_bars(
    episodes: Sequence[EpisodeSummary], centres: Sequence[float], step: float, top: int
) -> list[str]:
    most = max(1.0, *(episode.header.operator_s for episode in episodes))
    floor = top + _PANEL
    width = min(step * 0.6, 26.0)
    parts = [_text(0, top - 14, "Operator time, s")]
    parts += [_level(floor - _PANEL * s / most, f"{s:.3g}") for s in (0.0, most)]
    for x, episode in zip(centres, episodes, strict=True):
        tall = _PANEL * episode.header.operator_s / most
        if tall > 0.0:
            parts.append(
                f'<rect x="{x - width / 2:.1f}" y="{floor - tall:.1f}" width="{width:.1f}" '
                f'height="{tall:.1f}" {DRIVERS[Mode.OPERATOR]}/>'
            )
    return parts


def _versions(episodes: Sequence[EpisodeSummary], step: float, bottom: int) -> list[str]:
    parts: list[str] = []
    before, label_end = None, -1e9
    for place, episode in enumerate(episodes):
        if episode.first_version == before:
            continue
        before = episode.first_version
        x = _LEFT + place * step
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 4}" y2="{bottom}" stroke="#d5d9de" '
            'stroke-dasharray="2 3"/>'
        )
        if x - label_end > 26:  # px; else the labels would run into each other
            parts.append(_text(x + 3, bottom + 14, version_name(before)))
            label_end = x
    return parts


def _level(y: float, label: str) -> str:
    line = f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eceff2"/>'
    return line + _text(_LEFT - 8, y + 4, label, "end")


def _text(x: float, y: float, content: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(content)}</text>'


def _svg(width: int, height: int, title: str, content: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{title}">{content}</svg>'
    )
