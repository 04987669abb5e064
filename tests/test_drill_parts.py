"""What the drills make their faults with, and how they listen."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from teleop.bus import HEALTH, Publisher, Subscriber
from teleop.clock import SimClock
from teleop.drills.clock import longest_gap_s
from teleop.drills.events import Chronicle, Source, changes
from teleop.drills.freezable_robot import FreezableRobot
from teleop.drills.relay import relayed
from teleop.drills.small_disk import FileLimit, memory_disk
from teleop.drills.wall_clock import WallClock
from teleop.errors import SetupError
from teleop.messages import Arm, Health, Mode, SceneState, SessionMode, frozen_array
from teleop.session_folder import SessionFolder
from teleop.takeover_messages import Notice, NoticeKind, TakeoverStatus
from tests.control_parts import FakeRobot
from tests.sample_steps import plain_step


def wait_until(true: Callable[[], bool], within_s: float = 3.0) -> bool:
    deadline = time.monotonic() + within_s
    while not true() and time.monotonic() < deadline:
        time.sleep(0.005)
    return true()


def test_a_frozen_state_is_the_old_one_with_its_old_stamp(tmp_path: Path):
    switch = tmp_path / "frozen"
    robot = FakeRobot(SimClock())
    freezable = FreezableRobot(robot, switch)
    before = freezable.read()
    switch.touch()
    robot.position = robot.position + 0.1
    assert freezable.read() is before
    switch.unlink()
    assert freezable.read() is not before
    assert freezable.read().position[0, 0] == pytest.approx(before.position[0, 0] + 0.1)


def test_a_change_of_mode_a_stop_and_a_new_limit_are_events():
    quiet = replace(plain_step(0), limits_hit=("left.leash",))
    changed = replace(
        plain_step(1),
        modes=(Mode.HOLD, Mode.POLICY),
        session_mode=SessionMode.STOPPED,
        limits_hit=("left.leash", "left.stale_device"),
    )
    assert changes(changed, changed) == []
    told = [(event.source, event.text) for event in changes(quiet, changed)]
    assert told == [
        (Source.MODE, "left HOLD"),
        (Source.SESSION, "STOPPED"),
        (Source.LIMIT, "left.stale_device"),
    ]


def test_notices_reasons_and_troubles_are_told_once():
    chronicle = Chronicle()
    chronicle.hear(Notice(5, NoticeKind.HOLD, Arm.LEFT, "It is silent."), 6)
    status = TakeoverStatus(7, (1.0, 1.0), (True, True), ("silent", ""), "", (0.0, 0.0), 20.0, 0)
    ill = Health("recorder", 1, 8, "error", "The disk is full.")
    for message in (status, status, ill, ill, replace(ill, level="ok", text="")):
        chronicle.hear(message, 9)
    assert [(event.source, event.text) for event in chronicle.events] == [
        (Source.NOTICE, "HOLD left: It is silent."),
        (Source.STATUS, "left holds: silent"),
        (Source.HEALTH, "recorder error: The disk is full."),
    ]
    assert [event.stamp_ns for event in chronicle.after(7)] == [7, 9]


def test_a_relay_makes_a_process_late_in_order_and_on_time_again(session_dir: Path):
    near = SessionFolder(session_dir)
    near.bus.mkdir()
    passed: list[list[bytes]] = []
    with relayed(session_dir, "policy", passed.append) as (relay, far):
        relay.start()
        assert (far / "policies").is_symlink()
        with (
            Publisher(SessionFolder(far).endpoint("policy")) as policy,
            Subscriber([near.endpoint("policy")], [HEALTH]) as control,
        ):
            heard: list[int] = []

            def hear(number: int) -> bool:
                heard.extend(sign.pid for _, sign in control.poll(0.0))
                return number in heard

            def joined() -> bool:
                policy.send(HEALTH, Health("policy", 0, 0))
                return hear(0)

            assert wait_until(joined)
            relay.delay_s = 0.3
            began = time.monotonic()
            policy.send(HEALTH, Health("policy", 1, 0))
            time.sleep(0.02)
            relay.delay_s = 0.0
            policy.send(HEALTH, Health("policy", 2, 0))
            assert wait_until(lambda: hear(2))
            assert time.monotonic() - began >= 0.3
    assert heard[-2:] == [1, 2]
    assert len(passed) >= 3


def test_the_wall_clock_of_a_process_steps_and_its_monotonic_time_does_not(tmp_path: Path):
    try:
        clock = WallClock(tmp_path)
    except SetupError as missing:
        pytest.skip(str(missing))
    code = (
        "import sys, time, datetime\n"
        "for line in sys.stdin:\n"
        "    now = datetime.datetime.now().timestamp()\n"
        "    time.sleep(0.001)\n"
        "    print(time.time(), now, time.monotonic(), flush=True)\n"
    )
    environment = os.environ | clock.environment
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for wrong_s in (0, 3600, -3600):
            clock.be_wrong_by(wrong_s)
            process.stdin.write("\n")
            process.stdin.flush()
            wall, date, monotonic = map(float, process.stdout.readline().split())
            assert wall - time.time() == pytest.approx(wrong_s, abs=5.0)
            assert date - time.time() == pytest.approx(wrong_s, abs=5.0)
            assert monotonic == pytest.approx(time.monotonic(), abs=5.0)
        process.stdin.close()


def test_a_clock_that_goes_back_shows_as_a_gap_below_zero():
    def scenes(*stamps_ns: int) -> list[SceneState]:
        return [SceneState(stamp_ns, frozen_array([0.0])) for stamp_ns in stamps_ns]

    assert longest_gap_s(scenes(0, 10_000_000, 40_000_000)) == pytest.approx(0.03)
    assert longest_gap_s(scenes(0, 10_000_000, 5_000_000)) < 0.0


def test_a_disk_in_memory_is_filled_to_the_last_block_and_cleared(session_dir: Path):
    with memory_disk(session_dir) as disk:
        if disk is None:
            pytest.skip("this user may not mount")
        disk.fill(0)
        with pytest.raises(OSError, match="No space left"):
            (session_dir / "more").write_bytes(bytes(8192))
        disk.clear()
        (session_dir / "more").write_bytes(bytes(8192))
    assert not (session_dir / "more").exists()


def test_without_root_a_limit_on_its_files_stands_for_a_full_disk(tmp_path: Path):
    code = (
        "import sys\n"
        "for line in sys.stdin:\n"
        "    try:\n"
        f"        open({str(tmp_path / 'file')!r}, 'wb', 0).write(bytes(8192 * 4))\n"
        "        open(sys.argv[1], 'ab', 0).write(bytes(8192)); print('ok', flush=True)\n"
        "    except OSError as error:\n"
        "        print(error.strerror, flush=True)\n"
    )
    target = tmp_path / "log"
    target.write_bytes(bytes(8192))
    with subprocess.Popen(
        [sys.executable, "-c", code, str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        limit = FileLimit(lambda: process.pid)
        answers: list[str] = []
        for change in (lambda: limit.fill(150_000_000), lambda: limit.fill(0), limit.clear):
            change()
            process.stdin.write("\n")
            process.stdin.flush()
            answers.append(process.stdout.readline().strip())
        process.stdin.close()
    assert answers == ["ok", "File too large", "ok"]
