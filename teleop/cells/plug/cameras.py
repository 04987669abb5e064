"""The cell's cameras: where they are, and drawing them here or in another process.

Two close-ups resolve about a millimetre a pixel at 96 px, from tips 60 mm off the face to fully
mated; a room view cannot see a misalignment of 2 mm. Without a GPU the number of triangles counts
more than the number of pixels, so the close-ups leave the arms out and round things are coarse.
"""

from dataclasses import dataclass
from typing import Final

import mujoco
import numpy as np
from numpy.typing import NDArray

from teleop.cells.plug.geometry import MEETING_FACE_M
from teleop.cells.plug.grasp import quaternion_of_matrix
from teleop.cells.plug.mjcf import tag
from teleop.errors import SetupError

Pixels = NDArray[np.uint8]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """One camera.

    Attributes:
        width, height: px.
        eye: position in the world, m.
        look_at: point in the middle of the picture, m.
        fovy_deg: vertical angle of view.
        arms: whether the arms are drawn, or only hands and parts in the room.
        slices: facets of a round thing.
    """

    width: int
    height: int
    eye: tuple[float, float, float]
    look_at: tuple[float, float, float]
    fovy_deg: float
    arms: bool = True
    slices: int = 12


_X, _Y, _Z = MEETING_FACE_M
_MIDDLE: Final = (_X - 0.021, _Y, _Z)
OPERATOR_VIEW: Final = "operator"
CAMERAS: Final[dict[str, CameraSpec]] = {
    "close_front": CameraSpec(
        96, 96, (_X - 0.085, _Y - 0.26, _Z + 0.03), _MIDDLE, 24.0, arms=False
    ),
    "close_top": CameraSpec(96, 96, (_X - 0.085, _Y - 0.03, _Z + 0.26), _MIDDLE, 24.0, arms=False),
    "overhead": CameraSpec(160, 120, (0.0, -0.35, 1.75), (0.0, 0.05, 0.15), 48.0),
    OPERATOR_VIEW: CameraSpec(640, 480, (0.40, -1.32, 0.90), (0.045, 0.08, 0.29), 45.0, slices=16),
}


def cameras_xml() -> str:
    """All cameras as MJCF; up in a picture is up in the world or, looking down, +y."""
    return "".join(_camera_xml(name, spec) for name, spec in CAMERAS.items())


def camera_axes() -> dict[str, Array]:
    """Quaternions (4,), w first, that turn a picture's axes into the world's.

    The axes are x to the picture's right, y into it, z up in it. Where the cell's looks vary, a
    camera is turned by some degrees, which is left out here.
    """
    axes: dict[str, Array] = {}
    for name, spec in CAMERAS.items():
        right, up = right_and_up(spec)
        into = np.cross(up, right)
        axes[name] = quaternion_of_matrix(np.column_stack((right, into, up)))
        axes[name].flags.writeable = False
    return axes


def _camera_xml(name: str, spec: CameraSpec) -> str:
    axes = tuple(float(v) for v in np.concatenate(right_and_up(spec)))
    return tag("camera", name=name, pos=spec.eye, xyaxes=axes, fovy=spec.fovy_deg)


def right_and_up(spec: CameraSpec) -> tuple[Array, Array]:
    """The picture's right and up as unit vectors (3,) of the world, before any camera error."""
    back = np.subtract(spec.eye, spec.look_at)
    back /= np.linalg.norm(back)
    up = np.array([0.0, 0.0, 1.0]) if abs(back[2]) < 0.9 else np.array([0.0, 1.0, 0.0])
    right = np.cross(up, back)
    right /= np.linalg.norm(right)
    return right, np.cross(back, right)


class CellCamera:
    """Draws one camera of the cell. Must be used in the thread that created it."""

    def __init__(self, model: mujoco.MjModel, name: str, fine: bool = False) -> None:
        """Open a drawing context.

        Args:
            model: the cell; its look may be changed later through `appearance`.
            name: one of `CAMERAS`.
            fine: smooth edges, round tubes and shadows, at five times the cost; for stills.

        Raises:
            SetupError: nothing here can draw.
        """
        self.spec = CAMERAS[name]
        self._camera = int(model.camera(name).id)
        quality = model.vis.quality
        before = (quality.numslices, quality.numstacks, quality.offsamples)
        slices = 36 if fine else self.spec.slices
        quality.numslices, quality.numstacks = slices, slices // 2
        quality.offsamples = 4 if fine else 0
        try:
            self._renderer = mujoco.Renderer(model, self.spec.height, self.spec.width, max_geom=400)
        except (RuntimeError, ImportError, AttributeError) as error:
            raise SetupError(
                "The simulated cameras cannot be drawn: MuJoCo found no OpenGL. Install libegl1, "
                f"libgl1-mesa-dri and libopengl0, or set MUJOCO_GL=osmesa ({error})."
            ) from error
        finally:
            quality.numslices, quality.numstacks, quality.offsamples = before
        self._option = mujoco.MjvOption()
        self._option.geomgroup[:] = 0
        self._option.geomgroup[[0, 2]] = 1
        self._option.geomgroup[1] = int(self.spec.arms)
        # Painted shade stands in for shadows.
        self._option.geomgroup[3] = int(self.spec.arms and not fine)
        self._option.sitegroup[:] = 0
        self._renderer.scene.flags[mujoco.mjtRndFlag.mjRND_SHADOW] = int(fine)

    def render(self, data: mujoco.MjData) -> Pixels:
        """The picture, (height, width, 3), of data whose kinematics are up to date."""
        self._renderer.update_scene(data, self._camera, self._option)
        return self._renderer.render()

    def close(self) -> None:
        """Free the drawing context."""
        self._renderer.close()


def scene_state(data: mujoco.MjData) -> Array:
    """All that another process needs to draw the scene: a copy of qpos, (nq,)."""
    return np.array(data.qpos)


def pose_scene(model: mujoco.MjModel, data: mujoco.MjData, state: Array) -> None:
    """Make `data` drawable at `state` without any physics."""
    data.qpos[:] = state
    mujoco.mj_kinematics(model, data)
    mujoco.mj_camlight(model, data)
