"""The page of devices, on a session's real bus: what it shows, what it sends, what it refuses."""

import gc
from collections.abc import Generator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.widgets.devices.dialog import DevicesDialog
from gui.widgets.devices.page import SETTLE_MS, DevicePage
from gui.widgets.devices.pictures import stand
from gui.widgets.devices.puck import moved
from teleop.device_messages import AT_REST, DeviceProfile, FrameKind, MotionFrame, MotionKind
from teleop.messages import Arm
from teleop.order_messages import Order, OrderKind
from tests.gui_parts import Desk, open_desk


class DevicesDesk(Desk):
    """With the devices' own window."""

    @property
    def dialog(self) -> DevicesDialog:
        return self.window.devices

    @property
    def page(self) -> DevicePage:
        return self.dialog.pages["A1"]

    def open(self) -> None:
        QTest.keyClick(self.window, Qt.Key.Key_F4)
        self.until(lambda: len(self.dialog.pages) == len(self.session.takeover.profiles))

    def profile(self) -> DeviceProfile:
        return self.session.takeover.profiles["A1"]

    def type_into(self, field: QWidget, text: str) -> None:
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, text)


@pytest.fixture(scope="module")
def shared(qapp: QApplication) -> Generator[DevicesDesk]:
    with open_desk() as made:
        yield DevicesDesk(made.window, made.session)


@pytest.fixture
def desk(shared: DevicesDesk) -> DevicesDesk:
    shared.begin()
    return shared


def test_each_device_has_a_page_that_says_how_it_is(desk: DevicesDesk):
    desk.open()
    titles = [desk.dialog.tabs.tabText(place) for place in range(desk.dialog.tabs.count())]
    assert titles == ["SpaceMouse Compact · LEFT", "▲ SpaceMouse Wireless · RIGHT"]
    desk.until(lambda: desk.page.about.text() != "")
    assert desk.page.state.text() == "● Calibrated, its centre has hardly wandered."
    assert "serial A1 · moves the left arm" in desk.page.about.text()
    assert desk.page.rest.drift.text() == "drift since then 0.6 %"
    other = desk.dialog.pages["B7"]
    assert other.rest.result.text() == "Never calibrated."


def test_a_long_sentence_about_a_device_is_shown_whole(desk: DevicesDesk):
    desk.session.takeover.trouble = "It fell silent while it was deflected. " * 6
    desk.open()
    desk.until(lambda: "fell silent" in desk.page.state.text())
    state = desk.page.state
    desk.until(lambda: state.height() >= state.heightForWidth(state.width()))
    assert state.height() > 1.5 * state.fontMetrics().height()


def test_the_picture_is_live_while_it_is_seen_and_rests_while_it_is_not(desk: DevicesDesk):
    desk.open()
    bars = desk.page.axes.bars
    before = bars.shown
    desk.until(lambda: bars.shown != before)
    assert bars.shown.bands[0] == pytest.approx(0.024)
    assert (bars.shown.enter, bars.shown.leave) == (0.2, 0.08)
    QTest.keyClick(desk.dialog, Qt.Key.Key_F4)
    assert not desk.dialog.isVisible()
    asleep = bars.shown
    QTest.qWait(300)
    assert bars.shown == asleep


def test_a_typed_number_is_sent_once_the_hand_rests(desk: DevicesDesk):
    desk.open()
    desk.type_into(desk.page.axes.sensitivity[1], "1.5")
    assert desk.session.orders == []
    desk.until(lambda: desk.profile().sensitivity == (1, 1.5, 1, 1, 1, 1))
    QTest.qWait(2 * SETTLE_MS)
    assert [order.kind for order in desk.session.orders] == [OrderKind.TUNE]
    desk.until(lambda: desk.page.message.text() == "kept")


@pytest.mark.parametrize("text", ["9", "-1", "", "x"])
def test_a_bad_number_is_marked_and_nothing_is_sent(desk: DevicesDesk, text: str):
    desk.open()
    field = desk.page.axes.sensitivity[0]
    desk.type_into(field, text or "1")
    if not text:
        QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.property("level") == "error"
    desk.until(lambda: "Not sent: Sensitivity of x" in desk.page.message.text())
    assert "0 to 3" in desk.page.message.text()
    desk.page.axes.flip[0].click()
    QTest.qWait(2 * SETTLE_MS)
    assert desk.session.orders == []
    desk.type_into(field, "2")
    desk.until(lambda: desk.profile().sensitivity[0] == 2 and desk.profile().flip[0])


