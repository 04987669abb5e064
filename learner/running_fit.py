"""A fit of the log on its way to a candidate, in slices, with a checkpoint to go on from.

    policies/.fit/fit_000012.safetensors      weights, optimiser, generator, place, losses so far

The checkpoint is written beside and renamed; one that a power cut spoiled is passed over, and the
fit is made from its beginning: slower, and with the same result.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from learner.fit_log import Record
from learner.fit_memory import FitMemory
from learner.memory import Index
from learner.methods.fit import Fit
from learner.samples import Stratum
from learner.view import View

CHECKPOINTS = ".fit"
MONITORED = 2000  # rows of demonstrations that a monitor is fitted to at most
_SLICE = 32  # rows encoded at once, about 0.1 s

Until = Callable[[], bool]  # true when somebody else is to have the processor


@dataclass(frozen=True)
class Views:
    """The rows of one list, under the ground's encoder and under the base's."""

    ground: View
    base: View


@dataclass(frozen=True)
class Memories:
    """What the method of a fit was given."""

    ground: FitMemory
    base: FitMemory

    def show(self, views: Views) -> None:
        """From now on these."""
        self.ground.show(views.ground)
        self.base.show(views.base)


class RunningFit:
    """One fit.

    Args:
        record: its lines of the log.
        fit: as the method made it, not begun.
        parent: the version whose weights it starts from.
        memories: that the method was given.
        views: what the steps of a phase draw from.
        enter: told that a phase after the first begins that the log knows nothing of; writes the
            list of that phase and returns all lines of this fit.
        folder: of the checkpoints; None: a quick fit, not worth one.
        every_s: between two checkpoints.
        clock: s, of the checkpoints.
    """

    def __init__(
        self,
        record: Record,
        fit: Fit,
        parent: int,
        memories: Memories,
        views: Callable[[Record, int], Views],
        enter: Callable[[Record, int], Record],
        folder: Path | None,
        every_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.record = record
        self.fit = fit
        self.parent = parent
        self.losses: list[float] = []
        self.seconds = 0.0  # that this process spent on it
        self._memories = memories
        self._views = views
        self._enter = enter
        self._path = None if folder is None else checkpoint_path(folder, record.begun.fit)
        self._every_s = every_s
        self._clock = clock
        self._place, self._name = 0, fit.phase
        self._now = views(record, 0)
        self._saved_s = clock()
        self._unsaved = 0
        self._to_encode: Index | None = None
        self._encoded = False
        self._to_see: Index | None = None
        self._restore()

    @property
    def share(self) -> float:
        """Of the steps that were made."""
        return self.fit.done / self.fit.steps

    def work(self, until: Until) -> bool:
        """Go on; False if it was to stop before the end, True once there is a candidate."""
        started_s = self._clock()
        try:
            return self._work(until)
        finally:
            self.seconds += self._clock() - started_s

    def _work(self, until: Until) -> bool:
        while not self.fit.finished:
            if not self._encode(until):
                return False
            if self.fit.phase != self._name:
                self._next_phase()
            self.losses.append(self.fit.step())
            self._unsaved += 1
            if self._clock() - self._saved_s >= self._every_s:
                self.save()
            if until() and not self.fit.finished:
                return False
        self.save()
        return self._see(until)

    def save(self) -> None:
        """Keep what was done, so that it need not be done again. Costs nothing if nothing was."""
        if self._path is None or not self._unsaved:
            return
        state = self.fit.state() | {"losses": torch.tensor(self.losses, dtype=torch.float64)}
        partial = self._path.with_suffix(".part")
        partial.parent.mkdir(exist_ok=True)
        save_file({name: tensor.contiguous() for name, tensor in state.items()}, partial)
        partial.replace(self._path)
        self._saved_s, self._unsaved = self._clock(), 0

    def forget(self) -> None:
        """Remove the checkpoint."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def seen(self) -> View:
        """What its last steps drew from, under the encoder of the candidate."""
        return self._now.base.under(self.fit.net)

    def _encode(self, until: Until) -> bool:
        """Have every row's features before the first step, for a step must not take seconds."""
        if self._encoded:
            return True
        quick = self._path is None
        view = self._now.ground if quick else self._now.base
        if self._to_encode is None:
            self._to_encode = view.unknown(view.everything())
        self._to_encode = _prepared(view, self._to_encode, until)
        if len(self._to_encode):
            return False
        (self._memories.ground if quick else self._memories.base).gather(view.everything())
        self._encoded, self._to_encode = True, None
        return True

    def _see(self, until: Until) -> bool:
        """Have the features that the gate, a monitor and the next quick fit will ask for."""
        view = self.seen()
        if self._to_see is None:
            whole = replace(view, limit=-1)
            shown = [whole.where(Stratum.DEMONSTRATION)[:MONITORED], whole.held_out()]
            self._to_see = view.unknown(np.unique(np.concatenate([view.everything(), *shown])))
        self._to_see = _prepared(view, self._to_see, until)
        return not len(self._to_see)

    def _next_phase(self) -> None:
        self._place, self._name = self._place + 1, self.fit.phase
        if all(each.phase != self._place for each in self.record.widened):
            self.record = self._enter(self.record, self._place)
        self._show()

    def _restore(self) -> None:
        state = None if self._path is None else _checkpoint(self._path)
        if state is None:
            return
        self.losses = state.pop("losses").tolist()
        self._place = int(state["place"][1])
        self.fit.restore(state)
        if self.fit.finished:
            self._place -= 1  # of the phase after the last one
        self._name = self.fit.phase
        self._show()

    def _show(self) -> None:
        self._now = self._views(self.record, self._place)
        self._memories.show(self._now)
        self._encoded, self._to_encode = False, None


def checkpoint_path(folder: Path, fit: int) -> Path:
    """Where the checkpoint of a fit lies."""
    return folder / CHECKPOINTS / f"fit_{fit:06d}.safetensors"


def remove_checkpoints(folder: Path, wanted: set[int]) -> None:
    """Remove what fits that are over left behind, and what was half written."""
    kept = {checkpoint_path(folder, fit) for fit in wanted}
    for path in (folder / CHECKPOINTS).glob("*"):
        if path not in kept:
            path.unlink()


def _prepared(view: View, rows: Index, until: Until) -> Index:
    """What is left of the rows to encode."""
    while len(rows):
        view.prepare(rows[:_SLICE])
        rows = rows[_SLICE:]
        if until():
            break
    return rows


def _checkpoint(path: Path) -> dict[str, Tensor] | None:
    try:
        return load_file(path)
    except (FileNotFoundError, SafetensorError):
        return None
