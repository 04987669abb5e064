"""What the tour looks for in its pictures, and where it stops."""

from collections.abc import Generator

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from gui.tour.looked_over import blank, troubles
from gui.tour.main import FORMS, KEPT, KEPT_LIGHT
from gui.tour.stations import STATIONS


@pytest.fixture
def window(qapp: QApplication) -> Generator[QWidget]:
    shown = QWidget()
    shown.resize(400, 200)
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


def label(parent: QWidget, text: str, x: int, width: int) -> QLabel:
    made = QLabel(text, parent)
    made.setGeometry(x, 10, width, 30)
    made.show()
    return made


def test_words_that_do_not_fit_are_found(window: QWidget):
    label(window, "serving v2 · provisional head", 10, 40)
    button = QPushButton("Undo edit  Ctrl+Z", window)
    button.setGeometry(10, 60, 50, 30)
    button.show()
    found = troubles(window)
    assert len(found) == 2
    assert all("pixels" in line for line in found)


def test_what_fits_is_passed_over(window: QWidget):
    label(window, "policy", 10, 200)
    assert troubles(window) == []


def test_a_label_that_reaches_out_of_the_window_is_found(window: QWidget):
    label(window, "policy", 350, 200)
    assert any("reaches out" in line for line in troubles(window))


def test_labels_that_lie_over_each_other_are_found(window: QWidget):
    label(window, "policy", 10, 120)
    label(window, "operator", 100, 200)
    assert any("lies over" in line for line in troubles(window))


def test_a_picture_of_one_colour_is_empty():
    picture = QImage(200, 100, QImage.Format.Format_RGB32)
    picture.fill(QColor("#15181C"))
    assert blank(picture)
    for row in range(20):
        for column in range(200):
            picture.setPixelColor(column, row, QColor("#EDF0F3"))
    assert not blank(picture)


def test_no_two_pictures_have_the_same_name_and_what_is_kept_exists():
    names = [station.name for station in STATIONS]
    assert len(set(names)) == len(names)
    assert set(KEPT_LIGHT) <= set(names)
    assert set(KEPT) <= {form.name for form in FORMS}
