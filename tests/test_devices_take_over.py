"""Gamepad, pedal and puck at the real control loop; the gamepad through the real SDL."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from teleop.config import SessionConfig, TakeoverConfig
from teleop.device_messages import KeysHeld
from teleop.devices.combined import CombinedDevice
from teleop.devices.gamepad import SEARCH_S, Gamepad
from teleop.devices.keyboard import KeyboardDevice
from teleop.devices.pad_state import Axis, Button
from teleop.interfaces import Device
from teleop.messages import Arm, Mode
from teleop.order_messages import OrderKind
from tests.control_parts import Bench, FakeDevice
from tests.pad_parts import VirtualPad, plugged

TICKS = round(SEARCH_S * 100) + 2  # in which a pad is found
LATE = 40  # ticks in which a reading becomes stale, or an arm is handed back
BY_CLUTCH = SessionConfig(takeover=TakeoverConfig(engage="clutch"))
DRIVEN, POLICY, HELD = Mode.OPERATOR, Mode.POLICY, Mode.HOLD


@pytest.fixture
def gamepad(tmp_path: Path) -> Iterator[Gamepad]:
    device = Gamepad(tmp_path)
    yield device
    device.close()


@pytest.fixture
def pad(gamepad: Gamepad) -> Iterator[VirtualPad]:
    with plugged() as made:
        yield made


Begin = Callable[..., Bench]


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Begin:
    def bench(devices: Sequence[Device], config: SessionConfig | None = None) -> Bench:
        made = Bench(config)
        combined = CombinedDevice(devices, made.loop._config.takeover)
        monkeypatch.setattr(made.device, "read", combined.read)
        made.order(OrderKind.START)
        made.tick(TICKS)
        assert made.loop.modes == (POLICY, POLICY)
        return made

    return bench


def test_hil_serl_dual_one_hand_takes_its_own_arm_over_and_no_other(
    begin: Begin, gamepad: Gamepad, pad: VirtualPad
):
    bench = begin([gamepad])
    pad.push(Axis.LEFT_X, 1.0)
    step = bench.tick(10)
    assert step.modes == (DRIVEN, POLICY)
    assert step.operator.twist[Arm.LEFT, 0] == pytest.approx(0.1, rel=0.01)
    pad.push(Axis.LEFT_X, 0.0)
    assert bench.tick(LATE).modes == (POLICY, POLICY)


def test_gym_hil_18_a_push_without_the_clutch_is_refused_with_what_to_do(
    begin: Begin, gamepad: Gamepad, pad: VirtualPad
):
    bench = begin([gamepad], BY_CLUTCH)
    pad.push(Axis.LEFT_X, 1.0)
    assert bench.tick(5).modes == (POLICY, POLICY)
    assert any("hold its clutch" in refusal.reason for refusal in bench.loop.refusals)
    pad.hold(Button.RIGHT_SHOULDER)
    assert bench.tick(5).modes == (DRIVEN, POLICY)
    pad.hold(Button.RIGHT_SHOULDER, down=False)
    assert bench.tick(LATE).modes == (POLICY, POLICY)


def test_a_gamepad_unplugged_while_it_is_pushed_holds_its_arm_and_only_that(
    begin: Begin, gamepad: Gamepad, pad: VirtualPad
):
    bench = begin([gamepad, FakeDevice()])
    pad.push(Axis.LEFT_X, 1.0)
    bench.tick(10)
    pad.unplug()
    assert bench.tick(LATE).modes == (HELD, POLICY)
    pad.plug()
    assert bench.tick(TICKS + LATE).modes == (POLICY, POLICY)


def test_the_gamepad_stops_the_session(begin: Begin, gamepad: Gamepad, pad: VirtualPad):
    bench = begin([FakeDevice(), gamepad])
    pad.tap(Button.B)
    assert bench.tick().modes == (HELD, HELD)


def test_a_puck_and_a_gamepad_move_an_arm_each(begin: Begin, gamepad: Gamepad, pad: VirtualPad):
    puck = FakeDevice()
    bench = begin([puck, gamepad])
    pad.tap(Button.BACK)
    bench.tick()
    puck.left = -1.0
    pad.push(Axis.LEFT_X, 1.0)
    step = bench.tick(10)
    assert step.modes == (DRIVEN, DRIVEN)
    assert step.operator.twist[:, 0].tolist() == pytest.approx([-0.1, 0.1], rel=0.01)
    puck.silent = True
    assert bench.tick(LATE).modes == (HELD, DRIVEN)


def test_a_pedal_engages_the_puck_and_a_window_that_dies_gives_nothing_back(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
):
    puck, keys = FakeDevice(), KeyboardDevice()
    alive, clutch = True, (False, False)
    plain = keys.read

    def window_and_read(now_ns: int):
        if alive:
            keys.hold(KeysHeld(now_ns, Arm.LEFT, (), clutch=clutch))
        return plain(now_ns)

    monkeypatch.setattr(keys, "read", window_and_read)
    bench = begin([puck, keys], BY_CLUTCH)
    puck.left = 1.0
    assert bench.tick(5).modes == (POLICY, POLICY)
    clutch = (True, False)
    assert bench.tick(5).modes == (DRIVEN, POLICY)
    alive = False
    assert bench.tick(LATE).modes == (HELD, POLICY)
    alive, clutch = True, (False, False)
    assert bench.tick(LATE).modes == (POLICY, POLICY)


def test_a_person_counts_before_the_script(begin: Begin):
    person, script = FakeDevice(), FakeDevice()
    bench = begin([person, script])
    script.left = 1.0
    bench.tick(10)
    person.left = -1.0
    assert bench.tick(2).operator.twist[Arm.LEFT, 0] < 0.0