def choose(box, place: int) -> None:
    """As a person does by keyboard: open the list, go there, take it."""
    box.setFocus()
    while box.currentIndex() != place:
        down = box.currentIndex() < place
        QTest.keyClick(box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def test_every_setting_is_sent_in_one_profile_by_keyboard_alone(desk: DevicesDesk):
    desk.open()
    use = desk.page.use
    choose(use.arm, 1)
    choose(use.motion, 3)
    desk.type_into(use.yaw, "90")
    QTest.keyClick(use.yaw, Qt.Key.Key_Up)
    desk.type_into(use.curve, "2,5")
    choose(use.frame, 2)
    choose(use.camera, 1)
    flip = desk.page.axes.flip[5]
    flip.setFocus()
    QTest.keyClick(flip, Qt.Key.Key_Space)
    desk.until(lambda: desk.profile().flip[5])
    desk.until(lambda: desk.profile().frame.camera != "operator")
    sent = desk.profile()
    assert (sent.arm, sent.motion, sent.curve) == (Arm.RIGHT, MotionKind.DOMINANT, 2.5)
    assert sent.yaw_deg == 105.0
    assert sent.frame == MotionFrame(FrameKind.CAMERA, use.camera.itemText(1))
    assert sent.calibrated == "2026-11-20T09:12:00"
    assert {order.kind for order in desk.session.orders} == {OrderKind.TUNE}


def test_enter_sends_at_once_and_presses_no_button(desk: DevicesDesk):
    desk.open()
    desk.type_into(desk.page.use.curve, "3")
    QTest.keyClick(desk.page.use.curve, Qt.Key.Key_Return)
    desk.until(lambda: len(desk.session.orders) > 0)
    assert [order.kind for order in desk.session.orders] == [OrderKind.TUNE]


def test_revert_and_defaults(desk: DevicesDesk):
    desk.open()
    desk.type_into(desk.page.use.curve, "3")
    desk.until(lambda: desk.profile().curve == 3.0)
    desk.page.revert.click()
    desk.until(lambda: desk.profile().curve == 1.6)
    desk.page.defaults.click()
    desk.until(lambda: desk.profile().curve == 1.0)
    assert (desk.profile().arm, desk.profile().noise[0]) == (Arm.LEFT, 0.012)


def test_a_refused_change_is_told_and_taken_back(desk: DevicesDesk):
    desk.open()
    desk.session.refuse = "The folder of profiles cannot be written."
    desk.type_into(desk.page.use.curve, "3")
    desk.until(lambda: "refused: The folder of profiles" in desk.page.message.text())
    assert desk.page.use.curve.text() == "1.6"


def test_a_change_elsewhere_is_shown(desk: DevicesDesk):
    desk.open()
    before = desk.profile()
    desk.session.takeover.profiles["A1"] = type(before)("A1", "SpaceMouse Compact", Arm.RIGHT)
    desk.until(lambda: desk.page.use.arm.currentText() == "right")
    assert desk.session.orders == []


def test_a_calibration_shows_its_progress_and_its_result(desk: DevicesDesk):
    desk.open()
    page = desk.dialog.pages["B7"]
    desk.dialog.tabs.setCurrentWidget(page)
    page.rest.calibrate.click()
    desk.until(lambda: 20 < page.rest.progress.value() < 100)
    assert not page.rest.calibrate.isEnabled()
    assert not page.use.isEnabled()
    desk.until(lambda: page.rest.result.text().startswith("✔ 2026-11-22 14:00"))
    assert "noise 2.0\u202f%" in page.rest.result.text()
    assert page.use.isEnabled()
    assert [(order.kind, order.text) for order in desk.session.orders] == [
        (OrderKind.CALIBRATE, "B7")
    ]


def test_only_stop_is_a_shortcut_while_the_devices_have_the_keyboard(desk: DevicesDesk):
    desk.open()
    for target in (desk.dialog, desk.page.use.curve, desk.page.use.arm.view()):
        for key in (Qt.Key.Key_T, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Delete):
            QTest.keyClick(target, key)
    desk.until(lambda: desk.page.message.text() != "asked for …")
    assert {order.kind for order in desk.session.orders} <= {OrderKind.TUNE}
    QTest.keyClick(desk.dialog, Qt.Key.Key_Escape)
    desk.until(lambda: desk.session.orders[-1:] == [Order(OrderKind.STOP)])
    assert desk.dialog.isVisible()


def test_tab_moves_the_focus_through_the_page_and_chooses_no_arm(desk: DevicesDesk):
    desk.open()
    desk.page.axes.sensitivity[0].setFocus()
    reached: set[QWidget] = set()
    for _ in range(40):
        widget = QApplication.focusWidget()
        assert widget is not None
        assert widget.window() is desk.dialog
        reached.add(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    page = desk.page
    wanted = {*page.axes.sensitivity, *page.axes.flip, page.rest.calibrate, page.use.arm}
    wanted |= {page.use.motion, page.use.frame, page.use.yaw, page.use.curve}
    wanted |= {page.revert, page.defaults, desk.dialog.tabs.tabBar()}
    assert wanted <= reached
    assert desk.window.keys.arm is Arm.LEFT


def test_without_a_device_the_page_says_what_to_do(desk: DevicesDesk):
    desk.session.takeover.profiles = {}
    desk.open()
    desk.until(lambda: "No device is plugged in" in desk.dialog.empty.what.text())
    assert "SpaceMouse:" in desk.dialog.empty.hints.text()
    desk.session.takeover.mute = True
    desk.until(lambda: "Control tells nothing" in desk.dialog.empty.what.text())


def test_a_silent_control_is_told_and_what_was_typed_is_kept(desk: DevicesDesk):
    desk.open()
    desk.type_into(desk.page.use.curve, "9")
    desk.session.takeover.mute = True
    desk.until(lambda: "Control is silent" in desk.page.state.text())
    assert not desk.page.use.isEnabled()
    desk.session.takeover.mute = False
    desk.until(desk.page.use.isEnabled)
    assert desk.page.use.curve.text() == "9"


def test_a_device_that_goes_takes_its_page_along_and_brings_it_back(desk: DevicesDesk):
    desk.open()
    gone = desk.session.takeover.profiles.pop("A1")
    desk.until(lambda: list(desk.dialog.pages) == ["B7"])
    desk.session.takeover.profiles["A1"] = gone
    desk.until(lambda: set(desk.dialog.pages) == {"A1", "B7"})


def test_pages_leave_no_widget_and_no_timer_behind(desk: DevicesDesk):
    def parts() -> tuple[int, int]:
        gc.collect()
        QApplication.sendPostedEvents(None, 52)  # DeferredDelete
        return len(desk.dialog.findChildren(QWidget)), len(desk.dialog.findChildren(QTimer))

    def round_trip() -> tuple[int, int]:
        desk.open()
        desk.until(lambda: desk.page.about.text() != "")
        QTest.keyClick(desk.dialog, Qt.Key.Key_F4)
        return parts()

    first = round_trip()
    assert [round_trip() for _ in range(3)] == [first] * 3


def test_a_change_is_sent_even_if_the_page_is_closed_at_once(desk: DevicesDesk):
    desk.open()
    desk.type_into(desk.page.use.curve, "3")
    QTest.keyClick(desk.dialog, Qt.Key.Key_F4)
    desk.until(lambda: desk.profile().curve == 3.0)


def test_the_operator_stands_where_the_yaw_says():
    for yaw, place in ((0, (0, -1)), (90, (1, 0)), (180, (0, 1)), (-90, (-1, 0))):
        assert stand(yaw) == pytest.approx(place, abs=1e-9)


def test_the_cap_follows_the_hand():
    assert moved((0.5, 0.2, 0.3), AT_REST) == (0.5, 0.2, 0.3)
    assert moved((0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0, 0.0, 0.0))[0] > 0.2
    x, y, _ = moved((1.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0, 0.0, 1.0))
    assert y > 0.3
    assert x < 1.0
