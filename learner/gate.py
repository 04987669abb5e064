"""Whether a candidate may be served: what it is asked, one thing after the other.

What fails is kept in the store with the reason, and not served. The questions and what is allowed
are in gate_checks.py; here they are measured.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from learner.agreement import compared_rows, motion_agreement, similar_agreement, spread
from learner.gate_checks import (
    Consistent,
    GateConfig,
    Needs,
    Sanity,
    consistency_check,
    earlier_check,
    held_out_check,
    new_check,
    rollouts_check,
    sanity_check,
    suspicion,
)
from learner.gate_trials import Trials
from learner.memory import Index, Memory
from learner.model import PolicyNet
from learner.need import Need, lost, need
from learner.rows import Rows, action_error
from learner.samples import Stratum
from teleop.learner_messages import GateCheck, StratumLoss

MEASURED = 200  # rows of a stratum that a loss is the mean of
EARLIER_MOST = 60  # earlier corrections that are asked about


@dataclass(frozen=True)
class Verdict:
    """What came out.

    Attributes:
        accepted: whether it may be served.
        reason: the first thing that failed, or that all passed.
        checks: in the order of asking.
        losses: of the candidate, per stratum.
        suspects: new corrections that contradict the rest; whoever learns from them again gets the
            next candidate refused too.
    """

    accepted: bool
    reason: str
    checks: tuple[GateCheck, ...]
    losses: tuple[StratumLoss, ...]
    suspects: tuple[str, ...] = ()


def decide(
    checks: tuple[GateCheck, ...],
    losses: tuple[StratumLoss, ...] = (),
    suspects: tuple[str, ...] = (),
) -> Verdict:
    """Accepted if nothing failed."""
    failed = [check for check in checks if not check.passed]
    names = ", ".join(check.name for check in checks)
    reason = failed[0].sentence if failed else f"passed: {names}"
    return Verdict(not failed, reason, checks, losses, suspects)


class Gate:
    """Measures candidates against the base and the serving version.

    Args:
        base: version 0, which no fit changes.
        config: what is allowed.
        trials: runs simulated scenes; None: they are not asked for.
    """

    def __init__(
        self, base: PolicyNet, config: GateConfig | None = None, trials: Trials | None = None
    ) -> None:
        self._base = base
        self._config = config or GateConfig()
        self._trials = trials
        self._base_held_out: tuple[bytes, float, float] = (b"", math.nan, math.nan)

    def judge(
        self,
        candidate: PolicyNet,
        seen: Memory,
        serving: PolicyNet,
        memory: Memory,
        earlier: Sequence[str],
        new: Sequence[str],
        *,
        rollouts: bool = True,
    ) -> Verdict:
        """Ask everything.

        Args:
            candidate: to be judged.
            seen: the memory under the candidate's encoder.
            serving: the version it would replace.
            memory: the memory under the serving version's encoder.
            earlier: names of the corrected episodes that the serving version has learned.
            new: names of all others that the candidate has learned.
            rollouts: whether there is time for simulated scenes, if they are asked for at all.
        """
        held_out = seen.held_out()
        rows = seen.rows(held_out)
        base_error, base_jump = self._base_on(memory, held_out)
        checks = [
            held_out_check(action_error(candidate, rows), base_error, self._config),
            self._sanity(candidate, seen, rows, held_out, base_jump),
        ]
        found = consistency(memory, serving, earlier, new)
        if new:
            checks.append(consistency_check(found, self._config))
            checks += self._new(candidate, seen, serving, memory, new)
        if asked := spread_names(earlier, EARLIER_MOST):
            needs = earlier_needs(candidate, seen, serving, memory, asked)
            checks.append(earlier_check(needs, self._config))
        if rollouts and self._trials is not None and all(check.passed for check in checks):
            checks.append(rollouts_check(self._trials.run(candidate, serving), self._config))
        suspects = tuple(each.episode for each in found if suspicion(each, self._config))
        return decide(tuple(checks), losses_of(candidate, seen), suspects)

    def _base_on(self, memory: Memory, held_out: Index) -> tuple[float, float]:
        key, error, jump = self._base_held_out
        if key != held_out.tobytes():
            rows = memory.under(self._base).rows(held_out)
            error, jump = action_error(self._base, rows), _jump(chunks(self._base, rows), held_out)
            self._base_held_out = (held_out.tobytes(), error, jump)
        return error, jump

    def _sanity(
        self, candidate: PolicyNet, seen: Memory, rows: Rows, held_out: Index, base_jump: float
    ) -> GateCheck:
        shown = [rows, *_strata(seen, (Stratum.DEMONSTRATION, Stratum.CORRECTION))]
        largest = [float(chunks(candidate, each).abs().max()) for each in shown if len(each)]
        reach = [float(each.target_NHA.abs().max()) for each in shown if len(each)]
        jump = _jump(chunks(candidate, rows), held_out)
        # `max` passes over what is not a number.
        worst = math.nan if any(map(math.isnan, largest)) else max(largest, default=0.0)
        return sanity_check(Sanity(worst, max(reach, default=0.0), jump, base_jump), self._config)

    def _new(
        self,
        candidate: PolicyNet,
        seen: Memory,
        serving: PolicyNet,
        memory: Memory,
        new: Sequence[str],
    ) -> list[GateCheck]:
        names = tuple(new)
        before = action_error(serving, memory.rows(memory.corrections(names)))
        after = action_error(candidate, seen.rows(seen.corrections(names)))
        return [new_check(after, before, self._config)] if math.isfinite(before) else []


def consistency(
    memory: Memory, net: PolicyNet, earlier: Sequence[str], new: Sequence[str]
) -> tuple[Consistent, ...]:
    """How each new correction agrees with the rest; `net` is that of the memory's encoder."""
    if not new:
        return ()
    known = compared_rows(memory, spread_names(earlier, EARLIER_MOST))
    found: list[Consistent] = []
    for name in new:
        index = memory.corrections((name,))
        rows = memory.rows(index)
        motion = motion_agreement(rows, index, net.action_scale_A, net.action_offset_A)
        similar = similar_agreement(rows, known)
        found.append(Consistent(name, motion.whole, motion.worst_axis, similar))
    return tuple(found)


