"""What the operator is told of one SpaceMouse: how far it can be relied on, and why not."""

from teleop.device_messages import AT_REST, DeviceLevel, DeviceSeen
from teleop.devices.drift import WARN
from teleop.devices.profile import as_six
from teleop.devices.puck_reader import PuckReader

Told = tuple[DeviceLevel, str]


def seen(reader: PuckReader, refused: str, trouble: str) -> DeviceSeen:
    """Return how the puck of `reader` is.

    Args:
        reader: of the puck.
        refused: why it is not opened; empty: it is.
        trouble: what is wrong with its file of settings; empty: nothing.
    """
    level, text = _told(reader, refused, trouble)
    sample, rest, drift = reader.sample, reader.rest, reader.rest.drift
    moves = reader.is_live and (reader.binding.movable or reader.binding.arm is not None)
    return DeviceSeen(
        serial=reader.puck.identity,
        name=reader.puck.layout.name,
        level=level,
        text=text,
        arm=reader.state.arm if moves else None,
        raw=as_six(reader.state.axes),
        deflection=sample.deflection if sample is not None and reader.is_live else AT_REST,
        drift=drift.wander if drift is not None else 0.0,
        calibrating=rest.done,
        profile=rest.profile,
    )


def _told(reader: PuckReader, refused: str, trouble: str) -> Told:
    name, node = reader.puck.layout.name, reader.puck.node
    rest = reader.rest
    if refused or reader.lost:
        return DeviceLevel.ERROR, refused or reader.lost
    if not reader.is_live:
        return DeviceLevel.ERROR, f"The {name} at {node} is being opened."
    if reader.is_silent:
        return DeviceLevel.ERROR, (
            f"The {name} fell silent while it was deflected, so its arm holds: it is out of reach, "
            "or its battery is empty."
        )
    warnings = (
        rest.refusal,
        trouble,
        _odd(reader),
        _drift(reader),
        f"Nothing has come from the {name} yet: switch the mouse on, or move it."
        if reader.puck.layout.receiver and not reader.has_spoken
        else "",
        ""
        if rest.profile.calibrated
        else f"The {name} at {node} was never calibrated: let it go, and calibrate it.",
    )
    warning = next(filter(None, warnings), "")
    dim = " Its light could not be set." if reader.is_dim else ""
    if warning:
        return DeviceLevel.WARNING, warning + dim
    return DeviceLevel.OK, f"{name} at {node}.{dim}"


def _odd(reader: PuckReader) -> str:
    if not reader.odd:
        return ""
    return (
        f"The {reader.puck.layout.name} sends reports that cannot be read ({reader.odd}); they are "
        "left out. Connect it another way (cable, receiver, Bluetooth), and report it."
    )


def _drift(reader: PuckReader) -> str:
    drift = reader.rest.drift
    if drift is None or drift.wander < WARN:
        return ""
    return (
        f"The centre of the {reader.puck.layout.name} has wandered by {drift.wander:.0%} of full "
        "deflection: let it go and calibrate it, or plug it in again."
    )
