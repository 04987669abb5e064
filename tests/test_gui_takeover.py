"""Authority, risk, rewind, budget and notices in the real window on a session's real bus."""

from collections.abc import Generator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.bridge import IDLE_VIEW_S
from gui.showing import BRIDGE_SILENCE_S, WATCH_MS
from gui.view import STEP_SILENCE_S, Lead
from gui.widgets.help_budget import HelpBudget
from gui.widgets.notice_list import NoticeList
from gui.widgets.takeover import TakeoverStrip
from teleop.messages import Arm, Mode
from teleop.order_messages import Order, OrderKind, Reply
from teleop.takeover_messages import Notice, NoticeKind
from tests.gui_parts import Desk, open_desk

LEFT, RIGHT = Arm.LEFT, Arm.RIGHT


class TakeoverDesk(Desk):
    """With the parts that are looked at."""

    @property
    def strips(self) -> tuple[TakeoverStrip, TakeoverStrip]:
        return self.window.screen_view.takeover.strips

    @property
    def budget(self) -> HelpBudget:
        return self.window.screen_view.takeover.budget


@pytest.fixture(scope="module")
def shared(qapp: QApplication) -> Generator[TakeoverDesk]:
    with open_desk() as made:
        yield TakeoverDesk(made.window, made.session)


@pytest.fixture
def desk(shared: TakeoverDesk) -> TakeoverDesk:
    shared.begin()
    return shared


def newest(pages: NoticeList) -> str:
    return pages.list.item(0).text() if pages.list.count() else ""


def test_the_slider_shows_what_control_reports(desk: TakeoverDesk):
    assert desk.strips[RIGHT].slider.reported == 0.3
    desk.session.takeover.authority = [0.5, 0.6]
    desk.until(lambda: [s.slider.reported for s in desk.strips] == [0.5, 0.6])
    desk.session.takeover.mute = True
    desk.until(lambda: desk.strips[LEFT].slider.reported is None)


def test_a_wish_is_shown_as_pending_and_never_as_set(desk: TakeoverDesk):
    slider = desk.strips[LEFT].slider
    desk.session.takeover.deaf = True
    desk.press(Qt.Key.Key_Z)
    assert (slider.pending, slider.reported) == (0.9, 1.0)
    desk.until(lambda: len(desk.session.orders) == 1)
    assert (slider.pending, slider.reported) == (0.9, 1.0)
    desk.session.takeover.authority = [0.9, 0.3]
    desk.until(lambda: slider.pending is None)
    assert slider.reported == 0.9


def test_the_keys_set_the_chosen_arms_authority_step_by_step(desk: TakeoverDesk):
    desk.press(Qt.Key.Key_Tab, Qt.Key.Key_X, Qt.Key.Key_X, Qt.Key.Key_Z, Qt.Key.Key_C)
    desk.until(lambda: desk.strips[RIGHT].slider.reported == 1.0)
    wanted = [(order.kind, order.arm, order.value) for order in desk.session.orders]
    assert wanted == [(OrderKind.AUTHORITY, RIGHT, value) for value in (0.4, 0.5, 0.4, 1.0)]


def test_a_refused_wish_is_forgotten_and_the_refusal_is_shown(desk: TakeoverDesk):
    desk.session.refuse = "The session is stopped: release the stop first."
    desk.press(Qt.Key.Key_Z)
    assert desk.strips[LEFT].slider.pending == 0.9
    desk.until(lambda: desk.strips[LEFT].slider.pending is None)
    assert "refused: The session is stopped" in desk.window.screen_view.toast.text()
    pages = desk.window.screen_view.notice_list
    desk.press(Qt.Key.Key_M)
    desk.until(lambda: "Authority 90 % left arm: The session is" in newest(pages))
    desk.press(Qt.Key.Key_M)


def test_the_mouse_sets_the_authority_and_a_double_click_overrides(desk: TakeoverDesk):
    slider = desk.strips[RIGHT].slider
    left, right = slider._groove()
    place = QPoint(round(left + 0.6 * (right - left)), slider.height() // 2)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=place)
    desk.until(lambda: slider.reported == 0.6)
    QTest.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=place)
    desk.until(lambda: slider.reported == 1.0)
    assert {order.arm for order in desk.session.orders} == {RIGHT}


def test_the_arrow_keys_set_the_authority_of_the_slider_that_has_the_focus(desk: TakeoverDesk):
    slider = desk.strips[RIGHT].slider
    for key, value in (
        (Qt.Key.Key_Left, 0.2),
        (Qt.Key.Key_Right, 0.3),
        (Qt.Key.Key_Home, 0.0),
        (Qt.Key.Key_End, 1.0),
    ):
        QTest.keyClick(slider, key)
        desk.until(lambda value=value: slider.reported == value)


def test_nothing_is_asked_while_control_reports_no_authority(desk: TakeoverDesk):
    desk.session.takeover.mute = True
    desk.until(lambda: desk.strips[LEFT].slider.reported is None)
    desk.press(Qt.Key.Key_Z, Qt.Key.Key_C)
    assert desk.strips[LEFT].slider.pending is None
    assert desk.session.orders == []


def test_a_button_rewinds_its_own_arm_and_the_banner_says_so(desk: TakeoverDesk):
    desk.strips[RIGHT].rewind.click()
    half = desk.window.screen_view.banner.halves[RIGHT]
    desk.until(lambda: half.lead is Lead.REWIND)
    assert desk.session.orders == [Order(OrderKind.REWIND, RIGHT)]
    assert half.word == "REWINDING"
    assert not desk.strips[RIGHT].rewind.isEnabled()


