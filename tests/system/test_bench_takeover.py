"""`nudge bench takeover` on the real control process, without the load around it."""

import gc
import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from rich.progress import Progress

from teleop import bench_takeover
from teleop.bench_takeover import BenchTakeoverOptions, Cell, measure
from teleop.bus import STATE
from teleop.children import Program
from teleop.config import SessionConfig
from teleop.process_tree import ProcessTree, session_programs
from teleop.session_claim import claimed
from teleop.session_record import SessionRecord, write_record
from tests.rig.present import needs_virtual_pucks

pytestmark = needs_virtual_pucks


@contextmanager
def only_control(
    path: Path,
    config: SessionConfig,
    lifetime: object,
    say: object,
    adapt: Callable[[Program], Program],
) -> Generator[ProcessTree]:
    """Stands where the whole session stands in the measurement."""
    with claimed(path) as folder:
        write_record(folder, SessionRecord(replace(config, cameras=()), ""))
        programs = [
            adapt(one)
            for one in session_programs(folder, [], window=False)
            if one.name == "control"
        ]
        tree = ProcessTree(folder, programs, lambda text: None)
        tree.start()
        try:
            tree.wait_until_ready(lambda: "", 30.0)
            yield tree
        finally:
            tree.stop()


class NoPolicyCell(Cell):
    """Without a policy an arm that is given back holds."""

    def wait_for_policy(self, after_ns: int) -> None:
        for _ in range(100):
            for topic, step in self._states.poll(0.1):
                given = step.authority == (0.0, 0.0) and step.device_age_ns >= 0
                if topic is STATE and step.stamp_ns > after_ns and given and step.index > 50:
                    return
        raise AssertionError("The arm was not handed back within 10 s.")


@pytest.fixture
def own_scheduling() -> Iterator[None]:
    """The measurement runs ahead and stills the collector; the tests after it do not."""
    policy, interval = os.sched_getscheduler(0), sys.getswitchinterval()
    yield
    os.sched_setscheduler(0, policy, os.sched_param(0))
    sys.setswitchinterval(interval)
    gc.enable()
    gc.unfreeze()


@pytest.mark.usefixtures("own_scheduling")
def test_every_push_takes_its_arm_and_no_other(session_dir: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bench_takeover, "loaded_session", only_control)
    monkeypatch.setattr(bench_takeover, "Cell", NoPolicyCell)
    options = BenchTakeoverOptions(takeovers=4, seed=1)
    with Progress(disable=True) as progress:
        found = measure(options, session_dir, progress)
    assert (found.takeovers, found.wrong_arm, found.lost_or_double, found.early) == (4, 0, 0, 0)
    assert found.velocity_step_over_limit == 0
    assert 0.0 < found.report_to_command_p50_ms < 100.0
