import numpy as np
import pytest

from teleop.cells.plug.geometry import LEFT, MEETING_ROTATIONS, PIN_LENGTH_M, RIGHT, meeting_poses
from teleop.cells.plug.grasp import held_pose, rotation_vector_of
from teleop.cells.plug.layout import DISTRIBUTIONS, Layout, sample_layout
from teleop.errors import ConfigError


def misalignment(layout: Layout) -> tuple[float, float]:
    """Lateral error of the tips (m) and tilt (rad) if both tools went to the meeting pose."""
    meeting = meeting_poses()
    poses = [
        held_pose(arm, meeting.position[arm], MEETING_ROTATIONS[arm], grasp)
        for arm, grasp in ((LEFT, layout.plug), (RIGHT, layout.socket))
    ]
    (plug, plug_rotation), (socket, socket_rotation) = poses
    tip = plug + plug_rotation[:, 0] * PIN_LENGTH_M
    tilt = np.linalg.norm(rotation_vector_of(socket_rotation.T @ plug_rotation))
    return float(np.hypot(*(tip - socket)[1:])), float(tilt)


def test_the_same_seed_gives_the_same_layout_and_another_seed_another():
    assert sample_layout("shifted", 3) == sample_layout("shifted", 3)
    assert sample_layout("shifted", 3) != sample_layout("shifted", 4)


def test_distributions_draw_differently_from_the_same_seed():
    assert sample_layout("near", 3).left_start_m != sample_layout("shifted", 3).left_start_m


def test_an_unknown_distribution_is_refused_with_the_known_names():
    with pytest.raises(ConfigError, match=r"'far'.*near, offset, shifted"):
        sample_layout("far", 0)


@pytest.mark.parametrize("name", ["near", "shifted"])
def test_misalignment_at_the_tips_is_what_the_distribution_promises(name: str):
    ranges = DISTRIBUTIONS[name]
    seen = [misalignment(sample_layout(name, seed)) for seed in range(200)]
    lateral, tilt = np.array(seen).T
    assert ranges.lateral_m[0] - 1e-4 < lateral.min() and lateral.max() < ranges.lateral_m[1] + 1e-4
    assert ranges.tilt_rad[0] - 1e-3 < tilt.min() and tilt.max() < ranges.tilt_rad[1] + 1e-3
    assert np.ptp(lateral) > 0.9 * np.ptp(ranges.lateral_m)


def test_parts_are_shifted_only_where_pads_leave_them_free():
    for seed in range(50):
        layout = sample_layout("shifted", seed)
        for grasp in (layout.plug, layout.socket):
            assert grasp.offset_m[1] == 0.0
            assert grasp.tilt_rad[0] == 0.0 and grasp.tilt_rad[2] == 0.0


def test_shifts_fall_on_both_hands_and_all_directions():
    layouts = [sample_layout("shifted", seed) for seed in range(100)]
    for part in (lambda one: one.plug, lambda one: one.socket):
        offsets = np.array([part(layout).offset_m[0] for layout in layouts])
        tilts = np.array([part(layout).tilt_rad[1] for layout in layouts])
        assert (offsets > 0.002).any() and (offsets < -0.002).any()
        assert (tilts > 0.03).any() and (tilts < -0.03).any()
