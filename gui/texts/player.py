"""The words of the review's player."""

from collections.abc import Sequence

from gui.view import Lead
from recorder.labels import Label
from teleop.messages import Arm

READING = "reading…"
NO_PICTURE_YET = "no picture yet"
NO_CAMERAS = "This clip has no pictures."
TOUCH = "Touch"
WRIST, GRIPPER = "wrist", "gripper"
POLICY, YOU, SENT, OTHER = "policy", "you", "sent", "other"
NO_MODEL = ("camera's place", "not known:", "drawn beside")
FROM_ABOVE, FROM_FRONT = "from above", "from front"
TIME_LINE = "Time line"
CURVES = "Curves"
EVENTS = "events"

LABELS: dict[Label, str] = {
    Label.ROLLOUT: "",
    Label.DEMONSTRATION: "demonstration",
    Label.PRE_INTERVENTION: "before takeover",
    Label.INTERVENTION: "correction",
    Label.RECOVERY: "recovery",
    Label.HOLD: "",
}
SHORT_LABELS: dict[Label, str] = {
    Label.DEMONSTRATION: "demo",
    Label.PRE_INTERVENTION: "before",
    Label.INTERVENTION: "corr.",
    Label.RECOVERY: "recov.",
}
LEADS: dict[Lead, str] = {
    Lead.POLICY: "POLICY",
    Lead.OPERATOR: "OPERATOR",
    Lead.REWIND: "REWIND",
    Lead.HOLD: "HOLD",
    Lead.NO_DATA: "NO DATA",
}
ARMS: dict[Arm, str] = {Arm.LEFT: "LEFT", Arm.RIGHT: "RIGHT"}
AXES = (("x", "y", "z"), ("Rx", "Ry", "Rz"))


def arm_letter(arm: Arm | None) -> str:
    """An arm in one letter; empty: both, or none."""
    return "" if arm is None else ARMS[arm][0]


def change(arm: Arm, *, takeover: bool) -> str:
    """A takeover or a hand-back, as a mark on the time line."""
    return f"{arm_letter(arm)} {'taken' if takeover else 'given back'}"


def grip(arm: Arm, *, closed: bool) -> str:
    """A gripper that closed or opened."""
    return f"{arm_letter(arm)} {'grip' if closed else 'release'}"


def limits(names: Sequence[str]) -> str:
    """Limits of the safety filter that began to act: "left.speed" and the like."""
    parts = [name.partition(".") for name in names]
    arms = dict.fromkeys(arm[:1].upper() for arm, dot, _ in parts if dot)
    kinds = dict.fromkeys(kind if dot else arm for arm, dot, kind in parts)
    return " ".join((*arms, f"limit: {', '.join(kinds)}"))


def gap(seconds: float) -> str:
    """Rows that are not in the clip."""
    return f"{seconds:.1f} s left out"


def version(number: int) -> str:
    """A policy version."""
    return f"v{number}" if number >= 0 else "no policy"


def moment(at_s: float) -> str:
    """A time in a clip, to the hundredth."""
    minutes, seconds = divmod(max(at_s, 0.0), 60)
    return f"{int(minutes)}:{seconds:05.2f}"


def tick(at_s: float, step_s: float) -> str:
    """A time under the axis, as fine as the marks are."""
    digits = 0 if step_s >= 1 else 1 if step_s >= 0.1 else 2
    minutes, seconds = divmod(round(at_s, digits), 60)
    width = 2 + (digits + 1 if digits else 0)
    if minutes or step_s >= 60:
        return f"{int(minutes)}:{seconds:0{width}.{digits}f}"
    return f"{seconds:.{digits}f}"


def speed(factor: float) -> str:
    """How fast a replay is; a minus: backwards."""
    sign = "\N{MINUS SIGN}" if factor < 0 else ""
    return f"{sign}{abs(factor):g}×"


def age(seconds: float) -> str:
    """How much older a picture is than the moment that is replayed."""
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def selected(from_s: float, to_s: float) -> str:
    """What lies between the marks of trimming."""
    return f"{moment(from_s)} to {moment(to_s)}, {to_s - from_s:.2f} s"


def ahead(seconds: float) -> str:
    """How far the arrows reach."""
    return f"{seconds:g} s ahead"


def other_version(number: int) -> str:
    """Another policy version's action."""
    return f"v{number}"


def number(value: float, digits: int) -> str:
    """A value with a true minus; a dash where there is none."""
    if value != value:
        return "—"
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def touch_scale(newtons: float) -> str:
    """What the brightest colour of the pads stands for."""
    return f"touch, full {newtons:g} N/taxel"


SELECTION = "Selection"
BUTTONS: dict[str, tuple[str, ...]] = {
    "REPLAY": ("▶ Play", "⏸ Pause"),
    "REPLAY_SLOWER": ("Slower",),
    "REPLAY_FASTER": ("Faster",),
    "MARK_IN": ("In",),
    "MARK_OUT": ("Out",),
    "REPLAY_ARM": ("Left arm", "Right arm"),
    "REPLAY_TURNING": ("Motion", "Forces", "Turning", "Torques"),
}


def clock(at_s: float, length_s: float, factor: float) -> str:
    """Where a replay stands and how fast it goes."""
    return f"{moment(at_s)} / {moment(length_s)}   {speed(factor)}"


def at_arm(label: str, share: float) -> str:
    """What a row is to an arm, and how much of it is the operator's where that is not all."""
    nudging = f"nudging {100 * share:.0f} %" if 0.0 < share < 0.995 else ""
    return ", ".join(filter(None, (label, nudging)))


def at_marks(number: int, told: str) -> str:
    """The policy version at the cursor, and what happened just now."""
    return " · ".join(filter(None, (version(number), told)))
