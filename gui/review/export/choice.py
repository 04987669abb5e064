"""What an operator chose to export, and the command that it is. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from recorder.export.export import ExportFormat

EXPORTS = "exports"  # beside the sessions


class Scope(StrEnum):
    """Which clips."""

    THIS = "this"
    MARKED = "marked"
    ALL = "all"


@dataclass(frozen=True)
class ExportChoice:
    """An export.

    Attributes:
        clips: names; none: all but discarded ones.
        fps: rows a second; 0: the format's own.
        size: side of a square image in pixels; 0: as they are.
    """

    format: str
    session: Path
    target: Path
    clips: tuple[str, ...] = ()
    fps: float = 0.0
    size: int = 0
    video: str = "h264"
    overwrite: bool = False
    skip_damaged: bool = False


def arguments(choice: ExportChoice) -> tuple[str, ...]:
    """What follows `nudge` on the command line."""
    made = ["record", "export", choice.format, str(choice.session), str(choice.target)]
    made += ["--json", "--progress", "lines"]
    if choice.clips:
        made += ["--clips", *choice.clips]
    if choice.fps:
        made += ["--fps", f"{choice.fps:g}"]
    if choice.size:
        made += ["--size", str(choice.size)]
    if choice.video != "h264":
        made += ["--video", choice.video]
    if choice.overwrite:
        made += ["--overwrite"]
    if choice.skip_damaged:
        made += ["--skip-damaged"]
    return tuple(made)


def usual_target(session: Path, format: ExportFormat) -> Path:
    """Where an export goes unless the operator says otherwise: never into a session."""
    return session.absolute().parent / EXPORTS / f"{session.name}-{format.name}{format.suffix}"
