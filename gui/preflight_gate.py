"""Whether a start goes out, or the list before the first motion is shown first. Pure.

Once a session has moved, nothing is asked again, whoever started it: a window that is opened later,
a demo and a scripted session are never held up.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from gui.view import View
from teleop.messages import SessionMode
from teleop.order_messages import Order, OrderKind

MOVED = (SessionMode.ROLLOUT, SessionMode.TELEOP)


class Ruling(StrEnum):
    """What becomes of an order."""

    GO = "GO"
    SHOW = "SHOW"  # the list first
    REFUSE = "REFUSE"  # the list is shown already, and something blocks


@dataclass(frozen=True)
class Gate:
    """What is remembered of this session.

    Attributes:
        passed: nothing is asked any more.
        wanted: the start that was held back, if one was.
    """

    passed: bool = False
    wanted: Order | None = None


def seen(gate: Gate, view: View) -> Gate:
    """Return `gate` after `view`: a session that runs, or has run, is not asked again."""
    episode = view.episode
    if gate.passed:
        return gate
    ran = episode.session_mode in MOVED or bool(episode.finished) or episode.number >= 0
    return replace(gate, passed=True, wanted=None) if ran else gate


def ruled(gate: Gate, order: Order, *, shown: bool, blocks: int) -> tuple[Gate, Ruling]:
    """Return what becomes of `order`, while the list is `shown` with so many things that block."""
    if order.kind is not OrderKind.START or gate.passed:
        return gate, Ruling.GO
    if not shown:
        return replace(gate, wanted=order), Ruling.SHOW
    if blocks:
        return replace(gate, wanted=order), Ruling.REFUSE
    return Gate(passed=True), Ruling.GO
