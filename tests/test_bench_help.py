"""What `nudge bench help` counts, on episodes that are made up."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from rich.console import Console

import learner.bench_help
from learner.bench_help import HelpOptions, interleaved, measure, run_scenes, until_takeover
from learner.monitor_fit import Rollout
from learner.policy import FlowPolicy
from learner.rollouts import ALONE, Look, SeenPolicy, Watched, watch_episode
from learner.seed import BASE, checkpoint_folder
from learner.store import load_checkpoint
from teleop.bench import BENCHES
from teleop.chunks import NO_PROPOSAL
from teleop.errors import ConfigError
from teleop.lockstep import Lockstep
from teleop.messages import Mode

POLICY = (Mode.POLICY, Mode.POLICY)
SECOND = 1_000_000_000


def episode(
    scores: list[float], *, moment_s: float = 4.0, failed: bool = True, jammed: bool = False
) -> Watched:
    """An episode whose chunks, five a second, have these scores; moments count from its start."""
    looks = tuple(
        Look(
            round((0.2 * i + 0.05 * k) * SECOND),
            replace(NO_PROPOSAL, valid=(True, True), chunk_id=i, novelty=(score, 0.0)),
            POLICY,
        )
        for i, score in enumerate(scores)
        for k in range(4)
    )
    rollout = Rollout(np.zeros(1), np.zeros((1, 1), np.float32), failed)
    return Watched(failed, round(moment_s * SECOND), jammed, looks, rollout)


CALM = [episode([1.0 + 0.01 * i] * 20, failed=False) for i in range(60)]


def test_an_alert_half_a_second_before_the_jam_is_in_time_and_a_later_one_is_not() -> None:
    early = episode([1.0] * 10 + [90.0] * 20, moment_s=4.0, jammed=True)
    late = episode([1.0] * 18 + [90.0] * 20, moment_s=4.0)
    after = episode([1.0] * 25 + [90.0] * 20, moment_s=4.0)
    result = measure(20.0, CALM, [early, late, after, episode([1.0] * 30)])
    assert result.alerted_share == 0.25
    assert result.alerted_jams_share == 1.0
    assert result.lead_s_p50 == pytest.approx((1.8 + 0.2) / 2)


def test_alerts_in_episodes_that_succeed_are_false() -> None:
    fine = episode([1.0] * 20, failed=False)
    alarmed = episode([1.0, 90.0, 90.0, *[1.0] * 30, 90.0, 90.0], failed=False)
    result = measure(20.0, CALM, [fine, alarmed])
    assert result.false_alerts_per_success == 1.0  # two in one of two
    assert result.lead_s_p50 == -1.0


def test_what_is_measured_does_not_move_the_threshold() -> None:
    wild = [episode([90.0] * 20, failed=False)] * 20
    assert measure(60.0, CALM, wild).threshold == measure(60.0, CALM, CALM[:1]).threshold


def test_every_episode_that_is_fitted_to_counts() -> None:
    last = episode([50.0] * 20)
    assert measure(60.0, [*CALM[1:], last], CALM).threshold != measure(60.0, CALM, CALM).threshold


def test_what_an_operator_would_have_ended_uses_up_no_budget() -> None:
    left_alone = [episode([1.0] * 20 + [90.0] * 50, moment_s=2.0) for _ in range(30)]
    assert measure(60.0, left_alone, CALM).threshold < 5.0
    assert len(until_takeover(left_alone[0])) < len(left_alone[0].looks) / 4
    assert len(until_takeover(CALM[0])) == len(CALM[0].looks)


def test_a_larger_budget_calls_for_more() -> None:
    failing = [episode([1.0] * 5 + [1.0 + 0.02 * i] * 15) for i in range(40)]
    shares = [measure(budget, CALM, failing).alerted_share for budget in (6.0, 60.0, 600.0)]
    assert all(a <= b for a, b in pairwise(shares))
    assert shares[-1] > shares[0]


def test_scenes_of_both_distributions_are_mixed() -> None:
    names = interleaved(60, 30)
    assert (names.count("shifted"), names.count("near")) == (60, 30)
    assert "near" in names[:3]
    assert interleaved(2, 0) == ["shifted", "shifted"]


def test_thresholds_risk_and_measurement_share_no_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def pretend(lockstep: object, policy: object, distribution: str, seed: int) -> Watched:
        del lockstep, policy, distribution
        seen.append(seed)
        return CALM[0]

    monkeypatch.setattr(learner.bench_help, "watch_episode", pretend)
    for part in range(3):
        run_scenes(None, None, HelpOptions(), part, Console(quiet=True))  # pyright: ignore[reportArgumentType]
    assert len(seen) == len(set(seen)) == 270


def test_no_scenes_is_refused() -> None:
    with pytest.raises(ConfigError, match="shifted"):
        HelpOptions(shifted=0)


def test_the_bench_is_in_the_table() -> None:
    assert "help" in [verb.name for verb in BENCHES]


def test_the_watch_does_not_touch_what_the_policy_does() -> None:
    assert (ALONE.help.at_second, ALONE.help.alerts_per_hour) == ("alert", 0.0)
    assert issubclass(SeenPolicy, FlowPolicy)


@pytest.mark.slow
def test_an_easy_scene_is_watched_from_its_first_tick_to_its_success() -> None:
    net, _ = load_checkpoint(checkpoint_folder(BASE))
    lockstep = Lockstep(ALONE)
    try:
        watched = watch_episode(lockstep, SeenPolicy(net, 0), "near", 30_000_000)
    finally:
        lockstep.close()
    assert not watched.failed
    assert len(watched.rollout.seconds_N) == len(watched.rollout.feature_NF) > 10
    assert len(watched.looks) > 200
