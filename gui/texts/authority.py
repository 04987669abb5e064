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
IDLE = "no episode is running · F5: start"
IDLE_WITHOUT_POLICY = "no episode is running · F8: demonstrate"
NO_CAUSE = "control gives no cause"
PUSH_THE_PUCK = "push the puck"
PRESS_ITS_BUTTON = "press its button"
HOLD_THE_CLUTCH = "hold the clutch"
REWINDING = "back along its own path, then it holds · T: take over"
LET_GO_ONCE = "let the puck go once, or T: take over"
LET_GO_OR_G = "let go, or G: hand back"
G_HAND_BACK = "G: hand back"
ADDS = "adds to the policy's motion"


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


def demonstrates(device: str) -> str:
    """Say that the operator drives without a policy to hand back to."""
    return f"{device or 'the operator'} drives a demonstration{SEPARATOR}Space: hold"


def way_to_take(engage: object) -> str:
    """Say: {engage}, or T: take over."""
    return f"{engage}, or T: take over"


def stopped(cause: object) -> str:
    """Say: {cause} · hold F9 for 1 s to release."""
    return f"{cause} · hold F9 for 1 s to release"


def holding(no_cause: object) -> str:
    """Say: {no_cause} · G: to the policy."""
    return f"{no_cause} · G: to the policy"


def silent(age_s: float) -> str:
    """Say: control silent for {age_s} s."""
    return f"control silent for {age_s:.0f} s"
