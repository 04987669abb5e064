"""The parts of the page Set up: a table, and which settings stand in which. No Qt."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from teleop.settings_fields import Setting, table


class Part(StrEnum):
    """A part, by its title in the list on the left."""

    PRESETS = "Presets"
    DEVICES = "Devices and calibration"
    CAMERAS = "Cameras"
    ROBOT = "Robot and limits"
    POLICY = "Policy and chunks"
    TAKEOVER = "Takeover"
    HELP = "Help"
    EPISODES = "Episodes"
    RECORDING = "Recording"
    KEYS = "Keys"
    LOOK = "Sounds and look"


@dataclass(frozen=True)
class PartSpec:
    """What stands in a part.

    Attributes:
        part: which.
        about: one sentence under its title.
        paths: settings, or sections of them, in their order.
    """

    part: Part
    about: str
    paths: tuple[str, ...] = ()


PARTS = (
    PartSpec(Part.PRESETS, "Settings kept by name, to start sessions with or to go back to."),
    PartSpec(Part.DEVICES, "What the operator drives with.", ("device",)),
    PartSpec(Part.CAMERAS, "Which cameras run, and how fast.", ("cameras", "camera_hz", "view_hz")),
    PartSpec(
        Part.ROBOT,
        "What the arms are kept within. Tighter limits count at any time; looser ones only while "
        "both arms hold, and they ask for a confirmation.",
        ("rate_hz", "limits"),
    ),
    PartSpec(
        Part.POLICY,
        "What proposes the motion, how its chunks are played, how it learns.",
        ("instruction", "policy", "chunks", "learning"),
    ),
    PartSpec(
        Part.TAKEOVER,
        "When a device takes an arm over, and how it moves it. It changes while no arm is the "
        "operator's.",
        ("takeover",),
    ),
    PartSpec(Part.HELP, "When the policy calls the operator.", ("help",)),
    PartSpec(
        Part.EPISODES,
        "How an episode begins and ends; it counts from the next episode on.",
        ("operator", "episode", "cell"),
    ),
    PartSpec(Part.RECORDING, "What is written, and how.", ("record",)),
    PartSpec(Part.KEYS, "Which key does what, in this window."),
    PartSpec(Part.LOOK, "How the window sounds and looks; it counts at once, for this user."),
)


def spec_of(part: Part) -> PartSpec:
    """Return the table's row for `part`."""
    return next(spec for spec in PARTS if spec.part is part)


@cache
def settings_in(part: Part) -> tuple[Setting, ...]:
    """Return the settings of a part in their order."""
    return tuple(
        setting
        for path in spec_of(part).paths
        for setting in table()
        if path in (setting.path, setting.section)
    )


@cache
def order_of_rows() -> dict[str, int]:
    """Return the place of each setting among the rows of all parts, by path."""
    paths = [setting.path for part in Part for setting in settings_in(part)]
    return {path: place for place, path in enumerate(paths)}
