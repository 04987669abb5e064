from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recorder.imports.foreign import ForeignEpisode
from recorder.imports.mapping import (
    ActionPart,
    ArmPart,
    Driver,
    Frame,
    Gripper,
    Kind,
    Mapping,
    Orientation,
    Part,
    Turn,
    read_mapping,
)
from recorder.imports.questions import questions
from recorder.imports.resolve import START_NS, Drives, agreement, resolve
from recorder.imports.template import template
from recorder.imports.turns import quaternions
from teleop.errors import ConversionError
from teleop.messages import Arm
from teleop.se3 import Array, from_rotvec, integrate, multiply, rotate

N = 20
HZ = 20.0


def path(seed: int = 0) -> tuple[Array, Array]:
    """Poses of a tool that moves and turns, (N, 3) and (N, 4)."""
    random = np.random.default_rng(seed)
    position, quaternion = np.zeros((N, 3)), np.tile([0.5, 0.5, -0.5, 0.5], (N, 1))
    for row in range(1, N):
        twist = random.standard_normal(6) * 0.3
        before = position[row - 1], quaternion[row - 1]
        position[row], quaternion[row] = integrate(*before, twist, 1 / HZ)
    return position, quaternion


def twists(seed: int = 0) -> Array:
    """What leads from each pose of `path` to the next, (N, 6); none at the end."""
    random = np.random.default_rng(seed)
    return np.concatenate([random.standard_normal((N - 1, 6)) * 0.3, np.zeros((1, 6))])


def episode(**arrays: Any) -> ForeignEpisode:
    position, quaternion = path()
    return ForeignEpisode(
        "lift.hdf5/data/demo_0",
        HZ,
        "",
        None,
        {"pos": position, "quat": quaternion, "grip": np.linspace(-1, 1, N), **arrays},
    )


def arm(kind: Kind, array: str = "", **action: Any) -> Mapping:
    return Mapping(
        right=ArmPart(
            action=ActionPart(kind, array, **action),
            gripper=Gripper("grip", 0, open=-1.0, closed=1.0),
            position=Part("pos"),
            rotation=Orientation("quat", order=Turn.WXYZ),
        )
    )


def twist_of(mapping: Mapping, found: ForeignEpisode) -> Array:
    assert questions(mapping, found) == ()
    return resolve(mapping, found).arms[Arm.RIGHT].twist


def test_a_scaled_twist_is_what_it_says():
    mapping = arm(Kind.TWIST, "a", scale=(0.1,) * 3 + (0.5,) * 3)
    found = twist_of(mapping, episode(a=twists() / ([0.1] * 3 + [0.5] * 3)))
    np.testing.assert_allclose(found, twists(), atol=1e-12)


def test_displacements_become_twists_by_the_rate():
    found = twist_of(arm(Kind.DELTA_POSE, "a", scale=1.0), episode(a=twists() / HZ))
    np.testing.assert_allclose(found, twists(), atol=1e-12)


def test_displacements_of_quaternions_and_euler_angles_are_the_same():
    small = np.zeros((N, 6))
    small[:, 3] = twists()[:, 3] / HZ  # about one axis, where both are simple
    turns = from_rotvec(small[:, 3:])
    as_quaternion = np.concatenate([small[:, :3], np.roll(turns, -1, axis=1)], axis=1)
    quaternion = arm(Kind.DELTA_POSE, "a", scale=1.0, rotation=Turn.XYZW)
    euler = arm(Kind.DELTA_POSE, "a", scale=1.0, rotation=Turn.EULER)
    np.testing.assert_allclose(
        twist_of(quaternion, episode(a=as_quaternion)),
        twist_of(euler, episode(a=small)),
        atol=1e-9,
    )


def test_twists_of_the_tools_axes_are_turned_into_the_worlds():
    _, quaternion = path()
    inverse = quaternion * [1, -1, -1, -1]
    local = np.concatenate([rotate(inverse, twists()[:, :3]), rotate(inverse, twists()[:, 3:])], 1)
    found = twist_of(arm(Kind.TWIST, "a", scale=1.0, frame=Frame.TOOL), episode(a=local))
    np.testing.assert_allclose(found, twists(), atol=1e-12)


