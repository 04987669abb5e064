"""Which rows are drawn when encoding all would take too long."""

import numpy as np

from learner.samples import Stratum
from learner.working_set import Place, working_set

DEMO, CORR, ROLL = Stratum.DEMONSTRATION, Stratum.CORRECTION, Stratum.ROLLOUT


def episodes(count: int, rows: int = 10, first: int = 0) -> list[Place]:
    return [Place(f"episode_{n:05d}", first + 1000 * n, np.arange(rows)) for n in range(count)]


def test_everything_is_drawn_while_there_is_room():
    chosen = working_set({DEMO: episodes(3), CORR: episodes(2, first=500)}, 50)
    assert len(chosen[DEMO]) == 30 and len(chosen[CORR]) == 20


def test_no_more_rows_are_drawn_than_may_be_encoded():
    every = {DEMO: episodes(50), CORR: episodes(50, first=100), ROLL: episodes(50, first=200)}
    chosen = working_set(every, 400)
    sizes = {stratum: len(rows) for stratum, rows in chosen.items()}
    assert sum(sizes.values()) == 400
    assert sizes[CORR] >= 160 and sizes[DEMO] >= 140 and sizes[ROLL] >= 40
    assert all(len(np.unique(rows)) == len(rows) for rows in chosen.values())


def test_the_newest_corrections_are_whole_and_the_others_sampled():
    chosen = working_set({CORR: episodes(100)}, 100)[CORR]
    newest = np.concatenate([1000 * n + np.arange(10) for n in range(95, 100)])
    assert np.isin(newest, chosen).all()
    assert len(chosen) == 100 and (chosen < 95_000).sum() == 50


def test_one_more_episode_exchanges_few_rows():
    before = set(working_set({ROLL: episodes(100)}, 200)[ROLL].tolist())
    after = set(working_set({ROLL: episodes(101)}, 200)[ROLL].tolist())
    assert len(after - before) <= 8


def test_the_choice_follows_from_the_episodes_and_not_from_where_their_rows_lie():
    here = working_set({ROLL: episodes(40)}, 100)[ROLL]
    there = working_set({ROLL: episodes(40, first=123_456)}, 100)[ROLL]
    assert np.array_equal(here, there - 123_456)


def test_rows_before_a_takeover_are_bounded_too():
    every = {DEMO: episodes(10), Stratum.PRE_INTERVENTION: episodes(10, first=500)}
    chosen = working_set(every, 60)
    assert len(chosen[DEMO]) == 54 and len(chosen[Stratum.PRE_INTERVENTION]) == 6
