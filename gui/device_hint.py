"""What to do where no device is seen, in the words of `nudge doctor`."""

from collections.abc import Callable

from teleop.checks import Check, Outcome
from teleop.checks.spacemouse import check_hidapi, check_spacemouse

CHECKS: tuple[Callable[[], Check], ...] = (check_hidapi, check_spacemouse)


def device_hints(checks: tuple[Callable[[], Check], ...] = CHECKS) -> tuple[str, ...]:
    """Look at this machine and return what is found, and what to do about it, a sentence each.

    Opens no device; takes some milliseconds.
    """
    lines: list[str] = []
    for check in (look() for look in checks):
        good = check.outcome is Outcome.OK
        advice = "" if good else f" {check.advice}"
        lines.append(f"{'✔' if good else '▲'} {check.name}: {check.found}.{advice}")
    return tuple(lines)
