"""Loading MuJoCo together with OpenGL, with one sentence where that is not possible.

Without the EGL library `import mujoco` itself fails, from deep inside PyOpenGL. A program that is
going to draw therefore calls `require_rendering` before it imports anything of a cell.
"""

import importlib

from teleop.display import prepare_display
from teleop.errors import SetupError


def require_rendering() -> None:
    """Choose how to draw off-screen, and load what it takes.

    Raises:
        SetupError: there is no OpenGL to draw with.
    """
    prepare_display()
    try:
        importlib.import_module("mujoco")
    except (ImportError, AttributeError, OSError) as error:
        raise SetupError(
            f"The simulated cameras cannot be drawn: MuJoCo found no EGL ({error}). Install "
            "libegl1, libgl1-mesa-dri and libopengl0, then see `nudge doctor`."
        ) from error
