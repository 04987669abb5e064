from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from teleop.bus import DEVICES, HEALTH, NOTICE, Publisher, Subscriber
from teleop.control_desk import Desk, DeviceDesk, Watch
from teleop.device_messages import AT_REST, DeviceLevel, DeviceProfile, DeviceSeen
from teleop.messages import ENDED, Arm, Health, Mode, SceneState, frozen_array
from teleop.order_messages import Reply
from teleop.session_folder import SessionFolder
from tests.control_parts import MS

PUCK = DeviceSeen(
    "0001", "SpaceMouse", DeviceLevel.OK, "It is still.", Arm.LEFT, AT_REST, AT_REST, 0.0, -1.0,
    DeviceProfile("0001"),
)  # fmt: skip
POLICY, DRIVEN = (Mode.POLICY, Mode.POLICY), (Mode.OPERATOR, Mode.POLICY)


class Puck:
    """Implements `teleop.interfaces.Tunable`."""

    def __init__(self) -> None:
        self.now = PUCK
        self.looks = 0
        self.shown: list[tuple[Mode, Mode]] = []

    def seen(self, now_ns: int) -> tuple[DeviceSeen, ...]:
        self.looks += 1
        return (self.now,)

    def tune(self, profile: DeviceProfile) -> Reply:
        return Reply(True)

    def calibrate(self, serial: str, now_ns: int) -> Reply:
        return Reply(True)

    def show(self, modes: tuple[Mode, Mode]) -> None:
        self.shown.append(modes)


def make_desk(puck: Puck | None, publisher: Publisher) -> DeviceDesk:
    return DeviceDesk(puck, publisher, lambda notice: publisher.send(NOTICE, notice))


def rounds(desk: DeviceDesk, since_ms: int, seconds: float) -> None:
    for tick in range(round(seconds * 200)):
        desk.round(POLICY, (since_ms + 5 * tick) * MS)


def test_the_devices_are_told_of_ten_times_a_second_and_twenty_while_calibrating(session_dir):
    puck, folder = Puck(), SessionFolder(session_dir)
    with Publisher(folder.endpoint("control")) as publisher:
        desk = make_desk(puck, publisher)
        rounds(desk, 0, 1.0)
        assert puck.looks == 10
        puck.now = replace(PUCK, calibrating=0.5)
        rounds(desk, 1000, 1.0)
        assert 19 <= puck.looks - 10 <= 20


def test_the_light_of_a_device_is_set_only_when_an_arm_changes_hands(session_dir):
    puck, folder = Puck(), SessionFolder(session_dir)
    with Publisher(folder.endpoint("control")) as publisher:
        desk = make_desk(puck, publisher)
        for modes in (POLICY, POLICY, DRIVEN, DRIVEN, POLICY):
            desk.round(modes, 0)
        assert puck.shown == [POLICY, DRIVEN, POLICY]


def test_a_puck_that_is_pulled_is_told_of_at_once(session_dir):
    puck, folder = Puck(), SessionFolder(session_dir)
    with (
        Publisher(folder.endpoint("control")) as publisher,
        Subscriber([folder.endpoint("control")], [DEVICES, NOTICE]) as window,
    ):
        desk, since_ms = make_desk(puck, publisher), 0
        while not (got := window.poll(0.02)):
            desk.round(POLICY, since_ms * MS)
            since_ms += 100
        puck.now = replace(PUCK, level=DeviceLevel.ERROR, text="It was unplugged.")
        desk.round(POLICY, since_ms * MS)
        got = []
        while not got:  # what is published in one go may arrive in two
            got = [message for topic, message in window.poll(1.0) if topic is NOTICE]
        assert "unplugged" in got[0].text


def test_a_session_without_devices_to_set_up_tells_of_none(session_dir):
    endpoint = SessionFolder(session_dir).endpoint("control")
    with Publisher(endpoint) as publisher, Subscriber([endpoint], [DEVICES, HEALTH]) as window:
        sign = Health("control", 1, 0)
        while not window.poll(0.02):
            publisher.send(HEALTH, sign)
        make_desk(None, publisher).round(POLICY, 0)
        publisher.send(HEALTH, Health("control", 2, 0))
        heard = []
        while not any(topic is HEALTH and message.pid == 2 for topic, message in heard):
            heard += window.poll(0.1)
        assert not any(topic is DEVICES for topic, _ in heard)


class Parting:
    """What of the cell a desk that ends needs."""

    def scene_state(self) -> SceneState:
        return SceneState(7, frozen_array(np.zeros(1)))


def test_control_says_that_it_ends_in_order(session_dir):
    endpoint = SessionFolder(session_dir).endpoint("control")
    with Publisher(endpoint) as publisher, Subscriber([endpoint], [HEALTH]) as window:
        sockets: Any = SimpleNamespace(publisher=publisher)
        rest: list[Any] = [None] * 4
        desk = Desk(rest[0], Parting(), Watch(), sockets, *rest)  # pyright: ignore[reportArgumentType]
        signs = []
        while not signs:
            desk.part()
            signs = window.poll(0.02)
        assert signs[0][1].numbers[ENDED]
