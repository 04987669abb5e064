import pytest
from pyspacemouse import get_device_specs

from teleop.devices.puck_ids import NAMES, RECEIVERS
from teleop.devices.puck_models import (
    GRIPPER,
    OTHER,
    REWIND,
    STOP,
    TAKE,
    layout_of,
    layouts,
)

LACKING = [(0x256F, 0xC62F), (0x256F, 0xC631), (0x256F, 0xC636), (0x046D, 0xC628)]


def test_every_model_of_pyspacemouse_and_those_it_lacks_are_known():
    theirs = {(spec.vendor_id, spec.product_id) for spec in get_device_specs().values()}
    assert theirs.isdisjoint(LACKING)
    assert set(layouts()) == set(NAMES) == theirs.union(LACKING)
    assert set(NAMES) >= RECEIVERS


@pytest.mark.parametrize("name", list(get_device_specs()))
def test_the_table_has_the_axes_where_the_two_layouts_have_them(name: str):
    mappings = get_device_specs()[name].mappings
    places = [(m.channel, m.byte1, m.byte2) for m in (mappings["x"], mappings["y"], mappings["z"])]
    assert places == [(1, 1, 2), (1, 3, 4), (1, 5, 6)]
    turns = (mappings["pitch"], mappings["roll"], mappings["yaw"])
    places = [(m.channel, m.byte1, m.byte2) for m in turns]
    split, joined = [(2, 1, 2), (2, 3, 4), (2, 5, 6)], [(1, 7, 8), (1, 9, 10), (1, 11, 12)]
    assert places in (split, joined)


def test_all_models_turn_their_axes_to_the_operators():
    for layout in layouts().values():
        signs = [round(350 * scale) for scale in layout.scales]
        assert signs == [1, -1, -1, 1, -1, -1], layout.name


def test_a_large_puck_has_a_button_for_everything_and_no_button_twice():
    for ids, layout in layouts().items():
        places = [place for role in layout.buttons for place in role]
        assert len(set(places)) == len(places), layout.name
        has = {role for role in range(5) if layout.buttons[role]}
        if len(places) > 2:
            assert has == {GRIPPER, OTHER, STOP, TAKE, REWIND}, layout.name
        else:
            assert has == (set() if ids == (0x256F, 0xC641) else {GRIPPER, OTHER})


def test_a_puck_with_two_buttons_works_through_the_universal_receiver():
    through, cabled = layouts()[0x256F, 0xC652], layouts()[0x256F, 0xC62E]
    assert set(through.buttons[GRIPPER]) >= set(cabled.buttons[GRIPPER])
    assert set(through.buttons[OTHER]) >= set(cabled.buttons[OTHER])


def test_a_model_that_nobody_knew_is_read_like_a_compact_and_a_foreign_one_is_not():
    assert layout_of(0x256F, 0xC6FF, "SpaceMouse Next") == layout_of(
        0x256F, 0xC6FF, "SpaceMouse Next"
    )
    layout = layout_of(0x256F, 0xC6FF, "SpaceMouse Next")
    assert layout is not None
    assert layout.name == "SpaceMouse Next"
    assert layout.buttons == layouts()[0x256F, 0xC635].buttons
    assert layout_of(0x1234, 0xC635, "Joystick") is None
