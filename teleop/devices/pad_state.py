"""What a gamepad's sticks and buttons mean: pure tables and functions.

Names are SDL's, by where a control is on an Xbox pad; SDL knows where others have it.

    left stick            right, left, away, towards you
    right stick           up, down; turn right, left
    d-pad                 tilt
    shoulder or trigger   clutch, held
    A                     gripper            B   stop
    X                     rewind             Y   take over, hand back
    back (select)         move the other arm, while everything is let go
"""

from dataclasses import dataclass, replace
from enum import Enum, IntEnum

from teleop.device_messages import AT_REST, DeviceProfile, Six
from teleop.messages import NUM_ARMS, Arm

FULL_COUNTS = 32767  # of SDL's axes
TILT = 0.5  # deflection that the d-pad stands for
# A worn stick comes back to within 15 % or so of the same place, which no look at it at rest tells.
STICK_NOISE: Six = (0.04, 0.04, 0.04, 0.0, 0.0, 0.04)
_CLUTCH_ON, _CLUTCH_OFF = 0.6, 0.4  # of a trigger's travel


class Axis(IntEnum):
    """SDL's axes of a game controller; y is positive downwards, a trigger rests at 0."""

    LEFT_X = 0
    LEFT_Y = 1
    RIGHT_X = 2
    RIGHT_Y = 3
    LEFT_TRIGGER = 4
    RIGHT_TRIGGER = 5


class Button(IntEnum):
    """SDL's buttons of a game controller that mean something here."""

    A = 0
    B = 1
    X = 2
    Y = 3
    BACK = 4
    LEFT_SHOULDER = 9
    RIGHT_SHOULDER = 10
    UP = 11
    DOWN = 12
    LEFT = 13
    RIGHT = 14


class Press(Enum):
    """What a press asks for."""

    GRIPPER = Button.A
    STOP = Button.B
    REWIND = Button.X
    TAKE = Button.Y
    OTHER_ARM = Button.BACK


@dataclass(frozen=True)
class PadState:
    """A gamepad at an instant, and all presses since it was first opened."""

    raw: Six = AT_REST
    clutch: bool = False
    arm: Arm = Arm.LEFT
    gripper: tuple[int, int] = (0, 0)
    take: tuple[int, int] = (0, 0)
    rewind: tuple[int, int] = (0, 0)
    stop: int = 0


def raw_of(axes: tuple[int, ...], held: frozenset[int]) -> Six:
    """Return x y z and the turns about them, -1..1, along the operator's own axes.

    Args:
        axes: in the order of `Axis`, counts.
        held: buttons that are down.
    """
    x, down, turn, dive = (max(-1.0, value / FULL_COUNTS) for value in axes[: Axis.LEFT_TRIGGER])
    about_x = TILT * ((Button.DOWN in held) - (Button.UP in held))
    about_y = TILT * ((Button.RIGHT in held) - (Button.LEFT in held))
    return x, -down, -dive, about_x, about_y, -turn


def is_clutched(axes: tuple[int, ...], held: frozenset[int], before: bool) -> bool:
    """Whether a shoulder or a trigger is held; a trigger must be half let go to count as free."""
    if Button.LEFT_SHOULDER in held or Button.RIGHT_SHOULDER in held:
        return True
    least = _CLUTCH_OFF if before else _CLUTCH_ON
    return max(axes[Axis.LEFT_TRIGGER], axes[Axis.RIGHT_TRIGGER]) > least * FULL_COUNTS


def looked_at(state: PadState, axes: tuple[int, ...], held: frozenset[int]) -> PadState:
    """Return the state with the sticks and the clutch as they are now."""
    raw, clutch = raw_of(axes, held), is_clutched(axes, held, state.clutch)
    if (raw, clutch) == (state.raw, state.clutch):
        return state
    return replace(state, raw=raw, clutch=clutch)


def after_press(state: PadState, button: int, centred: bool, fixed: bool) -> PadState:
    """Return the state after `button` went down; any button that means nothing changes nothing.

    Args:
        state: before.
        button: SDL's number.
        centred: the sticks are let go, as the profile has it.
        fixed: the profile names the arm, so that no button moves the pad to the other one.
    """
    if button == Press.STOP.value:
        return replace(state, stop=state.stop + 1)
    if button == Press.GRIPPER.value:
        return replace(state, gripper=_counted(state.gripper, state.arm))
    if button == Press.TAKE.value:
        return replace(state, take=_counted(state.take, state.arm))
    if button == Press.REWIND.value:
        return replace(state, rewind=_counted(state.rewind, state.arm))
    if button == Press.OTHER_ARM.value and centred and not state.clutch and not fixed:
        return replace(state, arm=Arm((state.arm + 1) % NUM_ARMS))
    return state


def with_floor(profile: DeviceProfile) -> DeviceProfile:
    """Return the profile with at least the noise that sticks have; their dead-band follows."""
    floor = tuple(map(max, profile.noise, STICK_NOISE))
    x, y, z, roll, pitch, yaw = floor
    return replace(profile, noise=(x, y, z, roll, pitch, yaw))


def _counted(presses: tuple[int, int], arm: Arm) -> tuple[int, int]:
    left, right = presses
    return (left + 1, right) if arm is Arm.LEFT else (left, right + 1)
