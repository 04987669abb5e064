"""A SpaceMouse, by its real driver, on the real control process."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from teleop.bus import STATE, OrderClient, Subscriber
from teleop.config import SessionConfig
from teleop.messages import Arm, Mode, SessionMode, Step
from teleop.order_messages import Order, OrderKind, Reply
from teleop.process_tree import ProcessTree, session_programs
from teleop.rig.pucks import VirtualPuck, VirtualUsb
from teleop.session_claim import claimed
from teleop.session_folder import ORDERS
from teleop.session_record import SessionRecord, write_record
from tests.rig.present import needs_virtual_pucks

pytestmark = needs_virtual_pucks


@dataclass
class Cell:
    """The control process with a puck plugged in."""

    usb: VirtualUsb
    puck: VirtualPuck
    steps: Subscriber
    orders: OrderClient[Order]

    def order(self, kind: OrderKind, text: str = "") -> Reply:
        return self.orders.call(Order(kind, text=text), timeout_s=5.0)

    def lit(self, light: bytes, within_s: float = 5.0) -> None:
        """Wait until the puck's light was set so."""
        deadline = time.monotonic() + within_s
        while self.puck.node.written[-1:] != [light]:
            assert time.monotonic() < deadline, self.puck.node.written
            time.sleep(0.02)

    def step_where(self, true: Callable[[Step], bool], within_s: float = 5.0) -> Step:
        deadline = time.monotonic() + within_s
        last = None
        while time.monotonic() < deadline:
            for _, step in self.steps.poll(0.1):
                last = step
                if true(step):
                    return step
        raise AssertionError(last)


@pytest.fixture
def cell(session_dir: Path, tmp_path: Path) -> Iterator[Cell]:
    with VirtualUsb() as usb, claimed(session_dir) as folder:
        puck = usb.plug(serial="A")
        environment = usb.environment | {"XDG_CONFIG_HOME": str(tmp_path)}
        config = SessionConfig(device="spacemouse", cameras=())
        write_record(folder, SessionRecord(config, ""))
        [control] = [
            replace(one, environment=dict(one.environment) | environment)
            for one in session_programs(folder, [], window=False)
            if one.name == "control"
        ]
        tree = ProcessTree(folder, [control], lambda text: None)
        tree.start()
        steps = Subscriber([folder.endpoint("control")], [STATE])
        orders = OrderClient(folder.endpoint(ORDERS))
        try:
            tree.wait_until_ready(lambda: "", 30.0)
            yield Cell(usb, puck, steps, orders)
        finally:
            tree.stop()
            steps.close()
            orders.close()


def test_a_push_takes_the_arm_over_and_a_puck_that_falls_silent_makes_it_hold(cell: Cell):
    cell.step_where(lambda step: 0 <= step.device_age_ns < 50_000_000)
    assert cell.order(OrderKind.START).accepted
    cell.step_where(lambda step: step.session_mode is SessionMode.ROLLOUT and step.index > 20)
    cell.puck.push(y=-250)  # away from the operator
    taken = cell.step_where(lambda step: step.modes[Arm.LEFT] is Mode.OPERATOR)
    assert taken.device == "spacemouse"
    moving = cell.step_where(lambda step: float(step.executed.twist[Arm.LEFT, 1]) > 0.02)
    assert moving.modes[Arm.RIGHT] is not Mode.OPERATOR
    cell.puck.fall_silent()
    held = cell.step_where(lambda step: step.modes[Arm.LEFT] is Mode.HOLD)
    assert held.authority[Arm.LEFT] == 1.0  # silence is not letting go


def test_the_light_shows_who_has_the_arm_and_unplugged_while_deflected_it_holds(cell: Cell):
    cell.step_where(lambda step: step.device_age_ns >= 0)
    assert cell.order(OrderKind.START).accepted
    cell.step_where(lambda step: step.session_mode is SessionMode.ROLLOUT and step.index > 20)
    cell.lit(b"\4\0")
    cell.puck.push(y=-250)
    cell.step_where(lambda step: step.modes[Arm.LEFT] is Mode.OPERATOR)
    cell.lit(b"\4\1")
    cell.puck.unplug()
    held = cell.step_where(lambda step: step.modes[Arm.LEFT] is Mode.HOLD)
    after = [cell.step_where(lambda step: step.index > held.index) for _ in range(20)]
    assert all(step.modes[Arm.LEFT] is Mode.HOLD for step in after)  # gone is not let go
    cell.usb.plug(serial="A", port=5)
    cell.step_where(lambda step: 0 <= step.device_age_ns < 50_000_000)


def test_a_puck_is_calibrated_by_order(cell: Cell):
    cell.step_where(lambda step: step.device_age_ns >= 0)
    reply = cell.order(OrderKind.CALIBRATE, "B")
    assert not reply.accepted
    assert "serial" in reply.reason
    assert cell.order(OrderKind.CALIBRATE, "A").accepted


def test_both_buttons_of_the_puck_stop_the_robot(cell: Cell):
    cell.step_where(lambda step: step.device_age_ns >= 0)
    assert cell.order(OrderKind.START).accepted
    cell.step_where(lambda step: step.session_mode is SessionMode.ROLLOUT)
    cell.puck.buttons(3)
    cell.step_where(lambda step: step.session_mode is SessionMode.STOPPED)
    reply = cell.order(OrderKind.START)
    assert not reply.accepted
    assert "release the stop" in reply.reason
