"""What `nudge bench learner` keeps, counts and draws, on sessions that are made up."""

import os
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from learner.bench_learner.bench import Bench, LearnerBenchOptions
from learner.bench_learner.figure import draw, mean_curve
from learner.bench_learner.kept import Kept
from learner.bench_learner.people import PROFILES, People
from learner.bench_learner.pieces import Base, Cell, Point, Sequence, Terms, Turn
from learner.bench_learner.runner import Runner
from learner.bench_learner.session import in_time, price_s, served_at
from learner.bench_learner.table import after, change, corrections_to, row_of, sequence_rows, spread
from learner.correct import Corrected
from learner.seed import BASE
from teleop.bench import BENCHES
from teleop.cells.plug.shifts import SHIFTS
from teleop.errors import ConfigError
from teleop.messages import Outcome
from teleop.robots.mujoco_cell import MujocoCell

TERMS = Terms("abc", 20, 15.0, 5, 10, (2, 5, 10), "good")
CURVE = (Point(0, 0.4, 0), Point(2, 0.7, 3), Point(5, 0.95, 7), Point(9, 0.9, 11))
CELL = Cell("finetune", "offset", 0, CURVE, -0.01, 0.05, 9, 20, 31.0, (1.0, 3.0, 2.0), 1, 99.0)


def options(**fields: object) -> LearnerBenchOptions:
    return LearnerBenchOptions(methods=("finetune",), seeds=1, corrections=10, **fields)  # pyright: ignore[reportArgumentType]


def episode(version: int, corrected: bool) -> Corrected:
    return Corrected(
        seed=0,
        outcome=Outcome.SUCCESS,
        corrected=corrected,
        operator_s=0.0,
        version=version,
        update_to_serving_s=-1.0,
    )


def test_it_is_a_bench_among_the_others():
    assert any(verb.name == "learner" for verb in BENCHES)


def test_a_session_that_needed_no_more_counts_with_its_last_version():
    assert after(CURVE, 5, most=30) == 0.95
    assert after(CURVE, 30, most=30) == 0.9
    assert after(CURVE, 4, most=30) == 0.7


def test_a_session_that_was_not_to_be_that_long_says_nothing_about_it():
    assert after(CURVE, 30, most=10) is None
    assert row_of([CELL], 10).after_30 is None


def test_corrections_to_95_are_the_fewest_and_none_where_it_never_came():
    assert corrections_to(CURVE) == 5
    assert corrections_to(CURVE[:2]) is None
    never = replace(CELL, curve=CURVE[:2])
    row = row_of([CELL, never], 10)
    assert row.corrections_to_95 is not None
    assert (row.corrections_to_95.mean, row.reached_95) == (5.0, 0.5)


def test_what_a_session_settles_at_is_of_the_sessions_that_were_asked():
    row = row_of([CELL, replace(CELL, settled=0.9)], 10)
    assert row.settled is not None and row.settled.mean == 0.9
    assert row_of([CELL], 10).settled is None


def test_a_row_has_mean_and_spread_over_seeds():
    other = replace(CELL, seed=1, near_change=-0.03, fit_s=(4.0,))
    row = row_of([CELL, other], 10)
    assert row.seeds == 2
    assert row.near_change.mean == pytest.approx(-0.02)
    assert row.near_change.spread == pytest.approx(0.0141, abs=1e-4)
    assert row.fit_seconds_p50 is not None
    assert row.fit_seconds_p50.mean == 3.0  # of the medians 2 and 4


def test_nothing_known_is_no_number():
    assert spread([None, None]) is None


def test_a_change_compares_the_very_same_scenes():
    base = Base("tilt", 0, (True, False, False, False))
    assert change(base, (True, True)) == 0.5
    assert change(base, (False,)) == -1.0


def test_the_version_at_a_count_is_the_one_served_when_the_next_correction_was_to_come():
    turn = [episode(0, False), episode(1, True), episode(2, False), episode(3, True)]
    turn += [episode(5, True), episode(6, False)]
    assert served_at(turn, (1, 2)) == [(1, 2), (2, 3), (3, 6)]
    assert served_at(turn[:1], (1, 2)) == []


def test_no_help_was_needed_where_the_policy_did_it_alone_and_as_fast_as_is_asked():
    done = replace(episode(1, False), duration_s=14.0)
    assert in_time(done, 15.0)
    assert not in_time(replace(done, duration_s=16.0), 15.0)
    assert not in_time(replace(done, corrected=True), 15.0)
    assert not in_time(replace(done, outcome=Outcome.FAIL), 15.0)


def test_the_background_is_given_what_a_core_of_its_own_would_have_done():
    steps_in_a_second = 1.0 / price_s("encoder", stepped=True)
    assert 6 <= steps_in_a_second <= 7
    assert price_s("residual", stepped=True) == price_s("head", stepped=True) < 0.01
    assert price_s("head", stepped=False) == 0.1  # images are encoded before the first step


def test_a_finished_piece_is_never_made_again_and_those_of_other_terms_do_not_count(
    tmp_path: Path,
):
    kept = Kept(tmp_path, TERMS)
    assert kept.claim("one")
    kept.save("one", CELL)
    assert kept.load(Cell, "one") == CELL
    assert not kept.claim("one")
    other = Kept(tmp_path, replace(TERMS, policy="another base"))
    assert other.load(Cell, "one") is None
    assert other.claim("one")


