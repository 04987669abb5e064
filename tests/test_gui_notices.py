"""Notices and wishes, from the messages alone: no Qt, no bus."""

from typing import Any

import pytest

from gui.console import Acknowledged, Console, Refused
from gui.notices import FRESH, KEPT, NoticeLog
from gui.view import NoticesView
from gui.wish import WAIT_S, Wish
from teleop.config import SessionConfig
from teleop.messages import Arm, Mode
from teleop.takeover_messages import Notice, NoticeKind, TakeoverStatus
from tests.fake_session import fake_step

SECOND = 1_000_000_000
NOW = 100 * SECOND
QUIET: Any = {"risk": None, "modes": None}


def notice(kind: NoticeKind, text: str, arm: Arm | None = None) -> Notice:
    return Notice(NOW, kind, arm, text)


def told(*notices: Notice, later_s: float = 0.0, **known: Any) -> NoticesView:
    log = NoticeLog()
    for line in notices:
        log.take(line, NOW)
    now_ns = NOW + round(later_s * 1e9)
    log.settle(**{**QUIET, **known}, now_ns=now_ns)
    return log.view(now_ns)


CALL = notice(NoticeKind.HELP, "LEFT will probably need you.", Arm.LEFT)
REFUSED = notice(NoticeKind.REFUSED, "The puck is not centred.", Arm.LEFT)


def test_a_refusal_is_shown_for_seconds_and_kept_in_the_list():
    assert [line.text for line in told(REFUSED).fresh] == ["The puck is not centred."]
    later = told(REFUSED, later_s=30)
    assert (later.fresh, len(later.log)) == ((), 1)


def test_at_most_three_lines_are_shown_and_not_every_line_is_kept_for_ever():
    many = [notice(NoticeKind.DEVICE, f"news {number}") for number in range(KEPT + 50)]
    view = told(*many)
    assert [line.text for line in view.fresh] == [f"news {KEPT + 50 - k}" for k in (3, 2, 1)]
    assert len(view.fresh) == FRESH
    assert len(view.log) == KEPT


def test_a_repeated_notice_is_counted():
    view = told(REFUSED, REFUSED, REFUSED)
    assert [(line.text, line.count) for line in view.log] == [("The puck is not centred.", 3)]


def test_a_call_for_help_stands_until_it_is_acknowledged():
    log = NoticeLog()
    log.take(CALL, NOW)
    assert len(log.view(NOW + 600 * SECOND).calls) == 1
    log.acknowledge()
    assert log.view(NOW).calls == ()


@pytest.mark.parametrize(
    ("known", "later_s", "stands"),
    [
        ({"risk": (1.2, 0.1)}, 5.0, True),
        ({"risk": (0.5, 1.9)}, 5.0, False),
        ({"risk": (0.5, 0.1)}, 0.5, True),  # long enough to be read
        ({"modes": (Mode.OPERATOR, Mode.POLICY)}, 0.1, False),
        ({"modes": (Mode.POLICY, Mode.OPERATOR)}, 0.1, True),
    ],
)
def test_a_call_is_over_when_its_arms_risk_falls_or_the_operator_has_it(
    known: dict[str, Any], later_s: float, stands: bool
):
    assert bool(told(CALL, later_s=later_s, **known).calls) is stands


def test_another_call_for_the_same_arm_takes_the_place_of_the_first():
    worse = notice(NoticeKind.HELP, "LEFT slows.", Arm.LEFT)
    other = notice(NoticeKind.HELP, "RIGHT will probably need you.", Arm.RIGHT)
    calls = told(CALL, other, worse).calls
    assert [call.text for call in calls] == ["RIGHT will probably need you.", "LEFT slows."]


def test_the_console_folds_notices_risk_and_budget():
    console = Console(SessionConfig(), ())
    for message in (
        fake_step(7, NOW, 0.07),
        TakeoverStatus(NOW, (1.0, 0.3), (True, True), ("", ""), "", (1.2, 0.4), 12.0, 5),
        CALL,
    ):
        console.take(message, NOW)
    view = console.view(NOW + SECOND // 10)
    assert [arm.risk for arm in view.arms] == [1.2, 0.4]
    assert [arm.authority for arm in view.arms] == [1.0, 0.3]
    assert (view.help.budget, view.help.alerts) == (12.0, 5)
    assert len(view.notices.calls) == 1
    console.take(Acknowledged(), NOW)
    assert console.view(NOW + SECOND // 10).notices.calls == ()


def test_an_order_that_was_refused_is_kept_in_the_list_and_not_shown_twice():
    console = Console(SessionConfig(), ())
    console.take(Refused(REFUSED), NOW)
    view = console.view(NOW).notices
    assert (view.fresh, len(view.log)) == ((), 1)


def test_what_control_no_longer_reports_is_unknown():
    console = Console(SessionConfig(), ())
    console.take(
        TakeoverStatus(NOW, (1.0, 0.3), (True, True), ("", ""), "", (1.2, 0.4), 12.0, 5), NOW
    )
    console.take(fake_step(7, NOW, 0.07), NOW + 2 * SECOND)
    view = console.view(NOW + 2 * SECOND)
    assert (view.help.budget, view.arms[0].risk, view.arms[0].authority) == (None, None, None)


def test_a_wish_is_pending_until_control_reports_it():
    wish = Wish()
    wish.ask(0.3, NOW)
    wish.report(1.0, NOW + SECOND // 10)
    assert wish.pending == 0.3
    wish.report(0.3, NOW + SECOND // 5)
    assert wish.pending is None


def test_a_wish_that_is_refused_or_never_reported_is_dropped():
    wish = Wish()
    wish.ask(0.3, NOW)
    wish.refuse()
    assert wish.pending is None
    wish.ask(0.3, NOW)
    wish.report(1.0, NOW + round((WAIT_S + 0.1) * SECOND))
    assert wish.pending is None
