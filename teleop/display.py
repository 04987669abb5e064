"""Where pictures can go on this machine: a screen if there is one, else memory.

Set before the first import of mujoco or PySide6, which read these variables once.
"""

import os
import sys
from collections.abc import Mapping


def has_screen(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Say whether a window could be shown: on Linux when X11 or Wayland is announced."""
    if platform != "linux":
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def display_settings(environ: Mapping[str, str], platform: str = sys.platform) -> dict[str, str]:
    """Return the variables that are still missing for drawing here; the user's own are kept.

    MuJoCo always renders off-screen, so on Linux through EGL whether there is a screen or not:
    GLFW would need a window. Qt goes off-screen only where there is no screen.
    """
    if platform != "linux":
        return {}
    settings = {"MUJOCO_GL": "egl"}
    if not has_screen(environ, platform):
        settings["QT_QPA_PLATFORM"] = "offscreen"
    return {name: value for name, value in settings.items() if name not in environ}


def prepare_display() -> None:
    """Apply `display_settings` to this process and to those it starts."""
    os.environ.update(display_settings(os.environ))
