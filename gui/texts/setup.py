"""What the page Set up says."""

import re
from collections.abc import Sequence

TITLE = "Set up"
SECTIONS = "Parts of the settings"
FIND = "Find a setting"
FIND_HINT = "Type words of a name or a meaning"
FOUND_NOTHING = "No setting has these words. Try fewer, or clear the field."
RESET = "Reset"
RESET_SECTION = "Reset this part"
RESET_ALL = "Drop all changes"
APPLY = "Apply now"
CHANGES = "Changes"
LOOSEN = "Loosen: hold 1 s"
LOOSEN_HINT = "Limits become looser: hold this button, or Enter on it, for one second"
NOW = "counts at once"
NEXT = "next session"
LIVE_HINT = "It counts in the running session once it is applied."
NEXT_HINT = "The running session keeps its value: save a preset and start the next session with it."
SWITCHES = ("off", "on")
UNCHANGED = "Nothing is changed. What stands here is in force."
UNKNOWN = "Control is silent: what stands here is what the session was started with."

PRESETS = "Presets"
PRESET_NAME = "Name of the preset"
PRESET_HINT = "night shift"
SAVE = "Save"
LOAD = "Load"
COMPARE = "Compare"
DELETE = "Delete"
NOT_SAVED = "Not saved: a value on this page is wrong. Mend it first."
NO_PRESETS = "No preset is saved yet. Type a name and save what stands on this page."
COMPARED_ALIKE = "It says the same as what stands on this page."

DEVICES = "Devices"
OPEN_DEVICES = "Open the devices window"
DEVICES_UNKNOWN = "Control tells nothing of devices. Is the session running?"
EITHER_ARM = "either arm"
CALIBRATED = "calibrated"
NOT_CALIBRATED = "not calibrated"
NO_DEVICES = "No device is plugged in that could be set up; the window's keys drive the chosen arm."

SOUND_AND_LOOK = "Sounds and look"
VOLUME = "Volume of tones"
VOLUME_MEANS = "How loud tones are; alarms never fall below 60 %."
TONES = "Tones"
TONES_MEANS = "Soft tones for what somebody commanded; alarms cannot be switched off."
VOICE = "Voice"
VOICE_MEANS = "Words for rare events, where a program of the system can speak."
SOUND = "Test"
SOUND_MEANS = "A tone and a burst of the alarm, to know that they are heard."
LOOK = "Colours"
LOOK_MEANS = "The window begins anew; the robot and the session go on."
SIZE = "Size"
SIZE_MEANS = "Of everything in the window, which begins anew."
SCREEN = "Screen"
SCREEN_MEANS = "Fill the screen, or not."
DARK = "dark"
LIGHT = "light"

NAMES: dict[str, str] = {
    "rate_hz": "Control rate",
    "view_hz": "Rate of the operator's view",
    "camera_hz": "Rate of the cameras",
    "leash_m": "Leash",
    "leash_rad": "Leash of rotation",
    "hand_back": "Hand back by",
    "engage": "Take over by",
    "at_second": "At the second threshold",
    "second": "Second threshold",
    "needs_view": "Takeover needs a view",
    "settle_s": "Time to settle",
    "dwell_s": "Let go for",
    "enter": "Takeover begins at",
    "leave": "Takeover ends at",
    "enter_samples": "Readings in a row",
    "stale_s": "A reading is stale after",
    "stale_view_s": "A view is stale after",
    "stale_state_s": "A robot state is stale after",
    "stale_camera_s": "A camera is silent after",
    "drop_out_s": "Drops out after",
    "before_s": "Kept before a takeover",
    "after_s": "Kept after a hand-back",
    "reserve_mb": "Left free on the disk",
    "queue_mb": "Memory for what waits",
    "blend_s": "Blending of chunks",
    "slow": "Slowed to",
    "slow_s": "Slowed for at most",
    "gate_scenes": "Scenes at the gate",
    "seed": "Seed of the scenes",
    "distribution": "Scenes",
    "linear_scale": "Speed at full deflection",
    "angular_scale": "Turning at full deflection",
    "nudge_linear": "Most that a nudge adds",
    "nudge_angular": "Most turning that it adds",
    "rewind_s": "Rewinds at most",
    "operator": "Operator",
}
UNITS = ("_s", "_hz", "_m", "_mb", "_rad")


