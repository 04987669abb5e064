"""A camera of the simulated cell, drawn from the scene's positions and name alone.

It has its own copy of the model, so it can live in another process than the physics.
"""

import mujoco
import numpy as np

from teleop.cells.plug.appearance import apply
from teleop.cells.plug.cameras import CellCamera, pose_scene
from teleop.cells.plug.shifts import look_of
from teleop.interfaces import Image
from teleop.messages import SceneState


class MujocoCamera:
    """Implements `teleop.interfaces.Camera`. To be used in the thread that made it.

    Args:
        model: the compiled cell.
        name: one of `teleop.cells.plug.cameras.CAMERAS`.

    Raises:
        SetupError: there is no OpenGL to draw with.
    """

    def __init__(self, model: mujoco.MjModel, name: str) -> None:
        self._name = name
        self._model = model
        self._data = mujoco.MjData(model)
        self._camera = CellCamera(model, name)
        self._scene = ""
        mujoco.mj_forward(model, self._data)

    @property
    def name(self) -> str:
        return self._name

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of an image: (height, width, 3)."""
        return (self._camera.spec.height, self._camera.spec.width, 3)

    def place(self, scene: SceneState) -> None:
        """Draw this scene from now on.

        Raises:
            ValueError: the scene is of another model.
        """
        if scene.qpos.shape != self._data.qpos.shape:
            raise ValueError(
                f"the scene has {len(scene.qpos)} positions, the model {len(self._data.qpos)}"
            )
        if scene.name != self._scene:
            apply(self._model, look_of(scene.name))
            self._scene = scene.name
        pose_scene(self._model, self._data, scene.qpos)

    def capture(self) -> Image:
        """The picture of the scene placed last, RGB."""
        return np.asarray(self._camera.render(self._data), dtype=np.uint8)

    def close(self) -> None:
        self._camera.close()
