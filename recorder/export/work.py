"""Carrying an export through: episode after episode, with what is there already passed over."""

import contextlib
import difflib
import importlib.util
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from recorder.export.export import FORMATS, ExportFormat, ExportOptions, OpenExport
from recorder.export.selection import Chosen, LeftOut, Selection
from recorder.storage import RESERVE_BYTES, free_bytes
from teleop.errors import ConversionError, EpisodeError
from teleop.named_function import named_function


@dataclass(frozen=True)
class Exported:
    """What an export came to.

    Attributes:
        path: what to open the dataset by; empty: it was not finished.
        added: names of the episodes of this run.
        there: of those that were in the target already.
        left_out: by their outcome or number, unfinished, or not fit for the format.
        damaged: could not be read.
    """

    format: str
    path: str
    added: tuple[str, ...]
    there: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    damaged: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Job:
    """What to export to, and where."""

    format: ExportFormat
    target: Path
    options: ExportOptions


class Progress(Protocol):
    """Told how far an export is."""

    def begin(self, chosen: tuple[Chosen, ...], there: frozenset[str]) -> None:
        """Before the first episode; `there`: what the target holds already."""
        ...

    def add(self, episode: Chosen) -> None:
        """An episode is being written."""
        ...

    def added(self, episode: Chosen) -> None:
        """It is done."""
        ...

    def finish(self) -> None:
        """All are; what makes the dataset complete is being written and read back."""
        ...


def load(format: ExportFormat) -> OpenExport:
    """The function that opens an export of that format.

    Raises:
        ConversionError: a library is missing.
    """
    missing = [need for need in format.needs if importlib.util.find_spec(need) is None]
    if missing:
        raise ConversionError(
            f"Exporting to {format.name} needs {' and '.join(missing)}: "
            f"pip install 'nudge-teleop[{format.extra}]'"
        )
    return named_function(format.target)


def format_named(name: str) -> ExportFormat:
    """The row of the table of formats. Raises ConversionError: there is none of that name."""
    for row in FORMATS:
        if row.name == name:
            return row
    known = [row.name for row in FORMATS]
    near = difflib.get_close_matches(name, known, n=1)
    guess = f" Did you mean '{near[0]}'?" if near else ""
    raise ConversionError(f"There is no format '{name}'.{guess} Known: {', '.join(known)}.")


def carry_through(
    job: Job, selection: Selection, progress: Progress, skip_damaged: bool = False
) -> Exported:
    """Export what was selected and is not in the target yet, then finish it.

    Args:
        job: what to, and where.
        selection: the episodes.
        progress: told of each.
        skip_damaged: finish without those that cannot be read; else the target stays
            unfinished, and the same command goes on once they are mended or discarded.

    Raises:
        ConversionError: nothing was selected, a library is missing, the target cannot be written,
            or is not what was written to it.
    """
    if not selection.chosen:
        reasons = sorted({each.reason for each in (*selection.left_out, *selection.damaged)})
        why = "; ".join(reasons) or "no episode was found"
        raise ConversionError(f"There is nothing to export: {why}.")
    damaged, left_out = list(selection.damaged), list(selection.left_out)
    added: list[str] = []
    path = ""
    open_export = load(job.format)
    with _on_disk(job.target), contextlib.closing(open_export(job.target, job.options)) as export:
        there = export.done()
        progress.begin(selection.chosen, there)
        for episode in selection.chosen:
            if episode.name in there:
                continue
            _require_room(job.target)
            progress.add(episode)
            try:
                with episode.open() as data:
                    export.add(episode.name, data)
                added.append(episode.name)
            except ConversionError as error:
                if isinstance(error.__cause__, OSError):  # the target's disk, not the episode
                    raise
                left_out.append(LeftOut(episode.name, str(error)))
            except EpisodeError as error:
                damaged.append(LeftOut(episode.name, str(error)))
            progress.added(episode)
        if (added or there) and (skip_damaged or not damaged):
            progress.finish()
            path = str(export.finish())
    found = tuple(each.name for each in selection.chosen if each.name in there)
    return Exported(job.format.name, path, tuple(added), found, tuple(left_out), tuple(damaged))


@contextlib.contextmanager
def _on_disk(target: Path) -> Generator[None]:
    """Say what it means where the system refuses a write."""
    try:
        yield
    except OSError as error:
        raise ConversionError(
            f"{target} cannot be written: {error.strerror or error}. What is done stays done; the "
            "same command continues."
        ) from error


def _require_room(target: Path) -> None:
    folder = next(path for path in target.absolute().parents if path.is_dir())
    if free_bytes(folder) < RESERVE_BYTES:
        raise ConversionError(
            f"The disk of {folder} is full: {RESERVE_BYTES / 1e6:.0f} MB are kept back for the "
            "recorder. What is done stays done; free some space, the same command continues."
        )
