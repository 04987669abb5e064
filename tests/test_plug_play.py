import mujoco
import numpy as np
import pytest

from teleop.cells.plug.cameras import pose_scene
from teleop.cells.plug.geometry import LEFT, PIN_LENGTH_M, RIGHT
from teleop.cells.plug.grasp import NOMINAL_GRASP, held_pose, rotation_vector_of
from teleop.cells.plug.play import FURTHEST_M, LATERAL_M, TILT_RAD, Play, PlayScene
from teleop.cells.plug.scene import build_model, parts_of

MODEL = build_model()
PARTS = parts_of(MODEL)


@pytest.fixture(scope="module")
def scenes() -> list[PlayScene]:
    play, rng = Play(MODEL), np.random.default_rng(3)
    return [play.sample(rng) for _ in range(250)]


def tips_of(scene: PlayScene) -> np.ndarray:
    """Middle of the pin tips in the socket frame, for the small turns of play."""
    rotation = np.zeros(9)
    angle = float(np.linalg.norm(scene.label[3:]))
    quaternion = np.zeros(4)
    mujoco.mju_axisAngle2Quat(quaternion, scene.label[3:] / max(angle, 1e-12), angle)
    mujoco.mju_quat2Mat(rotation, quaternion)
    return scene.label[:3] + rotation.reshape(3, 3)[:, 0] * PIN_LENGTH_M


def test_labels_are_the_forward_kinematics_of_the_joints(scenes: list[PlayScene]):
    data = mujoco.MjData(MODEL)
    for scene in scenes[:40]:
        pose_scene(MODEL, data, scene.state)
        held = [
            held_pose(
                arm,
                np.array(data.site_xpos[PARTS.ee_site[arm]]),
                data.site_xmat[PARTS.ee_site[arm]].reshape(3, 3),
                NOMINAL_GRASP,
            )
            for arm in (LEFT, RIGHT)
        ]
        (plug, plug_rotation), (socket, socket_rotation) = held
        assert scene.label[:3] == pytest.approx(socket_rotation.T @ (plug - socket), abs=1e-9)
        turn = rotation_vector_of(socket_rotation.T @ plug_rotation)
        assert scene.label[3:] == pytest.approx(turn, abs=1e-9)


def test_parts_are_drawn_where_the_label_says(scenes: list[PlayScene]):
    data = mujoco.MjData(MODEL)
    plug, socket = PARTS.object_body
    for scene in scenes[:40]:
        pose_scene(MODEL, data, scene.state)
        rotation = data.xmat[socket].reshape(3, 3)
        seen = rotation.T @ (data.xpos[plug] - data.xpos[socket])
        assert seen == pytest.approx(scene.label[:3], abs=1e-7)


def test_play_covers_the_workspace(scenes: list[PlayScene]):
    tips = np.array([tips_of(scene) for scene in scenes])
    turns = np.array([scene.label[3:] for scene in scenes])
    assert tips[:, 0].min() < -0.9 * FURTHEST_M and tips[:, 0].max() > 0.95 * PIN_LENGTH_M
    assert np.ptp(tips[:, 1:], axis=0).min() > 1.8 * LATERAL_M
    assert np.ptp(turns, axis=0).min() > 1.7 * TILT_RAD
    close = np.hypot(tips[:, 1], tips[:, 2]) < 0.004
    assert 0.3 < close.mean() < 0.8


def test_contact_is_told_and_both_kinds_are_common(scenes: list[PlayScene]):
    tips = np.array([tips_of(scene) for scene in scenes])
    touching = np.array([scene.contact for scene in scenes])
    assert 0.1 < touching.mean() < 0.5
    assert not touching[tips[:, 0] < -0.006].any()


def test_the_same_seed_gives_the_same_play():
    one, other = (Play(MODEL).sample(np.random.default_rng(8)) for _ in range(2))
    assert np.array_equal(one.state, other.state)
    assert one.appearance == other.appearance
