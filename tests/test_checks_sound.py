"""The doctor's line about sound."""

import os

import pytest

from teleop.checks import Outcome
from teleop.checks.sound import check_sound


@pytest.mark.parametrize(
    ("program", "outcome", "found"),
    [
        ("print('a device')", Outcome.OK, "a device, espeak-ng speaks"),
        ("raise SystemExit('ALSA: no such file')", Outcome.WARN, "none: ALSA: no such file"),
        ("print('dummy')", Outcome.WARN, "SDL_AUDIODRIVER=dummy plays to nowhere"),
    ],
)
def test_sound_that_is_missing_is_a_warning_with_what_to_do(
    program: str, outcome: Outcome, found: str
):
    check = check_sound(program, os.environ, lambda name: name if name == "espeak-ng" else None)
    assert (check.outcome, check.found) == (outcome, found)
    assert bool(check.advice) is (outcome is Outcome.WARN)


def test_sdl_opens_its_own_drivers_here():
    environ = os.environ | {"SDL_AUDIODRIVER": "dummy"}
    assert "dummy" in check_sound(environ=environ).found
