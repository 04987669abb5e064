from dataclasses import replace

import pytest

from teleop.device_messages import AT_REST, DeviceProfile, Six
from teleop.devices.rest_watch import RestWatch

PLAIN = DeviceProfile("S")
STEP_NS = 25_000_000
ASKEW: Six = (0.03, 0, 0, 0, 0, 0)


class Watched:
    """A puck that is looked at again and again."""

    def __init__(self, profile: DeviceProfile) -> None:
        self.rest = RestWatch(profile)
        self.now_ns = 1_000_000_000
        self.kept: list[DeviceProfile] = []

    def rests(self, raw: Six, for_s: float) -> None:
        for _ in range(int(for_s * 1e9 / STEP_NS)):
            self.now_ns += STEP_NS
            kept = self.rest.look(raw, self.now_ns)
            if kept is not None:
                self.kept.append(kept)


def test_a_puck_that_was_never_calibrated_is_measured_in_its_first_half_second():
    puck = Watched(PLAIN)
    puck.rest.opened(puck.now_ns)
    puck.rests(ASKEW, 0.4)
    assert puck.rest.deflection(ASKEW) != AT_REST
    puck.rests(ASKEW, 0.2)
    assert puck.rest.deflection(ASKEW) == AT_REST
    assert (puck.rest.profile, puck.kept) == (PLAIN, [])  # a guess is not kept


def test_a_calibrated_puck_is_read_by_its_calibration_from_the_first_moment():
    profile = replace(PLAIN, offset=ASKEW, noise=(0.01, 0, 0, 0, 0, 0), calibrated="2026")
    puck = Watched(profile)
    puck.rest.opened(puck.now_ns)
    assert puck.rest.deflection(ASKEW) == AT_REST
    assert puck.rest.enter > puck.rest.leave > 0.0
    puck.rests(AT_REST, 1.0)
    assert puck.rest.profile == profile


def test_a_calibration_is_kept_once_and_clears_the_drift():
    puck = Watched(PLAIN)
    puck.rest.opened(puck.now_ns)
    puck.rests((0.1, 0, 0, 0, 0, 0), 3.0)
    assert puck.rest.drift is not None
    assert puck.rest.drift.wander == pytest.approx(0.1)
    puck.rest.calibrate()
    puck.rests((0.1, 0, 0, 0, 0, 0), 3.5)
    [kept] = puck.kept
    assert kept.offset[0] == pytest.approx(0.1)
    assert (puck.rest.profile, puck.rest.done, puck.rest.refusal) == (kept, -1.0, "")
    assert puck.rest.drift is None or puck.rest.drift.wander < 0.01


def test_unplugged_while_it_is_calibrated_it_says_so():
    puck = Watched(PLAIN)
    puck.rest.calibrate()
    puck.rests(AT_REST, 1.0)
    puck.rest.opened(puck.now_ns)
    assert "unplugged meanwhile" in puck.rest.refusal
    assert puck.rest.done == -1.0


def test_settings_from_the_window_do_not_undo_a_calibration_made_meanwhile():
    puck = Watched(PLAIN)
    puck.rest.calibrate()
    puck.rests(ASKEW, 3.5)
    kept = puck.rest.tune(replace(PLAIN, curve=2.0))  # as the window knew it before
    assert kept.curve == 2.0
    assert kept.offset == puck.kept[0].offset
    later = replace(PLAIN, offset=AT_REST, calibrated="9999")
    assert puck.rest.tune(later) == later


def test_settings_leave_the_first_guess_of_the_rest_alone():
    puck = Watched(PLAIN)
    puck.rest.opened(puck.now_ns)
    puck.rests(ASKEW, 0.6)
    assert puck.rest.tune(replace(PLAIN, curve=2.0)).offset == AT_REST
    assert puck.rest.deflection(ASKEW) == AT_REST
