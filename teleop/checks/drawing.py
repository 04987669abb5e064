"""Whether MuJoCo and Qt can draw here; each is tried in a process of its own, which may crash."""

import os
from collections.abc import Mapping

from teleop.checks import Check, Outcome
from teleop.checks.trial import tried
from teleop.display import display_settings, has_screen

TIME_LIMIT_S = 60.0
LIBRARIES = (
    "Run `make setup` as root, or `tools/system-packages` for the list of libraries to install"
)

_RENDER = """
import mujoco
from OpenGL import GL
model = mujoco.MjModel.from_xml_string(
    "<mujoco><worldbody><light pos='0 0 3'/><geom size='1' rgba='1 0 0 1'/></worldbody></mujoco>")
data = mujoco.MjData(model)
mujoco.mj_forward(model, data)
with mujoco.Renderer(model, 48, 64) as renderer:
    renderer.update_scene(data)
    if renderer.render()[24, 32, 0] < 10:
        raise SystemExit("the picture is black")
    name = GL.glGetString(GL.GL_RENDERER)
print(f"mujoco {mujoco.__version__} on {name.decode() if name else 'an unnamed renderer'}")
"""

_WINDOW = """
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
widget = QWidget()
widget.show()
application.processEvents()
print(application.platformName())
"""


def check_rendering(program: str = _RENDER, environ: Mapping[str, str] | None = None) -> Check:
    """Check that MuJoCo renders a picture without a screen."""
    environ = os.environ if environ is None else environ
    found, works = _drawn(program, environ)
    if works:
        return Check("Simulation pictures", Outcome.OK, found)
    advice = f"{LIBRARIES} (libegl1 and libgl1-mesa-dri draw without a graphics card)."
    return Check("Simulation pictures", Outcome.FAIL, found, advice)


def check_window(program: str = _WINDOW, environ: Mapping[str, str] | None = None) -> Check:
    """Check that Qt starts, on the screen if there is one."""
    environ = os.environ if environ is None else environ
    found, works = _drawn(program, environ)
    if not works:
        return Check("Window", Outcome.FAIL, found, f"{LIBRARIES}.")
    if not has_screen(environ):
        advice = "Fine for an unattended demo; set DISPLAY to see the window."
        return Check("Window", Outcome.WARN, f"no screen: Qt draws {found}", advice)
    return Check("Window", Outcome.OK, f"a screen, through {found}")


def _drawn(program: str, environ: Mapping[str, str]) -> tuple[str, bool]:
    return tried(program, dict(environ) | display_settings(environ), TIME_LIMIT_S)
