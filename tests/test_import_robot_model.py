from pathlib import Path

import numpy as np
import pytest

from recorder.imports.foreign import ForeignEpisode
from recorder.imports.mapping import (
    ActionPart,
    ArmPart,
    Gripper,
    Kind,
    Mapping,
    Part,
    RobotModel,
    read_mapping,
)
from recorder.imports.questions import questions
from recorder.imports.resolve import resolve
from teleop.errors import ConversionError
from teleop.messages import Arm
from teleop.se3 import Array

N = 20
HZ = 20.0
ROBOT = """
<mujoco><worldbody><body name="upper"><joint name="hip" axis="0 0 1"/><geom size=".1"/>
<body name="lower" pos="1 0 0"><joint name="knee" axis="0 0 1"/><geom size=".1"/>
<site name="tool" pos="0.5 0 0"/></body></body></worldbody></mujoco>
"""


def episode(q: Array) -> ForeignEpisode:
    return ForeignEpisode("lift.hdf5/data/demo_0", HZ, "", None, {"q": q})


def test_a_model_of_the_robot_makes_joints_usable(tmp_path: Path):
    (tmp_path / "robot.xml").write_text(ROBOT)
    (tmp_path / "mapping.toml").write_text(
        "[right]\naction.kind = 'joint_position'\ngripper.constant = 1.0\n"
        "q = {array = 'q', columns = [0, 1]}\n"
        "model = {file = 'robot.xml', joints = ['hip', 'knee'], tool = 'tool'}"
    )
    mapping = read_mapping(tmp_path / "mapping.toml")
    q = np.zeros((N, 3))
    q[:, 0] = np.linspace(0, 0.5, N)
    q[:, 1] = np.linspace(0, -0.5, N)
    found = episode(q)
    assert questions(mapping, found) == ()
    rows = resolve(mapping, found).arms[Arm.RIGHT]
    x = np.cos(q[:, 0]) + 0.5
    np.testing.assert_allclose(rows.position[:, 0], x, atol=1e-12)
    np.testing.assert_allclose(rows.quaternion, np.tile([1.0, 0, 0, 0], (N, 1)), atol=1e-12)
    np.testing.assert_allclose(rows.twist[:-1, 0], np.diff(x) * HZ, atol=1e-9)
    assert rows.usable


def test_a_model_that_does_not_fit_is_refused(tmp_path: Path):
    file = tmp_path / "robot.xml"
    file.write_text(ROBOT)

    def mapped(joints: tuple[str, ...], tool: str) -> Mapping:
        return Mapping(
            right=ArmPart(
                ActionPart(Kind.MOTION),
                Gripper(constant=1.0),
                model=RobotModel(str(file), joints, tool),
                q=Part("q"),
            )
        )

    found = episode(np.zeros((N, 2)))
    for joints, tool, told in (
        (("hip", "ankle"), "tool", "no joint 'ankle'"),
        (("hip", "knee"), "hand", "no site or body 'hand'"),
        (("hip",), "tool", "names 1 joints"),
    ):
        with pytest.raises(ConversionError, match=told):
            resolve(mapped(joints, tool), found)
    file.write_text("<mujoco><what/></mujoco>")
    with pytest.raises(ConversionError, match="cannot be read"):
        resolve(mapped(("knee", "hip"), "tool"), found)
