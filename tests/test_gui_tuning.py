"""How a device's profile is changed, and what is said where there is none: no Qt."""

from dataclasses import replace

import pytest

from gui.device_hint import device_hints
from gui.tuning import (
    CURVE,
    SENSITIVITY,
    WAIT_S,
    YAW,
    Range,
    Tuning,
    dead_bands,
    defaults,
    levels,
    read_number,
)
from teleop.checks import Check, Outcome
from teleop.device_messages import DeviceProfile, MotionKind, Six
from teleop.errors import ConfigError
from teleop.messages import Arm
from tests.fake_takeover import NOISE, OFFSET

SECOND = 1_000_000_000
NOW = 100 * SECOND
CALIBRATED = DeviceProfile(
    "A1", "SpaceMouse", Arm.LEFT, offset=OFFSET, noise=NOISE, calibrated="2026-11-20T09:12:00"
)


def six(value: float) -> Six:
    return value, value, value, value, value, value


@pytest.mark.parametrize(
    ("limits", "name"), [(SENSITIVITY, "sensitivity"), (CURVE, "curve"), (YAW, "yaw_deg")]
)
def test_the_ranges_are_those_that_a_profile_takes(limits: Range, name: str):
    def made(value: float) -> DeviceProfile:
        values = {name: six(value) if name == "sensitivity" else value}
        return replace(CALIBRATED, **values)

    assert made(limits.low) != made(limits.high)
    for beyond in (limits.low - 0.01, limits.high + 0.01):
        with pytest.raises(ConfigError):
            made(beyond)


def test_a_number_is_read_with_point_or_comma_and_refused_with_its_range():
    assert read_number(" 1,5 ", "Curve", CURVE).value == 1.5
    assert read_number("9", "Curve", CURVE).problem == "Curve is 9; it must be 0.2 to 4."
    for text in ("", "fast", "nan"):
        assert read_number(text, "Place", YAW).value is None
    assert read_number("fast", "Place", YAW).problem == "Place must be a number, -360 to 360 °."


def test_defaults_leave_the_arm_and_the_calibration_alone():
    changed = replace(CALIBRATED, curve=2.0, motion=MotionKind.DOMINANT, yaw_deg=90.0)
    assert defaults(changed) == CALIBRATED


def test_revert_goes_back_to_the_opening_with_the_newest_calibration():
    tuning = Tuning(replace(CALIBRATED, curve=1.6))
    measured = replace(CALIBRATED, curve=3.0, noise=six(0.02), calibrated="2026-11-22T10:00:00")
    tuning.report(measured, NOW)
    assert tuning.reverted == replace(measured, curve=1.6)


def test_a_change_is_pending_until_control_reports_it():
    tuning = Tuning(CALIBRATED)
    wish = replace(CALIBRATED, curve=2.0)
    assert tuning.ask(wish, NOW)
    assert not tuning.ask(wish, NOW)
    tuning.report(CALIBRATED, NOW + SECOND // 10)
    assert tuning.pending
    tuning.report(wish, NOW + SECOND // 5)
    assert not tuning.pending
    assert not tuning.ask(wish, NOW + SECOND)


def test_a_change_that_is_refused_or_never_reported_is_dropped():
    tuning = Tuning(CALIBRATED)
    tuning.ask(replace(CALIBRATED, curve=2.0), NOW)
    tuning.refuse()
    assert not tuning.pending
    tuning.ask(replace(CALIBRATED, curve=2.0), NOW)
    tuning.report(CALIBRATED, NOW + round((WAIT_S + 0.1) * SECOND))
    assert not tuning.pending


def test_a_noisy_device_is_drawn_with_the_thresholds_it_asks_for():
    assert levels(DeviceProfile("B7"), 0.2, 0.08) == (0.2, 0.08)
    noisy = replace(CALIBRATED, noise=six(0.06))
    enter, leave = levels(noisy, 0.2, 0.08)
    assert enter > 0.2
    assert leave > 0.08
    assert dead_bands(CALIBRATED)[0] == pytest.approx(0.024)


def test_the_doctor_is_quoted_with_its_advice():
    checks = (
        lambda: Check("hidapi", Outcome.OK, "libhidapi"),
        lambda: Check("SpaceMouse", Outcome.WARN, "none", "Plug one in."),
    )
    assert device_hints(checks) == (
        "✔ hidapi: libhidapi.",
        "▲ SpaceMouse: none. Plug one in.",
    )
    assert len(device_hints()) == 2
