"""`nudge record show`: one episode: streams, events, takeovers, latencies, losses."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from recorder.edits.clip_reader import open_clip
from recorder.edits.verb_parts import OneEpisode, look_up
from recorder.schema import State
from recorder.shown import EpisodeShown, Nominal, StreamShown, look_at
from recorder.terminal_timeline import MARKS, STYLES, axis, drawn_modes
from recorder.words import bytes_text, count_text, length_text, lost_text
from teleop.cli_options import parse
from teleop.errors import SessionError
from teleop.messages import Mode
from teleop.session_folder import SessionFolder
from teleop.session_record import read_record

_VIEW = "operator"  # the camera that runs at `view_hz`
_WIDTH = 60  # characters of the timeline
_EVENTS = 40  # shown; `--all-events` shows the rest
_OFF = 0.05  # a found rate farther than this from the nominal one is marked


@dataclass(frozen=True)
class ShowOptions(OneEpisode):
    """Which episode, and how to print."""

    all_events: bool = False
    """every event; else the first 40"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


def show(options: ShowOptions) -> EpisodeShown:
    """Read the episode as it is after all edits.

    Raises:
        SessionError: the folder is no session.
        EpisodeError: there is no such episode, or it cannot be read.
    """
    _, clip = look_up(options)
    with open_clip(clip) as episode:
        nominal = _nominal(SessionFolder(options.session))
        return look_at(clip.name, episode, nominal, clip.edits)


def _nominal(folder: SessionFolder) -> Nominal:
    """The rates that the session was set to, where that can be read."""
    try:
        config = read_record(folder).config
    except SessionError:
        return Nominal()
    return Nominal(config.rate_hz, config.camera_hz, config.view_hz, _VIEW)


def page(shown: EpisodeShown, *, all_events: bool) -> RenderableType:
    """What is printed for people."""
    return Group(
        _head(shown),
        Text(),
        *_timeline(shown),
        _stream_table(shown.streams),
        *_interventions(shown),
        *_versions(shown),
        _latency_table(shown),
        *_events(shown, len(shown.events) if all_events else _EVENTS),
    )


def _head(shown: EpisodeShown) -> Text:
    header = shown.header
    when = datetime.fromtimestamp(header.opened_epoch_ns * 1e-9)
    outcome = "not finished" if header.state is State.RECORDING else header.outcome.value.lower()
    reason = f" ({header.reason})" if header.reason else ""
    kind = ", a demonstration" if header.demonstration else ""
    lost = lost_text(header.dropped_steps, header.lost_images, header.lost_samples) or "nothing"
    lines = [
        f"{shown.name}, {when:%Y-%m-%d %H:%M:%S}, {outcome}{reason}{kind}, "
        f"{length_text(shown.duration_s) or '0 s'}, {header.steps} rows",
        f"“{header.instruction}”  {header.scene or header.source}".rstrip(),
        f"Lost: {lost}. {count_text(header.interventions, 'takeover')}, operator "
        f"{length_text(header.operator_s) or '0 s'}.",
    ]
    if header.operator:
        lines.append(f"Operator: {header.operator}.")
    if header.corrections_only:
        lines.append(f"Only around takeovers; {header.cut_rows} rows were not kept on purpose.")
    if shown.edits:
        numbers = ", ".join(map(str, shown.edits))
        lines.append(f"Edited: {numbers} (`nudge record edits` says how).")
    return Text("\n".join(lines))


def _timeline(shown: EpisodeShown) -> list[Text]:
    lines: list[Text] = []
    for name, drivers in zip(("left", "right"), shown.drivers, strict=True):
        line = Text(f"{name:<6}")
        for mode in drawn_modes(drivers, shown.duration_s, _WIDTH):
            line.append(MARKS[mode], STYLES[mode])
        lines.append(line)
    legend = "  ".join(f"{MARKS[mode]} {mode.value.lower()}" for mode in Mode)
    return [*lines, Text(f"{'':6}{axis(shown.duration_s, _WIDTH)}"), Text(f"{'':6}{legend}", "dim")]


def _table(*heads: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left", no_wrap=True)
    return table


def _stream_table(streams: Sequence[StreamShown]) -> Table:
    table = _table("Stream", "Count", "Hz", "Set", "Lost", "Gap ms", "Jitter", "Delay", "Size")
    for each in streams:
        off = each.nominal_hz and abs(each.rate_hz / each.nominal_hz - 1.0) > _OFF
        table.add_row(
            each.name,
            str(each.count),
            Text(f"{each.rate_hz:.1f}" if each.rate_hz else "", "yellow" if off else ""),
            f"{each.nominal_hz:g}" if each.nominal_hz else "",
            Text(str(each.missing) if each.missing else "", "yellow"),
            f"{each.longest_ms:.1f}" if each.count > 1 else "",
            f"{each.jitter_ms:.1f}" if each.count > 1 else "",
            f"{each.latency_ms:.1f}" if each.latency_ms >= 0 else "",
            bytes_text(each.bytes),
        )
    return table


def _interventions(shown: EpisodeShown) -> list[Text]:
    return [
        Text(
            f"{each.arm} arm taken over at {each.from_s:.2f} s, "
            f"{'handed back' if each.handed_back else 'kept to the end'} "
            f"{each.to_s - each.from_s:.2f} s later"
        )
        for each in shown.interventions
    ]


def _versions(shown: EpisodeShown) -> list[Text]:
    return [
        Text(f"policy v{each.version}: {each.rows} rows from {each.from_s:.2f} s on")
        for each in shown.versions
    ]


def _latency_table(shown: EpisodeShown) -> Table:
    table = _table("Latency", "Middle ms", "99 % ms", "Most ms")
    for each in shown.latencies:
        numbers = (each.middle_ms, each.p99_ms, each.most_ms)
        table.add_row(each.name, *(f"{number:.2f}" for number in numbers))
    return table


def _events(shown: EpisodeShown, most: int) -> list[Text]:
    lines = [
        Text(f"{each.at_s:9.3f} s  {each.kind:<12}  {each.source:<12}  {each.text}".rstrip())
        for each in shown.events[:most]
    ]
    left = len(shown.events) - len(lines)
    return [*lines, Text(f"and {left} events more: --all-events")] if left else lines


def main(arguments: list[str]) -> int:
    """Show one episode; return 0."""
    options = parse(ShowOptions, arguments, prog="nudge record show", description=__doc__ or "")
    shown = show(options)
    if options.json:
        sys.stdout.write(msgspec.json.encode(shown).decode() + "\n")
    else:
        Console().print(page(shown, all_events=options.all_events))
    return 0
