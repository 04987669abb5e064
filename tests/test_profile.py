import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleop.device_messages import (
    AT_REST,
    DeviceProfile,
    FrameKind,
    MotionFrame,
    MotionKind,
    Six,
)
from teleop.devices.profile import as_six, shaped, size, thresholds

PLAIN = DeviceProfile("S")
PUSH: Six = (0.5, -0.25, 0.1, 0.2, -0.4, 1.0)
axis = st.floats(-1.0, 1.0)
six = st.tuples(axis, axis, axis, axis, axis, axis)


def test_a_plain_profile_changes_nothing():
    assert shaped(PUSH, PLAIN) == pytest.approx(PUSH)


def test_the_offset_is_rest_and_motion_begins_at_zero_behind_the_dead_band():
    profile = replace(PLAIN, offset=(0.1, 0, 0, 0, 0, 0), noise=(0.01, 0, 0, 0, 0, 0))
    assert shaped((0.12, 0, 0, 0, 0, 0), profile) == AT_REST
    x = shaped((0.13, 0, 0, 0, 0, 0), profile)[0]
    assert x == pytest.approx(0.01 / 0.98)
    assert shaped((-1.0, 0, 0, 0, 0, 0), profile)[0] == pytest.approx(-1.0)


def test_zeroing_inside_the_dead_band_leaves_the_other_axes_alone():
    profile = replace(PLAIN, noise=(0.02,) * 6)
    x, y, *_ = shaped((0.03, 0.5, 0, 0, 0, 0), profile)
    assert x == 0.0
    assert y == pytest.approx((0.5 - 0.04) / 0.96)


def test_a_flipped_axis_goes_the_other_way_and_sensitivity_scales_within_one():
    profile = replace(PLAIN, flip=(True, *[False] * 5), sensitivity=(1, 2, 0, 1, 1, 1))
    assert shaped((0.3, 0.4, 0.5, 0, 0, 0), profile)[:3] == pytest.approx((-0.3, 0.8, 0.0))
    full = shaped((0.5, 1.0, 0, 0, 0, 0), profile)
    assert full[:2] == pytest.approx((-0.25, 1.0))  # shortened along its direction


@pytest.mark.parametrize(
    ("motion", "kept"),
    [
        (MotionKind.TRANSLATION, (0, 1, 2)),
        (MotionKind.ROTATION, (3, 4, 5)),
        (MotionKind.DOMINANT, (5,)),
        (MotionKind.ALL, range(6)),
    ],
)
def test_only_the_axes_that_count_are_left(motion: MotionKind, kept: tuple[int, ...]):
    seen = shaped(PUSH, replace(PLAIN, motion=motion))
    assert seen == pytest.approx([PUSH[i] if i in kept else 0.0 for i in range(6)])


def test_the_curve_is_finer_near_the_centre_and_keeps_the_direction():
    x, y, *_ = shaped((0.3, 0.4, 0, 0, 0, 0), replace(PLAIN, curve=2.0))
    assert (x, y) == pytest.approx((0.15, 0.2))  # 0.5 becomes 0.25
    assert shaped((1.0, 0, 0, 0, 0, 0), replace(PLAIN, curve=3.0))[0] == 1.0


@pytest.mark.parametrize(("yaw_deg", "away"), [(0, (0, 1)), (180, (0, -1)), (90, (-1, 0))])
def test_pushed_away_is_where_the_operator_looks(yaw_deg: float, away: tuple[float, float]):
    seen = shaped((0, 1, 0.5, 0, 0.5, 0), replace(PLAIN, yaw_deg=yaw_deg))
    assert seen[:3] == pytest.approx((*away, 0.5))
    assert seen[3:5] == pytest.approx((away[0] / 2, away[1] / 2))


def test_where_the_operator_stands_does_not_count_in_a_tools_axes():
    profile = replace(PLAIN, yaw_deg=90, frame=MotionFrame(FrameKind.TOOL))
    assert shaped(PUSH, profile) == pytest.approx(PUSH)


def test_a_quiet_device_asks_for_no_thresholds_and_a_noisy_one_for_wider_ones():
    assert thresholds(PLAIN) == (0.0, 0.0)
    noisy = replace(PLAIN, noise=(0.02,) * 6)
    enter, leave = thresholds(noisy)
    assert leave == pytest.approx(math.sqrt(3) * 0.02 / 0.96)
    assert enter == pytest.approx(math.sqrt(3) * 0.08 / 0.96)
    assert size(shaped(as_six([0.06] * 6), noisy)) <= leave + 1e-9


@given(raw=six, sensitivity=st.floats(0, 3), curve=st.floats(0.2, 4), yaw=st.floats(-360, 360))
def test_whatever_the_profile_a_deflection_stays_within_one(
    raw: Six, sensitivity: float, curve: float, yaw: float
):
    profile = replace(PLAIN, sensitivity=(sensitivity,) * 6, curve=curve, yaw_deg=yaw)
    assert max(map(abs, shaped(raw, profile))) <= 1.0 + 1e-12
