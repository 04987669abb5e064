"""The words of the page of the learning."""

import math

from teleop.learner_messages import Coaching

TITLE = "Learning"
VERSIONS, VERSION, EPISODES = "Versions", "Version", "Episodes"
NOT_SERVING, SERVED_NAME = "serving —", "Version that is served"
NEWEST_NAME = "Newest version"
NO_LEARNER, STATE_NAME = "no learner", "What the learner is at"
HEARTBEAT_NAME = "Learner's last sign of life"
DELAYS_NAME = "Seconds from correction to serving"
PROGRESS_NAME = "Progress of the fit"
SUMMARY_NAME = "The last episodes"
SUCCESS, INTERVENTION, OPERATOR_S = "● success %", "■ helped %", "▮ operator s"
HEADINGS = (
    "Version",
    "Made by",
    "Gate",
    "From",
    "Held out",
    "Demos",
    "Own",
    "Corr.",
    "Age",
    "After",
)
HINTS = (
    "● serves now",
    "which fit made it",
    "whether it may be served",
    "how many corrected episodes it learned from",
    "error on demonstrations that no fit has seen, in action scales",
    "error on demonstrations",
    "error on the policy's own good episodes",
    "error on corrections",
    "age of the newest data when it was published",
    "seconds from the hand-back of the correction to its publication",
)
TABLE_NAME = "Policy versions, the newest first"
GATE_PASSED, GATE_REFUSED = "✔ passed", "✘ refused"
COACHING, NOTE_NAME, NOTES_NAME = "Coaching", "Coaching note", "Coaching notes, the newest first"
COACHING_HEADS = {
    Coaching.LATE: "Taken over late",
    Coaching.CONTRADICTORY: "Two opposite corrections",
    Coaching.OVERLONG: "A long correction",
    Coaching.GRIPPER: "Gripper",
    Coaching.IN_VAIN: "Corrected, and failed",
    Coaching.SET_ASIDE: "A correction was set aside",
    Coaching.INEXPRESSIBLE: "Beyond the base policy",
}
NOTHING_TO_SAY = "Nothing to say: your corrections are fine."
CORRECTIONS, CORRECTIONS_NAME = "Corrections", "Corrections, the newest first"
NOTHING_CORRECTED = (
    "Nothing corrected yet. Take an arm over when the policy fails, put it back on track and let "
    "go: here you see what it learned from that."
)
LEGEND = ("┄ before", "─ you", "━ now")
STILL_NEEDED = "✋ v{version} would still need you here"
NOT_NEEDED = "✔ v{version} would not have needed you"
VERDICT_NAME = "Whether it would need you"
SETTLED_NAME = "Corrections that would not be needed again"
NO_VERSION = "No version stands in the store yet."
CHOSEN_NAME, ORIGIN_NAME = "Chosen version", "Where it comes from"
GATE_NAME, CHECKS_NAME = "The gate's verdict", "What the gate asked"
SERVE_THIS, SERVES_NOW, ROLL_BACK_TO_THIS = "Serve this version", "Serves now", "Roll back to this"
NO_REASON = "the gate gave no reason"
NO_POLICY = "—"
LOSSES = "Error over versions"
LOSSES_NAME = "Error on each kind of rows, version by version"
NO_LOSSES = "No version was measured yet."
STRATA = {
    "corrections": "corrections",
    "held out": "held out",
    "demonstrations": "demos",
    "rollouts": "own",
    "synthetic": "synthetic",
}
REFUSED_MARK = "hollow: refused"
NOT_KEPT = (
    "What came of the corrections of before was not kept by the learner that ran then. Review "
    "shows each of them, and What changed? compares versions on it."
)
NO_NOTES = "No notes of before were kept."
NEVER_HEARD = "learner not heard"
PASSED = "✔ Passed the gate."
NO_EPISODE = "no episode has ended yet"
LATE_S = 3.0  # without a sign of life


def to_be_served(version: int) -> str:
    """No policy runs, but the pointer says what would be served."""
    return f"v{version} once a policy runs"


def heartbeat(age_s: float) -> str:
    """The learner's last sign of life."""
    if not math.isfinite(age_s):
        return NEVER_HEARD
    return f"heard {age_s:.1f} s ago" if age_s < 100 else f"learner silent {age_s:.0f} s"


def per_success(seconds: float, successes: int) -> str:
    """What a success cost of the operator's time."""
    return f"{seconds / successes:.1f} s per success" if successes else "no success"
