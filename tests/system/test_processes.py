"""The real processes around the simulated cell, without policy and learner."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from recorder.reader import EpisodeReader
from teleop.bus import FRAME, STATE, OrderClient, Subscriber
from teleop.config import SessionConfig
from teleop.errors import SessionError
from teleop.messages import Outcome, SessionMode
from teleop.order_messages import Order, OrderKind
from teleop.process_tree import ProcessTree, session_programs
from teleop.session_claim import claimed
from teleop.session_folder import ORDERS, SessionFolder
from teleop.session_record import SessionRecord, write_record

CAMERA = "close_front"


@dataclass
class Running:
    folder: SessionFolder
    tree: ProcessTree
    said: list[str]

    def order(self, kind: OrderKind) -> None:
        client = OrderClient(self.folder.endpoint(ORDERS))
        try:
            reply = client.call(Order(kind), timeout_s=5.0)
        finally:
            client.close()
        assert reply.accepted, reply.reason

    def watch_until(self, true: Callable[[], bool], timeout_s: float = 15.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not true():
            assert time.monotonic() < deadline, self.said
            self.tree.watch(0.05)


@pytest.fixture
def running(session_dir: Path) -> Iterator[Running]:
    with claimed(session_dir) as folder:
        write_record(folder, SessionRecord(SessionConfig(), "2026-03-01T14:05:09"))
        programs = session_programs(folder, [CAMERA], window=False)
        programs = [one for one in programs if one.name not in ("policy", "learner")]
        said: list[str] = []
        tree = ProcessTree(folder, programs, said.append)
        tree.start()
        try:
            tree.wait_until_ready(lambda: "", 30.0)
            yield Running(folder, tree, said)
        finally:
            tree.stop()


def test_a_session_runs_records_and_leaves_whole_episodes_behind(running: Running):
    steps = Subscriber([running.folder.endpoint("control")], [STATE])
    running.order(OrderKind.START)
    seen = [message for _, message in steps.poll(2.0)]
    deadline = time.monotonic() + 1.5
    while time.monotonic() < deadline:
        seen += [message for _, message in steps.poll(0.2)]
    steps.close()
    rolling = [step for step in seen if step.session_mode is SessionMode.ROLLOUT]
    assert len(rolling) > 100
    assert [ref.camera for ref in rolling[-1].observation.frames] == [CAMERA]
    running.tree.stop()
    [path] = running.folder.episodes.iterdir()
    with EpisodeReader(path) as episode:
        assert episode.header.outcome is Outcome.UNLABELLED
        assert episode.header.reason == "session ended"
        assert len(episode.column("stamp_ns")) >= len(rolling)
    assert running.said == []


def test_a_camera_that_dies_is_restarted_and_the_robot_goes_on(running: Running):
    running.order(OrderKind.START)
    control = running.tree.children["control"].pid
    camera = running.tree.children[f"camera_{CAMERA}"]
    os.kill(camera.pid, signal.SIGKILL)
    frames = Subscriber([running.folder.endpoint(f"camera_{CAMERA}")], [FRAME])
    running.watch_until(lambda: camera.restarts == 1 and frames.latest(FRAME) is not None)
    frames.close()
    assert running.tree.children["control"].pid == control
    assert any("signal 9" in line for line in running.said)


def test_the_end_of_control_ends_the_session_with_a_sentence(running: Running):
    os.kill(running.tree.children["control"].pid, signal.SIGKILL)
    with pytest.raises(SessionError, match=r"The control process ended \(signal 9\)"):
        running.watch_until(lambda: False)


SUPERVISOR = """
import sys
from pathlib import Path
from teleop.config import SessionConfig
from teleop.process_tree import ProcessTree, session_programs
from teleop.session_claim import claimed
from teleop.session_record import SessionRecord, write_record
with claimed(Path(sys.argv[1])) as folder:
    write_record(folder, SessionRecord(SessionConfig(), ""))
    programs = session_programs(folder, ["close_front"], window=False)
    tree = ProcessTree(folder, [p for p in programs if p.name not in ("policy", "learner")], print)
    tree.start()
    tree.wait_until_ready(lambda: "", 30.0)
    print(*(child.pid for child in tree.children.values()), flush=True)
    sys.stdin.read()
"""


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_nothing_is_left_running_when_the_supervisor_is_killed(session_dir: Path):
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(session_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as supervisor:
        assert supervisor.stdout is not None
        pids = [int(word) for word in supervisor.stdout.readline().split()]
        assert len(pids) == 3
        supervisor.kill()
    deadline = time.monotonic() + 5.0
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in pids)
