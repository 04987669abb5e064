"""What is done to recorded clips."""

from gui.action_spec import ActionSpec, Group, Intent

REVIEW: tuple[ActionSpec, ...] = (
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
        Intent.UNDO_EDIT, "Undo", ("Ctrl+Z",),
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
                Intent.REPLAY_TURNING, "Other curves", "Ctrl+R",
                "Show other curves: motion, forces, turning or torques.", False,
            ),
        )
    ),
)  # fmt: skip
