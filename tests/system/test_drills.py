"""Faults made on purpose in the real-time cell."""

from functools import partial
from pathlib import Path

import pytest

from teleop.display import prepare_display
from teleop.drill import DRILLS
from teleop.drills.devices import keys_lost
from teleop.drills.drill import Drill, run_drill
from teleop.drills.result import Verdict


@pytest.mark.timeout(150)  # seconds on a quiet machine, a minute on a busy one
def test_the_arm_holds_when_the_window_dies_with_its_keys_held(session_dir: Path):
    prepare_display()
    drill = Drill("keys-lost", "", partial(keys_lost, cameras=()))
    result = run_drill(drill, session_dir)
    assert result.faults == ()
    assert result.verdict is Verdict.PASS
    assert 1.0 < result.path_mm[0] < result.path_bound_mm


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: drill.name)
def test_drill(drill: Drill, session_dir: Path):
    prepare_display()
    result = run_drill(drill, session_dir)
    if result.verdict is Verdict.SKIP:
        pytest.skip(result.faults[0])
    assert result.faults == ()
