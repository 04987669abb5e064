"""What the control process can be asked to do, and how it answers."""

from dataclasses import dataclass
from enum import StrEnum

from teleop.device_messages import DeviceProfile
from teleop.messages import Arm
from teleop.settings_live import Settings


class OrderKind(StrEnum):
    """What control can be asked to do."""

    # text "teleop": demonstrations, without the policy; "teleop once": one, then nothing runs until
    # the next START. It also ends a HOLD.
    START = "START"
    HOLD = "HOLD"
    STOP = "STOP"
    RELEASE_STOP = "RELEASE_STOP"
    SUCCESS = "SUCCESS"
    FAIL = "FAIL"
    DISCARD = "DISCARD"
    RESET = "RESET"
    TAKE = "TAKE"
    GIVE = "GIVE"
    REWIND = "REWIND"  # back along its own path, then hold for the operator
    AUTHORITY = "AUTHORITY"  # value: 0 nudges, 1 overrides
    HELP_BUDGET = "HELP_BUDGET"  # value: alerts an hour that the operator allows
    CALIBRATE = "CALIBRATE"  # text: the device's serial; let it go for three seconds
    CONFIGURE = "CONFIGURE"  # settings: sections to go on by, see `settings_live`
    TUNE = "TUNE"  # profile: read the device by it from now on, and keep it
    INSTRUCTION = "INSTRUCTION"
    OPERATOR = "OPERATOR"  # text: who is at the devices, of the episodes that begin from now on
    SCRIPTED = "SCRIPTED"  # text "on" or "off": the scripted operator
    QUIT = "QUIT"


@dataclass(frozen=True)
class Order:
    """A request to control; it is always answered by a `Reply`."""

    kind: OrderKind
    arm: Arm | None = None  # HOLD, TAKE, GIVE, REWIND, AUTHORITY: None means both
    text: str = ""
    value: float = 0.0
    profile: DeviceProfile | None = None
    settings: Settings | None = None


@dataclass(frozen=True)
class Reply:
    """Requested is not granted: a refusal carries its reason."""

    accepted: bool
    reason: str = ""
