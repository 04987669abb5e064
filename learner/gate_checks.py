"""What a candidate is asked before it may be served: each a pure decision over measured numbers.

Every sentence says what was measured and how much was allowed, so that it can be shown as it is.
"""

import math
from dataclasses import dataclass

from learner.paired import Paired, chance_of_worse
from teleop.config import require
from teleop.learner_messages import GateCheck

HELD_OUT = "held-out demonstrations"
EARLIER = "earlier corrections"
NEW = "new corrections"
SANITY = "sanity"
CONSISTENCY = "consistency"
ROLLOUTS = "rollouts"


@dataclass(frozen=True)
class GateConfig:
    """What is allowed. Errors are mean absolute, in action scales."""

    held_out_share: float = 1.30
    """of the base's error on held-out demonstrations, at most"""
    floor: float = 0.02
    """added to every allowed error: what so few rows cannot tell apart"""
    lost_share: float = 0.05
    """of the earlier corrections, those that may be needed again and were not; at least one"""
    lost_some: int = 0
    """so many earlier corrections may be needed again, however few there are"""
    reach_share: float = 2.0
    """of the largest action ever recorded, the largest that a chunk may hold"""
    jump_share: float = 2.0
    """of the base's change from one row to the next, at most"""
    explained: float = 0.5
    """least cosine between what a correction commands and how the arms then moved"""
    against: float = -0.3
    """the same of one axis alone; a part that is jammed moves as it can, not as it is told"""
    contradicted: float = -0.4
    """least cosine between a correction and what was done in similar states"""
    chance: float = 0.1
    """a candidate that loses scenes is refused if chance alone loses as many less often than so"""

    def __post_init__(self) -> None:
        require("held_out_share", self.held_out_share, 0.0, 100.0, "times the base's error")
        require("floor", self.floor, 0.0, 100.0, "action scales")
        require("lost_share", self.lost_share, 0.0, 1.0, "of the earlier corrections")
        require("lost_some", self.lost_some, 0, 1000, "corrections")
        require("reach_share", self.reach_share, 1.0, 100.0, "times the largest action")
        require("jump_share", self.jump_share, 1.0, 100.0, "times the base's change")
        require("explained", self.explained, -10.0, 1.0, "(a cosine; below -1 nothing is refused)")
        require("against", self.against, -10.0, 1.0, "(a cosine; below -1 nothing is refused)")
        require(
            "contradicted", self.contradicted, -10.0, 1.0, "(a cosine; below -1 nothing is refused)"
        )
        require("chance", self.chance, 0.0, 1.0, "(a chance)")


def held_out_check(error: float, base_error: float, config: GateConfig) -> GateCheck:
    """It must not have forgotten. Against the base, so that small losses cannot add up."""
    allowed = base_error * config.held_out_share + config.floor
    if not math.isfinite(error):
        sentence = "its actions on held-out demonstrations are not numbers"
        return GateCheck(HELD_OUT, error, allowed, False, sentence)
    if error > allowed:
        sentence = f"it forgot: error {error:.3f} on held-out demonstrations, {allowed:.3f} allowed"
        return GateCheck(HELD_OUT, error, allowed, False, sentence)
    sentence = f"error {error:.3f} on held-out demonstrations, {allowed:.3f} allowed"
    return GateCheck(HELD_OUT, error, allowed, True, sentence)


@dataclass(frozen=True)
class Needs:
    """Earlier corrected episodes, and whether a version would need them again."""

    episodes: int
    candidate: int  # it would need so many of them again
    lost: int  # those among them that the serving version would not


def earlier_check(needs: Needs, config: GateConfig) -> GateCheck:
    """It must not unlearn: would it still have needed the operator where the serving one does not?

    Value and allowed are shares of the earlier corrected episodes.
    """
    most = max(config.lost_some, math.floor(config.lost_share * needs.episodes))
    passed = needs.lost <= most
    found = (
        f"{needs.candidate} of {needs.episodes} earlier corrections would be needed again, "
        f"{needs.lost} of them not with the serving version ({most} allowed)"
    )
    sentence = found if passed else f"it unlearned earlier corrections: {found}"
    share = needs.lost / max(needs.episodes, 1)
    return GateCheck(EARLIER, share, most / max(needs.episodes, 1), passed, sentence)


