"""Everything around the arms as MJCF: colours, light, floor, table."""

from typing import Final

from teleop.cells.plug.mjcf import tag

TABLE_HALF_M: Final = (1.00, 0.56, 0.02)
_TABLE_Y_M: Final = 0.12
_FLOOR_Z_M: Final = -0.76

# Name, colour, specular, shininess. The names are what `appearance` changes.
_MATERIALS: Final = (
    ("table", (0.34, 0.37, 0.40), 0.15, 0.2),
    ("table_edge", (0.80, 0.65, 0.47), 0.2, 0.3),
    ("steel", (0.62, 0.65, 0.68), 0.5, 0.6),
    ("mat", (0.27, 0.30, 0.33), 0.05, 0.1),
    ("mat_edge", (0.10, 0.48, 0.62), 0.05, 0.1),
    ("shell", (0.88, 0.90, 0.92), 0.45, 0.55),
    ("joint", (0.25, 0.28, 0.32), 0.3, 0.4),
    ("accent", (0.10, 0.48, 0.62), 0.4, 0.5),
    ("sensor", (0.55, 0.58, 0.62), 0.6, 0.7),
    ("palm", (0.20, 0.22, 0.25), 0.3, 0.4),
    ("finger", (0.38, 0.41, 0.45), 0.4, 0.5),
    ("rubber", (0.93, 0.52, 0.16), 0.1, 0.2),
    ("plug", (0.13, 0.15, 0.18), 0.35, 0.4),
    ("plug_grip", (0.22, 0.25, 0.29), 0.2, 0.3),
    ("plug_trim", (0.85, 0.30, 0.20), 0.2, 0.3),
    ("pin", (0.88, 0.70, 0.28), 0.8, 0.8),
    ("socket", (0.92, 0.92, 0.89), 0.3, 0.4),
    ("socket_grip", (0.78, 0.79, 0.77), 0.2, 0.3),
    ("socket_trim", (0.16, 0.50, 0.60), 0.2, 0.3),
    ("hole", (0.06, 0.06, 0.07), 0.0, 0.0),
)


def materials_xml() -> str:
    """Colours of the whole cell."""
    plain = "".join(
        tag("material", name=name, rgba=(*rgb, 1.0), specular=specular, shininess=shininess)
        for name, rgb, specular, shininess in _MATERIALS
    )
    return plain + (
        tag(
            "texture",
            name="sky",
            type="skybox",
            builtin="gradient",
            rgb1=(0.66, 0.71, 0.76),
            rgb2=(0.36, 0.41, 0.47),
            width=64,
            height=384,
        )
        + tag(
            "texture",
            name="floor",
            type="2d",
            builtin="checker",
            rgb1=(0.57, 0.59, 0.61),
            rgb2=(0.54, 0.56, 0.58),
            mark="edge",
            markrgb=(0.48, 0.50, 0.52),
            width=256,
            height=256,
        )
        + tag("material", name="floor", texture="floor", texrepeat=(6, 6), specular=0.1)
    )


def _lights() -> str:
    return tag(
        "light",
        name="key",
        pos=(-0.9, -1.3, 2.2),
        dir=(0.42, 0.58, -0.92),
        type="directional",
        diffuse=(0.60, 0.59, 0.56),
        specular=(0.35, 0.35, 0.35),
    ) + tag(
        "light",
        name="fill",
        pos=(1.4, -0.6, 1.6),
        dir=(-0.7, 0.35, -0.75),
        type="directional",
        diffuse=(0.26, 0.28, 0.32),
        specular=(0.1, 0.1, 0.1),
        castshadow="false",
    )


def _legs() -> str:
    half_x, half_y, half_z = TABLE_HALF_M
    half = (-_FLOOR_Z_M - 2 * half_z) / 2
    return "".join(
        tag(
            "geom",
            kind="look",
            type="box",
            size=(0.035, 0.035, half),
            pos=(
                x * (half_x - 0.08),
                _TABLE_Y_M + y * (half_y - 0.08),
                -2 * half_z - half,
            ),
            material="steel",
        )
        for x in (-1, 1)
        for y in (-1, 1)
    )


def room_xml(base_xy: tuple[tuple[float, float], ...]) -> str:
    """Floor, table, lights, a mat under the meeting point, soft shade under the bases.

    Args:
        base_xy: where the arms stand, m.
    """
    half_x, half_y, half_z = TABLE_HALF_M

    def slab(kind: str, material: str, size: tuple[float, float, float], z: float, y: float) -> str:
        return tag("geom", kind=kind, type="box", size=size, pos=(0, y, z), material=material)

    shades = "".join(
        tag(
            "geom",
            kind="look",
            group=3,
            type="cylinder",
            size=(radius, 0.0004),
            pos=(x + 0.02, y + 0.02, 0.0004),
            rgba=(0.05, 0.06, 0.07, 0.22),
        )
        for x, y in base_xy
        for radius in (0.115, 0.140)
    )
    return (
        _lights()
        + tag(
            "geom",
            kind="room",
            type="plane",
            size=(6, 6, 0.1),
            pos=(0, 0, _FLOOR_Z_M),
            material="floor",
        )
        + tag(
            "geom",
            name="table",
            kind="touch",
            type="box",
            group=2,
            size=TABLE_HALF_M,
            pos=(0, _TABLE_Y_M, -half_z),
            material="table",
        )
        + slab(
            "look",
            "table_edge",
            (half_x + 0.012, half_y + 0.012, half_z - 0.004),
            -half_z - 0.003,
            _TABLE_Y_M,
        )
        + slab("look", "mat_edge", (0.265, 0.175, 0.0008), 0.0008, 0.0)
        + slab("look", "mat", (0.26, 0.17, 0.0014), 0.0014, 0.0)
        + _legs()
        + shades
    )
