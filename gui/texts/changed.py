"""The words of comparing two policy versions on a correction."""

from teleop.action_comparison import Match
from teleop.messages import Arm

TITLE = "What changed in {clip}?"
BEFORE, AFTER = "before", "now"
YOU = "you"
NO_CLIP = "Choose a corrected episode first."
NOT_CORRECTED = "Nobody took over in this clip, so there is nothing to compare."
NO_VERSIONS = "There is no policy version in this session's folder."
ONE_VERSION = "There is only one policy version so far: nothing has changed yet."
DIED = "The comparison ended without a word; try again."
NOT_READ = "The comparison cannot be read: {why}"
SERVES = "serves"
REFUSED = "refused"
PROVISIONAL = "provisional"
ARM = {Arm.LEFT: "Left arm", Arm.RIGHT: "Right arm"}
AXES = ("x", "y", "z", "turn x", "turn y", "turn z", "opening")
UNITS = ("mm/s", "mm/s", "mm/s", "°/s", "°/s", "°/s", "%")
SCALES = (1e3, 1e3, 1e3, 57.29577951308232, 57.29577951308232, 57.29577951308232, 100.0)
SENTENCE_NAME, CURVES_NAME = "What changed", "Actions of both versions and of the operator"
SHADED = "shaded: you drove"


def version_name(number: int, *, serving: bool, accepted: bool, provisional: bool) -> str:
    """A version in the list of those that can be compared."""
    if serving:
        return f"v{number} {SERVES}"
    if not accepted:
        return f"v{number} {REFUSED}"
    return f"v{number} {PROVISIONAL}" if provisional else f"v{number}"


def verdict(before: Match, after: Match, old: int, new: int) -> str:
    """Say in a sentence what a version learned of a correction of one arm.

    Args:
        before: of the older version.
        after: of the newer one.
        old: number of the older version.
        new: number of the newer one.
    """
    figures = f"error {after.error:.3f} against {before.error:.3f} of v{old}"
    if not after.needed:
        if after.error < before.error:
            return f"v{new} does what you did: {figures}; it would not need you again."
        return f"v{new} does about what you did: {figures}; it would not need you."
    allowed = f"at most {after.allowed:.3f} would do"
    if after.error < before.error:
        return (
            f"v{new} comes nearer to what you did: {figures}; {allowed}: it would still need you."
        )
    return f"v{new} is no nearer to what you did: {figures}; {allowed}: it would still need you."
