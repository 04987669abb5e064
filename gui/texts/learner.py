"""What the learner does, what is served, and what came of it."""

BY_THE_WINDOW = "in the window, without the learner"
FOLLOWS_BY_ITSELF = "the learner does not answer; the policy follows by itself"
NOWHERE = "There is no earlier version to roll back to."
PANEL = "Learner"
NO_VERSION = "serving —"
LEGENDS = ("● success %", "■ intervention %", "▮ operator s")
SERVING_NAME = "Serving version"
NEWEST_NAME = "Newest version"
STATE_NAME = "Learner state"
PROGRESS_NAME = "Progress of the present fit"
LOSSES_NAME = "Losses"
DELAYS_NAME = "Seconds from correction to serving"
MESSAGE_NAME = "Learner message"


def serving(version: str) -> str:
    """Say what is served."""
    return f"serving {version}"


def losses(demonstrations: str, corrections: str) -> str:
    """Say the losses per stratum."""
    return f"loss  demonstrations {demonstrations}  corrections {corrections}"


def nowhere(action: str) -> str:
    """Refuse a rollback."""
    return f"{action}: {NOWHERE}"
