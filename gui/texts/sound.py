"""What alarms, the voice and the settings of the sound say."""

from collections.abc import Sequence

from teleop.messages import Arm

CONTROL_SILENT = "Control is silent: nobody knows where the arms are."
POLICY_SILENT = "The policy process gives no sign of life."
CUT_OFF = "This window is cut off from the session: close and reopen it."
RECORDER_TROUBLE = "Nothing may be lost, and something is"
OVER = "over"
BOTH = "BOTH ARMS"
ALARM = "ALARM"
SILENCED = "silenced"
SILENCES = "Silence"

# Spoken, so short and without signs.
SAID_FAULT = "robot fault"
SAID_SILENT = "control lost"
SAID_POLICY = "policy lost"
SAID_CAMERA = "camera lost"
SAID_DEVICE = "device lost"
SAID_RECORDER = "recording lost"

NO_PLAYER = "the player has not answered yet"
DUMMY_DRIVER = "SDL plays to nowhere (its dummy driver)"
PLAYER_ENDED = "the player ended, and is started again"
NO_VOICE = "no voice: install speech-dispatcher (spd-say) or espeak-ng"

CHATTER_ON = "Tones are on."
CHATTER_OFF = "Tones are off; alarms stay."
VOICE_ON = "The voice is on."
VOICE_OFF = "The voice is off."
ALARM_2 = "Alarm"


def volume_told(volume: float) -> str:
    """Say how loud the tones are."""
    return f"Volume {100 * volume:.0f} %; alarms are never below {100 * ALARM_LEAST:.0f} %."


ALARM_LEAST = 0.6  # of full volume: an alarm that cannot be heard is none


def alarm_line(arms: Sequence[Arm], text: str, *, stands: bool, acknowledged: bool) -> str:
    """Return an alarm as it is written; of no arm: it concerns neither alone."""
    who = f"{BOTH}: " if len(arms) > 1 else f"{arms[0].name}: " if arms else ""
    state = "" if stands and not acknowledged else f"  ({OVER if not stands else SILENCED})"
    return f"{who}{text}{state}"


def recorder_text(lamp: str) -> str:
    """Say that recording is in trouble, with the recorder's own words."""
    return f"{RECORDER_TROUBLE}: {lamp}."


def said_arm(arm: Arm | None, what: str) -> str:
    """Return what is spoken of an alarm."""
    return what if arm is None else f"{arm.name.lower()} arm, {what}"


def said_saved(episode: int) -> str:
    """Return what is spoken of an episode that is on the disk."""
    return f"episode {episode} saved"


def said_camera(name: str) -> str:
    """Return what is spoken of a camera process without a sign of life."""
    return f"camera {name.replace('_', ' ')} lost"
