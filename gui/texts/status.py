"""The two lines at the bottom, and the lamp of the recorder."""

CONTROL = "control —"
NO_DEVICE = "no device"
CONTROL_RATE_AND_LATENESS = "Control rate and lateness"
AGE_OF_THE_OLDEST_CAMERA = "Age of the oldest camera picture"
DURATION_OF_AN_INFERENCE = "Duration of an inference"
OPERATOR_S_DEVICE = "Operator's device"
RECORDER = "Recorder"
NEWEST_NOTICE = "Newest notice"
NOT_RECORDING = "not recording"
NO_RECORDER = "no recorder"
RECORDER_SILENT = "recorder silent"
RECORDER_TROUBLE = "recorder trouble"
RECORDER_READY = "recorder ready"
NO_SIGN_OF_THE_CONTROL = "no sign of the control process"


def control_hz_late_ms(rate_hz: float, late_ms: float) -> str:
    """Say: control {rate_hz} Hz, late {late_ms} ms."""
    return f"control {rate_hz:.0f} Hz, late {late_ms:.1f} ms"


def ms(value: float) -> str:
    """Say: {value} ms."""
    return f"{value:.0f} ms"


def cameras(camera_age_ms: object) -> str:
    """Say: cameras {camera_age_ms}."""
    return f"cameras {camera_age_ms}"


def inference(inference_ms: object) -> str:
    """Say: inference {inference_ms}."""
    return f"inference {inference_ms}"


def times(count: object) -> str:
    """Say: ({count} times)."""
    return f" ({count} times)"


def process(name: object) -> str:
    """Say: Process {name}."""
    return f"Process {name}"


def disk_min_left(minutes: float) -> str:
    """Say: disk: {minutes} min left."""
    return f"disk: {minutes:.0f} min left"


def steps_lost(lost: object) -> str:
    """Say: {lost} steps lost."""
    return f"{lost} steps lost"


def losing(what: object, count: object) -> str:
    """Say: losing {what}: {count}."""
    return f"losing {what}: {count}"


def nudging(authority: object) -> str:
    """Say: NUDGING {authority}."""
    return f"NUDGING {authority}"
