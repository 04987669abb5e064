"""Which puck moves which arm. A pure function, so that it never depends on who came first."""

from collections.abc import Sequence
from dataclasses import dataclass

from teleop.messages import NUM_ARMS, Arm


@dataclass(frozen=True)
class Claim:
    """A puck that was plugged in at some time, and the arm its profile asks for."""

    identity: str
    arm: Arm | None
    is_present: bool  # plugged in, as far as is known
    is_live: bool  # being read


@dataclass(frozen=True)
class Binding:
    """What one puck moves: `arm`; None and not `movable`: nothing, there are two others already."""

    arm: Arm | None
    movable: bool = False  # a button moves it from one arm to the other


def bound(claims: Sequence[Claim]) -> dict[str, Binding]:
    """Return the binding of each puck by identity.

    At most two count: those that are being read, then those that are plugged in, then by serial
    number. An arm that a profile asks for is given; if two ask for the same, the lower serial
    number has it. What is left is given out left, right in the order of serial numbers. A puck that
    is alone and asks for no arm may be moved between them; one that is unplugged keeps its place
    for when it comes back.
    """
    ranked = sorted(claims, key=lambda one: (not one.is_live, not one.is_present, one.identity))
    chosen = sorted(ranked[:NUM_ARMS], key=lambda claim: claim.identity)
    alone = sum(claim.is_live for claim in chosen) == 1
    if len(chosen) == 1 and chosen[0].arm is None:
        return {chosen[0].identity: Binding(None, movable=True)}
    free = list(Arm)
    arms: dict[str, Arm] = {}
    for claim in chosen:
        if claim.arm is not None and claim.arm in free:
            arms[claim.identity] = claim.arm
            free.remove(claim.arm)
    for claim in chosen:
        if claim.identity not in arms:
            arms[claim.identity] = free.pop(0)
    nothing = {claim.identity: Binding(None) for claim in claims}
    return nothing | {
        claim.identity: Binding(arms[claim.identity], alone and claim.is_live and claim.arm is None)
        for claim in chosen
    }
