"""Whether this operator hears this window."""

from enum import StrEnum


class Audible(StrEnum):
    """What is known of it."""

    NO_SOUND = "NO_SOUND"  # there is no device, or nothing plays
    UNTESTED = "UNTESTED"
    ASKED = "ASKED"  # the test has been played
    HEARD = "HEARD"
    NOT_HEARD = "NOT_HEARD"
