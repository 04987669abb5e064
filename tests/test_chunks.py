from dataclasses import replace

import numpy as np
import pytest

from teleop.chunks import ChunkPlayer
from teleop.config import ChunkConfig
from teleop.messages import ActionChunk, frozen_array

MS = 1_000_000
PERIOD = 100 * MS


def make_chunk(number: int, observed_ms: int, value: float = 0.0, horizon: int = 8) -> ActionChunk:
    """Action i asks for a twist of `value + i` on every axis."""
    steps = value + np.arange(horizon, dtype=float)
    return ActionChunk(
        chunk_id=number,
        policy_version=number + 100,
        observation_ns=observed_ms * MS,
        start_ns=observed_ms * MS,
        period_ns=PERIOD,
        twist=frozen_array(np.broadcast_to(steps[:, None, None], (horizon, 2, 6))),
        opening=frozen_array(np.full((horizon, 2), 0.5)),
        inference_ns=7 * MS,
    )


@pytest.fixture
def player() -> ChunkPlayer:
    return ChunkPlayer(ChunkConfig(blend_s=0.2))


def test_without_a_chunk_nothing_is_proposed(player: ChunkPlayer):
    proposal = player.at(0)
    assert proposal.valid == (False, False)
    assert proposal.version == -1


def test_the_head_that_has_passed_is_dropped(player: ChunkPlayer):
    player.accept(make_chunk(1, observed_ms=0), 250 * MS)
    proposal = player.at(250 * MS)
    assert proposal.index == 2
    assert proposal.action.twist[0, 0] == 2.0
    assert (proposal.version, proposal.chunk_id, proposal.inference_ns) == (101, 1, 7 * MS)


def test_a_chunk_that_is_played_out_is_no_proposal(player: ChunkPlayer):
    player.accept(make_chunk(1, observed_ms=0), 0)
    assert player.at(799 * MS).valid == (True, True)
    assert player.at(800 * MS).valid == (False, False)


def test_a_new_chunk_is_faded_in_over_the_old_one(player: ChunkPlayer):
    player.accept(make_chunk(1, observed_ms=0, value=0.0), 0)
    player.accept(make_chunk(2, observed_ms=100, value=11.0), 100 * MS)

    def asked(ms: int) -> float:
        return float(player.at(ms * MS).action.twist[0, 0])

    assert asked(100) == 1.0  # all old: its action 1
    assert asked(150) == pytest.approx(1.0 + 0.25 * (11.0 - 1.0))
    assert asked(299) == pytest.approx(2.0 + 0.995 * (12.0 - 2.0))
    assert asked(300) == 13.0  # all new: its action 2


def test_with_no_old_one_left_a_new_chunk_counts_at_once(player: ChunkPlayer):
    player.accept(make_chunk(1, observed_ms=0, value=5.0, horizon=1), 0)
    player.accept(make_chunk(2, observed_ms=200, value=9.0), 200 * MS)
    assert player.at(200 * MS).action.twist[0, 0] == 9.0


def test_after_a_flush_only_later_observations_count_for_that_arm(player: ChunkPlayer):
    player.accept(make_chunk(1, observed_ms=100, value=1.0), 150 * MS)
    proposal = player.at(200 * MS, after_ns=(100 * MS, -1))
    assert proposal.valid == (False, True)
    assert proposal.action.twist[0, 0] == 0.0
    player.accept(make_chunk(2, observed_ms=101, value=50.0), 210 * MS)
    proposal = player.at(210 * MS, after_ns=(100 * MS, -1))
    assert proposal.valid == (True, True)
    # The old chunk is no partner to blend with either, for the flushed arm.
    assert proposal.action.twist[0, 0] == 51.0
    assert proposal.action.twist[1, 0] == 2.0


def test_a_chunk_of_a_past_episode_is_never_played(player: ChunkPlayer):
    player.accept(make_chunk(1, observed_ms=100), 100 * MS)
    player.reset(300 * MS)
    assert player.at(310 * MS).valid == (False, False)
    assert not player.accept(make_chunk(2, observed_ms=250), 320 * MS)  # was on its way
    assert player.at(330 * MS).valid == (False, False)
    assert player.accept(make_chunk(3, observed_ms=300), 340 * MS)


def test_an_older_chunk_that_comes_late_is_left_out(player: ChunkPlayer):
    assert player.accept(make_chunk(2, observed_ms=200), 210 * MS)
    assert not player.accept(make_chunk(1, observed_ms=100), 220 * MS)
    assert player.at(230 * MS).chunk_id == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"twist": frozen_array(np.full((8, 2, 6), np.nan))},
        {"opening": frozen_array(np.full((8, 2), np.inf))},
        {"twist": frozen_array(np.zeros((8, 6)))},
        {"twist": frozen_array(np.zeros((0, 2, 6))), "opening": frozen_array(np.zeros((0, 2)))},
        {"period_ns": 0},
    ],
)
def test_a_malformed_chunk_is_refused(player: ChunkPlayer, changes: dict[str, object]):
    assert not player.accept(replace(make_chunk(1, 0), **changes), 0)  # pyright: ignore
    assert player.at(0).valid == (False, False)


def test_a_stream_of_chunks_keeps_few(player: ChunkPlayer):
    for number in range(50):
        now_ns = number * PERIOD
        player.accept(make_chunk(number, observed_ms=number * 100), now_ns)
        player.at(now_ns)
    assert len(player._chunks) <= 3


def test_what_is_proposed_cannot_be_changed(player: ChunkPlayer):
    player.accept(make_chunk(1, 0), 0)
    with pytest.raises(ValueError, match="read-only"):
        player.at(0).action.twist[0, 0] = 1.0
