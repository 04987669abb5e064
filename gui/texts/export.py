"""The words of exporting clips."""

from recorder.export.export import ExportFormat
from recorder.export.progress_lines import ExportProgress
from recorder.export.work import Exported
from recorder.words import count_text

TITLE = "Export"
FORMAT = "Format"
CLIPS = "Clips"
TARGET = "To"
OPTIONS = "Options"
START = "Export"
GO_ON = "Export again"
CANCEL = "Cancel"
CHOOSE = "Choose…"
CHOOSE_TITLE = "Folder for the export"
RATE = "rows a second"
RATE_OWN = "the format's own"
SIZE = "images, pixels square"
SIZE_OWN = "as recorded"
VIDEO = "AV1 video: a third of the space, slower"
OVERWRITE = "replace a finished target"
SKIP = "leave damaged episodes out"
PROGRESS_NAME, STATE_NAME = "Progress of the export", "What became of the export"
LOOKING = "Looking at the episodes …"
CANCELLED = "Stopped. What is done stays done: the same export goes on where it was."
NO_TARGET = "Say where to: a new file or folder."
NO_CLIP = "No clip is shown: choose one, or export all."
DIED = "The export ended without a word. What is done stays done; export again."


def format_line(row: ExportFormat, missing: tuple[str, ...]) -> str:
    """Say what a format is, or what it needs."""
    if missing:
        return f"needs: pip install 'nudge-teleop[{row.extra}]'"
    return row.summary


def this_clip(name: str) -> str:
    """The choice of one clip."""
    return f"this one, {name}" if name else "this one"


def marked_clips(count: int) -> str:
    """The choice of those that are marked in the list."""
    return f"the {count} marked in the list" if count > 1 else "those marked in the list"


def all_clips(session: str) -> str:
    """The choice of all."""
    return f"all of {session}, but for discarded ones"


def progress_line(progress: ExportProgress) -> str:
    """Say how far it is."""
    if progress.reading_back:
        return "Reading back what was written …"
    counts = f"{progress.episodes} of {count_text(progress.of, 'episode')}"
    megabytes = f"{progress.megabytes:.0f} of {progress.of_megabytes:.0f} MB"
    return " · ".join(filter(None, (counts, megabytes, progress.at)))


def result(done: Exported) -> str:
    """Say what came of it."""
    asked = [each for each in done.left_out if each.reason != "it was not asked for"]
    parts = [count_text(len(done.added), "episode")]
    if done.there:
        parts.append(f"{len(done.there)} were there already")
    if asked:
        parts.append(f"{len(asked)} left out ({asked[0].reason.rstrip('.')})")
    if done.damaged:
        parts.append(f"{len(done.damaged)} could not be read ({done.damaged[0].reason})")
    if not done.path:
        parts.append("the target is not finished: mend what is damaged, or leave it out")
        return ", ".join(parts) + "."
    return f"{', '.join(parts)}: {done.path}"
