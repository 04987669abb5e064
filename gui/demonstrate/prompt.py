"""The one sentence of what to do now. Pure."""

from gui.demonstrate.plan import Phase, Plan, Wanted
from gui.demonstrate.seen import Seen
from gui.texts import demonstrate as words


def prompt(plan: Plan, seen: Seen, wanted: Wanted, now_ns: int) -> str:
    """Return what the operator is to do now, after what has just happened."""
    match plan.phase:
        case Phase.RUNNING:
            return words.HELD if seen.holds else words.running(plan.instruction)
        case Phase.COUNTDOWN:
            return words.counting(plan.seconds_left(now_ns))
        case Phase.STARTING:
            return words.STARTING
        case Phase.PAUSED:
            next_thing = words.PAUSED
        case Phase.READY if seen.trouble:
            next_thing = seen.trouble
        case Phase.READY if wanted.done:
            next_thing = words.done(wanted.counted)
        case _:
            next_thing = words.READY
    return f"{plan.said} {next_thing}".strip()