def name_text(field: str) -> str:
    """Return a field's name as people read it."""
    if field in NAMES:
        return NAMES[field]
    for unit in UNITS:
        field = field.removesuffix(unit)
    words = field.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}"


def volume(share: float) -> str:
    """Write a volume."""
    return f"{100 * share:.0f} %"


def scale(ratio: float) -> str:
    """Write the size of the window's things."""
    return f"{100 * ratio:.0f} %"


def found(count: int) -> str:
    """Say how many settings a search has found."""
    return f"{count} {'setting' if count == 1 else 'settings'} found"


def arm_of(name: str) -> str:
    """Name the arm that a device moves."""
    return f"{name} arm"


def compared(path: str, here: str, there: str) -> str:
    """Say how a preset differs from the page in one setting."""
    return f"{path}: here {here}, there {there}"


def compared_text(lines: Sequence[str], most: int) -> str:
    """Say how a preset differs from the page."""
    if not lines:
        return COMPARED_ALIKE
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    return "\n".join((*lines[:most], *more))


def range_line(limits: str, default: str) -> str:
    """Say what a value may be, and what it is if nobody says anything."""
    return f"{limits}   ·   default {default}"


def printed(key: str) -> str:
    """Return a key as it stands on a button."""
    return key.replace("Return", "↵")


def wrong(sentence: str) -> str:
    """Mark a sentence that says what is wrong."""
    return f"✘ {sentence}"


def default_line(default: str) -> str:
    """Say what a value is if nobody says anything."""
    return f"default {default}"


def with_names(meaning: str) -> str:
    """Return a meaning with the fields that it names as the page calls them."""
    return re.sub(r"`(\w+)`", lambda found: f"'{name_text(found[1])}'", meaning)


def in_force(value: str) -> str:
    """Say what counts where another value stands in the field."""
    return f"in force: {value}"


def count_text(title: str, changed: int, wrong: int) -> str:
    """Name a part, with how many of its values are changed (✎) or wrong (✘)."""
    marks = f"  ✎ {changed}" if changed else ""
    return f"{title}{marks}{f'  ✘ {wrong}' if wrong else ''}"


def summary_text(live: Sequence[str], later: Sequence[str], wrong: Sequence[str]) -> str:
    """Say what the changes on the page come to."""
    if wrong:
        verb = "is" if len(wrong) == 1 else "are"
        return f"✘ {_listed(wrong)} {verb} wrong: nothing is sent or saved until that is mended."
    parts: list[str] = []
    if live:
        parts.append(f"{_listed(live)} can be applied now")
    if later:
        parts.append(f"{_listed(later)} {'counts' if len(later) == 1 else 'count'} next session")
    return f"{'; '.join(parts)}." if parts else UNCHANGED


def loosening_text(names: Sequence[str]) -> str:
    """Say that limits become looser."""
    return f"▲ {_listed(names)} would become looser: hold both arms, then hold the button."


def wrong_number(typed: str, limits: str) -> str:
    """Say what a field must hold instead."""
    return f"'{typed}' is no value here; it must be {limits}."


def out_of_range(typed: str, limits: str) -> str:
    """Say what a number must lie between."""
    return f"{typed} is out of range; it must be {limits}."


def unknown_name(name: str, known: Sequence[str], near: str) -> str:
    """Say that there is no such name, and which there are."""
    hint = f" Did you mean {near}?" if near else ""
    return f"There is no '{name}'.{hint} There are {', '.join(known)}."


def saved(name: str) -> str:
    """Say that a preset is saved, and how to start with it."""
    return f"Saved. The next session starts with it by: nudge session --preset '{name}'"


def loaded(name: str, changes: int) -> str:
    """Say what a loaded preset has brought."""
    if changes == 0:
        return f"'{name}' says what is in force already."
    return f"'{name}' stands on this page: {changes} changed. Nothing is applied yet."


def deleted(name: str, backup: str) -> str:
    """Say that a preset is gone, and where its backup is."""
    return f"'{name}' is deleted; {backup} is left of it."


def preset_title(name: str, differs: int) -> str:
    """Name a preset in the list."""
    settings = "setting" if differs == 1 else "settings"
    return f"{name}   ·   {differs} {settings} other than by default"


def _listed(names: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(names[:most])
    more = len(names) - most
    return f"{shown} and {more} more" if more > 0 else shown
