"""A robot behind a socket: what control sees of it."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from teleop.clock import RealClock, SimClock
from teleop.config import SafetyLimits, SessionConfig
from teleop.control import ControlLoop, Station, robot_fault
from teleop.errors import RobotError
from teleop.inline_chunks import NoChunks
from teleop.messages import RobotState, SessionMode, ToolTarget
from teleop.order_messages import Order, OrderKind
from teleop.robots.remote.robot import RemoteConfig, RemoteRobot, RemoteTask
from tests.control_parts import FakeDevice, FakeRobot, FakeTask, Told
from tests.remote_parts import PATIENT, QUICK, Desk, Served, StillRobot, target_at

STALE_S = SafetyLimits().stale_state_s


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.server.close()


def test_a_silent_robot_grows_stale_and_does_not_hold_control_up(desk: Desk):
    client = desk.connected()
    first = client.read()
    began = time.monotonic()
    for _ in range(50):
        client.read()
        client.command(target_at(0.1))
    assert time.monotonic() - began < 0.4  # waited for once, not a hundred times
    assert client.read().stamp_ns == first.stamp_ns
    now_ns = first.stamp_ns + round((STALE_S + 0.01) * 1e9)
    assert "old" in robot_fault(client.read(), now_ns, STALE_S)
    client.close()


def test_a_robot_that_comes_back_is_read_again(desk: Desk):
    client = desk.connected(replace(QUICK, retry_s=0.01))
    old = client.read()
    desk.server.poll(0.5)
    assert _newer(client, old).stamp_ns > old.stamp_ns
    client.close()


def test_a_late_answer_is_stamped_with_the_time_of_its_question(desk: Desk):
    client = desk.connected()
    asked_ns = time.monotonic_ns()
    old = client.read()
    time.sleep(0.05)
    desk.server.poll(0.5)
    state = _newer(client, old)
    assert asked_ns - 2_000_000 <= state.stamp_ns < asked_ns + 30_000_000
    client.close()


def test_a_state_that_was_old_when_it_was_sent_stays_old(tmp_path: Path):
    clock = SimClock()
    far = StillRobot(clock)
    client = Served(clock, far, tmp_path)
    stamp_ns = clock.now_ns()
    far.read = lambda: replace(StillRobot.read(far), stamp_ns=stamp_ns)  # a driver that hangs
    clock.advance(500_000_000)
    assert client.read().stamp_ns == stamp_ns
    client.close()


def test_a_control_loop_goes_on_ticking_and_stops_the_session_when_the_other_side_is_gone(
    tmp_path: Path,
):
    clock = SimClock()
    robot = Served(clock, FakeRobot(clock), tmp_path, replace(PATIENT, reply_s=0.1))
    told = Told()
    station = Station(clock, robot, FakeDevice(), NoChunks(), FakeTask(), [told], cameras=())
    loop = ControlLoop(station, SessionConfig())
    loop.tick()
    assert loop.submit(Order(OrderKind.START, text="teleop")).accepted

    def ticks(count: int) -> list[SessionMode]:
        modes: list[SessionMode] = []
        for _ in range(count):
            clock.advance(10_000_000)
            modes.append(loop.tick().session_mode)
        return modes

    assert set(ticks(20)) == {SessionMode.TELEOP}
    robot.leave()  # the far side's thread, as its process would be killed
    began = time.monotonic()
    modes = ticks(20)
    assert time.monotonic() - began < 3.0  # one wait each for a state, a receipt and the stop
    assert modes[3] is SessionMode.TELEOP and modes[-1] is SessionMode.STOPPED
    robot.close()


@pytest.mark.parametrize("bad", [np.zeros((1, 3)), np.full((2, 3), np.nan)])
def test_a_state_of_the_wrong_shape_or_without_numbers_is_a_fault_and_not_a_state(
    tmp_path: Path, bad: np.ndarray
):
    clock = SimClock()
    far = StillRobot(clock)
    client = Served(clock, far, tmp_path)
    far.position = bad
    state = client.read()
    assert "position" in state.fault
    assert state.position.shape == (2, 3) and np.isfinite(state.position).all()
    client.close()


def test_a_fault_on_the_other_side_is_the_robots_fault_here(tmp_path: Path):
    clock = SimClock()
    far = StillRobot(clock)
    client = Served(clock, far, tmp_path)

    def protective_stop(target: ToolTarget) -> ToolTarget:
        raise RobotError("The robot is in a protective stop.")

    far.command = protective_stop
    client.command(target_at(0.0))
    assert "protective stop" in client.read().fault
    assert client.read().fault == ""  # told once; it is told again as long as it happens
    far.fault = "emergency stop pressed"
    assert client.read().fault == "emergency stop pressed"
    client.close()


def test_further_observations_ride_along(tmp_path: Path):
    class Featured(StillRobot):
        def features(self) -> dict[str, np.ndarray]:
            return {"state": np.arange(39.0)}

    clock = SimClock()
    client = Served(clock, Featured(clock), tmp_path)
    client.read()
    assert client.features["state"] == pytest.approx(np.arange(39.0))
    client.close()


def test_nobody_there_is_said_in_a_sentence(tmp_path: Path):
    with pytest.raises(RobotError, match="No robot answers at ipc"):
        RemoteRobot(RealClock(), f"ipc://{tmp_path}/nobody", RemoteConfig(connect_s=0.05))


def test_a_robot_without_a_task_is_not_taken_for_one(tmp_path: Path):
    clock = SimClock()
    client = Served(clock, StillRobot(clock), tmp_path)
    with pytest.raises(RobotError, match="knows no task"):
        RemoteTask(client)
    client.close()


def test_stop_may_be_called_from_any_thread_and_after_the_end(tmp_path: Path):
    clock = SimClock()
    far = StillRobot(clock)
    client = Served(clock, far, tmp_path, replace(PATIENT, reply_s=0.5))
    threads = [threading.Thread(target=client.stop) for _ in range(4)]
    for thread in threads:
        thread.start()
        client.read()
    for thread in threads:
        thread.join()
    assert far.calls.count("stop") == 4
    client.close()
    client.stop()
    client.close()


def _newer(client: RemoteRobot, old: RobotState) -> RobotState:
    """The state that an answer brings, which is on its way for a moment; else the old one."""
    deadline_s = time.monotonic() + 2.0
    state = client.read()
    while state.stamp_ns == old.stamp_ns and time.monotonic() < deadline_s:
        time.sleep(0.001)
        state = client.read()
    return state
