"""Single widgets and the pure functions behind them."""

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui import theme
from gui.learner_view import LearnerView, delays_text, loss_text, newest_text, version_text
from gui.motion_keys import keys_of_axis
from gui.widgets.camera_wall import CameraWall
from gui.widgets.cameras import CameraTile
from gui.widgets.forces import force_level, with_magnitudes
from gui.widgets.motion import printed_speeds
from gui.widgets.strip import Curve, Lane, axis_range
from gui.widgets.touch import PadMap, full_scale, heat_table

SECOND = 1_000_000_000


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def coloured(image: QImage) -> float:
    """How far the middle line's pixels are from grey, on average."""
    y = image.height() // 4
    spread = 0.0
    for x in range(0, image.width(), 4):
        colour = image.pixelColor(x, y)
        channels = (colour.red(), colour.green(), colour.blue())
        spread += max(channels) - min(channels)
    return spread / (image.width() / 4)


def test_a_tile_shows_the_picture_until_it_is_stale_and_then_greys_it(parent: QWidget):
    tile = CameraTile("operator", 1, theme.DARK, parent)
    tile.resize(320, 240)
    pixels = np.zeros((120, 160, 3), np.uint8)
    pixels[...] = (30, 200, 30)
    tile.show_frame(pixels, 10 * SECOND, 10 * SECOND + SECOND // 50)
    fresh = tile.grab().toImage()
    assert not tile.stale
    assert coloured(fresh) > 100
    tile.grow_old(10 * SECOND + 6 * SECOND // 10)
    assert tile.stale
    assert coloured(tile.grab().toImage()) < 60


def test_a_late_picture_is_amber_before_it_is_stale(parent: QWidget):
    tile = CameraTile("operator", 1, theme.DARK, parent)
    tile.resize(320, 240)
    tile.show_frame(np.zeros((96, 96, 3), np.uint8), SECOND, SECOND + SECOND // 5)
    assert not tile.stale
    amber = tile.grab().toImage().pixelColor(tile.width() - 3, 18)
    assert amber.name().upper() == theme.DARK.amber


def test_a_picture_keeps_its_aspect(parent: QWidget):
    tile = CameraTile("operator", 1, theme.DARK, parent)
    tile.resize(400, 200)
    tile.show_frame(np.zeros((96, 96, 3), np.uint8), SECOND, SECOND)
    place = tile._picture_rect()
    assert place.width() == place.height() == 200
    assert place.left() == 100


@pytest.mark.parametrize("size", [(590, 350), (1000, 600), (400, 700)])
def test_tiles_never_overlap_and_never_leave_the_wall(parent: QWidget, size: tuple[int, int]):
    wall = CameraWall(("a", "b", "c", "d"), theme.DARK, parent)
    wall.resize(*size)
    wall._arrange()
    boxes = [tile.geometry() for tile in wall.tiles.values()]
    assert all(wall.rect().contains(box) and box.height() > 40 for box in boxes)
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_a_force_is_amber_from_seventy_percent_and_red_at_the_limit():
    assert [force_level(force, 25.0) for force in (17.0, 17.5, 25.0)] == ["", "warning", "error"]


def test_magnitudes_stand_behind_the_wrench():
    wrench = np.array([[3.0, 0.0, 4.0, 0.0, 0.6, 0.8]])
    assert with_magnitudes(wrench)[0, 6:].tolist() == pytest.approx([5.0, 1.0])


def lane(limit: float = 0.0) -> Lane:
    return Lane((Curve(0, "x", "#FFFFFF"),), 1.0, limit, 2.0, True, "N")


def test_an_axis_shows_its_limit_always_and_follows_its_values_in_steps():
    assert axis_range(lane(limit=25.0), 3.0, 0.0) == 30.0
    assert axis_range(lane(limit=25.0), 80.0, 30.0) == 100.0
    assert axis_range(lane(), 0.1, 0.0) == 2.0
    assert axis_range(lane(), 7.0, 2.0) == 10.0
    assert axis_range(lane(), 4.5, 10.0) == 10.0
    assert axis_range(lane(), 3.5, 10.0) == 5.0


def test_a_pad_shows_newtons_and_its_brightest_taxel(parent: QWidget):
    pad = PadMap("pad 1", theme.DARK, parent)
    taxels = np.zeros((8, 8))
    taxels[2, 5] = 0.4
    pad.show_pad(taxels, 0.5)
    assert pad.sum_n == pytest.approx(0.4)
    assert pad._pixels is not None
    assert np.argmax(pad._pixels != pad._pixels[0, 0]) == 2 * 8 + 5
    pad.show_pad(None, 0.5)
    assert pad.sum_n is None


def test_the_heat_colours_rise_in_lightness_all_the_way():
    table = heat_table()
    channels = [(table >> np.uint32(shift)) & np.uint32(255) for shift in (16, 8, 0)]
    lightness = 0.299 * channels[0] + 0.587 * channels[1] + 0.114 * channels[2]
    assert (np.diff(lightness) >= -0.6).all()  # rounding


def test_the_full_scale_of_touch_grows_at_once_and_shrinks_late():
    assert full_scale(0.3, 0.05) == 0.5
    assert full_scale(0.3, 0.5) == 0.5
    assert full_scale(0.15, 0.5) == 0.2


def test_speeds_are_printed_in_millimetres_and_degrees():
    assert printed_speeds(np.array([0.03, 0.04, 0.0, 0.0, 0.0, np.pi / 4])) == ("50", "45")
    assert printed_speeds(None) == ("—", "—")


def test_the_keys_of_an_axis_stand_under_its_bar():
    assert [keys_of_axis(axis) for axis in range(6)] == ["A D", "S W", "Q E", "I K", "J L", "O U"]


def test_a_version_says_whether_it_is_provisional_and_newer_than_the_serving_one():
    view = LearnerView(serving=4, newest=5, provisional=frozenset({5}))
    assert version_text(view, 4) == "v4"
    assert newest_text(view) == "newest v5 provisional"
    assert newest_text(LearnerView(serving=4, newest=4)) == "is the newest"


def test_what_was_not_measured_is_a_dash():
    assert loss_text(float("nan")) == "—"
    assert delays_text(LearnerView(corrections=1)) == "1 correction"
    served = LearnerView(corrections=3, serving_delays_s=(2.0, 4.0, 3.0))
    assert delays_text(served) == "3 corrections, served after 3.0 s (p50 3.0 s)"
