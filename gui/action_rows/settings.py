"""How the session, the keys and the sounds are set."""

from gui.action_spec import ActionSpec, Group, Intent

SETUP: tuple[ActionSpec, ...] = (
    ActionSpec(
        Intent.DEVICES, "Devices…", ("F4",),
        "Calibrate the operator's devices and set them up.", Group.SETUP,
    ),
    ActionSpec(
        Intent.HELP_BUDGET, "Calls for help an hour…", ("H",),
        "Set how often the policy may call the operator.", Group.SETUP,
    ),
)  # fmt: skip

SETTINGS: tuple[ActionSpec, ...] = (
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
)  # fmt: skip

SOUND: tuple[ActionSpec, ...] = (
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
