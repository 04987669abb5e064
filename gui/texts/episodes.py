"""The episode bar."""

SUCCESS = "✔ success"
FAIL = "✘ fail"
DISCARDED = "⌫ discarded"
UNLABELLED = "? unlabelled"
NO_DATA = "no data"
INSTRUCTION = "Instruction"
RECENT = "Recent instructions"
EDITING = "Up and Down pick one that was given before; Enter sends it, Tab leaves it as it was."
NO_INSTRUCTION = "no instruction"
EPISODE = "Episode"
NO_EPISODE = "episode —"
SCRIPTED_SWITCH = "Scripted operator  F7"
SCRIPTED_OPERATOR = "Scripted operator"
RELEASE = "Release"
TIME_IN_THE_EPISODE = "Time in the episode"
SESSION_MODE = "Session mode"
LAST_EPISODE = "Last episode"


def last(outcome: object, because: object) -> str:
    """Say: last: {outcome}{because}."""
    return f"last: {outcome}{because}"


def episode(number: object) -> str:
    """Say: episode {number}."""
    return f"episode {number}"


def arm(arm: object) -> str:
    """Say: Arm: {arm}."""
    return f"Arm: {arm}"
