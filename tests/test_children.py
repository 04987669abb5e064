import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleop.children import Child, Program, backoff_s, describe_exit


@pytest.fixture
def child(session_dir: Path) -> Iterator[Child]:
    made = Child(Program("help", ("--version",), niceness=3), session_dir / "help.log")
    yield made
    made.ask_to_end()
    made.end(2.0)


def wait_until_ended(child: Child) -> None:
    deadline = time.monotonic() + 10.0
    while child.running() and time.monotonic() < deadline:
        time.sleep(0.01)


def test_the_wait_before_a_restart_doubles_and_is_bounded():
    assert [backoff_s(n) for n in (1, 2, 3)] == [0.25, 0.5, 1.0]
    assert backoff_s(50) == 10.0


def test_a_child_that_ended_is_restarted_after_its_wait(child: Child):
    child.start()
    first = child.pid
    wait_until_ended(child)
    assert child.revive().startswith("help ended (exit code 0): nudge 0.")
    assert child.revive() == ""  # it waits
    time.sleep(0.3)
    assert "started again" in child.revive()
    assert child.pid != first
    assert child.restarts == 1


def test_a_child_that_may_leave_by_itself_is_not_restarted(session_dir: Path):
    child = Child(Program("help", ("--version",), restart_when_done=False), session_dir / "log")
    child.start()
    wait_until_ended(child)
    assert child.revive() == ""
    assert not child.running()


def test_the_last_words_are_the_sentence_of_the_error(session_dir: Path):
    log = session_dir / "log"
    log.write_text("working\nnudge: There is no policy v9.\n\n")
    child = Child(Program("policy", ("policy",)), log)
    assert child.last_words() == "There is no policy v9."
    log.write_text("nudge: The mouse is forbidden. Write:\nSUBSYSTEM==1\nSUBSYSTEM==2\n")
    assert child.last_words() == "The mouse is forbidden. Write:\nSUBSYSTEM==1\nSUBSYSTEM==2"
    log.write_text("nudge: old\nready\nTraceback (most recent):\n  File x\nKeyError: 'a'\n")
    assert child.last_words() == "KeyError: 'a'"
    log.write_text("")
    assert child.last_words() == f"see {log}"


def test_a_child_stands_back_for_the_control_process(child: Child):
    child.start()
    niceness = os.getpriority(os.PRIO_PROCESS, child.pid)
    assert niceness == os.getpriority(os.PRIO_PROCESS, 0) + 3 or niceness == 3


def test_a_child_that_does_not_end_is_killed_and_that_is_said(session_dir: Path):
    deaf = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    (session_dir / "sitecustomize.py").write_text(deaf + "print('deaf')\ntime.sleep(60)\n")
    log = session_dir / "log"
    child = Child(Program("x", ("--version",), environment={"PYTHONPATH": str(session_dir)}), log)
    child.start()
    deadline = time.monotonic() + 10.0
    while child.last_words() != "deaf" and time.monotonic() < deadline:
        time.sleep(0.01)
    child.ask_to_end()
    assert "was killed" in child.end(0.2)
    assert describe_exit(child.exit_code()) == "signal 9"
