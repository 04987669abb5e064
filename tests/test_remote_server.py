"""A robot behind a socket: what the other side does on its own, and whom it lets in."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zmq
import zmq.auth

from teleop.clock import RealClock, SimClock
from teleop.errors import ConfigError, RobotError
from teleop.messages import RobotState, frozen_array
from teleop.robots.remote.protocol import Request, Verb, number_of
from teleop.robots.remote.robot import RemoteConfig, RemoteRobot
from teleop.robots.remote.server import RobotServer
from teleop.robots.remote.sockets import Keys
from teleop.wire import encode
from tests.remote_parts import QUICK, Desk, Served, StillRobot, command, target_at


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.server.close()


def test_without_commands_for_its_watchdogs_time_the_robot_holds_once(desk: Desk):
    client = desk.connected()
    command(client, desk.server, 0.1)
    began = time.monotonic()
    while "stop" not in desk.robot.calls:
        desk.server.poll(1.0)
        assert time.monotonic() - began < 0.5
    for _ in range(3):
        desk.server.poll(0.01)
    assert desk.robot.calls.count("stop") == 1
    client.close()


def test_a_command_that_lay_in_the_wire_is_not_carried_out_late(desk: Desk):
    client = desk.connected()
    client.command(target_at(0.5))  # the robot's side is stopped and does not see it
    time.sleep(0.25)
    desk.server.poll(0.5)
    assert "command" not in desk.robot.calls
    assert "too late" in client.read().fault
    client.close()


def test_a_command_after_the_stop_that_followed_it_is_refused(desk: Desk):
    client = desk.connected()
    command(client, desk.server, 0.1)
    client.stop()  # over a line of its own: it may overtake
    desk.server.poll(0.5)
    done = desk.robot.calls.count("command")
    late = Request(Verb.COMMAND, client._sender, 0, client._seen_ns, target_at(0.4))
    client._line.socket.send_multipart((number_of(1), encode(late)))
    desk.server.poll(0.5)
    assert desk.robot.calls.count("command") == done
    client.close()


def test_a_second_control_process_is_refused_while_the_first_commands(desk: Desk):
    first, second = desk.connected(), desk.connected()
    command(first, desk.server, 0.1)
    command(second, desk.server, -0.1)
    assert desk.robot.position[0, 0] == 0.1
    assert "Another control process" in second.read().fault
    first.close()
    second.close()


def test_a_target_of_the_wrong_shape_never_reaches_the_robot(tmp_path: Path):
    clock = SimClock()
    far = StillRobot(clock)
    client = Served(clock, far, tmp_path)
    client.command(replace(target_at(0.0), opening=frozen_array(np.zeros(3))))
    assert "command" not in far.calls
    assert "opening" in client.read().fault
    client.close()


@pytest.mark.parametrize("payload", [b"", b"\x80", b"cos\nsystem\n(S'true'\ntR.", b"\xff" * 4000])
def test_nonsense_is_answered_with_a_refusal_and_harms_nobody(desk: Desk, payload: bytes):
    client = desk.connected()
    client._line.socket.send_multipart((number_of(7), payload))
    desk.server.poll(0.5)
    assert "not understood" in client.read().fault
    assert desk.robot.calls == []
    client.close()


def test_another_version_of_the_protocol_is_refused_with_both_versions_named(desk: Desk):
    client = desk.connected()
    newer = Request(Verb.STOP, 1, 0, version=99)
    client._line.socket.send_multipart((number_of(8), encode(newer)))
    desk.server.poll(0.5)
    assert "99" in client.read().fault
    client.close()


def test_another_host_is_refused_without_keys(tmp_path: Path):
    with pytest.raises(ConfigError, match="leaves this host, which needs CURVE keys"):
        RemoteRobot(RealClock(), "tcp://192.0.2.1:5555")
    with pytest.raises(ConfigError, match="leaves this host"):
        RobotServer(StillRobot(RealClock()), "tcp://*:5555")
    missing = Keys(tmp_path / "a.key_secret", tmp_path / "b.key")
    with pytest.raises(ConfigError, match="cannot be read"):
        RemoteRobot(RealClock(), "tcp://192.0.2.1:5555", keys=missing)


@pytest.mark.skipif(not zmq.has("curve"), reason="ZeroMQ was built without CURVE")
def test_only_the_holder_of_the_other_key_gets_through(tmp_path: Path):
    for name in ("robot", "control", "stranger"):
        zmq.auth.create_certificates(tmp_path, name)

    def keys(own: str, other: str) -> Keys:
        return Keys(tmp_path / f"{own}.key_secret", tmp_path / f"{other}.key")

    port = 40_000 + os.getpid() % 20_000
    endpoint, there = f"tcp://0.0.0.0:{port}", f"tcp://127.0.0.1:{port}"
    far = StillRobot(RealClock())
    server = RobotServer(far, endpoint, keys=keys("robot", "control"))
    ending = threading.Event()
    thread = threading.Thread(target=server.serve, args=(ending.is_set,))
    thread.start()
    try:
        client = RemoteRobot(RealClock(), there, QUICK, keys("control", "robot"))
        assert client.read().position == pytest.approx(np.zeros((2, 3)))
        client.close()
        for other in (keys("stranger", "robot"), None):
            with pytest.raises(RobotError, match="No robot answers"):
                RemoteRobot(RealClock(), there, RemoteConfig(connect_s=0.2), other)
    finally:
        ending.set()
        thread.join()
        server.close()


_FAR = """
import sys
from teleop.clock import RealClock
from teleop.robots.remote.server import RobotServer
import teleop.robots.gymnasium_env
known = {"teleop", "numpy", "msgspec", "zmq", "tests", "cython_runtime", "typing_extensions"}
loaded = {name.split(".")[0] for name in sys.modules if not name.startswith("_")}
foreign = loaded - known - set(sys.stdlib_module_names)
from tests.control_parts import FakeDevice, FakeRobot, FakeTask, Told
from tests.remote_parts import StillRobot
robot = StillRobot(RealClock())
robot.fault = " ".join(sorted(foreign))
RobotServer(robot, sys.argv[1]).serve(lambda: False)
"""


def test_the_other_side_lives_in_a_process_with_few_packages_and_a_stop_of_it_is_survived(
    tmp_path: Path,
):
    endpoint = f"ipc://{tmp_path}/robot"
    root = str(Path(__file__).parent.parent)
    far = subprocess.Popen([sys.executable, "-c", _FAR, endpoint], cwd=root)
    try:
        client = RemoteRobot(RealClock(), endpoint, RemoteConfig(connect_s=20.0))
        assert client.read().fault == ""  # else: the packages that it loaded and should not need
        far.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        states: list[RobotState] = [client.read() for _ in range(100)]
        assert time.monotonic() - began < 0.4
        assert len({state.stamp_ns for state in states[1:]}) == 1
        far.send_signal(signal.SIGCONT)
        deadline = time.monotonic() + 5.0
        while client.read().stamp_ns <= states[-1].stamp_ns and time.monotonic() < deadline:
            time.sleep(0.01)
        assert client.read().stamp_ns > states[-1].stamp_ns
        client.close()
    finally:
        far.kill()
        far.wait()
