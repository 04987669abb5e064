"""The leak check of conftest.py catches what it says it catches."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

LEAKY = """
import subprocess, threading, zmq

KEPT = []
STOP = threading.Event()

def test_thread():
    KEPT.append(threading.Thread(target=STOP.wait, daemon=True))
    KEPT[-1].start()

def test_child():
    KEPT.append(subprocess.Popen(["sleep", "60"]))

def test_socket():
    KEPT.append(zmq.Context.instance().socket(zmq.PUB))

def test_clean(session_dir):
    STOP.set()
    KEPT[0].join()
    KEPT[1].kill()
    KEPT[1].wait()
    KEPT[2].close(linger=0)
    zmq.Context.instance().term()
    assert len(str(session_dir)) < 40
"""


def test_a_test_that_leaves_something_behind_fails(pytester: pytest.Pytester):
    conftest = Path(__file__).with_name("conftest.py").read_text()
    pytester.makeconftest(conftest.replace("PATIENCE_S = 1.0", "PATIENCE_S = 0.05"))
    pytester.makepyfile(LEAKY)

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    result.assert_outcomes(passed=4, errors=3)
    result.stdout.fnmatch_lines_random(
        ["*left behind: thread *", "*left behind: child process *sleep 60*", "*open zmq socket *"]
    )
