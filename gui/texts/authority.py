"""The banner: who leads an arm, what was asked of control, and what it said."""

from teleop.order_messages import OrderKind

KEYS = "KEYS"
SEPARATOR = " · "  # before the way out, which is never cut
CUT_OFF = "no word from this window's own listener"
REOPEN = "close and reopen the window"

REQUESTED: dict[OrderKind, str] = {
    OrderKind.TAKE: "TAKE-OVER REQUESTED…",
    OrderKind.GIVE: "HAND-BACK REQUESTED…",
    OrderKind.REWIND: "REWIND REQUESTED…",
    OrderKind.HOLD: "HOLD REQUESTED…",
    OrderKind.STOP: "STOP REQUESTED…",
    OrderKind.RELEASE_STOP: "RELEASE REQUESTED…",
    OrderKind.START: "START REQUESTED…",
}


def refused(kind: OrderKind, reason: str) -> str:
    """Say that what was asked is not granted, and why."""
    what = REQUESTED[kind].removesuffix(" REQUESTED…")
    return f"{what} REFUSED: {reason}"


def arm(name: str) -> str:
    """Name a half of the banner for a screen reader."""
    return f"{name.title()} arm"


def told(word: str, reason: str) -> str:
    """Describe a half of the banner for a screen reader."""
    return f"{word}. {reason}"


def cut_off(silent_s: float) -> str:
    """Say that nothing has come for so long, and what to do where that lasts."""
    if silent_s < 2.0:
        return CUT_OFF
    return f"{CUT_OFF} for {silent_s:.0f} s{SEPARATOR}{REOPEN}"
