"""The table of actions: each row does its thing by its key, in the real window."""

import tempfile
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QSlider,
    QWidget,
)

from gui.action_spec import ActionSpec, Group, Intent
from gui.actions import ACTIONS, shortcuts, spec_of
from gui.main_window import MainWindow
from gui.pages import PAGES, Page
from gui.widgets.episodes import BUTTONS
from teleop.messages import Arm
from teleop.order_messages import Order, OrderKind
from tests.gui_parts import open_window


def first_key(text: str) -> QKeyCombination:
    return QKeySequence(text)[0]  # pyright: ignore[reportIndexIssue]  (the stubs lack it)


@dataclass
class Desk:
    """The window with its orders caught before they leave."""

    window: MainWindow
    orders: list[Order] = field(default_factory=list[Order])

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(self.window, key, modifier)

    def press_sequence(self, text: str):
        combination = first_key(text)
        self.press(combination.key(), combination.keyboardModifiers())


@pytest.fixture(scope="module")
def shared(qapp: QApplication) -> Generator[Desk]:
    with (
        tempfile.TemporaryDirectory(prefix="nudge-", dir="/tmp") as folder,
        open_window(Path(folder)) as window,
    ):
        desk = Desk(window)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(window.desk, "ask", desk.orders.append)
            yield desk


@pytest.fixture
def desk(shared: Desk) -> Desk:
    if not shared.window.isActiveWindow():  # another one was open meanwhile
        shared.window.activateWindow()
        QTest.qWaitForWindowActive(shared.window)
    shared.window.setFocus(Qt.FocusReason.OtherFocusReason)
    shared.orders.clear()
    return shared


ORDERS = [spec for spec in ACTIONS if isinstance(spec.does, OrderKind)]


@pytest.mark.parametrize("spec", ORDERS, ids=lambda spec: spec.does)
def test_every_order_goes_out_by_each_of_its_keys(desk: Desk, spec: ActionSpec):
    for sequence in shortcuts(spec):
        desk.press_sequence(sequence.toString())
    arm = desk.window.keys.arm if spec.per_arm else None
    assert desk.orders == [Order(OrderKind(spec.does), arm)] * len(shortcuts(spec))


@pytest.mark.parametrize("does", [does for does in BUTTONS if isinstance(does, OrderKind)])
def test_every_button_sends_its_order(desk: Desk, does: OrderKind):
    desk.window.screen_view.episodes.buttons[does].click()
    assert [order.kind for order in desk.orders] == [does]


@pytest.mark.parametrize("does", [OrderKind.STOP, OrderKind.HOLD])
def test_stop_and_hold_work_while_shift_is_held(desk: Desk, does: OrderKind):
    desk.press(first_key(spec_of(does).keys[0]).key(), Qt.KeyboardModifier.ShiftModifier)
    assert [order.kind for order in desk.orders] == [does]


def test_every_intent_is_served(desk: Desk):
    assert set(desk.window._intents) == set(Intent)


def test_what_a_page_does_only_while_it_is_shown_is_off_elsewhere(desk: Desk):
    rows = [spec for spec in ACTIONS if spec.only_shown]
    assert rows and not any(desk.window.commands[spec.does].isEnabled() for spec in rows)


def test_nothing_that_is_ordered_repeats_while_its_key_is_held(desk: Desk):
    repeating = [spec for spec in ACTIONS if desk.window.commands[spec.does].autoRepeat()]
    assert {spec.group for spec in repeating} == {Group.REVIEW}
    assert not any(isinstance(spec.does, OrderKind) for spec in repeating)


def test_tab_chooses_the_other_arm_for_take_and_give(desk: Desk):
    first = desk.window.keys.arm
    desk.press(Qt.Key.Key_Tab)
    desk.press(Qt.Key.Key_T)
    other = Arm.RIGHT if first is Arm.LEFT else Arm.LEFT
    assert desk.orders == [Order(OrderKind.TAKE, other)]


def test_the_demonstration_is_a_start_without_the_policy(desk: Desk):
    desk.press(Qt.Key.Key_F8)
    assert desk.orders == [Order(OrderKind.START, text="teleop")]


def test_the_scripted_operator_is_switched_on_and_off(desk: Desk):
    desk.press(Qt.Key.Key_F7)
    desk.press(Qt.Key.Key_F7)
    assert [order.text for order in desk.orders] == ["on", "off"]


def test_camera_keys_show_a_camera_large_and_the_first_again(desk: Desk):
    wall = desk.window.screen_view.wall
    desk.press(Qt.Key.Key_3)
    assert wall.large == "close_top"
    desk.press(Qt.Key.Key_3)
    assert wall.large == "operator"


def test_force_and_torque_change_places(desk: Desk):
    force = desk.window.screen_view.arms[0].force
    desk.press(Qt.Key.Key_F3)
    assert force.torque_shown
    desk.press(Qt.Key.Key_F3)
    assert not force.torque_shown


def test_the_key_map_names_every_key_and_leaves_the_banner_in_sight(desk: Desk):
    screen = desk.window.screen_view
    for sheet in screen.key_map.sheets:
        desk.press(Qt.Key.Key_F1)
        QApplication.processEvents()
        assert screen.key_map.isVisible() and sheet.isVisible()
        assert not screen.key_map.geometry().intersects(screen.banner.geometry())
        assert not screen.key_map.geometry().intersects(screen.episodes.geometry())
        size = screen.key_map.minimumSizeHint()  # nothing is cut
        assert size.height() <= screen.key_map.height()
        assert size.width() <= screen.key_map.width()
    desk.press(Qt.Key.Key_F1)
    assert not screen.key_map.isVisible()


