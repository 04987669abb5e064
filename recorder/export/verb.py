"""`nudge record export`: take recorded episodes to the tools of others."""

import dataclasses
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import tyro
from rich.console import Console

from recorder.export.bar import Bar
from recorder.export.export import FORMATS, ExportFormat, ExportOptions
from recorder.export.journal import RECORD
from recorder.export.progress_lines import ProgressLines
from recorder.export.selection import NOT_ASKED, USUAL, choose, numbers_of
from recorder.export.work import Exported, Job, carry_through, format_named
from recorder.repair_folder import is_episode
from recorder.words import count_text
from teleop.cli_options import parse
from teleop.config import SafetyLimits
from teleop.errors import ConversionError, SessionError
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from teleop.session_record import read_record

PROG = "nudge record export"


@dataclass(frozen=True)
class ExportVerbOptions:
    """What to export, to what, and how."""

    format: Annotated[tyro.conf.Positional[str], tyro.conf.arg(metavar="FORMAT")]
    """one of the formats above"""
    paths: Annotated[
        tyro.conf.Positional[tuple[Path, ...]], tyro.conf.arg(metavar="SESSION... TARGET")
    ]
    """session folders, and as the last the target, which is made"""
    episodes: str = ""
    """numbers and ranges, such as 3,5-9; all if not given"""
    clips: tuple[str, ...] = ()
    """names of episodes, such as episode_00012a, as `nudge record list` prints them; all if not
    given"""
    outcome: tuple[Literal["success", "fail", "unlabelled", "discarded"], ...] = ()
    """export episodes that ended so; all but discarded ones if not given"""
    fps: float = 0.0
    """rows a second; 0: the format's own, in the list above"""
    cameras: tuple[str, ...] = ()
    """cameras to export; all if not given"""
    size: int = 0
    """scale images to a square of this many pixels; 0: as they are"""
    raw: bool = False
    """images as arrays also where the format can hold JPEG"""
    video: Literal["h264", "av1"] = "h264"
    """how a format with videos codes them: av1 takes a third of the space and somewhat longer"""
    skip_damaged: bool = False
    """finish without episodes that cannot be read; else the target stays unfinished"""
    overwrite: bool = False
    """replace a finished target, once the new one is complete"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""
    progress: Literal["bar", "lines"] = "bar"
    """how to tell on stderr how far it is: for people, or a JSON object a line"""


def intro() -> str:
    """What the verb does, and the list of formats."""
    lines = [
        "Take recorded episodes to the tools of others. Stopped or killed, the same command "
        "continues. A target is complete when it has its name; until then it is called "
        "TARGET.part, for formats that need a folder of their own to work in.",
        "",
        "Formats:",
    ]
    width = max(len(row.name) for row in FORMATS)
    for row in FORMATS:
        rate = f"{row.fps:.0f} rows a second" if row.fps else "native rates"
        shape = f"file {row.suffix}" if row.suffix else "folder"
        needs = f"; needs pip install 'nudge-teleop[{row.extra}]'" if row.needs else ""
        lines.append(f"  {row.name:<{width}}  {row.summary} ({shape}, {rate}{needs})")
    return "\n".join([*lines, "", "docs/exports.md says what goes where."])


def main(arguments: list[str]) -> int:
    """Export; returns 0 if the target is complete, 1 if episodes are missing in it."""
    options = parse(ExportVerbOptions, arguments, prog=PROG, description=intro())
    started = time.monotonic()
    row = format_named(options.format)
    sessions, target = _paths(options, row)
    replacing = _finished(target)
    if replacing and not options.overwrite:
        raise ConversionError(
            f"{target} is finished already. Name another target, or add --overwrite to replace it."
        )
    selection = choose(
        sessions,
        numbers_of(options.episodes),
        frozenset(Outcome(name.upper()) for name in options.outcome) or USUAL,
        frozenset(options.clips),
    )
    place = target.with_name(f"{target.stem}.new{target.suffix}") if replacing else target
    console = Console(stderr=True)
    try:
        with ProgressLines() if options.progress == "lines" else Bar(console) as bar:
            job = Job(row, place, _asked(options, row, sessions))
            result = carry_through(job, selection, bar, options.skip_damaged)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("What is done stays done; the same command continues.") from None
    if result.path:
        _leave_record(place, result)
        if replacing:
            result = _replace(target, place, result)
    _tell(result, target, time.monotonic() - started, options.json)
    return 0 if result.path else 1


def _paths(options: ExportVerbOptions, row: ExportFormat) -> tuple[tuple[Path, ...], Path]:
    if len(options.paths) < 2:
        raise ConversionError(
            f"Name at least one session and the target: {PROG} {row.name} SESSION TARGET"
        )
    *sessions, target = options.paths
    if row.suffix and target.suffix not in (row.suffix, ".h5"):
        raise ConversionError(
            f"{row.name} makes one file; let the target's name end in {row.suffix}, not {target}."
        )
    if target.is_file() and not row.suffix:
        raise ConversionError(f"{row.name} makes a folder, and {target} is a file. Name a folder.")
    place = target.resolve()
    recorded = {SessionFolder(each.resolve()).episodes for each in sessions}
    if is_episode(place.parent) or not recorded.isdisjoint(place.parents):
        raise ConversionError(f"{target} lies among recorded episodes. Name another target.")
    if SessionFolder(target).episodes.is_dir():
        raise ConversionError(f"The target {target} is a session. Name a new file or folder last.")
    return tuple(sessions), target


def _finished(target: Path) -> bool:
    """Whether the target is there and complete."""
    return target.is_file() or (target / RECORD).is_file()


def _asked(
    options: ExportVerbOptions, row: ExportFormat, sessions: tuple[Path, ...]
) -> ExportOptions:
    usual = ExportOptions()
    fps = options.fps or row.fps or usual.fps
    if not 0.1 <= fps <= 1000.0:
        raise ConversionError(f"--fps is {options.fps}; it must be 0.1 to 1000, or 0.")
    if options.size and not 8 <= options.size <= 4096:
        raise ConversionError(f"--size is {options.size}; it must be 8 to 4096 pixels, or 0.")
    limits = [_limits(session) for session in sessions]
    return ExportOptions(
        fps=fps,
        cameras=options.cameras,
        size=options.size,
        raw=options.raw,
        video=options.video,
        linear_speed=max(each.linear_speed for each in limits),
        angular_speed=max(each.angular_speed for each in limits),
    )


def _limits(session: Path) -> SafetyLimits:
    """The session's own; the usual ones where an old or foreign session tells none."""
    try:
        return read_record(SessionFolder(session)).config.limits
    except SessionError:
        return SafetyLimits()


