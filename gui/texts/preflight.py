"""What the list before the first motion says."""

from teleop.order_messages import OrderKind

TITLE = "Before the first motion"
READY = "Everything is as it should be."
STOPPED_ADVICE = "Hold F9 for a second to release it, once it is safe."
NO_CONTROL = "control is silent"
NO_CONTROL_ADVICE = "Is the session running? Start it with `nudge session` or `nudge demo`."
ROBOT_OLD_ADVICE = "The robot does not report: look at its cable and at control's log."
ROBOT_OK = "reports, no fault"
FAULT_ADVICE = "Clear the fault at the robot; then release the stop."
FORCES_ADVICE = "Free the tools, and tare: a limit counts from zero."
RELEASED = "released"
STOPPED = "stopped"

NO_DEVICE = "no puck, no gamepad: the keys drive"
NO_DEVICE_ADVICE = "Plug a SpaceMouse in; it appears by itself. F4 helps."
NO_DEVICES_TOLD = "control tells nothing of devices"
SCRIPTED = "the scripted operator drives"
PUSHED_ADVICE = "Let it go; if it is at rest, calibrate it (F4)."
CALIBRATE_ADVICE = "F4: press Calibrate, and let it go for three seconds."
DEVICE_ADVICE = "F4 says what to do."

NEVER_CAME = "no picture"
CAMERA_ADVICE = "Look at its cable and its log; it is started again by itself."
LATE_ADVICE = "It lags: free the machine or the network."

NO_DISK_TOLD = "the recorder has not told yet"
DISK_ADVICE = "Free some space, or record elsewhere."
NO_SIGN = "no sign of life"
RECORDER_ADVICE = "What happens now would not be recorded: look at its log."
POLICY_ADVICE = "Without it nothing drives. It is loading, or its log says why not."
LEARNER_ADVICE = "Corrections are kept and learned from later; its log says more."
NO_POLICY = "none: demonstrations only"

CLOCK_ADVICE = "Times of recordings would not fit: is the machine overloaded?"
NO_STEPS = "nothing comes"

SOUND_HEARD = "heard"
SOUND_UNTESTED = "not tested"
SOUND_ASKED = "did you hear a rising tone and an alarm?"
SOUND_NOT_HEARD = "not heard"
SOUND_TEST_ADVICE = "Play the test; alarms are red on the screen too."
SOUND_ANSWER_ADVICE = "Say whether you did."
NO_SOUND_ADVICE = "Alarms are seen only: connect a loudspeaker or a headset."
NOT_HEARD_ADVICE = "Turn the volume up, here and in the system's mixer; then again."

FREE_TO_START = "Nothing stands against it."
HOW_THE_LIST_STANDS = "How the list stands"
WHAT_TO_DO_NEXT = "What to do next"


def count(number: int, what: str) -> str:
    """Return `2 cameras`, `1 camera`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def cameras_fresh(number: int, oldest_ms: float) -> str:
    """Say that all pictures are fresh."""
    return f"{count(number, 'camera')}, oldest picture {oldest_ms:.0f} ms"


def camera_old(name: str, age_s: float) -> str:
    """Say how old a camera's picture is."""
    return f"{name}: {NEVER_CAME if age_s == float('inf') else f'{age_s:.1f} s old'}"


def forces(newtons: float) -> str:
    """Say how large the largest force at a wrist is."""
    return f"{newtons:.1f} N at a wrist"


def robot_age(age_ms: float) -> str:
    """Say how old the robot's newest state is."""
    return f"its state is {age_ms:.0f} ms old"


def pushed(name: str, share: float) -> str:
    """Say that a device is not centred."""
    return f"{name}: pushed {100 * share:.0f} %"


def centred(names: str) -> str:
    """Say that the devices are as they should be."""
    return f"{names}: centred, calibrated"


def only(device: str) -> str:
    """Say that there is nothing better than this device."""
    return f"no puck, no gamepad: only the {device}"


def uncalibrated(name: str) -> str:
    """Say that a device was never calibrated."""
    return f"{name}: never calibrated"


def disk(free_gb: float, room_s: float | None) -> str:
    """Say how much room there is for recordings."""
    room = f", {room_s / 60:.0f} min of recording" if room_s is not None and room_s < 1e5 else ""
    return f"{free_gb:.1f} GB free{room}"


def behind(milliseconds: float) -> str:
    """Say how far a step's stamp and its coming lie apart."""
    return f"steps come {milliseconds:.0f} ms after their stamp"


def alive(age_s: float) -> str:
    """Say when a process gave its last sign of life."""
    return f"alive, {age_s:.1f} s ago"


def silent(age_s: float) -> str:
    """Say for how long a process has been silent."""
    return NO_SIGN if age_s == float("inf") else f"silent for {age_s:.0f} s"


def no_sound(why: str) -> str:
    """Say that nothing can be heard, and why."""
    return f"no sound: {why}"


def verdict(blocks: int, warnings: int) -> str:
    """Say in a line how the list stands."""
    if blocks:
        return f"{count(blocks, 'thing')} must be put right first."
    if warnings:
        return f"Ready, with {count(warnings, 'warning')}."
    return READY


def how_to_start(key: str, override: str, blocks: int) -> str:
    """Say what the operator does next."""
    if blocks:
        return f"Put it right, or {override} for a second: start anyway, which is noted."
    return f"{key} again: start."


def started_anyway(kind: OrderKind, blocked: tuple[str, ...]) -> str:
    """Note that a start was forced."""
    return f"{kind.value} was forced though the list before the first motion had: " + "; ".join(
        blocked
    )


def held_back(blocks: int) -> str:
    """Say why a start was not sent yet."""
    things = count(blocks, "thing")
    return f"Not started: {things} of the list must be put right, or overridden."


CLOSE = "Close"
STATES = {"ok": "✔ ok", "warning": "▲ look", "blocks": "■ blocks"}


def state(item: object) -> str:
    """Say: {item}: state."""
    return f"{item}: state"


def found(item: object) -> str:
    """Say: {item}: found."""
    return f"{item}: found"


def what_to_do(item: object) -> str:
    """Say: {item}: what to do."""
    return f"{item}: what to do"
