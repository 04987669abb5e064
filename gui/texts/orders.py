"""Orders in a few words."""

START_A_DEMONSTRATION = "Start a demonstration"
CHANGE_SETTINGS = "Change settings"
CONSOLIDATE = "Consolidate"
PAUSE_LEARNING = "Pause learning"
GO_ON_LEARNING = "Go on learning"
OPERATOR_NOT_NAMED = "Operator: not named"
SET_UP_A_DEVICE = "Set up a device"


def arm(value: object, name: object) -> str:
    """Say: {value} {name} arm."""
    return f"{value} {name} arm"


def scripted_operator(order: object) -> str:
    """Say: Scripted operator {order}."""
    return f"Scripted operator {order}"


def authority(order: float) -> str:
    """Say: Authority {order} %."""
    return f"Authority {order:.0f} %"


def calls_for_help_an(order: float) -> str:
    """Say: {order} calls for help an hour."""
    return f"{order:.0f} calls for help an hour"


def calibrate_device(order: object) -> str:
    """Say: Calibrate device {order}."""
    return f"Calibrate device {order}"


def serve_v(version: object) -> str:
    """Say: Serve v{version}."""
    return f"Serve v{version}"


def operator(order: object) -> str:
    """Say: Operator: {order}."""
    return f"Operator: {order}"


def set_up_device(serial: object) -> str:
    """Say: Set up device {serial}."""
    return f"Set up device {serial}"