def test_absolute_poses_become_the_motion_of_the_target():
    position, quaternion = path()
    target = np.concatenate([position, np.roll(quaternion, -1, axis=1)], axis=1)
    found = twist_of(arm(Kind.ABSOLUTE_POSE, "a", rotation=Turn.XYZW), episode(a=target))
    np.testing.assert_allclose(found[1:], twists()[:-1], atol=1e-9)
    assert not found[0].any()


@pytest.mark.parametrize("kind", [Kind.MOTION, Kind.JOINT_POSITION, Kind.JOINT_VELOCITY])
def test_joints_become_the_motion_of_the_recorded_tool(kind: Kind):
    found = twist_of(arm(kind), episode())
    np.testing.assert_allclose(found, twists(), atol=1e-9)


def test_joints_without_tool_poses_are_asked_for_and_never_learned_from():
    blind = ArmPart(ActionPart(Kind.JOINT_POSITION, "a"), Gripper(constant=1.0))
    asked = questions(Mapping(right=blind), episode(a=np.zeros((N, 7))))
    assert [each.key for each in asked] == ["right.action.kind"]
    assert "--without-actions" in asked[0].text
    none = Mapping(right=ArmPart(ActionPart(Kind.NONE), Gripper(constant=1.0)))
    resolved = resolve(none, episode())
    assert (resolved.driver == Drives.NOBODY).all()


def test_the_gripper_is_scaled_and_cut():
    resolved = resolve(arm(Kind.MOTION), episode(grip=np.array([-2.0, -1, 0, 1, 3] * 4)))
    assert resolved.arms[Arm.RIGHT].gripper[:5].tolist() == [1.0, 1.0, 0.5, 0.0, 0.0]
    assert resolved.arms[Arm.RIGHT].opening[2] == 0.5


def test_an_arm_of_which_nothing_is_said_holds():
    resolved = resolve(arm(Kind.MOTION), episode())
    assert (resolved.driver[:, Arm.LEFT] == Drives.NOBODY).all()
    assert (resolved.driver[:, Arm.RIGHT] == Drives.DEMONSTRATION).all()


def test_who_drove_is_taken_from_the_dataset():
    modes = np.array([-1, 0, 1, -10] * 5)
    driver = Driver("modes", demonstration=(-1.0,), operator=(1.0,), hold=(-10.0,))
    mapping = Mapping(right=arm(Kind.MOTION).right, driver=driver)
    found = resolve(mapping, episode(modes=modes)).driver[:4, Arm.RIGHT]
    assert found.tolist() == [
        Drives.DEMONSTRATION,
        Drives.POLICY,
        Drives.OPERATOR,
        Drives.NOBODY,
    ]


def test_stamps_that_were_recorded_are_kept_and_others_are_even():
    stamps = np.cumsum(np.random.default_rng(1).integers(1, 90, N)) * 1_000_000
    kept = resolve(arm(Kind.MOTION), replace(episode(), stamp_ns=stamps)).stamp_ns
    assert np.array_equal(kept, START_NS + stamps - stamps[0])
    even = resolve(arm(Kind.MOTION), episode()).stamp_ns
    assert np.array_equal(even, START_NS + np.arange(N) * 50_000_000)
    still = replace(episode(), stamp_ns=np.zeros(N, np.int64))
    with pytest.raises(ConversionError, match="row 1 is not after"):
        resolve(arm(Kind.MOTION), still)


def test_an_action_that_is_no_number_is_named():
    actions = twists()
    actions[17, 2] = np.nan
    with pytest.raises(ConversionError, match=r"demo_0: 'a' has no number in row 17, column 2"):
        resolve(arm(Kind.TWIST, "a", scale=1.0), episode(a=actions))
    turn = path()[1]
    turn[3] = 0.0
    with pytest.raises(ConversionError, match="'quat' has no number in row 3"):
        resolve(arm(Kind.MOTION), episode(quat=turn))


def test_agreement_tells_a_soft_robot_from_wrong_axes():
    soft = resolve(arm(Kind.TWIST, "a", scale=1.0), episode(a=twists() * 3))
    period = np.full(N, 1 / HZ)
    gain, correlation = agreement(soft.arms[Arm.RIGHT], period) or (0.0, 0.0)
    assert gain == pytest.approx(1 / 3) and correlation == pytest.approx(1.0)
    wrong = resolve(arm(Kind.TWIST, "a", scale=1.0), episode(a=np.roll(twists(), 1, axis=1)))
    assert abs((agreement(wrong.arms[Arm.RIGHT], period) or (0.0, 1.0))[1]) < 0.5


