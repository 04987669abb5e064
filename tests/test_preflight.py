"""The list before the first motion: what stands against a start, and who may start all the same."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gui.preflight import SOUND, blocking, preflight, warned
from gui.preflight_gate import Gate, Ruling, ruled, seen
from gui.preflight_line import CheckLine, Item, Plan, State
from gui.sound.audible import Audible
from gui.view import CameraView, EpisodeMark, Lead, Level, View
from teleop.device_messages import AT_REST, DeviceLevel, DeviceProfile, DeviceSeen, Six
from teleop.messages import Arm, Outcome, SessionMode
from teleop.order_messages import Order, OrderKind
from tests.sound_views import a_view, arm_of, processes, vitals

PUSHED: Six = (0.0, 0.0, -0.3, 0.0, 0.0, 0.0)


def puck(**changes: Any) -> DeviceSeen:
    profile = DeviceProfile("A1", "SpaceMouse", calibrated="2026-11-20T09:12:00")
    made = DeviceSeen(
        "A1", "SpaceMouse", DeviceLevel.OK, "It rests.", Arm.LEFT, AT_REST, AT_REST, 0.0, -1.0,
        profile,
    )  # fmt: skip
    return replace(made, **changes)


def ready(**changes: Any) -> View:
    """Everything as it should be."""
    settings: dict[str, Any] = {
        "left": Lead.HOLD,
        "right": Lead.HOLD,
        "mode": SessionMode.IDLE,
    } | changes
    return replace(a_view(**settings), devices=changes.get("devices", (puck(),)))


HEARD = Plan(audible=Audible.HEARD)


def line(item: Item, view: View, plan: Plan = HEARD) -> CheckLine:
    return next(each for each in preflight(view, plan) if each.item is item)


def test_where_everything_is_right_nothing_blocks_or_warns():
    lines = preflight(ready(), HEARD)
    assert [each.item for each in lines] == list(Item)
    assert blocking(lines) == () and warned(lines) == ()
    assert all(each.value for each in lines)


def pushing(newtons: float) -> View:
    arms = tuple(arm_of(arm, Lead.HOLD, wrench=np.array([0, 0, newtons, 0, 0, 0])) for arm in Arm)
    return replace(ready(), arms=arms)


@pytest.mark.parametrize(
    ("item", "view", "state", "found"),
    [
        (Item.STOP, ready(left=Lead.STOPPED, mode=SessionMode.STOPPED), State.BLOCKS, "stopped"),
        (Item.ROBOT, ready(left=Lead.FAULT), State.BLOCKS, "a reason"),
        (Item.ROBOT, ready(vitals=vitals(state_age_ms=900.0)), State.BLOCKS, "900 ms old"),
        (Item.ROBOT, pushing(12.0), State.WARNING, "12.0 N"),
        (Item.ROBOT, pushing(math.nan), State.WARNING, "nan N"),
        (
            Item.CAMERAS,
            ready(vitals=vitals(cameras=(CameraView("a", 0.1), CameraView("top", 2.0)))),
            State.BLOCKS,
            "top: 2.0 s old",
        ),
        (
            Item.CAMERAS,
            ready(vitals=vitals(cameras=(CameraView("top"),))),
            State.BLOCKS,
            "top: no picture",
        ),
        (
            Item.CAMERAS,
            ready(vitals=vitals(cameras=(CameraView("top", 0.3),))),
            State.WARNING,
            "300 ms",
        ),
        (Item.DEVICE, ready(devices=None), State.WARNING, "nothing of devices"),
        (Item.DEVICE, ready(devices=()), State.WARNING, "the keys drive"),
        (Item.DEVICE, ready(devices=(puck(), puck(deflection=PUSHED))), State.BLOCKS, "30 %"),
        (
            Item.DEVICE,
            ready(devices=(puck(profile=DeviceProfile("A1")),)),
            State.WARNING,
            "never calibrated",
        ),
        (
            Item.DEVICE,
            ready(devices=(puck(level=DeviceLevel.ERROR, text="It is gone.", deflection=PUSHED),)),
            State.WARNING,
            "It is gone.",
        ),
        (
            Item.POLICY,
            ready(vitals=vitals(processes=processes(policy=Level.ERROR))),
            State.BLOCKS,
            "silent for 9 s",
        ),
        (
            Item.RECORDER,
            ready(vitals=vitals(processes=processes(recorder=Level.UNKNOWN))),
            State.BLOCKS,
            "silent",
        ),
        (
            Item.RECORDER,
            ready(vitals=vitals(processes=processes()[:2])),
            State.BLOCKS,
            "no sign of life",
        ),
        (
            Item.LEARNER,
            ready(vitals=vitals(processes=processes(learner=Level.ERROR))),
            State.WARNING,
            "silent",
        ),
        (Item.DISK, ready(vitals=vitals(free_gb=0.4)), State.BLOCKS, "0.4 GB"),
        (Item.DISK, ready(vitals=vitals(free_gb=4.0, room_s=1200.0)), State.WARNING, "20 min"),
        (Item.DISK, ready(vitals=vitals(free_gb=None)), State.WARNING, "not told"),
        (Item.CLOCK, ready(vitals=vitals(behind_ms=1500.0)), State.WARNING, "1500 ms"),
        (Item.CLOCK, ready(vitals=vitals(behind_ms=-80.0)), State.WARNING, "-80 ms"),
    ],
)
def test_what_is_wrong_is_said_with_its_value_and_what_to_do(
    item: Item, view: View, state: State, found: str
):
    told = line(item, view)
    assert told.state is state
    assert found in told.value
    assert told.advice or item in (Item.DISK, Item.DEVICE)
    others = [each for each in preflight(view, HEARD) if each.item is not item]
    assert blocking(tuple(others)) == ()


def test_where_control_is_silent_neither_stop_nor_robot_counts_as_right():
    lines = preflight(View(0), HEARD)
    assert {each.item for each in blocking(lines)} >= {Item.STOP, Item.ROBOT, Item.RECORDER}


def test_a_demonstration_needs_no_policy_and_a_session_without_one_lists_none():
    dead = ready(vitals=vitals(processes=processes(policy=Level.ERROR)))
    assert line(Item.POLICY, dead, replace(HEARD, policy=False)).state is State.WARNING
    assert line(Item.POLICY, dead, replace(HEARD, learns=False)).state is State.OK


def test_a_scripted_operator_needs_no_device():
    assert line(Item.DEVICE, ready(devices=()), replace(HEARD, scripted=True)).state is State.OK


@pytest.mark.parametrize("audible", list(Audible))
def test_sound_warns_until_it_was_heard_and_never_blocks(audible: Audible):
    told = line(Item.SOUND, ready(), Plan(audible=audible, sound_trouble="no device"))
    assert told.state is (State.OK if audible is Audible.HEARD else State.WARNING)
    assert audible in SOUND or "no device" in told.value


START = Order(OrderKind.START)


def test_the_first_start_shows_the_list_and_the_second_one_goes_out():
    gate, first = ruled(Gate(), START, shown=False, blocks=0)
    gate, second = ruled(gate, START, shown=True, blocks=0)
    _, later = ruled(gate, START, shown=False, blocks=3)
    assert (first, second, later) == (Ruling.SHOW, Ruling.GO, Ruling.GO)


def test_what_blocks_refuses_the_second_start_too():
    gate, _ = ruled(Gate(), START, shown=False, blocks=1)
    assert ruled(gate, START, shown=True, blocks=1)[1] is Ruling.REFUSE


@pytest.mark.parametrize("kind", [kind for kind in OrderKind if kind is not OrderKind.START])
def test_no_other_order_is_ever_held_up(kind: OrderKind):
    assert ruled(Gate(), Order(kind), shown=True, blocks=9) == (Gate(), Ruling.GO)


@pytest.mark.parametrize(
    ("view", "passed"),
    [
        (ready(), False),
        (View(0), False),
        (a_view(), True),  # a demo has started it by an order
        (a_view(mode=SessionMode.TELEOP), True),
        (ready(episode={"finished": (EpisodeMark(3, Outcome.SUCCESS),)}), True),
        (ready(episode={"number": 4}), True),
    ],
)
def test_a_session_that_has_moved_is_not_asked(view: View, passed: bool):
    assert seen(Gate(), view).passed is passed
