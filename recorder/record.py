"""`nudge record`: look at recorded episodes, mend and edit them, take them elsewhere."""

from teleop.verbs import Verb, dispatch

INTRO = "Recorded episodes: look, check, edit, and exchange with other tools."

LOOK, EDIT, EXCHANGE = "Look", "Edit; everything can be taken back", "Exchange"

VERBS: tuple[Verb, ...] = (
    Verb("list", "recorder.listing:main", "the episodes of a session", LOOK),
    Verb("show", "recorder.showing:main", "one episode: streams, events, takeovers", LOOK),
    Verb("verify", "recorder.verify:main", "read every episode to its end", LOOK),
    Verb("repair", "recorder.repair_verb:main", "make whole what a crash or a disk left", LOOK),
    Verb("trim", "recorder.edits.verbs:trim", "leave out the beginning or the end", EDIT),
    Verb("relabel", "recorder.edits.relabel_verb:main", "change an outcome or labels", EDIT),
    Verb("discard", "recorder.edits.verbs:discard", "leave an episode out", EDIT),
    Verb("split", "recorder.edits.verbs:split", "make two of one", EDIT),
    Verb("merge", "recorder.edits.verbs:merge", "make one of several", EDIT),
    Verb("undo", "recorder.edits.undo_verbs:undo", "take an edit back", EDIT),
    Verb("edits", "recorder.edits.undo_verbs:edits", "what was edited, by numbers for undo", EDIT),
    Verb("export", "recorder.export.verb:main", "robomimic, ALOHA, LeRobot, MCAP, rerun", EXCHANGE),
    Verb("import", "recorder.imports.verb:main", "demonstrations of other tools", EXCHANGE),
)


def main(arguments: list[str]) -> int:
    """Run the verb named first in `arguments`; return its exit code."""
    return dispatch("nudge record", INTRO, VERBS, arguments)