def earlier_needs(
    candidate: PolicyNet, seen: Memory, serving: PolicyNet, memory: Memory, names: Sequence[str]
) -> Needs:
    """Count the earlier corrections that would be needed again."""
    pairs: list[tuple[Need, Need]] = []
    for name in names:
        before = _need(serving, memory, name)
        after = _need(candidate, seen, name)
        if before is not None and after is not None:
            pairs.append((before, after))
    return Needs(
        len(pairs),
        sum(after.needed for _, after in pairs),
        sum(lost(before, after) for before, after in pairs),
    )


def losses_of(net: PolicyNet, seen: Memory) -> tuple[StratumLoss, ...]:
    """A version's mean error on each kind of rows that there are; `seen` under its encoder."""
    strata = {
        "demonstrations": seen.where(Stratum.DEMONSTRATION),
        "synthetic": seen.where(Stratum.SYNTHETIC),
        "rollouts": seen.where(Stratum.ROLLOUT),
        "corrections": seen.where(Stratum.CORRECTION),
        "held out": seen.held_out(),
    }
    return tuple(
        StratumLoss(name, len(index), action_error(net, seen.rows(spread(index, MEASURED))))
        for name, index in strata.items()
        if len(index)
    )


def spread_names(names: Sequence[str], most: int) -> tuple[str, ...]:
    """At most so many: the newer half of them as they are, the rest evenly over all others."""
    ordered = sorted(names)
    if len(ordered) <= most:
        return tuple(ordered)
    newest, rest = ordered[-(most // 2) :], ordered[: -(most // 2)]
    places = np.linspace(0, len(rest) - 1, most - len(newest)).astype(int)
    return (*(rest[place] for place in places), *newest)


def chunks(net: PolicyNet, rows: Rows) -> Tensor:
    """Normalised chunks (N, H, A) of rows under this net's own encoder."""
    with torch.inference_mode():
        return net.chunks(rows.inputs)


def _strata(seen: Memory, strata: Sequence[Stratum]) -> list[Rows]:
    return [seen.rows(spread(seen.where(stratum), MEASURED)) for stratum in strata]


def _need(net: PolicyNet, seen: Memory, name: str) -> Need | None:
    index = seen.corrections((name,))
    if len(index) == 0:
        return None
    rows = seen.rows(index)
    return need(chunks(net, rows), rows.target_NHA, rows.weight_NHA)


def _jump(chunks_NHA: Tensor, index: Index) -> float:
    """Mean change of the first step between rows that follow each other; 0 without such rows."""
    pairs = torch.from_numpy(np.flatnonzero(np.diff(index) == 1))
    if len(pairs) == 0:
        return 0.0
    return float((chunks_NHA[pairs + 1, 0] - chunks_NHA[pairs, 0]).abs().mean())