def test_two_processes_never_make_the_same_piece(tmp_path: Path):
    kept = Kept(tmp_path, TERMS)
    assert kept.claim("one")
    assert not kept.claim("one")
    kept.give_up("one")
    assert kept.claim("one")


def test_the_claim_of_a_process_that_died_is_void(tmp_path: Path):
    child = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(child, 0)
    kept = Kept(tmp_path, TERMS)
    assert kept.claim("one")
    claim = next(tmp_path.glob("*.claim"))
    claim.write_text(str(child))
    assert kept.claim("one")
    assert claim.read_text() == str(os.getpid())


def test_the_table_of_what_is_kept_says_what_is_missing(tmp_path: Path):
    kept = Kept(tmp_path, TERMS)
    kept.save("finetune-offset-good-0", CELL)
    figure = tmp_path / "figure.svg"
    bench = Bench(options(figure=figure), kept, None, Console(quiet=True))
    result = bench.run()
    assert [(row.method, row.shift) for row in result.rows] == [("finetune", "offset")]
    assert result.missing == len(SHIFTS) - 1
    assert figure.is_file()


def test_a_sequence_says_where_every_shift_stands_at_the_end():
    turns = (Turn("offset", 0.4, 1.0, 0.9, 8), Turn("view", 0.0, 0.5, 0.5, 10))
    session = Sequence("finetune", 0, turns, -0.02, 120.0, 2, 900.0)
    first, second = sequence_rows([session, replace(session, seed=1)])
    assert (first.shift, first.own.mean, first.end.mean) == ("offset", 1.0, 0.9)
    assert (second.before.mean, second.seeds) == (0.0, 2)


class MadeUpSession:
    """One whose last version comes from the fit in the background."""

    store = None
    served = refused = 0
    done = (episode(1, corrected=True),)

    def correct(self, shift: str, say: object) -> tuple[Corrected, ...]:
        self.served += 1
        return self.done

    def settle(self) -> None:
        self.served = 99

    def close(self) -> None:
        pass


def test_a_session_of_all_shifts_ends_with_what_the_fit_in_the_background_leaves(
    monkeypatch: pytest.MonkeyPatch,
):
    def successes(self: Runner, store: object, version: int, *_: object) -> tuple[bool, ...]:
        return (version == 99,)

    monkeypatch.setattr(Runner, "_session", lambda *_: MadeUpSession())
    monkeypatch.setattr(Runner, "successes", successes)
    runner = Runner(TERMS, BASE, None, None)  # pyright: ignore[reportArgumentType]
    bases = {name: Base(name, 0, (False,)) for name in ("near", *SHIFTS)}
    session = runner.sequence("finetune", 0, bases, lambda _: None)
    assert [(turn.own, turn.end) for turn in session.turns] == [(0.0, 1.0)] * len(SHIFTS)
    assert session.near_change == 1.0


def test_the_figure_has_a_panel_a_shift_and_a_line_a_method(tmp_path: Path):
    cells = [CELL, replace(CELL, method="pooled"), replace(CELL, shift="view")]
    path = tmp_path / "figure.svg"
    draw(cells, path)
    tree = ET.fromstring(path.read_text())
    space = "{http://www.w3.org/2000/svg}"
    assert len(tree.findall(f"{space}polyline")) == 3
    texts = {element.text for element in tree.findall(f"{space}text")}
    assert {"offset", "view", "finetune", "pooled"} <= texts


def test_a_mean_curve_holds_a_session_that_ended_at_its_last_success():
    short = replace(CELL, curve=CURVE[:2])
    assert mean_curve([CELL, short])[-1] == (9.0, pytest.approx(0.8))


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match=r"no shift 'far'.*offset"):
        options(shifts=("far",))
    with pytest.raises(ConfigError, match=r"no operator 'best'.*good, worse"):
        options(operator="best")


def test_people_remember_how_often_they_took_over(monkeypatch: pytest.MonkeyPatch):
    class Robot:
        truth = cell = working = None

    people = People("worse", 3)
    robot: MujocoCell = Robot()  # pyright: ignore[reportAssignmentType]
    first = people.next(robot)
    first.takeovers = 4
    assert people.next(robot).takeovers == 4
    assert PROFILES["worse"].contrary_every == 5


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_piece_is_a_session_of_the_real_learner():
    terms = Terms("abc", 2, 10.0, 1, 2, (1, 2), "good")
    runner = Runner.made(terms, BASE)
    said: list[str] = []
    try:
        bases = {name: runner.base(name, 7, said.append) for name in ("near", *SHIFTS)}
        cell = runner.cell("finetune", "clutter", 7, bases, said.append)
    finally:
        runner.close()
    assert cell.settled is not None
    assert cell.made == 2 and cell.curve[-1].corrections == 2
    assert cell.curve[-1].version > 0 or cell.refused > 0
    assert cell.operator_s > 0.0 and len(cell.fit_s) == 2
    assert -1.0 <= cell.held_out_change <= 1.0
    assert any("corrections" in line for line in said)
