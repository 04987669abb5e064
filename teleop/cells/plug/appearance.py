"""How the cell looks, as a value: colours, light, camera errors, things about, the plug's shape.

Only arrays of the model that drawing reads are changed, never what the physics reads, save for the
plug's shape, which both read. Nothing is recompiled but a plug that was never seen before, so
thousands of looks a second can be tried.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import mujoco
import numpy as np

from teleop.cells.plug.cameras import CAMERAS
from teleop.cells.plug.clutter import Thing, place_clutter, sample_clutter
from teleop.cells.plug.connector import PLUG, Connector
from teleop.cells.plug.geometry import HOLE_DEPTH_M, SIDES, Array
from teleop.cells.plug.grasp import quaternion_of
from teleop.cells.plug.scene import build_model

Vector = tuple[float, float, float]
_ZERO: Final[Vector] = (0.0, 0.0, 0.0)

# Parts that change colour as one; a trim keeps its own.
_COLOURED: Final = (
    ("plug", "plug_grip"),
    ("plug_trim",),
    ("pin",),
    ("socket", "socket_grip"),
    ("socket_trim",),
    ("finger",),
    ("rubber",),
    ("palm",),
    ("table", "mat"),
    ("floor",),
)
_FINGER_LOOKS: Final = tuple(
    f"{side}_finger_{i}_{part}_look"
    for side in SIDES
    for i in range(2)
    for part in ("pad", "tip", "bone")
)


@dataclass(frozen=True, slots=True)
class Tint:
    """A material and its colour, red, green, blue in 0..1."""

    material: str
    rgb: Vector


@dataclass(frozen=True, slots=True)
class CameraError:
    """A camera that is not quite where it should be: shift (m) and turn (rad) in the world."""

    camera: str
    shift_m: Vector
    turn_rad: Vector


@dataclass(frozen=True, slots=True)
class FingerLook:
    """The look of one finger part, off in place (m), attitude (rad) and size (factor)."""

    geom: str
    shift_m: Vector
    turn_rad: Vector
    scale: Vector


@dataclass(frozen=True, slots=True)
class HandLook:
    """All finger looks of one hand, moved together as a part that is gripped elsewhere would show.

    Attributes:
        side: of the hand.
        shift_m: along ee x and ee z, m.
        turn_rad: about ee y, the closing axis, through the middle of the pads.
    """

    side: str
    shift_m: tuple[float, float]
    turn_rad: float


@dataclass(frozen=True, slots=True)
class Appearance:
    """One look of the cell. The default is the cell as built."""

    tints: tuple[Tint, ...] = ()
    light: float = 1.0
    light_turn_rad: Vector = _ZERO
    ambient: float = 1.0
    cameras: tuple[CameraError, ...] = ()
    hands: tuple[HandLook, ...] = ()
    fingers: tuple[FingerLook, ...] = ()
    connector: Connector = PLUG
    clutter: tuple[Thing, ...] = ()


NOMINAL: Final = Appearance()
_CONNECTORS: Final = 24


def sample_appearance(
    rng: np.random.Generator, *, connectors: bool = False, clutter: bool = False
) -> Appearance:
    """Draw a look: slightly off the cell's own, or with half of its colours anything.

    Args:
        rng: what it is drawn with.
        connectors: the plug may have another shape, in half of the looks; the physics reads it too.
        clutter: things stand about, in half of the looks.
    """
    look = _sample_look(rng)
    if connectors and rng.uniform() < 0.5:
        look = replace(look, connector=some_connectors()[int(rng.integers(_CONNECTORS))])
    if clutter and rng.uniform() < 0.5:
        look = replace(look, clutter=sample_clutter(rng))
    return look


@cache
def some_connectors() -> tuple[Connector, ...]:
    """Plugs of many shapes, always the same ones: each has to be compiled once."""
    rng = np.random.default_rng(0xC0)
    return tuple(
        Connector(
            pin_length_m=float(rng.uniform(0.012, HOLE_DEPTH_M - 0.0005)),
            pin_radius_m=float(rng.uniform(0.0019, 0.0025)),
            head_half_m=(float(rng.uniform(0.014, 0.020)), float(rng.uniform(0.008, 0.014))),
            round_head=bool(rng.uniform() < 0.4),
            trim_m=float(rng.uniform(0.002, 0.011)),
            collar_m=float(rng.uniform(0.0003, 0.0025)),
        )
        for _ in range(_CONNECTORS)
    )


def _sample_look(rng: np.random.Generator) -> Appearance:
    return Appearance(
        tints=tuple(_sample_tints(rng)),
        light=float(rng.uniform(0.6, 1.25)),
        light_turn_rad=_vector(rng, 0.5),
        ambient=float(rng.uniform(0.7, 1.3)),
        cameras=tuple(
            CameraError(name, _vector(rng, 0.003), _vector(rng, 0.012)) for name in CAMERAS
        ),
        hands=tuple(
            HandLook(
                side,
                (float(rng.uniform(-0.008, 0.008)), float(rng.uniform(-0.003, 0.003))),
                float(rng.uniform(-0.13, 0.13)),
            )
            for side in SIDES
        ),
        fingers=tuple(
            FingerLook(name, _vector(rng, 0.0025), _vector(rng, 0.07), _vector(rng, 0.15, 1.0))
            for name in _FINGER_LOOKS
        ),
    )


def apply(model: mujoco.MjModel, appearance: Appearance) -> None:
    """Make the model look so; `apply(model, NOMINAL)` restores the cell as built, exactly."""
    plain = _plain_model(appearance.connector)
    for array in _geom_arrays():
        getattr(model, array)[:] = getattr(plain, array)
    model.mat_rgba[:] = plain.mat_rgba
    model.mat_texid[:] = plain.mat_texid
    model.light_diffuse[:] = plain.light_diffuse * appearance.light
    model.light_dir[:] = plain.light_dir @ _rotation(appearance.light_turn_rad).T
    model.vis.headlight.ambient[:] = plain.vis.headlight.ambient * appearance.ambient
    model.cam_pos[:], model.cam_quat[:] = plain.cam_pos, plain.cam_quat
    for tint in appearance.tints:
        material = model.material(tint.material).id
        model.mat_rgba[material, :3] = tint.rgb
        model.mat_texid[material] = -1
    for camera in appearance.cameras:
        index = model.camera(camera.camera).id
        model.cam_pos[index] += camera.shift_m
        model.cam_quat[index] = _turned(camera.turn_rad, plain.cam_quat[index])
    for hand in appearance.hands:
        _move_hand(model, hand)
    for finger in appearance.fingers:
        index = model.geom(finger.geom).id
        model.geom_pos[index] += finger.shift_m
        model.geom_quat[index] = _turned(finger.turn_rad, model.geom_quat[index])
        model.geom_size[index] *= finger.scale
    place_clutter(model, appearance.clutter)


def _move_hand(model: mujoco.MjModel, hand: HandLook) -> None:
    for name in _FINGER_LOOKS:
        if not name.startswith(hand.side):
            continue
        # The second finger's frame is the hand's turned half around z: its x and y point back.
        sign = 1.0 if "_finger_0_" in name else -1.0
        index = model.geom(name).id
        turn = (0.0, sign * hand.turn_rad, 0.0)
        shift = np.array([sign * hand.shift_m[0], 0.0, hand.shift_m[1]])
        model.geom_pos[index] = _rotation(turn) @ model.geom_pos[index] + shift
        model.geom_quat[index] = _turned(turn, model.geom_quat[index])


@cache
def _plain_model(connector: Connector = PLUG) -> mujoco.MjModel:
    """The cell as built with that plug, to restore from."""
    return build_model(connector)


@cache
def _geom_arrays() -> tuple[str, ...]:
    """Everything that depends on the shape of a geom: its own arrays, and the trees of boxes.

    Contacts are first sought with the boxes: with another plug's they would be overlooked.
    """
    plain = _plain_model()
    names = [name for name in dir(plain) if name.startswith(("geom_", "bvh_"))]
    return tuple(name for name in names if isinstance(getattr(plain, name), np.ndarray))


def _sample_tints(rng: np.random.Generator) -> list[Tint]:
    plain = _plain_model()
    tints: list[Tint] = []
    own_look = rng.uniform() < 0.3
    for group in _COLOURED:
        anything = not own_look and rng.uniform() < 0.5
        colour, shift = rng.uniform(0.03, 0.97, 3), rng.normal(0.0, 0.05, 3)
        for material in group:
            own = plain.mat_rgba[plain.material(material).id, :3]
            shade = colour * rng.uniform(0.8, 1.0) if anything else own + shift
            red, green, blue = (float(v) for v in np.clip(shade, 0.02, 1.0))
            tints.append(Tint(material, (red, green, blue)))
    return tints


def _vector(rng: np.random.Generator, spread: float, middle: float = 0.0) -> Vector:
    x, y, z = (float(v) for v in rng.uniform(middle - spread, middle + spread, 3))
    return x, y, z


def _turned(turn_rad: Vector, quaternion: Array) -> Array:
    result = np.zeros(4)
    mujoco.mju_mulQuat(result, quaternion_of(np.array(turn_rad)), quaternion)
    return result


def _rotation(turn_rad: Vector) -> Array:
    matrix = np.zeros(9)
    mujoco.mju_quat2Mat(matrix, quaternion_of(np.array(turn_rad)))
    return matrix.reshape(3, 3)
