import errno
import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleop import priority
from teleop.priority import may_run_ahead, run_ahead, stand_back, still_collector


@pytest.fixture
def sleeper() -> Iterator[int]:
    """The pid of a process that leads a session of its own."""
    with subprocess.Popen(["sleep", "20"], start_new_session=True) as process:
        yield process.pid
        process.kill()


@pytest.fixture(autouse=True)
def ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may not run ahead."""
    monkeypatch.setattr(priority, "may_run_ahead", lambda: False)


@pytest.fixture
def proc(sleeper: int, tmp_path: Path) -> Path:
    (tmp_path / str(sleeper)).mkdir()
    return tmp_path


def test_niceness_counts_for_the_group_of_the_process_too(sleeper: int, proc: Path):
    stand_back(sleeper, 4, proc)
    assert os.getpriority(os.PRIO_PROCESS, sleeper) == 4
    assert (proc / str(sleeper) / "autogroup").read_text() == "4"


def test_where_control_has_real_time_priority_the_group_stays(
    sleeper: int, proc: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(priority, "may_run_ahead", lambda: True)
    stand_back(sleeper, 4, proc)
    assert os.getpriority(os.PRIO_PROCESS, sleeper) == 4
    assert not (proc / str(sleeper) / "autogroup").exists()


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="no such groups here")
def test_the_kernel_takes_the_group_s_niceness(sleeper: int):
    stand_back(sleeper, 4)
    assert Path(f"/proc/{sleeper}/autogroup").read_text().strip().endswith("nice 4")


def test_the_group_of_a_process_that_leads_no_session_is_left_alone(tmp_path: Path):
    with subprocess.Popen(["sleep", "20"]) as process:
        (tmp_path / str(process.pid)).mkdir()
        stand_back(process.pid, 3, tmp_path)
        assert os.getpriority(os.PRIO_PROCESS, process.pid) >= 3
        assert not (tmp_path / str(process.pid) / "autogroup").exists()
        process.kill()


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOENT, errno.EAGAIN])
def test_a_group_that_cannot_be_changed_is_no_error(
    sleeper: int, monkeypatch: pytest.MonkeyPatch, number: int
):
    tries: list[str] = []

    def refuse(path: Path, text: str) -> None:
        tries.append(text)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_text", refuse)
    monkeypatch.setattr(priority.time, "sleep", lambda seconds: None)
    stand_back(sleeper, 2)
    assert len(tries) == (3 if number == errno.EAGAIN else 1)


@pytest.mark.skipif(sys.platform != "linux", reason="real-time scheduling is Linux's here")
def test_what_is_started_by_a_process_that_runs_ahead_does_not_if_it_shall_not():
    before, interval = os.sched_getscheduler(0), sys.getswitchinterval()
    try:
        run_ahead(inherited=False)
        found = subprocess.run(
            [sys.executable, "-c", "import os; print(os.sched_getscheduler(0))"],
            capture_output=True,
            check=True,
            text=True,
        )
    finally:
        os.sched_setscheduler(0, before, os.sched_param(0))
        sys.setswitchinterval(interval)
    assert int(found.stdout) == os.SCHED_OTHER


def test_whether_it_may_run_ahead_is_tried_and_undone(monkeypatch: pytest.MonkeyPatch):
    before = os.sched_getscheduler(0)
    may_run_ahead.cache_clear()
    assert may_run_ahead() in (True, False)
    assert os.sched_getscheduler(0) == before

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    may_run_ahead.cache_clear()
    assert not may_run_ahead()
    may_run_ahead.cache_clear()


def test_what_lived_through_a_collection_is_never_looked_at_again():
    try:
        still_collector()
        first = gc.get_freeze_count()
        kept = [[place] for place in range(1000)]
        still_collector()
        assert gc.get_freeze_count() >= first + len(kept)
    finally:
        gc.enable()
        gc.unfreeze()
