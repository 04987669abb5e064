"""Force, touch and motion of one arm."""

NM = "Nm"
PAD_1 = "pad 1"
PAD_2 = "pad 2"
GRIPPER_OPENING = "Gripper opening"
NO_DATA = "no data"
RX = "Rx"
RY = "Ry"
RZ = "Rz"
DEFLECTION = "Deflection of the operator's device"
SPEEDS = "Speeds: policy, operator, executed"


def wrist_force(name: object) -> str:
    """Say: {name} wrist force."""
    return f"{name} wrist force"


def wrist(name: object, kind: object) -> str:
    """Say: {name} WRIST {kind}."""
    return f"{name} WRIST {kind}"


def force(name: object) -> str:
    """Say: {name} force."""
    return f"{name} force"


def nm(torque: float) -> str:
    """Say: {torque} Nm."""
    return f"{torque:.2f} Nm"


def touch(name: object) -> str:
    """Say: {name} touch."""
    return f"{name} touch"


def touch_full_n_taxel(name: object, scale: object) -> str:
    """Say: {name} TOUCH · full {scale} N/taxel."""
    return f"{name} TOUCH · full {scale:g} N/taxel"


def motion(name: object) -> str:
    """Say: {name} motion."""
    return f"{name} motion"


def safety_limits_hit(name: object) -> str:
    """Say: {name} safety limits hit."""
    return f"{name} safety limits hit"


def limited(names: object) -> str:
    """Say: limited: {names}."""
    return f"limited: {names}"
