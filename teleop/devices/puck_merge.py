"""Several pucks' samples as one reading. Pure."""

from collections.abc import Sequence
from math import nan

from teleop.device_messages import AT_REST, DeviceReading, MotionFrame, Six
from teleop.devices.puck_reader import Sample
from teleop.devices.puck_reports import Pair, PuckState
from teleop.messages import Arm, frozen_array

_UNKNOWN: Six = (nan, nan, nan, nan, nan, nan)


def merged(
    name: str, present: Sequence[Sample], missing: Sequence[Sample], states: Sequence[PuckState]
) -> DeviceReading:
    """Return one reading, as old as the oldest present sample.

    Args:
        name: of the device.
        present: of pucks that can be relied on now; at least one.
        missing: of pucks that fell silent or are gone without having been let go. Nobody knows what
            they would say: the row of such a puck's arm is not a number, unless another puck has
            been moved there.
        states: of all pucks; their presses count for ever.
    """
    chosen: list[Sample | None] = [None, None]
    for sample in present:
        before = chosen[sample.state.arm]
        # Two at one arm: a puck that is to go to the other one and is not centred yet.
        if before is None or _most(sample) > _most(before):
            chosen[sample.state.arm] = sample
    rows = [AT_REST if sample is None else sample.deflection for sample in chosen]
    for sample in missing:
        if chosen[sample.state.arm] is None:
            rows[sample.state.arm] = _UNKNOWN
    left, right = chosen
    return DeviceReading(
        min(sample.stamp_ns for sample in present),
        name,
        frozen_array(rows),
        gripper_presses=_total([state.gripper_presses for state in states]),
        take_presses=_total([state.take_presses for state in states]),
        rewind_presses=_total([state.rewind_presses for state in states]),
        stop_presses=sum(state.stop_presses for state in states),
        frame=(left.frame if left else MotionFrame(), right.frame if right else MotionFrame()),
        enter=(left.enter if left else 0.0, right.enter if right else 0.0),
        leave=(left.leave if left else 0.0, right.leave if right else 0.0),
        sample_ns=(left.stamp_ns if left else 0, right.stamp_ns if right else 0),
    )


def _most(sample: Sample) -> float:
    return max(map(abs, sample.deflection))


def _total(counters: Sequence[Pair]) -> Pair:
    return sum(pair[Arm.LEFT] for pair in counters), sum(pair[Arm.RIGHT] for pair in counters)
