"""Carrying an import through: open, settle what is meant, and write episode after episode."""

import importlib.util
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from recorder.imports.bar import Bar
from recorder.imports.foreign import ForeignDataset, ForeignEpisode, OpenDataset
from recorder.imports.formats import ImportFormat, Known
from recorder.imports.into_session import ImportTarget, import_target
from recorder.imports.mapping import ActionPart, ArmPart, Kind, Mapping
from recorder.imports.preflight import preflight
from recorder.imports.questions import Question, questions
from recorder.imports.resolve import Resolved, agreement, resolve
from teleop.errors import ConversionError, DiskFull
from teleop.messages import Arm
from teleop.named_function import named_function

FAST_M_S, FAST_RAD_S = 2.0, 10.0  # no arm near people moves like that; the scale must be wrong
SLOW_M_S = 0.01  # an arm that is told less stands still, and what it does is noise
POOR = 0.5  # a correlation below it says that axes or order are wrong


@dataclass(frozen=True)
class Job:
    """What is to be imported, and what the user said of it."""

    format: ImportFormat
    path: Path
    arm: Literal["left", "right", "both"]
    mapping: Mapping | None
    fps: float
    instruction: str
    without_actions: bool
    again: bool


@dataclass(frozen=True, eq=False)
class Opened:
    """A dataset, its first episode, and what is known and open."""

    dataset: ForeignDataset
    first: ForeignEpisode
    mapping: Mapping
    questions: tuple[Question, ...]

    def checks(self) -> tuple[str, ...]:
        """How the first episode looks by this mapping."""
        return _checks(resolve(self.mapping, self.first))


@dataclass(frozen=True)
class Added:
    """An episode that was imported."""

    name: str
    source: str
    rows: int
    outcome: str


@dataclass(frozen=True)
class Imported:
    """What an import came to.

    Attributes:
        there: how many episodes had been imported before.
        refused: a sentence for each episode that could not be.
        notes: what there is to know of the first one.
    """

    added: tuple[Added, ...]
    there: int
    refused: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: float


@contextmanager
def look(job: Job) -> Generator[Opened]:
    """Open the dataset and settle its mapping.

    Raises:
        ConversionError: it cannot be read, or a library is missing.
    """
    dataset = open_dataset(job)
    try:
        first = next(iter(dataset.episodes()), None)
        if first is None:
            raise ConversionError(f"{job.path} has no episodes.")
        mapping = settled(job, dataset, first)
        yield Opened(dataset, first, mapping, questions(mapping, first))
    finally:
        dataset.close()


def open_dataset(job: Job) -> ForeignDataset:
    """Open it by its format's own module. Raises ConversionError."""
    missing = [each for each in job.format.needs if importlib.util.find_spec(each) is None]
    if missing:
        raise ConversionError(
            f"{job.format.name} needs '{missing[0]}', which is not installed: run "
            "`pip install 'nudge-teleop[formats]'`."
        )
    if job.format.hdf5:
        preflight(job.format.target, job.path)
    open_by_format: OpenDataset = named_function(job.format.target)
    return open_by_format(job.path)


def settled(job: Job, dataset: ForeignDataset, first: ForeignEpisode) -> Mapping:
    """The mapping: the user's file if there is one, else what is known; and what the line says."""
    arm = Arm.LEFT if job.arm == "left" else Arm.RIGHT
    known: Known = named_function(job.format.known)
    mapping = job.mapping or known(dataset, first, arm)
    if job.fps:
        mapping = msgspec.structs.replace(mapping, fps=job.fps)
    if job.instruction:
        mapping = msgspec.structs.replace(mapping, instruction=job.instruction)
    if job.without_actions:
        mapping = msgspec.structs.replace(
            mapping, left=_without(mapping.left), right=_without(mapping.right)
        )
    return mapping


