"""Things that stand about behind and below the parts: seen by the cameras, touched by nothing.

The model holds a fixed number of them, which are not drawn until a look brings them out. Real
benches are never empty, and a policy taught before an empty one looks at whatever is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import mujoco
import numpy as np

from teleop.cells.plug.geometry import MEETING_FACE_M
from teleop.cells.plug.mjcf import tag

Vector = tuple[float, float, float]
Shape = Literal["box", "cylinder", "sphere"]

COUNT: Final = 12
# The group of geoms that every camera draws.
_SEEN: Final = 0
_TYPES: Final[dict[Shape, int]] = {
    "box": int(mujoco.mjtGeom.mjGEOM_BOX),
    "cylinder": int(mujoco.mjtGeom.mjGEOM_CYLINDER),
    "sphere": int(mujoco.mjtGeom.mjGEOM_SPHERE),
}
_SHAPES: Final[tuple[Shape, ...]] = ("box", "box", "cylinder", "sphere")
# Nearer to the parts a thing would stand where a part or a hand passes.
_CLEAR_M: Final = 0.045


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing.

    Attributes:
        shape: of it.
        size_m: half sizes; of a cylinder radius and half height, of a sphere the radius counts.
        at_m: its middle in the world.
        turn_rad: about the vertical.
        rgb: red, green, blue in 0..1.
    """

    shape: Shape
    size_m: Vector
    at_m: Vector
    turn_rad: float
    rgb: Vector


def sample_clutter(rng: np.random.Generator) -> tuple[Thing, ...]:
    """Draw what stands about: half of it behind the parts, half below them, in any colours."""
    return tuple(_sample_thing(rng, behind=index % 2 == 0) for index in range(COUNT))


def _sample_thing(rng: np.random.Generator, behind: bool) -> Thing:
    x, y, z = MEETING_FACE_M
    shape = _SHAPES[int(rng.integers(len(_SHAPES)))]
    first, second, third = (float(v) for v in rng.uniform(0.008, 0.035, 3))
    reach = max(first, second, third) if shape != "box" else float(np.hypot(first, second))
    across = x - 0.02 + float(rng.uniform(-0.09, 0.09))
    if behind:
        at = (across, y + _CLEAR_M + reach + float(rng.uniform(0.0, 0.12)), z + _either(rng, 0.06))
    else:
        drop = _CLEAR_M + max(first, second, third) + float(rng.uniform(0.0, 0.12))
        at = (across, y + _either(rng, 0.07), z - drop)
    red, green, blue = (float(v) for v in rng.uniform(0.03, 0.97, 3))
    turn = float(rng.uniform(0.0, np.pi))
    return Thing(shape, (first, second, third), at, turn, (red, green, blue))


def _either(rng: np.random.Generator, most: float) -> float:
    return float(rng.uniform(-most, most))


def clutter_xml() -> str:
    """The things as MJCF, where no camera draws them.

    Their place is off the world's origin and turned, or MuJoCo would take a short cut past the
    place that they are given later.
    """
    return "".join(
        tag(
            "geom",
            name=_name(index),
            kind="skin",
            type="box",
            size=(0.01, 0.01, 0.01),
            pos=(0.0, 0.1, 0.1),
            euler=(0.0, 0.0, 30.0),
        )
        for index in range(COUNT)
    )


def place_clutter(model: mujoco.MjModel, things: Sequence[Thing]) -> None:
    """Bring out the things; those of the model that are not given stay as they are."""
    for index, thing in enumerate(things):
        geom = model.geom(_name(index)).id
        model.geom_type[geom] = _TYPES[thing.shape]
        model.geom_size[geom] = thing.size_m
        model.geom_pos[geom] = thing.at_m
        half = thing.turn_rad / 2
        model.geom_quat[geom] = (np.cos(half), 0.0, 0.0, np.sin(half))
        model.geom_rgba[geom] = (*thing.rgb, 1.0)
        model.geom_group[geom] = _SEEN


def _name(index: int) -> str:
    return f"clutter_{index}"
