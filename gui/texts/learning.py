"""The words of the page of the learning."""

import math

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
    return f"learner heard {age_s:.1f} s ago" if age_s < 100 else f"learner silent {age_s:.0f} s"


def per_success(seconds: float, successes: int) -> str:
    """What a success cost of the operator's time."""
    return f"{seconds / successes:.1f} s per success" if successes else "no success"
