"""What the learner is asked."""

from gui.action_spec import ActionSpec, Group, Intent

LEARNING: tuple[ActionSpec, ...] = (
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
)  # fmt: skip
