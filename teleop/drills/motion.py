"""How far the tools went: from the simulated cell's true state, which control publishes each tick.

The robot's own reading would not do: one drill freezes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from teleop.messages import NUM_ARMS, Array, SceneState

SITES = ("left_ee", "right_ee")


@dataclass(frozen=True)
class Motion:
    """Of one tool over a span of time, mm."""

    path_mm: float  # along the way
    moved_mm: float  # from the first point to the last


def motions(positions: Array) -> tuple[Motion, Motion]:
    """Return the motion of both tools.

    Args:
        positions: (N, 2, 3) m, one row an instant.
    """
    if len(positions) < 2:
        return Motion(0.0, 0.0), Motion(0.0, 0.0)
    path = np.linalg.norm(np.diff(positions, axis=0), axis=2).sum(axis=0) * 1e3
    moved = np.linalg.norm(positions[-1] - positions[0], axis=1) * 1e3
    left, right = (Motion(float(path[arm]), float(moved[arm])) for arm in range(NUM_ARMS))
    return left, right


def between(scenes: Iterable[SceneState], first_ns: int, last_ns: int) -> list[SceneState]:
    """Return the scenes from the last one before `first_ns` up to `last_ns`."""
    kept: list[SceneState] = []
    for scene in scenes:
        if scene.stamp_ns > last_ns:
            break
        if scene.stamp_ns < first_ns:
            kept.clear()
        kept.append(scene)
    return kept


def tool_positions(scenes: Sequence[SceneState]) -> Array:
    """Return where both tools were in each scene, (N, 2, 3) m, by the cell's kinematics."""
    # Only now: importing MuJoCo looks for OpenGL, which needs `prepare_display` before.
    import mujoco

    from teleop.cells.plug.scene import build_model

    model = build_model()
    data = mujoco.MjData(model)
    sites = [int(model.site(name).id) for name in SITES]
    positions = np.zeros((len(scenes), NUM_ARMS, 3))
    for row, scene in enumerate(scenes):
        data.qpos[:] = scene.qpos
        mujoco.mj_kinematics(model, data)
        positions[row] = data.site_xpos[sites]
    return positions
