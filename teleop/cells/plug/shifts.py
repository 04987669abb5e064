"""What a named distribution shows, beside how the parts lie in the hands: one look a scene.

`view` and `connector` are one moved pair of cameras and one other plug: a camera that was knocked
stays where it is, and the new plug is the same the next day. What differs from scene to scene is
small there. `clutter` is another bench in every scene.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Final

import mujoco
import numpy as np

from teleop.cells.plug.appearance import NOMINAL, Appearance, CameraError, Tint
from teleop.cells.plug.cameras import camera_axes
from teleop.cells.plug.clutter import sample_clutter
from teleop.cells.plug.connector import Connector
from teleop.cells.plug.geometry import Array

SHIFTS: Final = ("offset", "tilt", "connector", "view", "clutter")
"""the distributions that a policy taught on `near` is corrected on"""

# Which way along its picture's width each policy camera was pushed, and how far. It was also turned
# after the push, so that the parts come to lie near the picture's edge, and about its own axis.
MOVED_CAMERAS: Final = {"close_front": 1.0, "close_top": -1.0}
MOVED_M: Final = 0.015
MOVED_YAW_RAD: Final = np.deg2rad(3.0)
MOVED_ROLL_RAD: Final = np.deg2rad(2.65)
# What a camera's clamp gives from one scene to the next.
_PLAY_M: Final = 0.0006
_PLAY_RAD: Final = np.deg2rad(0.2)

OTHER_PLUG: Final = Connector(
    pin_length_m=0.0145,
    pin_radius_m=0.0021,
    head_half_m=(0.0195, 0.0135),
    round_head=True,
    trim_m=0.003,
    collar_m=0.0004,
)
_OTHER_TINTS: Final = (
    Tint("plug", (0.86, 0.84, 0.78)),
    Tint("plug_grip", (0.62, 0.60, 0.56)),
    Tint("plug_trim", (0.12, 0.42, 0.24)),
    Tint("pin", (0.55, 0.57, 0.60)),
)


def sample_look(distribution: str, seed: int) -> Appearance:
    """How the scene of that distribution and seed looks; the same ones give the same look."""
    sample = _LOOKS.get(distribution)
    if sample is None:
        return NOMINAL
    return sample(np.random.default_rng([seed, *distribution.encode(), 0x100C]))


def scene_name(distribution: str, seed: int) -> str:
    """What a scene is called in episodes and messages."""
    return f"plug/{distribution}/{seed}"


def look_of(scene: str) -> Appearance:
    """The look of the scene of that name; of any other name, the cell as built."""
    match scene.split("/"):
        case ["plug", distribution, seed] if seed.isdecimal():
            return sample_look(distribution, int(seed))
        case _:
            return NOMINAL


def _view(rng: np.random.Generator) -> Appearance:
    cameras = tuple(
        CameraError(
            fixed.camera,
            _vector(np.add(fixed.shift_m, rng.uniform(-_PLAY_M, _PLAY_M, 3))),
            _vector(np.add(fixed.turn_rad, rng.uniform(-_PLAY_RAD, _PLAY_RAD, 3))),
        )
        for fixed in _moved_cameras()
    )
    return replace(
        NOMINAL,
        cameras=cameras,
        light=0.75 + float(rng.uniform(-0.03, 0.03)),
        light_turn_rad=(0.35, -0.30, 0.20),
        ambient=1.2,
    )


@cache
def _moved_cameras() -> tuple[CameraError, ...]:
    """Where the knock left the cameras: 15 mm aside and turned by 4 degrees."""
    moved: list[CameraError] = []
    axes = camera_axes()
    for camera, way in MOVED_CAMERAS.items():
        right, into, up = (column for column in _matrix(axes[camera]).T)
        turn = way * (MOVED_ROLL_RAD * into - MOVED_YAW_RAD * up)
        moved.append(CameraError(camera, _vector(way * MOVED_M * right), _vector(turn)))
    return tuple(moved)


def _connector(rng: np.random.Generator) -> Appearance:
    tints = tuple(
        Tint(tint.material, _vector(np.add(tint.rgb, rng.normal(0.0, 0.01, 3))))
        for tint in _OTHER_TINTS
    )
    return replace(NOMINAL, tints=tints, connector=OTHER_PLUG)


def _clutter(rng: np.random.Generator) -> Appearance:
    return replace(NOMINAL, clutter=sample_clutter(rng))


def _matrix(quaternion: Array) -> Array:
    matrix = np.zeros(9)
    mujoco.mju_quat2Mat(matrix, quaternion)
    return matrix.reshape(3, 3)


def _vector(values: Array) -> tuple[float, float, float]:
    x, y, z = (float(v) for v in values)
    return x, y, z


_LOOKS: Final[dict[str, Callable[[np.random.Generator], Appearance]]] = {
    "connector": _connector,
    "view": _view,
    "clutter": _clutter,
}
