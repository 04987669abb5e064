import re

import pytest

from teleop.device_messages import DeviceProfile, Six
from teleop.devices.calibration import Refused, first_guess, judged
from teleop.devices.rest import Looks, first_look, looked

PLAIN = DeviceProfile("S")
QUIET: tuple[Six, ...] = ((0.02, 0, -0.01, 0, 0, 0), (0.04, 0, -0.01, 0, 0, 0))
PUSHED: tuple[Six, ...] = ((0.0, 0, 0, 0, 0, 0), (0.3, 0, 0, 0, 0, 0))
LEANT_ON: tuple[Six, ...] = ((0, 0, -0.4, 0, 0, 0),) * 2


def looks_at(looks: tuple[Six, ...]) -> Looks:
    seen = first_look(looks[0], 0)
    for look in looks[1:]:
        seen = looked(seen, look)
    return seen


def test_centre_and_noise_are_those_of_the_looks():
    profile = judged(looks_at(QUIET), PLAIN, "2026-01-02")
    assert isinstance(profile, DeviceProfile)
    assert profile.offset == pytest.approx((0.03, 0, -0.01, 0, 0, 0))
    assert profile.noise == pytest.approx((0.01, 0, 0, 0, 0, 0))
    assert profile.calibrated == "2026-01-02"


@pytest.mark.parametrize(
    ("looks", "reason"),
    [(PUSHED, "moved meanwhile .x went over 30%"), (LEANT_ON, "stands at -40% .* in z")],
)
def test_a_device_that_was_touched_is_not_calibrated_and_says_why(
    looks: tuple[Six, ...], reason: str
):
    refused = judged(looks_at(looks), PLAIN, "2026-01-02")
    assert isinstance(refused, Refused)
    assert re.search(reason, refused.reason)


def test_the_first_guess_believes_only_a_small_rest_and_does_not_count_as_calibrated():
    guess = first_guess(looks_at(QUIET), PLAIN)
    assert guess.offset[0] == pytest.approx(0.03)
    assert guess.calibrated == ""
    assert first_guess(looks_at(PUSHED), PLAIN) == PLAIN
    assert first_guess(looks_at(LEANT_ON), PLAIN) == PLAIN
