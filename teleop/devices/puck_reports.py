"""What a SpaceMouse's reports mean: pure functions from one state to the next.

The table of models (which byte is which axis) is pyspacemouse's; its reader is not used, because
it reads one report a call from a queue of 64 that drops the newest: read slowly it lags, and then
runs away.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyspacemouse import AxisConvention, DeviceInfo, apply_axis_convention, get_device_specs

from teleop.messages import Arm

# Right-handed and z up. For an operator who stands at negative y and looks along +y these are the
# world's axes: pushed right is +x, pushed away +y, lifted +z.
CONVENTION = AxisConvention.HID_Z_UP
_AXES = ("x", "y", "z", "roll", "pitch", "yaw")
CENTRED = 0.08  # deflection below which the puck counts as let go, for changing the arm

Axes = tuple[float, float, float, float, float, float]
AT_REST: Axes = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Layout:
    """Where a model's axes and the buttons we use lie in its reports: (report, byte, ...)."""

    name: str
    axes: tuple[tuple[int, int, int, float], ...]  # report, low byte, high byte, scale
    buttons: tuple[tuple[int, int, int] | None, ...]  # report, byte, bit of left, right, stop
    size: int  # bytes of the longest report


@dataclass(frozen=True)
class PuckState:
    """A puck after some reports. Counters only go up."""

    axes: Axes = AT_REST  # -1..1, world axes
    down: tuple[bool, bool, bool] = (False, False, False)  # left, right, stop
    chord: bool = False  # both buttons were down together; what follows is no press
    arm: Arm = Arm.LEFT
    gripper_presses: tuple[int, int] = (0, 0)
    stop_presses: int = 0


def layouts() -> dict[tuple[int, int], Layout]:
    """Return the layout of each known model by USB vendor and product."""
    found: dict[tuple[int, int], Layout] = {}
    for name, spec in get_device_specs().items():
        turned = apply_axis_convention(spec, CONVENTION)
        found[turned.vendor_id, turned.product_id] = _layout(name, turned)
    return found


def _layout(name: str, spec: DeviceInfo) -> Layout:
    axes = tuple(
        (
            spec.mappings[axis].channel,
            spec.mappings[axis].byte1,
            spec.mappings[axis].byte2,
            spec.mappings[axis].scale / spec.axis_scale,
        )
        for axis in _AXES
    )
    places = [(button.channel, button.byte, button.bit) for button in spec.button_specs]
    stop = places[spec.button_names.index("ESC")] if "ESC" in spec.button_names else None
    left_right = [*(place for place in places if place != stop), None, None][:2]
    size = max(spec.bytes_to_read, *(place[1] + 1 for place in places), 7)
    return Layout(name, axes, (*left_right, stop), size)


def after_report(state: PuckState, report: Sequence[int], layout: Layout, lone: bool) -> PuckState:
    """Return the state after `report`.

    The left button toggles the gripper of the puck's arm when it is let go. The right one moves a
    lone puck to the other arm, if it is centred. Both together, or the model's own ESC, stop.
    """
    axes = list(state.axes)
    for i, (number, low, high, scale) in enumerate(layout.axes):
        if report[0] == number and high < len(report):
            count = report[low] | report[high] << 8
            axes[i] = min(1.0, max(-1.0, scale * (count - (count >= 0x8000) * 0x10000)))
    down = list(state.down)
    for i, place in enumerate(layout.buttons):
        if place is not None and report[0] == place[0] and place[1] < len(report):
            down[i] = bool(report[place[1]] >> place[2] & 1)
    x, y, z, roll, pitch, yaw = axes
    moved = replace(state, axes=(x, y, z, roll, pitch, yaw))
    return _after_buttons(moved, (down[0], down[1], down[2]), lone)


def _after_buttons(state: PuckState, down: tuple[bool, bool, bool], lone: bool) -> PuckState:
    if down == state.down:
        return state
    left, right, stop = down
    together = left and right and not state.chord
    stops = state.stop_presses + together + (stop and not state.down[2])
    chord = (state.chord or together) and (left or right)
    arm, presses = state.arm, list(state.gripper_presses)
    alone = not state.chord and not together
    if alone and state.down[0] and not left:
        presses[arm] += 1
    if alone and lone and state.down[1] and not right and is_centred(state.axes):
        arm = Arm.RIGHT if arm is Arm.LEFT else Arm.LEFT
    return replace(
        state,
        down=down,
        chord=chord,
        arm=arm,
        gripper_presses=(presses[0], presses[1]),
        stop_presses=stops,
    )


def is_centred(axes: Axes) -> bool:
    """Whether the puck is let go, as far as one look can tell."""
    return max(abs(axis) for axis in axes) < CENTRED
