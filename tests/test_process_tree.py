"""What the supervisor does with a process that hangs; those that end are in tests/system."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from teleop.bus import HEALTH, Publisher
from teleop.children import Program
from teleop.messages import Health
from teleop.process_tree import ProcessTree, session_programs
from teleop.session_claim import claimed
from teleop.session_folder import SessionFolder

SILENT_S = 0.3


@dataclass
class Grove:
    """A tree of one process that only sleeps; the test gives its signs of life."""

    tree: ProcessTree
    publisher: Publisher
    name: str
    said: list[str]

    def live(self, pid: int = 0) -> None:
        pid = pid or self.tree.children[self.name].pid
        self.publisher.send(HEALTH, Health(self.name, pid, time.monotonic_ns()))

    def watch_until(
        self, true: Callable[[], bool], each: Callable[[], None] = lambda: None, within_s: float = 5
    ) -> bool:
        deadline = time.monotonic() + within_s
        while not true() and time.monotonic() < deadline:
            each()
            self.tree.watch(0.02)
        return true()


@pytest.fixture(params=["camera_top"])
def grove(session_dir: Path, request: pytest.FixtureRequest) -> Iterator[Grove]:
    name = str(request.param)
    (session_dir / "sitecustomize.py").write_text("import time\ntime.sleep(60)\n")
    environment = {"PYTHONPATH": str(session_dir)}
    program = Program(name, ("--version",), 3, environment, silent_s=SILENT_S)
    said: list[str] = []
    with claimed(session_dir) as folder, Publisher(folder.endpoint(name)) as publisher:
        tree = ProcessTree(folder, [program], said.append)
        tree.start()
        made = Grove(tree, publisher, name, said)
        try:
            assert made.watch_until(lambda: name in tree.health, made.live)
            yield made
        finally:
            tree.stop()


def test_a_process_that_hangs_is_killed_and_started_again_and_that_is_said(grove: Grove):
    child = grove.tree.children[grove.name]
    first = child.pid
    assert grove.watch_until(lambda: child.restarts == 1)
    assert child.pid != first
    assert grove.said == [
        "camera_top gave no sign of life for 0 s and was killed",
        "camera_top was started again",
    ]


def test_a_process_that_lives_is_left_alone_and_one_that_starts_has_time(grove: Grove):
    child = grove.tree.children[grove.name]
    assert not grove.watch_until(lambda: bool(grove.said), grove.live, within_s=2 * SILENT_S)
    assert grove.watch_until(lambda: child.restarts == 1)
    assert not grove.watch_until(lambda: child.restarts == 2, within_s=2 * SILENT_S)


def test_the_sign_of_a_process_that_is_gone_is_not_its_successors(grove: Grove):
    child = grove.tree.children[grove.name]
    gone = child.pid
    assert grove.watch_until(lambda: child.restarts == 1)
    assert grove.watch_until(lambda: child.pid != gone)
    grove.live()
    assert grove.watch_until(lambda: child.restarts == 2, lambda: grove.live(gone))


def test_processes_stand_back_once_all_are_ready_and_again_when_restarted(grove: Grove):
    child = grove.tree.children[grove.name]
    assert os.getpriority(os.PRIO_PROCESS, child.pid) == os.getpriority(os.PRIO_PROCESS, 0)
    grove.tree.health.clear()

    def live() -> str:
        grove.live()
        return ""

    grove.tree.wait_until_ready(live, 5.0)
    assert os.getpriority(os.PRIO_PROCESS, child.pid) == 3
    assert grove.watch_until(lambda: child.restarts == 1)
    assert os.getpriority(os.PRIO_PROCESS, child.pid) == 3


@pytest.mark.parametrize("grove", ["control"], indirect=True)
def test_control_is_never_killed_for_its_silence_but_it_is_told(grove: Grove):
    first = grove.tree.children["control"].pid
    assert grove.watch_until(lambda: bool(grove.said))
    assert "not restarted" in grove.said[0]
    assert "its own button" in grove.said[0]
    assert not grove.watch_until(lambda: False, within_s=2 * SILENT_S)
    assert grove.tree.children["control"].pid == first
    assert grove.tree.children["control"].restarts == 0


def test_a_learner_may_be_silent_for_longer_than_any_other_process():
    programs = session_programs(SessionFolder(Path("/s")), ["top"], window=True)
    limits = {program.name: program.silent_s for program in programs}
    assert max(limits, key=limits.__getitem__) == "learner"
    assert limits["learner"] >= 120.0
    assert limits["recorder"] * 200 < 3000  # steps that wait in control at 200 Hz
