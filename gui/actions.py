"""Everything an operator can do, once: the table that makes buttons, menu, shortcuts and help.

Motion keys are not here: they are held, not pressed (`gui.motion_keys`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

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

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        OrderKind.STOP, "STOP (HOLD)", ("Escape",),
        "Stop: both arms hold until the stop is released.", Group.SAFETY,
    ),
    ActionSpec(
        Intent.RELEASE_STOP, "Release stop", ("F9",),
        "Hold for one second to release the stop.", Group.SAFETY, held=True,
    ),
    ActionSpec(
        OrderKind.HOLD, "Hold", ("Space",),
        "Both arms hold; G gives the chosen one back to the policy.", Group.SAFETY,
    ),
    ActionSpec(
        OrderKind.TAKE, "Take over", ("T",),
        "Take the chosen arm over from the policy.", Group.ARMS, per_arm=True,
    ),
    ActionSpec(
        OrderKind.GIVE, "Give back", ("G",),
        "Give the chosen arm to the policy.", Group.ARMS, per_arm=True,
    ),
    ActionSpec(
        Intent.CHOOSE_ARM, "Arm", ("Tab",),
        "Choose the arm that T, G and the motion keys concern.", Group.ARMS,
    ),
    ActionSpec(
        Intent.GRIPPER, "Gripper", ("F",),
        "Open or close the gripper of the chosen arm.", Group.ARMS, per_arm=True,
    ),
    ActionSpec(
        OrderKind.REWIND, "Rewind", ("B",),
        "Drive the chosen arm back along its own path; then it holds.", Group.ARMS, per_arm=True,
    ),
    ActionSpec(
        Intent.AUTHORITY_LESS, "Nudge more", ("Z",),
        "Leave more of the chosen arm to the policy while the operator nudges it.", Group.ARMS,
        per_arm=True,
    ),
    ActionSpec(
        Intent.AUTHORITY_MORE, "Override more", ("X",),
        "Give more of the chosen arm to the operator who has taken it over.", Group.ARMS,
        per_arm=True,
    ),
    ActionSpec(
        Intent.OVERRIDE, "Override", ("C",),
        "Let a takeover of the chosen arm override the policy altogether.", Group.ARMS,
        per_arm=True,
    ),
    ActionSpec(
        OrderKind.START, "Start", ("F5",),
        "Start episodes with the policy; gives holding arms back to it.", Group.EPISODE,
    ),
    ActionSpec(
        Intent.DEMONSTRATE, "Demonstrate", ("F8",),
        "Start a demonstration: the operator drives, no policy.", Group.EPISODE,
    ),
    ActionSpec(
        Intent.PREFLIGHT, "Pre-flight list", ("Ctrl+F5",),
        "Show or hide what must be right before the first motion.", Group.EPISODE,
    ),
    ActionSpec(
        Intent.START_ANYWAY, "Start anyway", ("Ctrl+F9",),
        "Hold for one second to start though something on the list blocks.", Group.EPISODE,
        held=True,
    ),
    ActionSpec(
        OrderKind.SUCCESS, "Success", ("Return", "Enter"),
        "End the episode as a success.", Group.EPISODE,
    ),
    ActionSpec(
        OrderKind.FAIL, "Fail", ("Backspace",),
        "End the episode as a failure.", Group.EPISODE,
    ),
    ActionSpec(
        OrderKind.DISCARD, "Discard", ("Delete",),
        "End the episode and never learn from it.", Group.EPISODE,
    ),
    ActionSpec(
        OrderKind.RESET, "Reset", ("R",),
        "Bring the cell back to the start of an episode.", Group.EPISODE,
    ),
    ActionSpec(
        Intent.EDIT_INSTRUCTION, "Instruction", ("F2",),
        "Change what the policy is told to do; Enter sends it.", Group.EPISODE,
    ),
    ActionSpec(
        Intent.TOGGLE_SCRIPTED, "Scripted operator", ("F7",),
        "Let the scripted operator correct the policy.", Group.EPISODE,
    ),
    ActionSpec(
        Intent.OPERATE, "Operate", ("Ctrl+1",),
        "Show cameras, forces and motion of both arms.", Group.PAGES,
    ),
    ActionSpec(
        Intent.LEARNING, "Learn", ("Ctrl+2", "P"),
        "Show versions, corrections and coaching; again: back.", Group.PAGES,
    ),
    ActionSpec(
        Intent.REVIEW, "Review", ("Ctrl+3",),
        "Look at recorded episodes, and edit them; again: back.", Group.PAGES,
    ),
    ActionSpec(
        Intent.DEMONSTRATION, "Demonstrate", ("Ctrl+4",),
        "Collect demonstrations, with a count and prompts; again: back.", Group.PAGES,
    ),
    ActionSpec(
        Intent.SET_UP, "Set up", ("Ctrl+5",),
        "Set devices, cameras, robot, policy, keys and sounds up; again: back.", Group.PAGES,
    ),
    ActionSpec(
        Intent.PAUSE_DEMONSTRATIONS, "Pause", ("Ctrl+Space", "Pause"),
        "Rest between demonstrations, or hold in one; again: go on.", Group.DEMONSTRATE,
        only_shown=True,
    ),
    ActionSpec(
        Intent.REDO_DEMONSTRATION, "Redo last", ("Ctrl+Backspace",),
        "Discard the open demonstration, or else the last one, to make it once more.",
        Group.DEMONSTRATE, only_shown=True,
    ),
    ActionSpec(
        Intent.ROLL_BACK, "Roll back", ("F12",),
        "Serve the version before the present one.", Group.LEARNING,
    ),
    ActionSpec(
        Intent.CONSOLIDATE, "Consolidate", ("Ctrl+K",),
        "Fit anew from the base policy, on everything.", Group.LEARNING,
    ),
    ActionSpec(
        Intent.PAUSE_LEARNING, "Pause learning", ("Ctrl+P",),
        "Let the learner rest, or go on.", Group.LEARNING,
    ),
    ActionSpec(
        Intent.REVIEW_OPEN, "Open…", ("Ctrl+O",),
        "Type the folder of another session, or of several, to look at.", Group.REVIEW,
    ),
    ActionSpec(
        Intent.REVIEW_FILTER, "Filter", ("Ctrl+F",),
        "Type words that the episodes of the list must hold.", Group.REVIEW,
    ),
    ActionSpec(
        Intent.REVIEW_LIST, "Hide list", ("Ctrl+B",),
        "Hide the list of episodes and what can be done with them, or show it.", Group.REVIEW,
    ),
    ActionSpec(
        Intent.NEXT_CLIP, "Next clip", ("Ctrl+Down",),
        "Show the next episode of the list.", Group.REVIEW,
    ),
    ActionSpec(
        Intent.PREVIOUS_CLIP, "Previous clip", ("Ctrl+Up",),
        "Show the episode before in the list.", Group.REVIEW,
    ),
    ActionSpec(
        Intent.TRIM_CLIP, "Trim to marks", ("Ctrl+T",),
        "Leave out of the clip what lies before and after the marks.", Group.REVIEW,
    ),
    ActionSpec(
        Intent.CUT_CLIP, "Cut marks out", ("Ctrl+X",),
        "Leave out of the clip what lies between the marks.", Group.REVIEW,
    ),
    ActionSpec(
        Intent.RELABEL_CLIP, "Relabel…", ("Ctrl+L",),
        "Say how the clip really ended, what it shows, what marked rows are good for.",
        Group.REVIEW,
    ),
    ActionSpec(
        Intent.DISCARD_CLIP, "Discard clip", ("Ctrl+D",),
        "Never learn from the clip, or from all that are marked; it stays on the disk.",
        Group.REVIEW,
    ),
    ActionSpec(
        Intent.UNDO_EDIT, "Undo edit", ("Ctrl+Z",),
        "Take the last edit of the session back.", Group.REVIEW,
    ),
    ActionSpec(
        Intent.LIST_EDITS, "Edits…", ("Ctrl+J",),
        "Show all edits of the session, each with what takes it back.", Group.REVIEW,
    ),
    ActionSpec(
        Intent.WHAT_CHANGED, "What changed?", ("Ctrl+Y",),
        "Compare what two versions would do where the clip was corrected.", Group.REVIEW,
    ),
    ActionSpec(
        Intent.EXPORT, "Export…", ("Ctrl+E",),
        "Take clips to the formats of other tools.", Group.REVIEW,
    ),
    ActionSpec(
        Intent.REPORT, "Shift report", ("Ctrl+Shift+E",),
        "Write what the session came to as one page that opens anywhere.", Group.REVIEW,
    ),
    *(
        ActionSpec(does, text, (key,), hint, Group.REVIEW, only_shown=True, repeats=repeats)
        for does, text, key, hint, repeats in (
            (Intent.REPLAY, "Play", "Ctrl+Space", "Play the clip, or pause.", False),
            (
                Intent.REPLAY_BACKWARDS, "Play back", "Ctrl+Shift+Space",
                "Play the clip backwards, or pause.", False,
            ),
            (Intent.REPLAY_SLOWER, "Slower", ",", "Replay more slowly.", False),
            (Intent.REPLAY_FASTER, "Faster", ".", "Replay faster.", False),
            (Intent.FRAME_BACK, "Frame back", "Left", "One frame back.", True),
            (Intent.FRAME_ON, "Frame on", "Right", "One frame on.", True),
            (Intent.SECOND_BACK, "Second back", "Shift+Left", "One second back.", True),
            (Intent.SECOND_ON, "Second on", "Shift+Right", "One second on.", True),
            (
                Intent.CHANGE_BACK, "Change before", "Ctrl+Left",
                "Back to the takeover or hand-back before.", False,
            ),
            (
                Intent.CHANGE_ON, "Next change", "Ctrl+Right",
                "On to the next takeover or hand-back.", False,
            ),
            (Intent.CLIP_START, "Start of clip", "Home", "To the clip's first row.", False),
            (Intent.CLIP_END, "End of clip", "End", "To the clip's last row.", False),
            (Intent.MARK_IN, "Mark in", "[", "Mark here where the selection begins.", False),
            (Intent.MARK_OUT, "Mark out", "]", "Mark here where the selection ends.", False),
            (Intent.CLEAR_MARKS, "Clear marks", "Ctrl+M", "Take both marks away.", False),
            (Intent.ZOOM_IN, "Zoom in", "Ctrl+I", "Show less of the time line.", True),
            (Intent.ZOOM_OUT, "Zoom out", "Ctrl+U", "Show more of the time line.", True),
            (Intent.REPLAY_CAMERA, "Next camera", "Ctrl+N", "Show the next camera large.", False),
            (
                Intent.REPLAY_ARM, "Other arm", "Ctrl+A",
                "Show the actions of the other arm as curves.", False,
            ),
            (
                Intent.REPLAY_TURNING, "Turning", "Ctrl+R",
                "Show torques and turning as curves, or forces and motion.", False,
            ),
        )
    ),
    ActionSpec(
        Intent.ACKNOWLEDGE, "Got it", ("N",),
        "Put calls for help and coaching away; they stay in their lists.", Group.VIEW,
    ),
    ActionSpec(
        Intent.NOTICES, "Notices", ("M",), "Show or hide the list of all notices.", Group.VIEW
    ),
    *(
        ActionSpec(
            intent, f"Camera {number}", (str(number),),
            f"Show camera {number} large; again: back.", Group.VIEW,
        )
        for number, intent in enumerate(
            (Intent.CAMERA_1, Intent.CAMERA_2, Intent.CAMERA_3, Intent.CAMERA_4), start=1
        )
    ),
    *(
        ActionSpec(
            intent, f"Hide camera {number}", (f"Alt+{number}",),
            f"Hide camera {number}; again: show it.", Group.VIEW,
        )
        for number, intent in enumerate(
            (
                Intent.HIDE_CAMERA_1, Intent.HIDE_CAMERA_2, Intent.HIDE_CAMERA_3,
                Intent.HIDE_CAMERA_4,
            ),
            start=1,
        )
    ),
    ActionSpec(
        Intent.CAMERAS_ROUND, "Cameras round", ("Alt+Down",),
        "Let the small pictures go round; pictures can be dragged onto each other too.", Group.VIEW,
    ),
    ActionSpec(
        Intent.CAMERAS_SWAP, "Swap cameras", ("Alt+Up",),
        "Let the two upper small pictures change places.", Group.VIEW,
    ),
    ActionSpec(
        Intent.TORQUE, "Force or torque", ("F3",),
        "Switch the wrist curves between force and torque.", Group.VIEW,
    ),
    ActionSpec(Intent.KEY_MAP, "Keys", ("F1",), "Show or hide all keys.", Group.VIEW),
    ActionSpec(
        Intent.FULL_SCREEN, "Full screen", ("F11",), "Fill the screen, or not.", Group.VIEW
    ),
    ActionSpec(
        Intent.LOOK, "Dark or light", ("Ctrl+Shift+L",),
        "Draw the window dark, or light; it opens anew.", Group.VIEW,
    ),
    ActionSpec(
        Intent.LARGER, "Larger", ("Ctrl++", "Ctrl+="),
        "Draw everything larger, up to 200 %; the window opens anew.", Group.VIEW,
    ),
    ActionSpec(
        Intent.SMALLER, "Smaller", ("Ctrl+-",),
        "Draw everything smaller, down to 100 %; the window opens anew.", Group.VIEW,
    ),
    ActionSpec(
        Intent.NEXT_FOCUS, "Next field", ("F6",),
        "Move the keyboard focus on, as Tab chooses the arm.", Group.VIEW,
    ),
    ActionSpec(
        Intent.CLOSE, "Close the window", ("Ctrl+Q",),
        "Close this window; the robot goes on.", Group.VIEW,
    ),
    ActionSpec(
        Intent.DEVICES, "Devices…", ("F4",),
        "Calibrate the operator's devices and set them up.", Group.SETUP,
    ),
    ActionSpec(
        Intent.HELP_BUDGET, "Calls for help an hour…", ("H",),
        "Set how often the policy may call the operator.", Group.SETUP,
    ),
    *(
        ActionSpec(does, text, (key,), hint, Group.SETTINGS, only_shown=True)
        for does, text, key, hint in (
            (Intent.FIND_SETTING, "Find", "Ctrl+G", "Find a setting by its words."),
            (
                Intent.APPLY_SETTINGS, "Apply", "Ctrl+Return",
                "Let the running session go on by what stands on the page.",
            ),
            (Intent.SAVE_PRESET, "Save preset", "Ctrl+S", "Keep the settings by a name."),
            (Intent.NEXT_PART, "Next part", "Ctrl+PgDown", "Show the next part."),
            (Intent.PART_BEFORE, "Part before", "Ctrl+PgUp", "Show the part before."),
        )
    ),
    ActionSpec(
        Intent.SOUND_TEST, "Test the sound", ("Ctrl+F12",),
        "Play a tone and a burst of the alarm.", Group.SOUND,
    ),
    ActionSpec(
        Intent.SOUND_HEARD, "I heard it", ("Ctrl+F3",),
        "Note that the test of the sound was heard.", Group.SOUND,
    ),
    ActionSpec(
        Intent.SOUND_NOT_HEARD, "I did not", ("Ctrl+F4",),
        "Note that the test of the sound was not heard.", Group.SOUND,
    ),
    ActionSpec(
        Intent.QUIETER, "Quieter", ("Ctrl+F6",),
        "Play tones more softly; alarms stay loud.", Group.SOUND,
    ),
    ActionSpec(Intent.LOUDER, "Louder", ("Ctrl+F7",), "Play tones louder.", Group.SOUND),
    ActionSpec(
        Intent.TONES, "Tones", ("Ctrl+F8",),
        "Switch the soft tones off or on; alarms cannot be switched off.", Group.SOUND,
    ),
    ActionSpec(
        Intent.VOICE, "Voice", ("Ctrl+F11",),
        "Speak of rare events, or not.", Group.SOUND,
    ),
)  # fmt: skip


_CHOSEN: dict[OrderKind | Intent, tuple[str, ...]] = {}  # keys other than the table's


def spec_of(does: OrderKind | Intent) -> ActionSpec:
    """Return the row for `does`, with its present keys."""
    return with_present_keys(next(spec for spec in ACTIONS if spec.does == does))


def with_present_keys(spec: ActionSpec) -> ActionSpec:
    """Return `spec` with the keys that the operator has chosen, if there are any."""
    chosen = _CHOSEN.get(spec.does)
    return spec if chosen is None else replace(spec, keys=chosen)


def shortcuts(spec: ActionSpec) -> list[QKeySequence]:
    """Return the key sequences of `spec`.

    Plain keys work with Shift too: Shift means fast while a motion key is held, and HOLD must not
    fail because of it.
    """
    if spec.held:
        return []
    if spec.only_shown:
        return [QKeySequence(key) for key in spec.keys]
    keys = [key for key in spec.keys if "+" not in key]
    if spec.does is Intent.CHOOSE_ARM:
        return [QKeySequence(name) for name in (*keys, "Shift+Backtab", "Backtab")]
    if keys[:1] and keys[0].isdigit():
        return [QKeySequence(key) for key in keys]
    return [QKeySequence(key) for key in (*spec.keys, *(f"Shift+{key}" for key in keys))]


class Actions(QObject):
    """The table as Qt actions, which the buttons, the menu and the shortcuts share.

    Signals:
        triggered: the row's `does`.
        keys_changed: the `gui.key_table.KeyTable` that is in force now.
    """

    triggered = Signal(object)
    keys_changed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._actions: dict[OrderKind | Intent, QAction] = {}
        for spec in ACTIONS:
            action = QAction(spec.text, self)
            action.setData(spec)
            action.setShortcuts(shortcuts(spec))
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
            action.setAutoRepeat(spec.repeats)
            action.setEnabled(not spec.only_shown)
            action.setStatusTip(spec.hint)
            action.triggered.connect(self._passed_on)
            self._actions[spec.does] = action

    def __getitem__(self, does: OrderKind | Intent) -> QAction:
        return self._actions[does]

    def all(self) -> tuple[QAction, ...]:
        """Return every action in the table's order."""
        return tuple(self._actions.values())

    def show_group(self, shown: Group | None) -> None:
        """Enable the rows of that heading which are done only while its page is shown."""
        for action in self._actions.values():
            spec: ActionSpec = action.data()
            if spec.only_shown:
                action.setEnabled(spec.group is shown)

    def rebind(self, chosen: Mapping[OrderKind | Intent, tuple[str, ...]]) -> None:
        """Let rows have other keys than the table's from now on, wherever they are printed."""
        _CHOSEN.clear()
        _CHOSEN.update(chosen)
        for spec in ACTIONS:
            present, action = with_present_keys(spec), self._actions[spec.does]
            if action.data() != present:
                action.setData(present)
                action.setShortcuts(shortcuts(present))

    def _passed_on(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.triggered.emit(action.data().does)
