"""What a SpaceMouse's reports mean: pure functions from one state to the next.

Report 1 of 13 bytes is all six axes; of 7 bytes it is the translation, and report 2 the rotation.
The length decides and not the model, because one and the same mouse sends the one by Bluetooth and
the other by cable: a reader that goes by a table sees no rotation there. Report 3 is the buttons.

The left of two buttons toggles the gripper when it is let go; held, it takes the arm over or hands
it back. The right one moves a lone puck that is centred to the other arm; held, it rewinds. Both
together stop. `puck_models` says which buttons these are, and which ones models with more have.
"""

from dataclasses import dataclass, replace

from teleop.device_messages import AT_REST, Six
from teleop.devices.profile import as_six
from teleop.devices.puck_models import GRIPPER, OTHER, REWIND, STOP, TAKE, Layout
from teleop.messages import Arm

LONG_NS = 600_000_000  # a button held for longer means something else than a short press
_MOTION, _ROTATION, _BUTTONS = 1, 2, 3
_SPLIT, _JOINED = 7, 13  # bytes of a motion report with three and with six axes

Pair = tuple[int, int]
Down = tuple[bool, bool, bool, bool, bool]  # by role


@dataclass(frozen=True)
class PuckState:
    """A puck after some reports. Counters only go up."""

    axes: Six = AT_REST  # -1..1, world axes, as reported
    down: Down = (False, False, False, False, False)
    down_ns: Pair = (0, 0)  # since when the gripper's and the other arm's button are down
    held: tuple[bool, bool] = (False, False)  # they were down for long, and that was counted
    chord: bool = False  # both were down together; what follows is no press
    arm: Arm = Arm.LEFT
    gripper_presses: Pair = (0, 0)
    take_presses: Pair = (0, 0)
    rewind_presses: Pair = (0, 0)
    stop_presses: int = 0


def let_go(state: PuckState) -> PuckState:
    """What is left of the state of a puck that is gone: its arm and its counters."""
    return replace(state, axes=AT_REST, down=PuckState.down, held=PuckState.held, chord=False)


def is_readable(report: bytes) -> bool:
    """Whether a report of motion or buttons is as long as one must be. Others do not count."""
    if is_motion(report):
        return len(report) >= _SPLIT
    return report[0] != _BUTTONS or len(report) > 1


def is_motion(report: bytes) -> bool:
    """Whether a report tells of the axes."""
    return report[0] in (_MOTION, _ROTATION)


def after_report(
    state: PuckState, report: bytes, layout: Layout, movable: bool, now_ns: int
) -> PuckState:
    """Return the state after `report`; one that cannot be read changes nothing.

    Args:
        state: before.
        report: as it came, its number first.
        layout: of the model.
        movable: whether the puck may go to the other arm now: it is alone, and centred.
        now_ns: when it came.
    """
    if not is_readable(report):
        return state
    if report[0] == _MOTION:
        last = 6 if len(report) >= _JOINED else 3
        return replace(state, axes=_axes(state.axes, report, layout.scales, 0, last))
    if report[0] == _ROTATION:
        return replace(state, axes=_axes(state.axes, report, layout.scales, 3, 6))
    return _after_buttons(state, _down(state.down, report, layout), movable, now_ns)


def after_time(state: PuckState, now_ns: int) -> PuckState:
    """Return the state once time has passed: a button that is down for long counts."""
    if state.chord or not (state.down[GRIPPER] or state.down[OTHER]):
        return state
    takes, rewinds = (
        state.down[role] and not state.held[role] and now_ns - state.down_ns[role] >= LONG_NS
        for role in (GRIPPER, OTHER)
    )
    if not (takes or rewinds):
        return state
    return replace(
        state,
        held=(state.held[GRIPPER] or takes, state.held[OTHER] or rewinds),
        take_presses=_one_more(state.take_presses, state.arm, takes),
        rewind_presses=_one_more(state.rewind_presses, state.arm, rewinds),
    )


def _axes(axes: Six, report: bytes, scales: Six, first: int, last: int) -> Six:
    values = list(axes)
    for i in range(first, last):
        at = 1 + 2 * (i - first)
        count = int.from_bytes(report[at : at + 2], "little", signed=True)
        values[i] = min(1.0, max(-1.0, scales[i] * count + 0.0))  # and no -0.0
    return as_six(values)


def _down(before: Down, report: bytes, layout: Layout) -> Down:
    down = list(before)
    for role, places in enumerate(layout.buttons):
        seen = [
            bool(report[byte] >> bit & 1)
            for number, byte, bit in places
            if report[0] == number and byte < len(report)
        ]
        if seen:
            down[role] = any(seen)
    gripper, other, stop, take, rewind = down
    return gripper, other, stop, take, rewind


def _after_buttons(state: PuckState, down: Down, movable: bool, now_ns: int) -> PuckState:
    before = state.down
    if down == before:
        return state
    pressed = [now and not was for now, was in zip(down, before, strict=True)]
    together = down[GRIPPER] and down[OTHER] and not state.chord
    alone = not state.chord and not together
    clicked, moved = (
        alone and before[role] and not down[role] and not state.held[role]
        for role in (GRIPPER, OTHER)
    )
    arm = state.arm
    if moved and movable:
        arm = Arm.RIGHT if arm is Arm.LEFT else Arm.LEFT
    since = [now_ns if pressed[role] else state.down_ns[role] for role in (GRIPPER, OTHER)]
    return replace(
        state,
        down=down,
        down_ns=(since[0], since[1]),
        held=(state.held[GRIPPER] and down[GRIPPER], state.held[OTHER] and down[OTHER]),
        chord=(state.chord or together) and (down[GRIPPER] or down[OTHER]),
        arm=arm,
        gripper_presses=_one_more(state.gripper_presses, state.arm, clicked),
        take_presses=_one_more(state.take_presses, state.arm, pressed[TAKE]),
        rewind_presses=_one_more(state.rewind_presses, state.arm, pressed[REWIND]),
        stop_presses=state.stop_presses + together + pressed[STOP],
    )


def _one_more(counters: Pair, arm: Arm, counts: bool) -> Pair:
    if not counts:
        return counters
    left, right = counters
    return (left + 1, right) if arm is Arm.LEFT else (left, right + 1)
