"""The bench on Meta-World, as far as it needs no Meta-World."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch

from learner.bench_metaworld.bench import MetaworldOptions, row_of
from learner.bench_metaworld.episodes import Driver, StateEpisode, demonstrate, work
from learner.bench_metaworld.fits import NAMES, Fits
from learner.bench_metaworld.memory import PRE_INTERVENTION, StateMemory, step_chunks
from learner.bench_metaworld.operator import Operator, OperatorConfig
from learner.bench_metaworld.run import RunResult
from learner.bench_metaworld.states import USED, StatePolicy, StateScale, new_net
from learner.bench_metaworld.tasks import STATE_SIZE, episode_of, scene_of
from learner.bench_metaworld.world import World, metaworld_python
from learner.inputs import HORIZON
from learner.memory import MixConfig
from learner.methods.method import Ground
from learner.samples import Stratum
from teleop.errors import ConfigError, PolicyError, SetupError

PATIENCE = OperatorConfig(patience=5, least=3, gain=1.0, noise=0.0)


def episode(drivers: list[int], success: bool = True) -> StateEpisode:
    random = np.random.default_rng(0)
    count = len(drivers)
    return StateEpisode(
        0,
        success,
        random.normal(size=(count, STATE_SIZE)),
        np.arange(4.0 * count).reshape(count, 4) / 100.0,
        np.array(drivers, dtype=np.float64),
    )


def memory_of(*parts: StateEpisode) -> StateMemory:
    first = parts[0]
    memory = StateMemory(new_net(first.actions_T4, 0), StateScale.of(first.states_TS))
    for number, part in enumerate(parts):
        memory.worked(f"episode {number}", part)
    return memory


def test_the_operator_takes_over_where_progress_stops_and_hands_back_where_it_returns():
    operator = Operator(PATIENCE, np.random.default_rng(0))
    rewards = [1.0, *[1.1] * 5, 1.1, 1.2, 2.2, 2.3]
    drives = [operator.drives(reward) for reward in rewards]
    assert drives == [False] * 5 + [True] * 3 + [False] * 2


def test_the_operator_leaves_a_policy_alone_that_goes_on():
    operator = Operator(PATIENCE, np.random.default_rng(0))
    assert not any(operator.drives(0.3 * step) for step in range(100))


def test_a_chunk_counts_only_as_far_as_the_same_hand_drove_on():
    teaching = np.array([False] * 3 + [True] * 4)
    actions = np.arange(7.0)[:, None].repeat(14, axis=1)
    targets, weights = step_chunks(actions, teaching)
    assert targets[3, :4, 0] == pytest.approx([3, 4, 5, 6])
    assert weights[:, :, 0].sum(axis=1) == pytest.approx([3, 2, 1, 4, 3, 2, 1])
    assert weights.shape == (7, HORIZON, 14)


def test_what_led_to_a_takeover_is_no_rollout_and_a_failed_episode_teaches_its_corrections_only():
    good = memory_of(episode([0] * 20 + [1] * 10))
    assert len(good.where(Stratum.ROLLOUT)) == 20 - PRE_INTERVENTION
    assert len(good.where(Stratum.PRE_INTERVENTION)) == PRE_INTERVENTION
    assert list(good.where(Stratum.CORRECTION)) == list(range(20, 30))
    bad = memory_of(episode([0] * 20 + [1] * 10, success=False))
    assert len(bad.where(Stratum.ROLLOUT)) == 0
    assert len(bad.where(Stratum.CORRECTION)) == 10
    assert list(bad.corrections(("episode 0", "unknown"))) == list(range(20, 30))


def test_only_the_driven_arms_entries_are_other_than_nought():
    memory = memory_of(episode([1] * 9))
    rows = memory.rows(memory.where(Stratum.CORRECTION))
    idle = [i for i in range(14) if i not in USED]
    assert float(rows.target_NHA[..., idle].abs().max()) == 0.0
    with pytest.raises(PolicyError, match="no images"):
        memory.pictured(np.arange(2))


def test_a_scene_is_found_again_from_its_episodes_number():
    assert scene_of(episode_of(3, 30_017)) == (3, 30_017)


@pytest.mark.parametrize("name", NAMES)
def test_every_method_makes_a_quick_fit_of_states(name: str):
    shown = episode([1] * 30)
    net, scale = new_net(shown.actions_T4, 0), StateScale.of(shown.states_TS)
    memory = StateMemory(net, scale)
    memory.demonstrated(shown)
    memory.worked("episode 0", episode([0] * 20 + [1] * 10))
    ground = Ground(net, net, net, memory, memory, MixConfig(), 1)
    torch.set_num_threads(1)
    fit = Fits(name).begun(ground, quick=True)
    assert fit is not None
    fit.step()
    chunk = StatePolicy(fit.net.eval(), scale).chunk(0, shown.states_TS[0])
    assert chunk.shape == (HORIZON, 4)
    assert np.isfinite(chunk).all()
    full = Fits(name).begun(ground, quick=False)
    assert full is not None
    assert full.steps > fit.steps
    full.step()


def test_a_row_tells_means_and_spreads():
    runs = [
        RunResult("steer", "assembly", seed, 0.5, after, 0.6, 0.5, 10, 3.0, 0.1, 0.5, 1.0, 5.0)
        for seed, after in enumerate((0.7, 0.9))
    ]
    row = row_of("steer", runs)
    assert (row.after, row.after_spread, row.others_change) == (0.8, 0.1, -0.1)


def test_unknown_methods_and_tasks_are_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match="finetune"):
        MetaworldOptions(methods=("finetun",))
    with pytest.raises(ConfigError, match="peg-insert-side"):
        MetaworldOptions(tasks=("peg",))


def test_a_missing_environment_is_said_with_what_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NUDGE_PEERS", str(tmp_path))
    with pytest.raises(SetupError, match="run tools/metaworld-env"):
        metaworld_python()


@pytest.mark.slow
@pytest.mark.skipif(
    not (
        Path(os.environ.get("NUDGE_PEERS", "~/.cache/nudge/peers")).expanduser() / "metaworld"
    ).exists(),
    reason="tools/metaworld-env has not been run",
)
def test_the_expert_masters_a_scene_and_the_same_scene_comes_again(tmp_path: Path):
    world = World(metaworld_python(), tmp_path)
    try:
        random = np.random.default_rng(0)
        shown = demonstrate(world, 0, 10_000, 300, 0.0, random)
        assert shown.success
        again = demonstrate(world, 0, 10_000, 300, 0.0, random)
        assert np.array_equal(shown.states_TS, again.states_TS)
        policy = StatePolicy(new_net(shown.actions_T4, 0), StateScale.of(shown.states_TS))
        operator = Operator(OperatorConfig(patience=10), random)
        helped = work(world, policy, 0, 10_000, 300, operator)
        assert helped.takeovers > 0
        assert helped.drivers_T[0] == Driver.POLICY
    finally:
        world.close()
