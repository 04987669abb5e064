import math
from collections.abc import Mapping
from dataclasses import replace

import mujoco
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleop.cells.plug.cameras import CAMERAS, camera_axes
from teleop.cells.plug.scene import build_model
from teleop.device_messages import DeviceReading, FrameKind, MotionFrame
from teleop.messages import Array
from teleop.operator_frame import WORLD, in_world, unknown_cameras
from teleop.se3 import from_rotvec
from tests.control_parts import UPRIGHT, make_reading, make_state

TOOL = MotionFrame(FrameKind.TOOL)
PUSH = [0.1, 0.2, 0.3, -0.4, 0.5, -0.6]
QUARTER_ABOUT_Z = from_rotvec(np.array([0.0, 0.0, math.pi / 2]))


def camera(name: str) -> MotionFrame:
    return MotionFrame(FrameKind.CAMERA, name)


def reading(left: MotionFrame = WORLD, right: MotionFrame = WORLD) -> DeviceReading:
    return replace(make_reading(7, PUSH, PUSH), frame=(left, right))


def turned(
    seen: DeviceReading,
    right_tool: Array = QUARTER_ABOUT_Z,
    axes: Mapping[str, Array] | None = None,
) -> DeviceReading:
    state = make_state(quaternion=np.stack([np.asarray(UPRIGHT)[0], right_tool]))
    return in_world(seen, state, axes or {})


def test_what_is_along_the_world_already_is_the_same_object():
    seen = reading()
    assert turned(seen) is seen


def test_a_tool_that_stands_turned_turns_pushes_and_twists_with_it():
    seen = turned(reading(right=TOOL))
    assert seen.deflection[1] == pytest.approx([-0.2, 0.1, 0.3, -0.5, -0.4, -0.6])
    assert seen.deflection[0].tolist() == PUSH
    assert seen.frame == (WORLD, WORLD)


def test_each_arm_is_turned_by_its_own_tool():
    seen = turned(reading(left=TOOL, right=TOOL))
    state = make_state(quaternion=np.stack([QUARTER_ABOUT_Z, np.asarray(UPRIGHT)[1]]))
    other = in_world(reading(left=TOOL, right=TOOL), state, {})
    assert seen.deflection[1] == pytest.approx(other.deflection[0])
    assert seen.deflection[0] == pytest.approx(other.deflection[1])


def test_what_is_turned_cannot_be_changed_and_all_else_stays():
    seen = turned(replace(reading(right=TOOL), clutch=(True, False), stop_presses=3))
    assert not seen.deflection.flags.writeable
    assert (seen.stamp_ns, seen.clutch, seen.stop_presses) == (7, (True, False), 3)


def test_a_camera_that_nobody_knows_counts_as_the_world_and_is_named():
    seen = turned(reading(camera("attic"), TOOL))
    assert seen.deflection[0].tolist() == PUSH
    assert unknown_cameras(seen, {}) == ("attic", "")
    assert unknown_cameras(reading(right=camera("")), {}) == ("", "(no name)")


def test_known_cameras_are_not_complained_about():
    axes = camera_axes()
    seen = reading(camera("overhead"), camera("operator"))
    assert unknown_cameras(seen, axes) == ("", "")
    assert turned(seen, axes=axes).frame == (WORLD, WORLD)


@pytest.mark.parametrize("name", list(CAMERAS))
def test_the_axes_of_a_picture_are_those_it_is_drawn_by(name: str):
    model = build_model()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    identifier = model.camera(name).id
    assert model.cam_bodyid[identifier] == 0  # the world's: it never moves
    right, up, back = data.cam_xmat[identifier].reshape(3, 3).T
    axes = {name: camera_axes()[name]}
    for axis, expected in enumerate((right, -back, up)):
        push = np.zeros(6)
        push[axis] = 1.0
        seen = replace(make_reading(1, push), frame=(camera(name), WORLD))
        assert turned(seen, axes=axes).deflection[0, :3] == pytest.approx(expected, abs=1e-6)


def test_seen_by_the_operators_camera_a_push_into_the_picture_goes_away_from_the_camera():
    push = replace(make_reading(1, [0.0, 1.0, 0.0]), frame=(camera("operator"), WORLD))
    moved = turned(push, axes=camera_axes()).deflection[0, :3]
    spec = CAMERAS["operator"]
    into = np.subtract(spec.look_at, spec.eye)
    assert moved @ into == pytest.approx(np.linalg.norm(into))


@given(st.lists(st.floats(-3.0, 3.0), min_size=3, max_size=3))
def test_turning_makes_no_push_larger(rotvec: list[float]):
    seen = turned(reading(right=TOOL), right_tool=from_rotvec(np.array(rotvec)))
    before = np.linalg.norm(np.reshape(PUSH, (2, 3)), axis=1)
    assert np.linalg.norm(seen.deflection[1].reshape(2, 3), axis=1) == pytest.approx(before)
