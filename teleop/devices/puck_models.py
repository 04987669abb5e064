"""The models of SpaceMouse: what each of its buttons does here, its light, its reports.

| model | gripper | other arm | takeover | rewind | stop |
|---|---|---|---|---|---|
| with two buttons | left | right | left, held | right, held | both |
| Pro, Enterprise, SpacePilot Pro | MENU or 1 | FIT or 2 | 3 | 4 | ESC |
| Universal Receiver | MENU or 1 | FIT or 2 | 3 | 4 | ESC |
| SpacePilot | 1 | FIT or 2 | 3 | 4 | ESC |
| SpaceExplorer | 1 | FIT or 2 | CTRL | ALT | ESC |
| SpaceMouse Module (USB) | none | none | none | none | none |

"Held" is for `puck_reports.LONG_NS`. It and "both" work with the first two columns of the larger
models too. A Universal Receiver has MENU and FIT where a mouse with two
buttons has its left and right one, so those work through it too.

Which button is which bit, and the sign of each axis, is pyspacemouse's table; the models that it
lacks are added here. Where an axis lies depends on the report's length and not on the table, see
`puck_reports`.
"""

from dataclasses import dataclass
from functools import cache

from pyspacemouse import AxisConvention, DeviceInfo, apply_axis_convention, get_device_specs

from teleop.device_messages import Six
from teleop.devices.profile import as_six
from teleop.devices.puck_ids import CONNEXION, LOGITECH, NAMES, RECEIVERS

# Right-handed and z up. For an operator who stands at negative y and looks along +y these are the
# world's axes: pushed right is +x, pushed away +y, lifted +z.
CONVENTION = AxisConvention.HID_Z_UP
_AXES = ("x", "y", "z", "roll", "pitch", "yaw")

# The model that one which pyspacemouse lacks has the buttons of.
_LIKE: dict[tuple[int, int], tuple[int, int]] = {
    (CONNEXION, 0xC62F): (CONNEXION, 0xC62E),
    (CONNEXION, 0xC631): (CONNEXION, 0xC632),
    (CONNEXION, 0xC636): (LOGITECH, 0xC626),
    (LOGITECH, 0xC628): (LOGITECH, 0xC626),
}
_UNKNOWN_LIKE = (CONNEXION, 0xC635)

GRIPPER, OTHER, STOP, TAKE, REWIND = range(5)
_Names = tuple[tuple[str, ...], ...]  # of each role
_TWO_BUTTONS: _Names = (("LEFT",), ("RIGHT",), (), (), ())
_FOUR_AND_MORE: _Names = (("MENU", "BTN_1"), ("FIT", "BTN_2"), ("ESC",), ("BTN_3",), ("BTN_4",))
_MANY_BUT_TWO: _Names = (("BTN_1",), ("FIT", "BTN_2"), ("ESC",), ("CTRL",), ("ALT",))

Place = tuple[int, int, int]  # report, byte, bit


@dataclass(frozen=True)
class Layout:
    """How a model's reports are read."""

    name: str
    scales: Six  # per count; the sign turns the axis to `CONVENTION`
    buttons: tuple[tuple[Place, ...], ...]  # of each role; any of the places will do
    light: bytes = b""  # the output report that lights its LED; empty: it has none
    receiver: bool = False

    @property
    def dark(self) -> bytes:
        """The output report that darkens its LED."""
        return self.light[:1] + b"\0" if self.light else b""


@cache
def layouts() -> dict[tuple[int, int], Layout]:
    """Return the layout of each known model by USB vendor and product."""
    specs = {(spec.vendor_id, spec.product_id): spec for spec in get_device_specs().values()}
    return {
        ids: _layout(name, specs[_LIKE.get(ids, ids)], ids in RECEIVERS)
        for ids, name in NAMES.items()
    } | {ids: _layout(spec.name, spec, False) for ids, spec in specs.items() if ids not in NAMES}


@cache
def layout_of(vendor: int, product: int, name: str) -> Layout | None:
    """The layout of a six-axis device; a model of theirs that nobody knew is read like a Compact.

    None: it is somebody else's.
    """
    known = layouts().get((vendor, product))
    if known is not None or vendor not in (CONNEXION, LOGITECH):
        return known
    like = layouts()[_UNKNOWN_LIKE]
    return Layout(name or f"SpaceMouse {vendor:04x}:{product:04x}", like.scales, like.buttons)


def _layout(name: str, spec: DeviceInfo, receiver: bool) -> Layout:
    turned = apply_axis_convention(spec, CONVENTION)
    scales = as_six([turned.mappings[axis].scale / turned.axis_scale for axis in _AXES])
    places = dict(zip(spec.button_names, spec.button_specs, strict=True))
    roles = _MANY_BUT_TWO
    if "LEFT" in places:
        roles = _TWO_BUTTONS
    elif "BTN_3" in places:
        roles = _FOUR_AND_MORE
    buttons = tuple(
        tuple(
            (places[known].channel, places[known].byte, places[known].bit)
            for known in names
            if known in places
        )
        for names in roles
    )
    light = bytes(spec.led_id) if spec.led_id else b""
    return Layout(name, scales, buttons, light, receiver)