def test_the_banner_says_how_much_a_nudge_gives_the_operator(desk: TakeoverDesk):
    half = desk.window.screen_view.banner.halves[RIGHT]
    desk.until(lambda: half.word == "OPERATOR NUDGING 30 %")


def test_the_banner_says_why_an_arm_holds(desk: TakeoverDesk):
    desk.session.takeover.hold_reason = ("The policy is silent: the arm holds.", "")
    desk.session.modes = (Mode.HOLD, Mode.POLICY)
    half = desk.window.screen_view.banner.halves[LEFT]
    desk.until(lambda: half.reason == "The policy is silent: the arm holds.")


def test_the_risk_is_shown(desk: TakeoverDesk):
    desk.session.takeover.risk = (1.25, 0.1)
    desk.until(lambda: [strip.risk.risk for strip in desk.strips] == [1.25, 0.1])


def test_the_budget_is_typed_and_enter_sends_it_and_no_success(desk: TakeoverDesk):
    desk.until(lambda: desk.budget.box.value() == 20)
    assert desk.budget.count.text() == f"CALLS {desk.begun} of"
    desk.press(Qt.Key.Key_H)
    QTest.keyClicks(desk.budget.box, "12")
    QTest.keyClick(desk.budget.box, Qt.Key.Key_Return)
    desk.until(lambda: desk.budget.pending is None and desk.session.takeover.budget == 12)
    assert desk.session.orders == [Order(OrderKind.HELP_BUDGET, value=12.0)]


def test_the_reported_budget_is_shown(desk: TakeoverDesk):
    desk.session.takeover.budget = 6.0
    desk.until(lambda: desk.budget.box.value() == 6)
    assert desk.session.orders == []


def tell(desk: TakeoverDesk, kind: NoticeKind, text: str, arm: Arm | None = None) -> None:
    desk.session.takeover.notices.append(Notice(0, kind, arm, text))


def test_a_refusal_is_shown_near_the_banner_with_its_symbol_and_kept_in_the_list(
    desk: TakeoverDesk,
):
    stack = desk.window.screen_view.notices
    tell(desk, NoticeKind.REFUSED, "The puck is not centred.", RIGHT)
    desk.until(lambda: stack.lines[0].text() == "⊘ RIGHT refused: The puck is not centred.")
    assert stack.isVisible()
    assert stack.lines[0].isVisible()
    pages = desk.window.screen_view.notice_list
    desk.press(Qt.Key.Key_M)
    desk.until(lambda: "The puck is not centred." in newest(pages))
    screen = desk.window.screen_view
    wall = QRect(screen.wall.mapTo(screen, QPoint()), screen.wall.size())
    assert wall.contains(pages.geometry())
    desk.press(Qt.Key.Key_M)
    assert not pages.isVisible()


def test_a_call_for_help_stays_until_it_is_acknowledged(desk: TakeoverDesk):
    desk.session.takeover.risk = (1.3, 0.1)
    stack = desk.window.screen_view.notices
    tell(desk, NoticeKind.HELP, "The force is too high.", LEFT)
    desk.until(lambda: stack.calls[0].isVisible())
    assert stack.calls[0].text.text() == "☎ LEFT will probably need you: The force is too high."
    desk.press(Qt.Key.Key_N)
    desk.until(lambda: not stack.calls[0].isVisible())


def test_a_call_for_help_goes_by_itself_when_the_risk_falls(desk: TakeoverDesk):
    desk.session.takeover.risk = (1.3, 0.1)
    stack = desk.window.screen_view.notices
    tell(desk, NoticeKind.HELP, "It has never seen a socket there.", LEFT)
    desk.until(lambda: stack.calls[0].isVisible())
    assert (
        stack.calls[0].text.text()
        == "☎ LEFT will probably need you: It has never seen a socket there."
    )
    desk.session.takeover.risk = (0.2, 0.1)
    desk.until(lambda: not stack.calls[0].isVisible())


def test_the_button_of_a_call_acknowledges_it(desk: TakeoverDesk):
    desk.session.takeover.risk = (1.3, 1.3)
    desk.session.modes = (Mode.POLICY, Mode.POLICY)
    stack = desk.window.screen_view.notices
    tell(desk, NoticeKind.HELP, "LEFT will need you.", LEFT)
    tell(desk, NoticeKind.HELP, "RIGHT will need you.", RIGHT)
    desk.until(lambda: all(call.isVisible() for call in stack.calls))
    stack.calls[0].button.click()
    desk.until(lambda: not any(call.isVisible() for call in stack.calls))


def test_what_is_requested_stands_in_the_banner_until_it_is_answered_and_a_refusal_says_why(
    desk: Desk,
):
    left, right = desk.window.screen_view.banner.halves
    order = Order(OrderKind.TAKE, Arm.LEFT)
    desk.window.screen_view.banner.requested(order)
    assert left.request == "TAKE-OVER REQUESTED…"
    assert right.request == ""
    desk.window.screen_view.banner.answered(order, Reply(accepted=True))
    assert left.request == ""
    desk.session.refuse = "No device gives fresh readings."
    desk.press(Qt.Key.Key_Space)
    desk.until(lambda: right.request == "HOLD REFUSED: No device gives fresh readings.")


def test_the_loss_of_control_is_shown_within_half_a_second():
    assert STEP_SILENCE_S + IDLE_VIEW_S <= 0.5
    assert BRIDGE_SILENCE_S + WATCH_MS / 1000 <= 0.5
