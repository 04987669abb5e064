"""Whether alarms can be heard here, and whether something can speak."""

import os
import shutil
from collections.abc import Callable, Mapping

from teleop.checks import Check, Outcome
from teleop.checks.trial import tried

TIME_LIMIT_S = 10.0  # a sound server that hangs answers never
SPEAKERS = ("spd-say", "espeak-ng")
ADVICE = (
    "Alarms are seen only: connect a loudspeaker or a headset, and see that this user may use it "
    "(`pactl info`, or the group audio)."
)

_OPEN = """
import os
import pygame
try:
    pygame.mixer.init(44100, -16, 1, 1024)
except pygame.error as error:
    raise SystemExit(str(error))
print(os.environ.get("SDL_AUDIODRIVER", "a device"))
"""
_QUIET = {"PYGAME_HIDE_SUPPORT_PROMPT": "1", "SDL_VIDEODRIVER": "dummy"}


def check_sound(
    program: str = _OPEN,
    environ: Mapping[str, str] | None = None,
    which: Callable[[str], str | None] = shutil.which,
) -> Check:
    """Check that an audio device opens; nothing is played."""
    environ = os.environ if environ is None else environ
    found, works = tried(program, dict(environ) | _QUIET, TIME_LIMIT_S)
    if not works:
        return Check("Sound", Outcome.WARN, f"none: {found}", ADVICE)
    if found == "dummy":
        return Check("Sound", Outcome.WARN, "SDL_AUDIODRIVER=dummy plays to nowhere", ADVICE)
    voice = next((name for name in SPEAKERS if which(name)), "")
    return Check("Sound", Outcome.OK, f"{found}, {f'{voice} speaks' if voice else 'no voice'}")
