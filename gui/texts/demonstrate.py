"""What the page for demonstrations says."""

from teleop.messages import Outcome

PAGE = "Demonstrate"
BEGIN, PAUSE, GO_ON, REDO, CLOSE = "Begin", "Pause", "Go on", "Redo last", "Close"
BEGIN_HINT = "The cell is ready: count down, then record a demonstration."
OPERATOR, NOBODY = "Operator", "not named"
OPERATOR_HINT = "Your name; it is recorded with every demonstration. Enter takes it."
TARGET, NO_TARGET = "Target", "no end"
TARGET_HINT = "Demonstrations of this instruction that are to succeed."
COUNTDOWN, NO_COUNTDOWN = "Countdown", "none"
COUNTDOWN_HINT = "Seconds before each demonstration in which nothing moves."
NOW, TIME, COUNT, PROGRESS = "What to do now", "Time", "Successful demonstrations", "Progress"
STATISTICS, SESSION, TODAY = "Operators", "in this session", "today, all sessions"
SESSION_AND_TODAY = "in this session, all of today"
NO_DEMONSTRATIONS = "no demonstration yet"
READING = "reading the recorded episodes …"
HEADS = ("", "success", "median", "driven", "discards")
TABLE = "Demonstrations of each operator"
LAST = "Last ones"
MARKS = {
    Outcome.SUCCESS: "✔ success",
    Outcome.FAIL: "✘ fail",
    Outcome.DISCARDED: "⌫ discarded",
    Outcome.UNLABELLED: "? unlabelled",
}
FORCES = "Forces at both wrists"

WITHOUT_POLICY = "This session has no policy: it is for demonstrations, and nothing learns in it."

NO_CONTROL = "Nothing is heard of the robot: wait, or see the lamps below."
FAULT = "The robot reports a fault: see the banner."
CAMERA_STALE = "A camera shows nothing new: see which is STALE."
BROKEN_OFF = "Broken off."
NOT_BEGUN = "Control did not begin; look at the lamps below."
STARTING = "Starting …"
SAVING = "The last demonstration is still being written; press again in a second."

ENDINGS = {
    Outcome.SUCCESS: "Success",
    Outcome.FAIL: "Failed",
    Outcome.DISCARDED: "Discarded",
    Outcome.UNLABELLED: "Ended without a label",
}
OBVIOUS = ("operator", "reset")  # reasons that the operator has just given


def newtons(force: float | None) -> str:
    """A force beside its bar."""
    return "—" if force is None else f"{force:.1f} N"


def not_recorded(lamp: str) -> str:
    """Say that nothing would be kept."""
    return f"Nothing would be kept: {lamp}."


def stopped(release: str) -> str:
    """Say how a stop is released."""
    return f"Stopped. When it is safe, {release} for one second."


def policy_drives(hold: str) -> str:
    """Say how the policy is brought to rest."""
    return f"The policy drives. Press {hold}: both arms hold, and demonstrations can begin."


def ready(begin: str) -> str:
    """Say how it goes on between two demonstrations."""
    return f"Reset the cell, then press {begin}."


def counting(seconds: int, hold: str) -> str:
    """Say what the countdown leads to, and how it is broken off."""
    return f"It begins in {seconds} s, nothing moves before. {hold} breaks off."


def running(instruction: str, success: str, fail: str) -> str:
    """Say what to show, and the keys that end it."""
    return f"{instruction} {success}: it is done. {fail}: it failed."


def held(go_on: str, success: str, fail: str, discard: str) -> str:
    """Say how a demonstration in which the arms hold goes on or ends."""
    return f"The arms hold. {go_on} goes on; {success}, {fail} or {discard} ends it."


def paused(go_on: str) -> str:
    """Say how the rest ends."""
    return f"Paused. {go_on} goes on."


def ended(outcome: Outcome, reason: str) -> str:
    """Say how a demonstration ended."""
    why = f", {reason}" if reason and reason not in OBVIOUS else ""
    return f"{ENDINGS[outcome]}{why}."


def done(counted: int) -> str:
    """Say that the target is reached."""
    return f"Done: {counted} of this instruction. Raise the target to go on."


def taken_back(episode: int) -> str:
    """Say that a demonstration counts for nothing."""
    return f"Episode {episode} is discarded."


def kept_after_all(episode: int, why: str) -> str:
    """Say that a recorded demonstration could not be discarded."""
    return f"Episode {episode} could not be discarded: {why}"


def not_remembered(path: str, why: str) -> str:
    """Say that names and targets will not be there next time."""
    return f"Names and targets could not be kept in {path}: {why}."


def count_of(counted: int, target: int) -> str:
    """The counter."""
    return f"{counted} / {target}" if target else str(counted)


def count_told(counted: int, target: int) -> str:
    """What is counted, beside the counter."""
    what = "successful, of this instruction"
    left = max(0, target - counted)
    return f"{what} · {left} to go" if target and left else what


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def length(seconds: float) -> str:
    """A duration in a table."""
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.1f} min"


def told_row(name: str, episodes: int, successes: int, median: str, driven: str, lost: int) -> str:
    """A row of the table for who hears it instead."""
    return (
        f"{name}: {successes} of {episodes} succeeded, {median} in the middle, {driven} driven, "
        f"{lost} discarded"
    )


def nothing_in(title: str, why: str) -> str:
    """A part of the table without rows."""
    return f"{title}: {why}"


def more(lines: int) -> str:
    """Say that a table is longer than there is room."""
    return f"… and {lines} lines more, in a higher window"


def last_one(episode: int, outcome: Outcome, seconds: float, operator: str) -> str:
    """One demonstration in the list of the last ones."""
    return f"{episode}   {MARKS[outcome]}   {length(seconds)}   {operator or NOBODY}"
