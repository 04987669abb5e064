"""What `nudge doctor` looks at: each check is a function that returns a `Check` and never raises.

software.py    Python, packages, shipped files
drawing.py     MuJoCo without a screen, Qt
machine.py     folders, disk, processor, scheduling
spacemouse.py  hidapi, the puck and its permission
puck_programs.py  other programs that use the puck
gamepad.py     the gamepad and its permission
sound.py       whether alarms can be heard
trial.py       tries something in a process of its own
"""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a check went; only FAIL keeps the program from running."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's table.

    Attributes:
        name: what was looked at.
        outcome: how it went.
        found: what is there.
        advice: what to do next; empty when nothing needs doing.
    """

    name: str
    outcome: Outcome
    found: str
    advice: str = ""
