"""What is seen: pages, cameras, look."""

from gui.action_spec import ActionSpec, Group, Intent

PAGES: tuple[ActionSpec, ...] = (
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
)  # fmt: skip

VIEW: tuple[ActionSpec, ...] = (
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
)  # fmt: skip
