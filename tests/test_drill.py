"""The drills' machinery; every drill in the real-time cell is in tests/system/test_drills.py."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from teleop.drill import DRILLS, DrillOptions, chosen, main, run_all
from teleop.drills.drill import Drill, run_drill
from teleop.drills.events import Chronicle, Event, Source
from teleop.drills.expected import EXPECTED, coast_mm
from teleop.drills.files import EpisodeFile, Files
from teleop.drills.motion import between, motions
from teleop.drills.result import (
    Findings,
    Verdict,
    announcement_faults,
    first_told,
    judge,
    motion_faults,
)
from teleop.errors import ConfigError, SessionError, SetupError
from teleop.messages import SceneState, frozen_array

MS = 1_000_000
KEYS = EXPECTED["keys-lost"]


def scene(stamp_ns: int) -> SceneState:
    return SceneState(stamp_ns, frozen_array([0.0]))


def told(*events: tuple[float, Source, str]) -> list[Event]:
    return [Event(round(after_ms * MS), source, text) for after_ms, source, text in events]


def test_every_drill_has_its_bounds_and_a_reason_and_every_bound_a_drill():
    assert [drill.name for drill in DRILLS] == list(EXPECTED)
    for expected in EXPECTED.values():
        assert 0.0 < expected.path_mm < 500.0
        assert expected.why


def test_the_drills_are_those_that_were_promised():
    names = {drill.name for drill in DRILLS}
    promised = "puck-pulled gui-killed policy-killed learner-killed recorder-killed camera-frozen"
    promised += " state-frozen supervisor-killed network-delayed clock-stepped disk-full"
    assert names >= set(promised.split())


def test_a_bound_is_the_way_until_noticed_then_braking_then_the_leash():
    assert coast_mm(0.2, 0.15) == pytest.approx(30.0 + 7.5 + 10.0)


def test_motion_is_the_way_along_the_path_and_the_distance_between_its_ends():
    there_and_back = np.zeros((3, 2, 3))
    there_and_back[1, 0, 1] = 0.004
    left, right = motions(there_and_back)
    assert (left.path_mm, left.moved_mm) == pytest.approx((8.0, 0.0))
    assert (right.path_mm, right.moved_mm) == (0.0, 0.0)


def test_motion_is_counted_from_the_last_scene_before_the_fault():
    kept = between([scene(n) for n in (0, 10, 20, 30, 40)], 15, 30)
    assert [one.stamp_ns for one in kept] == [10, 20, 30]


def test_a_tool_that_goes_too_far_fails_and_so_does_motion_that_nobody_saw():
    left, right = motions(np.array([[[0, 0, 0], [0, 0, 0]], [[1, 0, 0], [0, 0, 0]]]) * 1.0)
    [fault] = motion_faults((left, right), 2, KEYS)
    assert fault.startswith("the left tool went 1000.0 mm")
    assert motion_faults((right, right), 2, KEYS) == ()
    assert "no motion" in motion_faults((right, right), 1, KEYS)[0]


def test_a_fault_that_nothing_tells_of_or_too_late_fails():
    assert announcement_faults(KEYS.announced_ms, KEYS) == ()
    assert announcement_faults(None, KEYS) == ("nothing told of it",)
    assert "later than 300 ms" in announcement_faults(301.0, KEYS)[0]
    assert announcement_faults(None, EXPECTED["clock-stepped"]) == ()


def test_what_was_told_is_listed_once_with_its_time_after_the_fault():
    events = told((5, Source.MODE, "left HOLD"), (7, Source.NOTICE, "x"), (9, Source.NOTICE, "x"))
    assert first_told(events, MS) == ("4 ms mode: left HOLD", "6 ms notice: x")


def findings(chronicle: Chronicle, complaints: tuple[str, ...] = ()) -> Findings:
    return Findings(0, 100 * MS, chronicle, complaints, lambda event: True, "went on")


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> Chronicle:
    """Arms that rest, and a hold that was told after 120 ms."""

    def at_rest(scenes: list[SceneState]) -> object:
        return np.zeros((len(scenes), 2, 3))

    monkeypatch.setattr("teleop.drills.result.tool_positions", at_rest)
    events = told((-5, Source.MODE, "left POLICY"), (120, Source.MODE, "left HOLD"))
    return Chronicle(events=events, scenes=[scene(0), scene(10 * MS)])


WHOLE = EpisodeFile("episode_00000.h5", 0, "final", "UNLABELLED", "session ended", 70, 69, 0)


def test_a_drill_passes_when_all_is_as_expected(still: Chronicle):
    result = judge("keys-lost", "x", findings(still), Files((WHOLE,)), KEYS)
    assert result.verdict is Verdict.PASS
    assert result.announced_ms == 120.0
    assert result.files == "1 whole, 70 rows"


@pytest.mark.parametrize(
    ("complaints", "files"),
    [
        (("not a hold",), Files((WHOLE,))),
        ((), Files((WHOLE,), broken=("damaged",))),
        ((), Files((WHOLE,), unfinished=("episode_00001.h5.part",))),
    ],
)
def test_a_complaint_or_a_file_that_is_not_whole_fails(
    still: Chronicle, complaints: tuple[str, ...], files: Files
):
    result = judge("keys-lost", "x", findings(still, complaints), files, KEYS)
    assert result.verdict is Verdict.FAIL
    assert len(result.faults) == 1


def failing(error: Exception) -> Callable[[Path], Findings]:
    def perform(folder: Path) -> Findings:
        raise error

    return perform


def test_what_the_machine_cannot_do_is_skipped_with_the_reason(tmp_path: Path):
    skipped = Drill("disk-full", "x", failing(SetupError("There is no compiler.")))
    broken = Drill("gui-killed", "x", failing(SessionError("Control ended.")))
    assert run_drill(skipped, tmp_path).verdict is Verdict.SKIP
    assert run_drill(broken, tmp_path).faults == ("Control ended.",)
    report = run_all([skipped, broken], tmp_path, Console(quiet=True))
    assert (report.passed, report.failed, report.skipped) == (0, 1, 1)


def test_drills_are_chosen_by_name_and_an_unknown_one_is_named():
    assert [one.name for one in chosen(DrillOptions(("disk-full",)))] == ["disk-full"]
    assert chosen(DrillOptions(all=True)) == DRILLS
    with pytest.raises(ConfigError, match=r"no drill 'disk'.*disk-full"):
        chosen(DrillOptions(("disk",)))
    with pytest.raises(ConfigError, match="--all"):
        chosen(DrillOptions())


def test_the_list_names_every_drill_and_its_bound(capsys: pytest.CaptureFixture[str]):
    assert main(["--list"]) == 0
    shown = capsys.readouterr().out
    for drill in DRILLS:
        assert f"{drill.name}: {drill.fault}" in shown
    assert "at most 33 mm, told in 300 ms" in shown
