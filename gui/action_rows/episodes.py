"""What begins and ends episodes, and demonstrations."""

from gui.action_spec import ActionSpec, Group, Intent
from teleop.order_messages import OrderKind

EPISODE: tuple[ActionSpec, ...] = (
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
)  # fmt: skip

DEMONSTRATE: tuple[ActionSpec, ...] = (
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
)  # fmt: skip