@pytest.mark.parametrize("order", list(Turn))
def test_every_way_to_write_an_orientation_is_read(order: Turn):
    angles = np.random.default_rng(2).uniform(-1.2, 1.2, (N, 3))
    about = [from_rotvec(angles[:, [axis]] * np.eye(3)[axis]) for axis in range(3)]
    wanted = multiply(about[2], multiply(about[1], about[0]))
    matrix = np.stack([rotate(wanted, np.tile(np.eye(3)[axis], (N, 1))) for axis in range(3)], 2)
    half = np.arccos(wanted[:, :1])
    written = {
        Turn.WXYZ: wanted * 2.0,
        Turn.XYZW: np.roll(wanted, -1, axis=1),
        Turn.ROTVEC: wanted[:, 1:] / np.sin(half) * 2 * half,
        Turn.EULER: angles,
        Turn.SIX: np.concatenate([matrix[:, :, 0], matrix[:, :, 1] * 3.0], axis=1),
    }[order]
    found = quaternions(written, order)
    np.testing.assert_allclose(np.abs(np.vecdot(found, wanted)), 1.0, atol=1e-12)


@pytest.mark.parametrize(
    ("mapping", "key", "told"),
    [
        (Mapping(), "right", "Which array"),
        (Mapping(right=ArmPart(ActionPart(array="a"))), "right.action.kind", "twist, delta_pose"),
        (arm(Kind.TWIST, "a"), "right.action.scale", "m/s and rad/s"),
        (arm(Kind.TWIST, "b", scale=1.0), "right.action.array", "no array 'b'"),
        (arm(Kind.TWIST, "a", scale=1.0, columns=(1, 9)), "right.action.columns", "0 to 6"),
        (arm(Kind.TWIST, "a", scale=1.0), "right.action.columns", "7 columns; 6 are needed"),
        (
            arm(Kind.DELTA_POSE, "a", scale=(1.0, 2.0), columns=(0, 1, 2, 3, 4, 5)),
            "right.action.scale",
            "3 or 6",
        ),
        (Mapping(cameras={"top": "room"}), "cameras.top", "no such camera"),
    ],
)
def test_what_is_open_or_wrong_is_asked(mapping: Mapping, key: str, told: str):
    asked = {each.key: each.text for each in questions(mapping, episode(a=np.zeros((N, 7))))}
    assert told in asked[key]


def test_the_rate_is_asked_for_where_nobody_tells():
    asked = questions(arm(Kind.MOTION), replace(episode(), fps=0.0))
    assert [each.key for each in asked] == ["fps"]


def test_the_template_is_a_mapping_file_that_says_the_same(tmp_path: Path):
    mapping = arm(Kind.TWIST, "a", scale=(0.1,) * 6, columns=(0, 1, 2, 3, 4, 5))
    found = episode(a=np.zeros((N, 7)))
    file = tmp_path / "mapping.toml"
    file.write_text(template(mapping, found, questions(mapping, found)))
    assert read_mapping(file) == mapping
    assert "a     20x7 float64" in file.read_text()
    assert "(x y z)" in template(mapping, replace(found, columns={"pos": ("x", "y", "z")}), ())
    open_ones = Mapping(right=ArmPart(ActionPart(array="a")))
    file.write_text(template(open_ones, found, questions(open_ones, found)))
    assert "# ?? right.action.kind" in file.read_text()
    assert read_mapping(file) == open_ones


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[right.action]\nkind = 'delta'", "Invalid enum value 'delta'"),
        ("[right.action]\nscael = 1.0", "scael"),
        ("right = [", "no TOML"),
        ("colours = 'grb'", "not rgb or bgr"),
    ],
)
def test_a_mapping_file_with_a_mistake_is_refused(tmp_path: Path, text: str, told: str):
    file = tmp_path / "mapping.toml"
    file.write_text(text)
    with pytest.raises(ConversionError, match=told):
        read_mapping(file)
    with pytest.raises(ConversionError, match="Cannot read the mapping"):
        read_mapping(tmp_path / "none.toml")
