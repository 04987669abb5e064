"""The course of collecting demonstrations: reset, countdown, demonstrate, again, until it is done.

A pure state machine: a view, a key or time goes in, the next state and the orders to give come out.
Nothing moves before the countdown has run down: between demonstrations the session is idle.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from gui.demonstrate.seen import Seen
from gui.texts import demonstrate as words
from gui.view import EpisodeMark
from teleop.chunks import NEVER
from teleop.messages import Outcome

PATIENCE_S = 3.0  # for control to begin what it was asked to
MOST_COUNTDOWN_S = 10


class Phase(StrEnum):
    """How far it has come."""

    READY = "READY"  # the cell is to be reset; Enter begins
    COUNTDOWN = "COUNTDOWN"
    STARTING = "STARTING"  # control was asked to begin
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"


class Act(StrEnum):
    """What is to be asked for."""

    BEGIN = "BEGIN"  # one demonstration; one that holds goes on
    HOLD = "HOLD"
    DISCARD = "DISCARD"  # the open episode
    TAKE_BACK = "TAKE_BACK"  # discard the recorded episode `Plan.taken_back`


@dataclass(frozen=True)
class Wanted:
    """What the operator has set.

    Attributes:
        target: demonstrations that succeed, of the instruction; 0: no end.
        countdown_s: before each.
        counted: successful ones of the instruction so far.
    """

    target: int = 10
    countdown_s: int = 3
    counted: int = 0

    @property
    def done(self) -> bool:
        """Whether the target is reached."""
        return 0 < self.target <= self.counted


@dataclass(frozen=True)
class Made:
    """A demonstration of this window, as it ended or was judged since."""

    episode: int
    instruction: str
    operator: str
    outcome: Outcome
    duration_s: float


@dataclass(frozen=True)
class Plan:
    """The state.

    Attributes:
        due_ns: the end of the countdown, or of the patience with control.
        asked_ns: when control was asked to begin.
        episode: the newest demonstration that was seen, -1: none.
        elapsed_s: how long it has been going on, or took.
        ours: control was asked for the open one, so that nothing follows it by itself.
        instruction: of the open one.
        said: what happened last, for the prompt.
        made: oldest first.
        taken_back: the demonstration to be discarded by TAKE_BACK.
    """

    phase: Phase = Phase.READY
    due_ns: int = NEVER
    asked_ns: int = NEVER
    episode: int = -1
    elapsed_s: float = 0.0
    ours: bool = False
    instruction: str = ""
    said: str = ""
    made: tuple[Made, ...] = ()
    taken_back: int = -1

    def seconds_left(self, now_ns: int) -> int:
        """What the countdown shows, 0 where there is none."""
        if self.phase is not Phase.COUNTDOWN:
            return 0
        return max(0, -(-(self.due_ns - now_ns) // 1_000_000_000))


@dataclass(frozen=True)
class Turn:
    """The next state, and what to ask for."""

    plan: Plan
    acts: tuple[Act, ...] = ()


def advance(plan: Plan, seen: Seen, wanted: Wanted, operator: str, now_ns: int) -> Turn:
    """Follow what is seen, and let time go on."""
    if plan.phase is Phase.RUNNING:
        plan = _followed(plan, seen, operator)
    if plan.phase is not Phase.RUNNING and seen.demonstrating and _is_new(plan, seen):
        return _opened(plan, seen)
    if plan.phase is Phase.COUNTDOWN:
        return _counted_down(plan, seen, wanted, now_ns)
    if plan.phase is Phase.STARTING:
        return Turn(_waited(plan, seen, now_ns))
    return Turn(plan)


def begin(plan: Plan, seen: Seen, wanted: Wanted, now_ns: int) -> Turn:
    """The operator says that the cell is ready."""
    if plan.phase not in (Phase.READY, Phase.PAUSED):
        return Turn(plan)
    if seen.trouble or wanted.done:
        return Turn(replace(plan, phase=Phase.READY))  # the prompt says why
    due_ns = now_ns + min(wanted.countdown_s, MOST_COUNTDOWN_S) * 1_000_000_000
    counting = replace(plan, phase=Phase.COUNTDOWN, due_ns=due_ns, elapsed_s=0.0, said="")
    return _counted_down(counting, seen, wanted, now_ns)


def pause(plan: Plan, seen: Seen) -> Turn:
    """The operator wants to rest, or to go on."""
    match plan.phase:
        case Phase.RUNNING:
            return Turn(replace(plan, ours=True), (Act.BEGIN if seen.holds else Act.HOLD,))
        case Phase.PAUSED:
            return Turn(replace(plan, phase=Phase.READY, said=""))
        case Phase.STARTING:
            return Turn(plan)
        case _:
            return Turn(replace(plan, phase=Phase.PAUSED, said=""))


def break_off(plan: Plan, why: str = "") -> Plan:
    """Count down no more: the operator holds, stops or has gone elsewhere, or `why`."""
    if plan.phase is not Phase.COUNTDOWN:
        return plan
    return replace(plan, phase=Phase.READY, said=f"{words.BROKEN_OFF} {why}".strip())


def redo(plan: Plan, last: int) -> Turn:
    """Make the open demonstration once more, or else `last`, a recorded one; it counts no more."""
    if plan.phase is Phase.RUNNING:
        return Turn(plan, (Act.DISCARD,))
    if plan.phase is Phase.STARTING or last < 0 or last == plan.taken_back:
        return Turn(plan)
    made = tuple(
        replace(each, outcome=Outcome.DISCARDED) if each.episode == last else each
        for each in plan.made
    )
    said = words.taken_back(last)
    back = replace(plan, phase=Phase.READY, made=made, said=said, taken_back=last)
    return Turn(back, (Act.TAKE_BACK,))


def _is_new(plan: Plan, seen: Seen) -> bool:
    return all(made.episode != seen.episode for made in plan.made)


def _opened(plan: Plan, seen: Seen) -> Turn:
    """A demonstration has begun; one that was not asked for here shall be followed by none."""
    ours = plan.phase is Phase.STARTING
    opened = replace(
        plan, phase=Phase.RUNNING, episode=seen.episode, elapsed_s=seen.elapsed_s, ours=True,
        instruction=seen.instruction, said="",
    )  # fmt: skip
    return Turn(opened, () if ours or seen.holds else (Act.BEGIN,))


def _followed(plan: Plan, seen: Seen, operator: str) -> Plan:
    """The open demonstration goes on, or has ended."""
    mark = seen.last
    if mark is not None and mark.episode == plan.episode:
        return _ended(plan, mark, operator)
    if seen.episode > plan.episode:  # its end was missed
        return _ended(plan, EpisodeMark(plan.episode, Outcome.UNLABELLED), operator)
    return replace(plan, elapsed_s=seen.elapsed_s, instruction=seen.instruction)


def _ended(plan: Plan, mark: EpisodeMark, operator: str) -> Plan:
    made = Made(plan.episode, plan.instruction, operator, mark.outcome, plan.elapsed_s)
    return replace(
        plan,
        phase=Phase.READY,
        ours=False,
        said=words.ended(mark.outcome, mark.reason),
        made=(*plan.made, made),
    )


def _counted_down(plan: Plan, seen: Seen, wanted: Wanted, now_ns: int) -> Turn:
    if seen.trouble or wanted.done:
        return Turn(break_off(plan, seen.trouble))
    if now_ns < plan.due_ns:
        return Turn(plan)
    due_ns = now_ns + round(PATIENCE_S * 1e9)
    asked = replace(plan, phase=Phase.STARTING, asked_ns=now_ns, due_ns=due_ns)
    return Turn(asked, (Act.BEGIN,))


def _waited(plan: Plan, seen: Seen, now_ns: int) -> Plan:
    if seen.refused_ns > plan.asked_ns:
        return replace(plan, phase=Phase.READY, said=seen.refused)
    if now_ns > plan.due_ns:
        return replace(plan, phase=Phase.READY, said=words.NOT_BEGUN)
    return plan
