"""The words of the review's browser and of the page around it."""

from datetime import datetime

from gui.review.values import ClipRow
from recorder.words import count_text, length_text
from teleop.messages import Outcome

TITLE = "Review"
EPISODES = "Episodes"
LIST = "Episodes of the session"
NOTHING_TO_SHOW = "There is no episode to show."
NOTHING_CHOSEN = "Choose an episode in the list: it is shown here."
READING_CLIP = "Reading {clip} …"
READING_SESSION = "Reading the session …"
NO_PLAYER = "The player is not installed: {why}"
NO_ACTIONS = "Edits and exports are not installed: {why}"
NO_FOLDER = "{folder} cannot be looked into: {why}."
NO_SESSIONS = "{folder} is no session, and none lies in it: a session has a folder 'episodes'."
NO_END = "reading it took more than {limit_s:.0f} s, waiting for the processor left out"
_ONCE_MORE = (
    "Open the session again to have it tried once more, or look at it with `nudge record verify`."
)
DIED = "{name} cannot be read, and was tried twice: {why}. " + _ONCE_MORE
DIED_UNNAMED = "{name} cannot be read: {why}."
AVOIDED = (
    "{name} is left out: the process that reads episodes died of it, and was tried twice. "
    + _ONCE_MORE
)
NOT_READ = "The window is closing, and {name} was not read."
NO_EPISODES = "Nothing was recorded in this session yet. Episodes appear here as they are saved."
NONE_MATCHES = "None of the {count} episodes matches the filter."
SESSION = "Session"
SESSION_OWN = "this session"
OPEN = "Open…"
OPEN_HINT = "Look at another session, or a folder of sessions"
PATH = "Folder of a session, or of sessions; Enter opens it"
GO = "Open"
FILTER = "Filter"
FILTER_HINT = "Words that must all occur, such as: fail corrected v3 plug"
WHICH = "Which episodes"
ORDER = "Order of the episodes"
HIDE = "Hide the list"
SHOW = "Show the list"

SYMBOLS = {
    Outcome.SUCCESS: "✔",
    Outcome.FAIL: "✘",
    Outcome.DISCARDED: "⊘",
    Outcome.UNLABELLED: "○",
}
MARK_OPEN, MARK_EDITED, MARK_DAMAGED = "RECORDING", "EDITED", "DAMAGED"
DEMONSTRATION, CORRECTED, UNAIDED = "demonstration", "corrected", "unaided"
NO_TAKEOVER = "no takeover"
NO_PICTURE = "no picture"


def short_name(row: ClipRow) -> str:
    """What the clip is called in the list: "12", "12a"."""
    return row.name.removeprefix("episode_").lstrip("0") or "0"


def outcome_text(row: ClipRow) -> str:
    """Symbol and word."""
    if row.trouble:
        return "⚠ damaged"
    if row.open:
        return "● not finished"
    return f"{SYMBOLS[row.outcome]} {row.outcome.lower()}"


def versions_text(row: ClipRow) -> str:
    """Which policy versions drove."""
    return " ".join(f"v{version}" for version in row.versions)


def work_text(row: ClipRow) -> str:
    """What the operator did in it."""
    if row.trouble:
        return ""
    if row.demonstration:
        return DEMONSTRATION
    if not row.interventions:
        return NO_TAKEOVER
    return f"{count_text(row.interventions, 'takeover')}, {length_text(row.operator_s) or '0 s'}"


def mark_text(row: ClipRow) -> str:
    """What is to be known at a glance."""
    return MARK_EDITED if row.edited and not row.trouble else ""


def told_text(row: ClipRow) -> str:
    """The rest of a line: why it ended so, and what the policy was told."""
    if row.trouble:
        return row.trouble
    return " · ".join(part for part in (row.reason, row.instruction, row.operator) if part)


def started_text(row: ClipRow) -> str:
    """When it began."""
    return f"{datetime.fromtimestamp(row.started_epoch_ns / 1e9):%Y-%m-%d %H:%M:%S}"


def clip_sentence(row: ClipRow) -> str:
    """Everything of a line, for screen readers and as a tip."""
    parts = (
        row.name,
        started_text(row),
        outcome_text(row),
        length_text(row.duration_s),
        work_text(row),
        versions_text(row),
        mark_text(row).lower(),
        told_text(row),
        row.scene,
    )
    return ", ".join(part for part in parts if part)


def searched_text(row: ClipRow) -> str:
    """What the words of the filter are looked for in."""
    kinds = (
        DEMONSTRATION if row.demonstration else "",
        CORRECTED if row.interventions else UNAIDED,
        "open" if row.open else "",
    )
    return f"{clip_sentence(row)} {' '.join(kinds)}".lower()


def sums_text(rows: tuple[ClipRow, ...], shown: int, reading: int) -> str:
    """What stands over the list.

    Args:
        rows: all of them.
        shown: how many pass the filter.
        reading: how many there will be, 0: these are all.
    """
    if reading:
        return f"{len(rows)} of {reading} read …"
    count = count_text(len(rows), "episode")
    return f"{shown} of {count}" if shown != len(rows) else count


def session_text(name: str, episodes: int, *, own: bool) -> str:
    """A line of the choice of sessions."""
    return f"{SESSION_OWN if own else name} · {count_text(episodes, 'episode')}"


def session_sentence(path: str, changed_epoch_ns: int) -> str:
    """Where a session lies and when its last episode was begun."""
    when = datetime.fromtimestamp(changed_epoch_ns / 1e9)
    return f"{path}, last episode begun {when:%Y-%m-%d %H:%M}"


def filter_hint(key: str) -> str:
    """What stands in the empty filter."""
    return f"{FILTER.lower()}  {key}"


def more_text(count: int) -> str:
    """What stands behind the first of several sentences."""
    return f" (and {count} more)"
