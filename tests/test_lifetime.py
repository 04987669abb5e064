import os
import signal
import subprocess
import sys
import time

import pytest

from teleop.lifetime import Lifetime

ORPHAN = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", '''
import time
from teleop.lifetime import Lifetime
lifetime = Lifetime()
print("ready", flush=True)
while not (reason := lifetime.over()):
    time.sleep(0.01)
print(reason, flush=True)
'''], stdout=sys.stdout)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _a_terminal() -> None:
    """Not started by `nohup`, whatever started the tests."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def test_a_signal_ends_the_process_in_its_own_time():
    lifetime = Lifetime()
    assert lifetime.over() == ""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.01)
    assert lifetime.over() == "SIGTERM"


def test_the_death_of_the_parent_is_seen_even_when_it_was_killed():
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    assert parent.stdout.readline() == "ready\n"
    parent.kill()
    assert "is gone" in parent.stdout.readline()
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()


def test_a_child_outlives_its_terminal_and_ends_with_its_parent_instead():
    lifetime = Lifetime()
    os.kill(os.getpid(), signal.SIGHUP)
    assert lifetime.over() == ""


def test_the_supervisor_ends_with_its_terminal_unless_it_was_told_to_survive_that():
    lifetime = Lifetime(with_parent=False)
    os.kill(os.getpid(), signal.SIGHUP)
    time.sleep(0.01)
    assert lifetime.over() == "SIGHUP"
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    survivor = Lifetime(with_parent=False)
    os.kill(os.getpid(), signal.SIGHUP)
    assert survivor.over() == ""


def test_a_process_can_be_asked_to_end_after_a_library_left_its_signals_blocked():
    lifetime = Lifetime()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    signal.raise_signal(signal.SIGTERM)
    assert lifetime.over() == "SIGTERM"
