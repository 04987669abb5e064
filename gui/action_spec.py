"""What an action is: its row's columns, and the names of everything that is no order to control."""

from dataclasses import dataclass
from enum import StrEnum

from teleop.order_messages import OrderKind


class Intent(StrEnum):
    """What the window does by itself, without an order to control."""

    CHOOSE_ARM = "CHOOSE_ARM"
    DEMONSTRATE = "DEMONSTRATE"
    PREFLIGHT = "PREFLIGHT"
    START_ANYWAY = "START_ANYWAY"
    EDIT_INSTRUCTION = "EDIT_INSTRUCTION"
    TOGGLE_SCRIPTED = "TOGGLE_SCRIPTED"
    RELEASE_STOP = "RELEASE_STOP"
    GRIPPER = "GRIPPER"
    AUTHORITY_LESS = "AUTHORITY_LESS"
    AUTHORITY_MORE = "AUTHORITY_MORE"
    OVERRIDE = "OVERRIDE"
    HELP_BUDGET = "HELP_BUDGET"
    ACKNOWLEDGE = "ACKNOWLEDGE"
    NOTICES = "NOTICES"
    DEVICES = "DEVICES"
    CAMERA_1 = "CAMERA_1"
    CAMERA_2 = "CAMERA_2"
    CAMERA_3 = "CAMERA_3"
    CAMERA_4 = "CAMERA_4"
    HIDE_CAMERA_1 = "HIDE_CAMERA_1"
    HIDE_CAMERA_2 = "HIDE_CAMERA_2"
    HIDE_CAMERA_3 = "HIDE_CAMERA_3"
    HIDE_CAMERA_4 = "HIDE_CAMERA_4"
    CAMERAS_ROUND = "CAMERAS_ROUND"
    CAMERAS_SWAP = "CAMERAS_SWAP"
    LOOK = "LOOK"
    LARGER = "LARGER"
    SMALLER = "SMALLER"
    TORQUE = "TORQUE"
    OPERATE = "OPERATE"
    LEARNING = "LEARNING"
    REVIEW = "REVIEW"
    DEMONSTRATION = "DEMONSTRATION"
    SET_UP = "SET_UP"
    FIND_SETTING = "FIND_SETTING"
    APPLY_SETTINGS = "APPLY_SETTINGS"
    SAVE_PRESET = "SAVE_PRESET"
    NEXT_PART = "NEXT_PART"
    PART_BEFORE = "PART_BEFORE"
    PAUSE_DEMONSTRATIONS = "PAUSE_DEMONSTRATIONS"
    REDO_DEMONSTRATION = "REDO_DEMONSTRATION"
    ROLL_BACK = "ROLL_BACK"
    CONSOLIDATE = "CONSOLIDATE"
    PAUSE_LEARNING = "PAUSE_LEARNING"
    REVIEW_OPEN = "REVIEW_OPEN"
    REVIEW_FILTER = "REVIEW_FILTER"
    REVIEW_LIST = "REVIEW_LIST"
    NEXT_CLIP = "NEXT_CLIP"
    PREVIOUS_CLIP = "PREVIOUS_CLIP"
    TRIM_CLIP = "TRIM_CLIP"
    CUT_CLIP = "CUT_CLIP"
    RELABEL_CLIP = "RELABEL_CLIP"
    DISCARD_CLIP = "DISCARD_CLIP"
    UNDO_EDIT = "UNDO_EDIT"
    LIST_EDITS = "LIST_EDITS"
    EXPORT = "EXPORT"
    WHAT_CHANGED = "WHAT_CHANGED"
    REPORT = "REPORT"
    REPLAY = "REPLAY"
    REPLAY_BACKWARDS = "REPLAY_BACKWARDS"
    REPLAY_SLOWER = "REPLAY_SLOWER"
    REPLAY_FASTER = "REPLAY_FASTER"
    FRAME_BACK = "FRAME_BACK"
    FRAME_ON = "FRAME_ON"
    SECOND_BACK = "SECOND_BACK"
    SECOND_ON = "SECOND_ON"
    CHANGE_BACK = "CHANGE_BACK"
    CHANGE_ON = "CHANGE_ON"
    CLIP_START = "CLIP_START"
    CLIP_END = "CLIP_END"
    MARK_IN = "MARK_IN"
    MARK_OUT = "MARK_OUT"
    CLEAR_MARKS = "CLEAR_MARKS"
    ZOOM_IN = "ZOOM_IN"
    ZOOM_OUT = "ZOOM_OUT"
    REPLAY_CAMERA = "REPLAY_CAMERA"
    REPLAY_ARM = "REPLAY_ARM"
    REPLAY_TURNING = "REPLAY_TURNING"
    SOUND_TEST = "SOUND_TEST"
    SOUND_HEARD = "SOUND_HEARD"
    SOUND_NOT_HEARD = "SOUND_NOT_HEARD"
    QUIETER = "QUIETER"
    LOUDER = "LOUDER"
    TONES = "TONES"
    VOICE = "VOICE"
    KEY_MAP = "KEY_MAP"
    FULL_SCREEN = "FULL_SCREEN"
    NEXT_FOCUS = "NEXT_FOCUS"
    CLOSE = "CLOSE"


class Group(StrEnum):
    """Headings of menu and key map."""

    SAFETY = "Safety"
    ARMS = "Arms"
    EPISODE = "Episode"
    PAGES = "Pages"
    LEARNING = "Learning"
    REVIEW = "Review"
    DEMONSTRATE = "Demonstrate"
    VIEW = "View"
    SETUP = "Set up"
    SETTINGS = "Settings"
    SOUND = "Sound"


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        does: the order it sends, or what the window does itself.
        text: the label of its button, one or two words.
        keys: shortcuts as Qt writes them; the first is printed on the button.
        hint: one sentence for the key map and for screen readers.
        group: heading in menu and key map.
        per_arm: whether it concerns the chosen arm.
        held: the key must be held for a second; the window watches it, no shortcut is made.
        only_shown: done only while the page of its heading is shown; elsewhere the key is free.
        repeats: goes on while the key is held.
    """

    does: OrderKind | Intent
    text: str
    keys: tuple[str, ...]
    hint: str
    group: Group
    per_arm: bool = False
    held: bool = False
    only_shown: bool = False
    repeats: bool = False

    @property
    def key(self) -> str:
        """The key as it is printed; empty: it has none."""
        if not self.keys:
            return ""
        return PRINTED.get(self.keys[0], self.keys[0])


PRINTED = {
    "Return": "↵ Enter",
    "Tab": "⇥ Tab",
    "Escape": "Esc",
    "Delete": "Del",
    "F9": "hold F9",
    "Ctrl+F9": "hold Ctrl+F9",
}
