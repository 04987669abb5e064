"""Simulated cells: the tasks a newcomer can run without a robot.

On Linux the pictures are drawn by EGL, which needs neither a screen nor a window, and llvmpipe
(drawing without a GPU) is kept in the calling thread: small pictures are slower when they are
spread over cores. Both can be overridden from the environment, and both must be set before MuJoCo
is imported.
"""

import os
import sys

if sys.platform.startswith("linux"):
    os.environ.setdefault("MUJOCO_GL", "egl")
    os.environ.setdefault("LP_NUM_THREADS", "0")
