"""What drives the arms, and what stops them."""

from gui.action_spec import ActionSpec, Group, Intent
from teleop.order_messages import OrderKind

SAFETY: tuple[ActionSpec, ...] = (
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
)  # fmt: skip

ARMS: tuple[ActionSpec, ...] = (
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
)  # fmt: skip
