"""The one sentence of what to do now, with the keys as they are set. Pure."""

from gui.action_spec import Intent
from gui.actions import spec_of
from gui.demonstrate.plan import Phase, Plan, Wanted
from gui.demonstrate.seen import Seen
from gui.texts import demonstrate as words
from teleop.order_messages import OrderKind


def prompt(plan: Plan, seen: Seen, wanted: Wanted, now_ns: int) -> str:
    """Return what the operator is to do now, after what has just happened."""
    success, pause = key(OrderKind.SUCCESS), key(Intent.PAUSE_DEMONSTRATIONS)
    match plan.phase:
        case Phase.RUNNING if seen.holds:
            return words.held(pause, success, key(OrderKind.FAIL), key(OrderKind.DISCARD))
        case Phase.RUNNING:
            return words.running(plan.instruction, success, key(OrderKind.FAIL))
        case Phase.COUNTDOWN:
            return words.counting(plan.seconds_left(now_ns), key(OrderKind.HOLD))
        case Phase.STARTING:
            return words.STARTING
        case Phase.PAUSED:
            next_thing = words.paused(pause)
        case Phase.READY if seen.trouble:
            next_thing = seen.trouble
        case Phase.READY if wanted.done:
            next_thing = words.done(wanted.counted)
        case _:
            next_thing = words.ready(success)
    if plan.said.endswith(next_thing):  # what broke the countdown off still stands
        return plan.said
    return f"{plan.said} {next_thing}".strip()


def key(does: OrderKind | Intent) -> str:
    """The key of a row of the table, as it is printed."""
    return spec_of(does).key
