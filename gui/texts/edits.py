"""The words of editing, exporting and comparing recorded clips."""

from datetime import datetime

from recorder.labels import Label
from teleop.messages import Arm, Outcome

TITLE = "This clip"
NO_CLIP = "Choose an episode in the list to edit it."
NO_MARKS = "Nothing is marked: set the marks in the player."
READING = "It is still being read."
ANSWER_NAME, TROUBLE_NAME = "What became of it", "Edits that cannot be read"
BUSY = "Working …"
CLOSE = "Close"
CANCEL = "Cancel"

KEEP, CUT = "Trim to marks", "Cut marks out"
CHANGE = "Change"
HOW_IT_ENDED = "How it ended"
WHAT_IT_SHOWS = "What it shows"
INSTRUCTION_HINT = "what the policy was really told, or should have been"
MARKED_ROWS = "The marked rows"
OF_ARM = "of"

OUTCOMES = {
    Outcome.SUCCESS: "Success",
    Outcome.FAIL: "Fail",
    Outcome.UNLABELLED: "Unlabelled",
    Outcome.DISCARDED: "Discarded",
}
LABELS = {
    Label.ROLLOUT: "Policy's own (rollout)",
    Label.DEMONSTRATION: "Demonstration",
    Label.PRE_INTERVENTION: "Policy's mistake, not learned",
    Label.INTERVENTION: "Correction",
    Label.RECOVERY: "Recovery after a hand-back",
    Label.HOLD: "Holds, not learned",
}
ARMS: dict[tuple[Arm, ...], str] = {
    (Arm.LEFT, Arm.RIGHT): "both arms",
    (Arm.LEFT,): "left arm",
    (Arm.RIGHT,): "right arm",
}

RELABEL_TITLE = "Relabel {clip}"
RELABEL_NOTE = "Edits are written beside the data; what was recorded stays as it is."

EDITS_TITLE = "Edits of {session}"
EDITS_NONE = "Nothing was edited in this session."
EDITS_READING = "Reading the edits …"
EDITS_HEADS = ("No.", "When", "What", "")
UNDO_THIS = "Undo"
REDO_THIS = "Do again"
UNDONE_BY = "undone by {number}"

LEARNER_UNLEARNS = "The learner unlearns it at its next fit."
NOTHING_TO_UNDO = "There is no edit to take back."
STILL_OPEN = "{clip} is still being recorded; edit it after its end."
ONE_AT_A_TIME = "The last edit is still being written."
WHOLE_MARKED = "The marks hold the whole clip: there is nothing to leave out."
EMPTY_MARKS = "No row lies between the marks."
NOT_CHANGED = "Nothing was changed: say how it ended, or write another instruction."


def clip_line(name: str, outcome: Outcome, *, edited: bool, count: int) -> str:
    """Say which clip the buttons are about."""
    if count > 1:
        return f"{count} clips marked"
    parts = [name, OUTCOMES[outcome].lower()]
    return " · ".join([*parts, *(["edited"] if edited else [])])


def discard_several(count: int) -> str:
    """The button, where several clips are marked."""
    return f"Discard {count} clips"


def marks_line(first_s: float, last_s: float, rows: int) -> str:
    """Say what is marked."""
    return f"Marked: {first_s:.2f} to {last_s:.2f} s, {rows} rows"


def done(number: int, what: str, key: str, after: str) -> str:
    """Say what an edit did and how it is taken back."""
    return f"Edit {number} {what}. {after} {key} takes it back.".replace("  ", " ")


def taken_back(number: int, what: str) -> str:
    """Say what was undone."""
    return f"Edit {number} is taken back: it {what}."


def several(count: int, number: int, key: str) -> str:
    """Say that several clips were edited."""
    return f"{count} clips edited, the last as edit {number}. {key} takes the last back."


def refused(why: str) -> str:
    """Say that it was not done."""
    return f"Not done: {why}"


def when(epoch_ns: int) -> str:
    """The wall clock of an edit."""
    return f"{datetime.fromtimestamp(epoch_ns * 1e-9):%d %b %H:%M:%S}"