def carry_through(job: Job, opened: Opened, session: Path, bar: Bar) -> Imported:
    """Import every episode that is not there yet.

    Raises:
        ConversionError: the session is something else.
        EpisodeError: an episode could not be written.
    """
    started = time.monotonic()
    added: list[Added] = []
    refused: list[str] = []
    there = 0
    digest = opened.mapping.digest()
    with import_target(session, opened.mapping.instruction or opened.first.instruction) as target:
        for episode in _each(opened.dataset, refused):
            source = f"{job.format.name}:{job.path.resolve()}:{episode.name}"
            bar.begin(episode.name)
            earlier = target.earlier.get(source)
            if earlier is not None and earlier.digest == digest:
                there += 1
            elif earlier is not None and not job.again:
                refused.append(
                    f"{episode.name} was imported by another mapping, as {earlier.name}. Discard "
                    f"that one (`nudge record discard`) and add --again to import it once more."
                )
            else:
                _one(target, source, episode, opened.mapping, bar, added, refused)
            bar.done(len(episode))
    notes = (*opened.checks(), *opened.first.left_out)
    return Imported(
        tuple(added), there, tuple(refused), notes, round(time.monotonic() - started, 3)
    )


def _each(dataset: ForeignDataset, refused: list[str]) -> Iterator[ForeignEpisode]:
    """Every episode that can be read; a sentence for each that cannot."""
    iterator = iter(dataset.episodes())
    met = 0
    while True:
        try:
            episode = next(iterator, None)
        except ConversionError as error:
            refused.append(str(error))
            met += 1
            continue
        if episode is None:
            break
        met += 1
        yield episode
    if met < len(dataset):
        refused.append(f"The {len(dataset) - met} episodes after that could not be read.")


def _one(
    target: ImportTarget,
    source: str,
    episode: ForeignEpisode,
    mapping: Mapping,
    bar: Bar,
    added: list[Added],
    refused: list[str],
) -> None:
    try:
        asked = questions(mapping, episode)
        if asked:
            raise ConversionError(
                f"{episode.name} differs from the first episode: {asked[0].key}: {asked[0].text}"
            )
        resolved = resolve(mapping, episode)
        path, saved = target.add(source, episode, resolved, mapping, bar.told)
    except DiskFull:
        raise
    except ConversionError as error:
        refused.append(str(error))
        return
    added.append(Added(path.name, episode.name, saved.steps, saved.outcome))


def _checks(resolved: Resolved) -> tuple[str, ...]:
    """What speaks for the mapping, or against it."""
    lines: list[str] = []
    period = np.diff(resolved.stamp_ns, append=resolved.stamp_ns[-1:] + 1) * 1e-9
    for arm, rows in zip(Arm, resolved.arms, strict=True):
        side = arm.name.lower()
        if not rows.usable:
            continue
        fast = np.linalg.norm(rows.twist[:, :3], axis=1).max()
        turn = np.linalg.norm(rows.twist[:, 3:], axis=1).max()
        line = f"{side} arm: asked for at most {fast:.3g} m/s and {turn:.3g} rad/s"
        if fast > FAST_M_S or turn > FAST_RAD_S:
            line += ", which is too fast to be true: look at scale and fps"
        lines.append(line + ".")
        found = agreement(rows, period)
        if found is not None:
            line = (
                f"{side} arm: it went {found[0]:.2f} m per metre asked (correlation {found[1]:.2f})"
            )
            if found[1] < POOR and fast > SLOW_M_S:
                line += (
                    ", so the actions do not explain the motion: look at kind, frame and columns"
                )
            lines.append(line + ".")
    return tuple(lines)


def _without(part: ArmPart | None) -> ArmPart | None:
    """The same arm, without actions where they need tool poses that are not there."""
    needs = (Kind.JOINT_POSITION, Kind.JOINT_VELOCITY, Kind.MOTION, None)
    if part is None or part.action.kind not in needs:
        return part
    if part.action.kind is not None and part.has_poses:
        return part
    return msgspec.structs.replace(part, action=ActionPart(Kind.NONE))