def new_check(error: float, serving_error: float, config: GateConfig) -> GateCheck:
    """It must have learned the new correction better than the serving version knows it."""
    allowed = serving_error + config.floor
    if error <= allowed:
        sentence = f"error {error:.3f} on the new correction, {serving_error:.3f} before"
        return GateCheck(NEW, error, allowed, True, sentence)
    sentence = (
        f"it did not learn the new correction: error {error:.3f}, the serving version has "
        f"{serving_error:.3f}"
    )
    return GateCheck(NEW, error, allowed, False, sentence)


@dataclass(frozen=True)
class Sanity:
    """Of a version's chunks over the rows it is judged on, in action scales."""

    largest: float  # entry
    reach: float  # largest entry of any recorded action
    jump: float  # mean change of the first step from one row to the next
    base_jump: float  # the same of the base


def sanity_check(sane: Sanity, config: GateConfig) -> GateCheck:
    """Its actions must be numbers, within what was ever done, and follow the rows smoothly."""
    reach = sane.reach * config.reach_share + config.floor
    jump = sane.base_jump * config.jump_share + config.floor
    if not (math.isfinite(sane.largest) and math.isfinite(sane.jump)):
        sentence = "its actions are not numbers"
        return GateCheck(SANITY, sane.largest, reach, False, sentence)
    if sane.largest > reach:
        sentence = (
            f"it acts beyond its limits: {sane.largest:.2f} action scales, {reach:.2f} allowed"
        )
        return GateCheck(SANITY, sane.largest, reach, False, sentence)
    if sane.jump > jump:
        sentence = f"its actions jump: by {sane.jump:.3f} from row to row, {jump:.3f} allowed"
        return GateCheck(SANITY, sane.jump, jump, False, sentence)
    sentence = f"largest action {sane.largest:.2f} action scales, {reach:.2f} allowed"
    return GateCheck(SANITY, sane.largest, reach, True, sentence)


@dataclass(frozen=True)
class Consistent:
    """How a correction agrees with the rest of what was recorded; cosines, NaN: too few rows.

    Attributes:
        episode: its name.
        motion: between what it commands and how the arms then moved.
        worst_axis: the least such cosine of one axis that moved.
        similar: between its actions and those of demonstrations and of earlier corrections in
            similar states.
    """

    episode: str
    motion: float
    worst_axis: float
    similar: float


def suspicion(found: Consistent, config: GateConfig) -> str:
    """Why nothing should be learned from a correction; "" if nothing speaks against it."""
    if found.motion < config.explained:
        return (
            f"the correction {found.episode} contradicts its own recording: its actions explain "
            f"{found.motion:.2f} of how the arms moved, at least {config.explained:.2f} expected"
        )
    if found.worst_axis < config.against:
        return (
            f"the correction {found.episode} contradicts its own recording: the arms moved against "
            f"its actions along an axis ({found.worst_axis:.2f}); is an axis mirrored?"
        )
    if found.similar < config.contradicted:
        return (
            f"the correction {found.episode} contradicts what was done in similar states "
            f"({found.similar:.2f}, at least {config.contradicted:.2f} expected)"
        )
    return ""


def consistency_check(found: tuple[Consistent, ...], config: GateConfig) -> GateCheck:
    """The new corrections must agree with how the arms moved and with what was done before."""
    reasons = [reason for each in found if (reason := suspicion(each, config))]
    measured = [each.motion for each in found if math.isfinite(each.motion)]
    value = min(measured, default=1.0)
    sentence = reasons[0] if reasons else "the new corrections agree with what else was recorded"
    return GateCheck(CONSISTENCY, value, config.explained, not reasons, sentence)


def rollouts_check(paired: Paired, config: GateConfig) -> GateCheck:
    """On the same simulated scenes it must not be worse than the serving version (sign test).

    Value and allowed are the chance that no worse a candidate loses so many scenes.
    """
    chance = chance_of_worse(paired)
    found = (
        f"{paired.first} of {paired.scenes} simulated scenes succeed, {paired.second} with the "
        f"serving version"
    )
    passed = chance >= config.chance
    sentence = found if passed else f"it does worse: {found}"
    return GateCheck(ROLLOUTS, chance, config.chance, passed, sentence)
