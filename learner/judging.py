"""From a candidate to a version: the gate's verdict, the manifest, the store."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import torch

from learner.gate import Gate, Verdict
from learner.manifest import Manifest
from learner.memory import Memory
from learner.methods.method import Speed
from learner.model import PolicyNet
from learner.monitor import file_name, save_monitor
from learner.monitor_fit import fit_monitor
from learner.running_fit import MONITORED, RunningFit
from learner.samples import Stratum
from learner.store import PolicyStore

LOSSES = "losses.jsonl"
_EVERY = 10  # steps of which the mean is kept


@dataclass(frozen=True)
class Standard:
    """What a candidate is measured against.

    Attributes:
        net: the version it would replace.
        memory: the candidate's rows under that version's encoder.
        earlier: corrected episodes that this version knows.
        new: the others that the candidate has learned.
    """

    net: PolicyNet
    memory: Memory
    earlier: Sequence[str]
    new: Sequence[str]


@dataclass(frozen=True)
class Published:
    """A new version in the store.

    Attributes:
        manifest: as it stands there.
        served: whether the pointer was moved to it.
        suspects: corrections that speak against themselves.
        handback_ns: monotonic, of the correction that caused it; -1: none did.
    """

    manifest: Manifest
    served: bool = False
    suspects: tuple[str, ...] = ()
    handback_ns: int = -1


class LossCurve(msgspec.Struct, frozen=True):
    """A line of `losses.jsonl`.

    Attributes:
        fit: its number.
        every: steps that a value is the mean of.
        losses: from the first steps to the last ones.
    """

    fit: int
    every: int
    losses: tuple[float, ...]


def judge(gate: Gate, running: RunningFit, standard: Standard) -> Verdict:
    """Ask the gate about the candidate of a fit that is finished."""
    return gate.judge(
        running.fit.net,
        running.seen(),
        standard.net,
        standard.memory,
        standard.earlier,
        standard.new,
        rollouts=running.record.begun.speed is not Speed.QUICK,  # nobody waits for the others
    )


@dataclass(frozen=True)
class Publishing:
    """Puts candidates into a store.

    Attributes:
        store: where.
        like: the base's manifest, for what all versions have in common.
        wall_ns: the time of day.
        now_ns: monotonic.
    """

    store: PolicyStore
    like: Manifest
    wall_ns: Callable[[], int] = time.time_ns
    now_ns: Callable[[], int] = time.monotonic_ns

    def publish(self, running: RunningFit, verdict: Verdict, newest_ns: int) -> Published:
        """Add the version, whole or not at all; the pointer stays.

        Args:
            running: finished.
            verdict: the gate's.
            newest_ns: wall clock time of the newest row; -1: not known.
        """
        begun, wall_ns = running.record.begun, self.wall_ns()
        caused = begun.handback_ns >= 0
        age_s = (self.now_ns() - begun.handback_ns) * 1e-9 if caused else -1.0
        manifest = replace(
            self.like,
            version=self.store.next_version(),
            parent=running.parent,
            method=begun.method,
            provisional=begun.speed is Speed.QUICK,
            accepted=verdict.accepted,
            reason=verdict.reason,
            corrections=tuple(sorted(running.record.corrections)),
            updates=running.fit.steps,
            fit_s=running.seconds,
            seconds_from_handback=age_s,
            created_ns=wall_ns,
            model=running.fit.net.config,
            speed=begun.speed.value,
            fit=begun.fit,
            seed=begun.seed,
            losses=verdict.losses,
            checks=verdict.checks,
            data_age_s=max(0.0, (wall_ns - newest_ns) * 1e-9) if newest_ns >= 0 else -1.0,
        )
        keep_losses(self.store.folder, begun.fit, running.losses)
        self._provide_monitor(running)
        self.store.publish(running.fit.net, manifest)
        return Published(manifest, suspects=verdict.suspects, handback_ns=begun.handback_ns)

    def _provide_monitor(self, running: RunningFit) -> None:
        """One for each encoder; a candidate with an encoder of its own needs another."""
        net = running.fit.net
        path = self.store.folder / file_name(net)
        if running.record.begun.speed is Speed.QUICK or path.exists():
            return
        whole = replace(running.seen(), limit=-1)
        shown = whole.rows(whole.where(Stratum.DEMONSTRATION)[:MONITORED])
        save_monitor(path, fit_monitor(net, shown, whole.rows(whole.held_out())))


def keep_losses(policies: Path, fit: int, losses: Sequence[float]) -> None:
    """Add the loss curve of a fit; one that is there already stays."""
    path = policies / LOSSES
    if any(curve.fit == fit for curve in read_losses(policies)):
        return
    parts = torch.tensor(losses, dtype=torch.float64).split(_EVERY)
    curve = LossCurve(fit, _EVERY, tuple(float(part.mean()) for part in parts if len(part)))
    torn = path.exists() and not path.read_bytes().endswith(b"\n")
    with path.open("ab") as file:
        file.write(b"\n" * torn + msgspec.json.encode(curve) + b"\n")


def read_losses(policies: Path) -> list[LossCurve]:
    """The loss curves of a session, in the order of publication."""
    path = policies / LOSSES
    found: list[LossCurve] = []
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            found.append(msgspec.json.decode(line, type=LossCurve))
        except msgspec.DecodeError:
            continue  # cut short by a crash; it was written again
    return found