def test_full_screen_is_entered_and_left(desk: Desk):
    desk.press(Qt.Key.Key_F11)
    assert desk.window.isFullScreen()
    desk.press(Qt.Key.Key_F11)
    assert not desk.window.isFullScreen()


def test_f6_moves_the_focus(desk: Desk):
    before = QApplication.focusWidget()
    desk.press(Qt.Key.Key_F6)
    assert QApplication.focusWidget() is not before


def test_while_the_instruction_is_typed_only_stop_is_a_shortcut(desk: Desk):
    edit = desk.window.screen_view.episodes.instruction
    desk.press(Qt.Key.Key_F2)
    assert edit.hasFocus()
    QTest.keyClicks(edit, "trg 1")
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    assert desk.orders == []
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert [order.kind for order in desk.orders] == [OrderKind.STOP]


def test_enter_sends_the_typed_instruction_and_no_success(desk: Desk):
    edit = desk.window.screen_view.episodes.instruction
    desk.press(Qt.Key.Key_F2)
    QTest.keyClicks(edit, "Pull it out.")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert desk.orders == [Order(OrderKind.INSTRUCTION, text="Pull it out.")]
    assert not edit.hasFocus()


@pytest.fixture
def heard(desk: Desk) -> Generator[list[OrderKind | Intent]]:
    """Rows that were triggered, without anything being done."""
    commands, rows = desk.window.commands, list[OrderKind | Intent]()
    commands.triggered.disconnect(desk.window.do)
    commands.triggered.connect(rows.append)
    yield rows
    commands.triggered.disconnect(rows.append)
    commands.triggered.connect(desk.window.do)
    commands.show_group(None)


@pytest.mark.parametrize("group", Group)
def test_every_row_is_triggered_by_each_of_its_keys(
    desk: Desk, heard: list[OrderKind | Intent], group: Group
):
    desk.window.commands.show_group(group)
    expected: list[OrderKind | Intent] = []
    for spec in ACTIONS:
        if spec.group is group:
            for sequence in shortcuts(spec):
                desk.press_sequence(sequence.toString())
                expected.append(spec.does)
    assert heard == expected


def test_every_row_of_a_page_is_done_by_it(session_dir: Path, qapp: QApplication):
    with open_window(session_dir) as window:
        undone = {
            spec.does
            for page in PAGES
            for spec in ACTIONS
            if page.group is spec.group
            and spec.does not in window.screen_view.pages.made(page.page).intents
        }
    assert undone == set()


def test_every_tab_opens_its_page_and_is_marked(desk: Desk):
    screen = desk.window.screen_view
    for page in (Page.LEARN, Page.SET_UP, Page.OPERATE):
        screen.tabs.tabs[page].click()
        assert screen.pages.page is page
        assert [p for p, tab in screen.tabs.tabs.items() if tab.isChecked()] == [page]
        screen.tabs.tabs[page].click()  # again: it stays
        assert screen.pages.page is page


def test_the_keyboard_alone_reaches_every_control(desk: Desk):
    walked: list[QWidget | None] = []
    while (now := QApplication.focusWidget()) not in walked:
        walked.append(now)
        desk.press(Qt.Key.Key_F6)
    screen = desk.window.screen_view
    by_key = {screen.episodes.instruction, screen.takeover.budget.box}  # F2, H
    kinds = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider)
    controls = {
        control
        for control in desk.window.findChildren(QWidget)
        if isinstance(control, kinds) and control.isVisible() and control.isEnabled()
    }
    parts = {part for control in controls for part in control.findChildren(QWidget)}
    assert [c.accessibleName() for c in controls - parts - set(walked) - by_key] == []


def test_a_wish_for_another_look_is_granted_once(desk: Desk):
    wanted: list[object] = []
    desk.window.anew.connect(wanted.append)
    desk.press_sequence("Ctrl+Shift+L")
    desk.window.anew.disconnect(wanted.append)
    assert [getattr(memory, "look", "") for memory in wanted] == ["light"]


def test_a_camera_is_hidden_by_its_key_and_shown_again(desk: Desk):
    tile = desk.window.screen_view.wall.tiles["close_front"]
    desk.press_sequence("Alt+2")
    assert tile.isHidden()
    assert "close front (Alt+2)" in desk.window.screen_view.wall.hidden_ones.text()
    desk.press_sequence("Alt+2")
    assert tile.isVisible()


def test_an_instruction_is_picked_from_recent_ones_by_arrows(desk: Desk):
    edit = desk.window.screen_view.episodes.instruction
    for text in ("Pull it out.", "Press the button.", "Plug it in."):
        edit.show_instruction(text)
    desk.press(Qt.Key.Key_F2)
    assert edit.recent.isVisible()
    QTest.keyClick(edit, Qt.Key.Key_Down)
    QTest.keyClick(edit, Qt.Key.Key_Down)
    assert edit.text() == "Press the button."
    QTest.keyClick(edit, Qt.Key.Key_Escape)  # STOP, also with the list open
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert [order.kind for order in desk.orders] == [OrderKind.STOP, OrderKind.INSTRUCTION]
    assert desk.orders[-1].text == "Press the button."
    assert not edit.recent.isVisible()
