"""What the learner does, what is served, and what came of it."""

BY_THE_WINDOW = "in the window, without the learner"
FOLLOWS_BY_ITSELF = "the learner does not answer; the policy follows by itself"
NOWHERE = "There is no earlier version to roll back to."
LEARNER = "Learner"
NOT_SERVING = "serving —"
PROGRESS = "Progress of the present fit"
SERVING_VERSION = "Serving version"
NEWEST_VERSION = "Newest version"
LEARNER_STATE = "Learner state"
LOSSES = "Losses"
DELAYS = "Seconds from correction to serving"
LEARNER_MESSAGE = "Learner message"
SUCCESS = "● success %"
INTERVENTION = "■ intervention %"
OPERATOR_S = "▮ operator s"
CHART = "Success and intervention rate per episode, operator seconds"
NO_LEARNER = "no learner"
WAITING_FOR_CORRECTIONS = "waiting for corrections"
UPDATING_THE_HEAD = "updating the head"
FITTING_ALL_OF_IT = "fitting all of it"
CHECKING_AT_THE_GATE = "checking at the gate"
BASE_POLICY = "base policy"
PROVISIONAL_HEAD = "provisional head"
FULL_FIT = "full fit"
ROLLED_BACK_BY_YOU = "rolled back by you"
CHOSEN_BY_YOU = "chosen by you"
IS_THE_NEWEST = "is the newest"


def serving(version: str) -> str:
    """Say what is served."""
    return f"serving {version}"


def losses(demonstrations: str, corrections: str) -> str:
    """Say the losses per stratum."""
    return f"loss  demonstrations {demonstrations}  corrections {corrections}"


def nowhere(action: str) -> str:
    """Refuse a rollback."""
    return f"{action}: {NOWHERE}"


def follows(version: object) -> str:
    """Say: v{version} follows."""
    return f"v{version} follows"


def newest(newest: object, refused: object) -> str:
    """Say: newest {newest}{refused}."""
    return f"newest {newest}{refused}"


def correction(corrections: object, corrections_2: object) -> str:
    """Say: {corrections} correction{corrections_2}."""
    return f"{corrections} correction{corrections_2}"


def delays_told(count: object, done: object, delays: float, median: float) -> str:
    """Say: {count}, {done} after {delays} s, and the median of all."""
    return f"{count}, {done} after {delays:.1f} s (p50 {median:.1f} s)"


def provisional(version: object) -> str:
    """Say: v{version} provisional."""
    return f"v{version} provisional"


def minutes_old(minutes: object) -> str:
    """Say: {minutes} min."""
    return f"{minutes} min"


def episode(number: object) -> str:
    """Say: episode {number}."""
    return f"episode {number}"