def _leave_record(place: Path, result: Exported) -> None:
    """Mark a finished folder as one, for formats that do not do it themselves."""
    if place.is_dir() and not (place / RECORD).exists():
        (place / RECORD).write_bytes(msgspec.json.format(msgspec.json.encode(result)))


def _replace(target: Path, place: Path, result: Exported) -> Exported:
    """Put the finished export in the place of the old one, which goes last."""
    old = target.with_name(f"{target.stem}.old{target.suffix}")
    if target.is_dir():
        target.rename(old)
        place.rename(target)
        shutil.rmtree(old)
    else:
        place.replace(target)
    return dataclasses.replace(result, path=str(target / Path(result.path).relative_to(place)))


def _tell(result: Exported, target: Path, seconds: float, json: bool) -> None:
    if json:
        told = {**msgspec.to_builtins(result), "seconds": round(seconds, 3)}
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        return
    console = Console()
    for each in result.left_out:
        if each.reason == NOT_ASKED:
            continue
        text = f"{each.name} was left out: {each.reason.rstrip('.')}."
        console.print(text, style="dim", markup=False, soft_wrap=True)
    for each in result.damaged:
        text = f"{each.name} could not be read: {each.reason}"
        console.print(text, style="yellow", markup=False, soft_wrap=True)
    count = f"{count_text(len(result.added), 'episode')} in {seconds:.1f} s"
    if result.there:
        count += f", {len(result.there)} were there already"
    if result.path:
        console.print(f"{count}: {result.path}", markup=False, soft_wrap=True)
    elif not result.damaged:
        text = (
            f"None of the episodes could be exported, for the reasons above; there is no {target}."
        )
        console.print(text, markup=False, soft_wrap=True)
    else:
        console.print(
            f"{count}; {target} is not finished. Mend what could not be read with `nudge record "
            "repair`, and give the same command again; or add --skip-damaged.",
            markup=False,
            soft_wrap=True,
        )
