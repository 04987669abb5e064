"""The plug and the socket as MJCF: free bodies whose frames coincide when they are mated.

Each has a grip block with two round ridges a side: the pads touch the ridges only, so a tactile array shows two bars
whose place, length and slant tell how the part lies in the hand. The front ridge is the longer one.
"""

from typing import Final

from teleop.cells.plug.geometry import (
    HOLD_HALF_GAP_M,
    HOLE_DEPTH_M,
    HOLE_HALF_M,
    PIN_LENGTH_M,
    PIN_RADIUS_M,
    PIN_SPACING_M,
    PLUG_MASS_KG,
    PLUG_REACH_M,
    SOCKET_MASS_KG,
    SOCKET_REACH_M,
)

_RIDGE_RADIUS_M: Final = 0.004
_RIDGE_OUT_M: Final = 0.0018
_RIDGE_AT_M: Final = 0.007
_RIDGE_HALVES_M: Final = (0.0085, 0.0045)
# Half sizes across: the head of the plug and the face of the socket, y and z.
_HEAD_HALF_M: Final = (0.0165, 0.0095)
_FACE_HALF_M: Final = (0.0190, 0.0125)
_HEAD_LENGTH_M: Final = 0.013


def _ridges(name: str, middle_x: float, half_gap: float, along: str, forward: float) -> str:
    """Ridges on the two gripped sides of a block whose middle is at x = middle_x."""
    parts: list[str] = []
    depth = half_gap - _RIDGE_RADIUS_M
    for row, half in enumerate(_RIDGE_HALVES_M):
        x = middle_x + forward * (_RIDGE_AT_M if row == 0 else -_RIDGE_AT_M)
        for sign in (1.0, -1.0):
            if along == "y":
                ends = f"{x} {-half} {sign * depth} {x} {half} {sign * depth}"
            else:
                ends = f"{x} {sign * depth} {-half} {x} {sign * depth} {half}"
            parts.append(
                f'<geom name="{name}_ridge_{row}_{int(sign)}" class="grip" type="capsule" fromto="{ends}" '
                f'size="{_RIDGE_RADIUS_M}" material="{name}_grip"/>'
            )
    return "".join(parts)


def plug_xml() -> str:
    """The plug: grip block, head, two pins with round tips along +x."""
    half_gap = HOLD_HALF_GAP_M[0]
    block = half_gap - _RIDGE_OUT_M
    head_y, head_z = _HEAD_HALF_M
    # A capsule's round end reaches one radius beyond its segment, so the tip lies at PIN_LENGTH_M.
    pins = "".join(
        f'<geom name="pin_{i}" class="mate" type="capsule" material="pin" size="{PIN_RADIUS_M}" '
        f'fromto="-.006 {y} 0 {PIN_LENGTH_M - PIN_RADIUS_M} {y} 0"/>'
        f'<geom class="seen" type="cylinder" material="plug_trim" size="{PIN_RADIUS_M + 0.0016}" '
        f'fromto="-.002 {y} 0 .0006 {y} 0"/>'
        for i, y in enumerate((-PIN_SPACING_M / 2, PIN_SPACING_M / 2))
    )
    return f"""
<body name="plug">
  <freejoint name="plug"/>
  <inertial mass="{PLUG_MASS_KG}" pos="{-PLUG_REACH_M / 2} 0 0" diaginertia="1.4e-5 2.6e-5 2.8e-5"/>
  <geom name="plug_head" class="mate" type="box" material="plug" size="{_HEAD_LENGTH_M / 2} {head_y} {head_z}"
        pos="{-_HEAD_LENGTH_M / 2} 0 0"/>
  <geom name="plug_block" class="grip" type="box" material="plug" size=".0125 .0130 {block}"
        pos="{-PLUG_REACH_M} 0 0"/>
  <geom class="seen" type="box" material="plug_trim" size=".0012 {head_y + 0.0004} {head_z + 0.0004}"
        pos="{-_HEAD_LENGTH_M + 0.0035} 0 0"/>
  {_ridges("plug", -PLUG_REACH_M, half_gap, "y", 1.0)}
  {pins}
</body>"""


def socket_xml() -> str:
    """The socket: a block with two square holes along x, open at x = 0; the face has a rim in another colour."""
    half_gap = HOLD_HALF_GAP_M[1]
    block = half_gap - _RIDGE_OUT_M
    face_y, face_z = _FACE_HALF_M
    inner = PIN_SPACING_M / 2 - HOLE_HALF_M
    outer = PIN_SPACING_M / 2 + HOLE_HALF_M
    half_depth = HOLE_DEPTH_M / 2
    shell_z = (face_z - HOLE_HALF_M) / 2
    side_y = (face_y - outer) / 2

    def wall(name: str, y: float, z: float, half_y: float, half_z: float) -> str:
        return (
            f'<geom name="socket_{name}" class="mate" type="box" material="socket" '
            f'size="{half_depth} {half_y} {half_z}" pos="{half_depth} {y} {z}"/>'
        )

    walls = (
        wall("top", 0.0, HOLE_HALF_M + shell_z, face_y, shell_z)
        + wall("bottom", 0.0, -HOLE_HALF_M - shell_z, face_y, shell_z)
        + wall("middle", 0.0, 0.0, inner, HOLE_HALF_M)
        + wall("far", outer + side_y, 0.0, side_y, HOLE_HALF_M)
        + wall("near", -outer - side_y, 0.0, side_y, HOLE_HALF_M)
    )
    holes = "".join(
        f'<geom class="seen" type="box" material="hole" size=".0005 {HOLE_HALF_M} {HOLE_HALF_M}" '
        f'pos="{HOLE_DEPTH_M - 0.001} {y} 0"/>'
        f'<geom class="seen" type="box" material="hole" size=".0004 {HOLE_HALF_M + 0.0012} {HOLE_HALF_M + 0.0012}" '
        f'pos=".0002 {y} 0"/>'
        for y in (-PIN_SPACING_M / 2, PIN_SPACING_M / 2)
    )
    back = (SOCKET_REACH_M + 0.0125 - HOLE_DEPTH_M) / 2
    return f"""
<body name="socket">
  <freejoint name="socket"/>
  <inertial mass="{SOCKET_MASS_KG}" pos="{SOCKET_REACH_M / 2} 0 0" diaginertia="2.2e-5 3.4e-5 4.0e-5"/>
  {walls}{holes}
  <geom name="socket_block" class="grip" type="box" material="socket" size="{back} {block} .0130"
        pos="{HOLE_DEPTH_M + back} 0 0"/>
  <geom class="seen" type="box" material="socket_trim" size=".0012 {face_y + 0.0004} {face_z + 0.0004}"
        pos=".0055 0 0"/>
  {_ridges("socket", SOCKET_REACH_M, half_gap, "z", -1.0)}
</body>"""
