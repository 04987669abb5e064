"""Everything around the arms as MJCF: colours, light, floor, table."""

from typing import Final

TABLE_HALF_M: Final = (1.05, 0.62, 0.02)
_TABLE_Y_M: Final = 0.10
_FLOOR_Z_M: Final = -0.76


def materials_xml() -> str:
    """Colours of the whole cell; the names are what `appearance` changes."""
    return """
<texture name="sky" type="skybox" builtin="gradient" rgb1=".80 .84 .88" rgb2=".52 .58 .64" width="64" height="384"/>
<texture name="floor" type="2d" builtin="checker" rgb1=".56 .58 .60" rgb2=".53 .55 .57" mark="edge"
         markrgb=".47 .49 .51" width="256" height="256"/>
<texture name="table" type="2d" builtin="flat" rgb1=".30 .33 .36" rgb2=".30 .33 .36" mark="random"
         markrgb=".34 .37 .40" random=".03" width="256" height="256"/>
<material name="floor" texture="floor" texrepeat="6 6" specular=".1"/>
<material name="table" texture="table" texrepeat="4 3" specular=".15" shininess=".2"/>
<material name="table_edge" rgba=".78 .62 .44 1" specular=".2"/>
<material name="steel" rgba=".62 .65 .68 1" specular=".5" shininess=".6"/>
<material name="mat" rgba=".24 .27 .30 1" specular=".05"/>
<material name="shell" rgba=".88 .90 .92 1" specular=".45" shininess=".55"/>
<material name="joint" rgba=".25 .28 .32 1" specular=".3" shininess=".4"/>
<material name="accent" rgba=".10 .48 .62 1" specular=".4" shininess=".5"/>
<material name="sensor" rgba=".55 .58 .62 1" specular=".6" shininess=".7"/>
<material name="palm" rgba=".20 .22 .25 1" specular=".3" shininess=".4"/>
<material name="finger" rgba=".38 .41 .45 1" specular=".4" shininess=".5"/>
<material name="rubber" rgba=".93 .52 .16 1" specular=".1"/>
<material name="plug" rgba=".13 .15 .18 1" specular=".35" shininess=".4"/>
<material name="plug_grip" rgba=".22 .25 .29 1" specular=".2"/>
<material name="plug_trim" rgba=".85 .30 .20 1" specular=".2"/>
<material name="pin" rgba=".88 .70 .28 1" specular=".8" shininess=".8"/>
<material name="socket" rgba=".92 .92 .89 1" specular=".3" shininess=".4"/>
<material name="socket_grip" rgba=".78 .79 .77 1" specular=".2"/>
<material name="socket_trim" rgba=".16 .50 .60 1" specular=".2"/>
<material name="hole" rgba=".06 .06 .07 1" specular="0"/>
"""


def room_xml() -> str:
    """Floor, table with a mat under the meeting point, and lights."""
    half_x, half_y, half_z = TABLE_HALF_M
    leg = (_FLOOR_Z_M - 2 * half_z) / 2
    legs = "".join(
        f'<geom class="look" type="box" size=".035 .035 {-leg - half_z}" material="steel" '
        f'pos="{x * (half_x - 0.08)} {_TABLE_Y_M + y * (half_y - 0.08)} {leg}"/>'
        for x in (-1, 1)
        for y in (-1, 1)
    )
    return f"""
<light name="key" pos="-.9 -1.3 2.2" dir=".42 .58 -.92" directional="true" diffuse=".62 .61 .58"
       specular=".35 .35 .35" ambient="0 0 0"/>
<light name="fill" pos="1.4 -.6 1.6" dir="-.7 .35 -.75" directional="true" diffuse=".26 .28 .32" specular=".1 .1 .1"
       castshadow="false"/>
<geom class="room" name="floor" type="plane" size="6 6 .1" pos="0 0 {_FLOOR_Z_M}" material="floor"/>
<geom name="table" class="touch" type="box" group="2" size="{half_x} {half_y} {half_z}"
      pos="0 {_TABLE_Y_M} {-half_z}" material="table"/>
<geom class="look" type="box" size="{half_x + 0.012} {half_y + 0.012} {half_z - 0.004}"
      pos="0 {_TABLE_Y_M} {-half_z - 0.003}" material="table_edge"/>
<geom class="room" type="box" size=".30 .20 .0015" pos="0 -.05 .0015" material="mat"/>
{legs}
"""
