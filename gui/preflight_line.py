"""One line of the list before the first motion."""

from dataclasses import dataclass
from enum import StrEnum

from gui.sound.audible import Audible


class Item(StrEnum):
    """What is looked at, in the order of the list."""

    STOP = "Stop"
    ROBOT = "Robot"
    CAMERAS = "Cameras"
    DEVICE = "Device"
    POLICY = "Policy"
    RECORDER = "Recorder"
    DISK = "Disk"
    LEARNER = "Learner"
    CLOCK = "Clock"
    SOUND = "Sound"


class State(StrEnum):
    """Whether it stands against a start."""

    OK = "ok"
    WARNING = "warning"
    BLOCKS = "blocks"


@dataclass(frozen=True)
class CheckLine:
    """How one thing stands.

    Attributes:
        item: which.
        state: whether it stands against a start.
        value: what was found.
        advice: what to do; empty: nothing.
    """

    item: Item
    state: State
    value: str
    advice: str = ""


@dataclass(frozen=True)
class Plan:
    """What is about to begin, and what the view does not hold.

    Attributes:
        policy: a policy is to drive; otherwise it is a demonstration.
        learns: the session has a policy and a learner at all.
        scripted: the scripted operator is the device.
        centre: deflection below which a device counts as let go.
        audible: whether the operator hears the window.
        sound_trouble: why nothing can be heard.
    """

    policy: bool = True
    learns: bool = True
    scripted: bool = False
    centre: float = 0.08
    audible: Audible = Audible.UNTESTED
    sound_trouble: str = ""
