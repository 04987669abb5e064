import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui import theme
from gui.vitals import Vitals
from gui.widgets.status import StatusLines
from teleop.messages import Health

NOW = 10_000_000_000
LOST = "Lost since 17:03:20: 84 images (overhead 84): the disk does not keep up."


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    widget.resize(1200, 60)
    qtbot.addWidget(widget)
    return widget


def test_lost_images_are_seen_at_once_and_go_away_when_it_is_over(parent: QWidget):
    vitals = Vitals(("recorder",))
    lines = StatusLines(theme.DARK, parent)
    lines.resize(1200, 60)
    parent.show()
    sign = Health("recorder", 1, NOW, "warning", LOST, {"losing_images": 84.0})
    vitals.health(sign, NOW)
    lines.show_vitals(vitals.view(None, float("inf"), running=True, now_ns=NOW))
    assert lines.recorder.text() == "▲ losing images: 84"
    assert lines.recorder.toolTip() == LOST
    assert lines.recorder.property("level") == "warning"
    assert "since 17:03:20" in lines.notice.text()
    vitals.health(Health("recorder", 1, NOW), NOW)
    lines.show_vitals(vitals.view(None, float("inf"), running=True, now_ns=NOW))
    assert lines.recorder.text() == "● recording"
    assert lines.notice.text() == ""
    assert lines.recorder.toolTip() == ""
