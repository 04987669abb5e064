from collections.abc import Callable
from types import SimpleNamespace

import pytest

from learner.gate_trials import LockstepTrials, TrialsConfig, simulated_trials
from learner.paired import Paired
from learner.policy import FlowPolicy
from learner.seed import checkpoint_folder
from learner.store import load_checkpoint
from teleop.config import LearningConfig, SessionConfig
from teleop.lockstep import Lockstep
from teleop.messages import Outcome
from tests.learner_data import small_net


class Scenes:
    """Stands in for a `Lockstep`: who succeeds follows from the seed and the version alone."""

    def __init__(self, succeeds: Callable[[int, int], bool]) -> None:
        self._succeeds = succeeds
        self.ran: list[tuple[str, int, int]] = []

    def run_episode(self, distribution: str, seed: int, policy: FlowPolicy) -> SimpleNamespace:
        self.ran.append((distribution, seed, policy.version))
        done = self._succeeds(seed, policy.version)
        return SimpleNamespace(outcome=Outcome.SUCCESS if done else Outcome.FAIL)


CONFIG = TrialsConfig(("near", "tilt"), scenes=6, first_seed=100)


def run(scenes: Scenes) -> Paired:
    return LockstepTrials(scenes, CONFIG).run(small_net(), small_net())  # pyright: ignore[reportArgumentType]


def test_both_versions_get_the_same_scenes_of_every_distribution():
    scenes = Scenes(lambda seed, version: True)
    assert run(scenes) == Paired(both=6)
    assert [one[:2] for one in scenes.ran if one[2] == 1] == [
        one[:2] for one in scenes.ran if one[2] == 0
    ]
    assert scenes.ran[0][:2] == ("near", 100) and scenes.ran[2][:2] == ("tilt", 101)


def test_a_candidate_that_keeps_losing_is_not_tried_to_the_end():
    scenes = Scenes(lambda seed, version: version == 0)
    assert run(scenes) == Paired(only_second=4)  # 1 in 16 by chance


@pytest.mark.slow
def test_the_base_does_as_well_as_itself_in_the_cell():
    net, _ = load_checkpoint(checkpoint_folder("base"))
    lockstep = Lockstep()
    try:
        paired = LockstepTrials(lockstep, TrialsConfig(scenes=2)).run(net, net)
    finally:
        lockstep.close()
    assert paired.scenes == 2 and paired.only_first == paired.only_second == 0


def test_a_session_tries_candidates_on_its_own_scenes_only_if_it_asks_for_it():
    alive: list[bool] = []
    with simulated_trials(SessionConfig(), lambda: None) as trials:
        assert trials is None
    asking = SessionConfig(learning=LearningConfig(gate_scenes=1))
    with simulated_trials(asking, lambda: alive.append(True)) as trials:
        assert trials is not None
        trials._lockstep = Scenes(lambda seed, version: True)  # pyright: ignore
        trials.run(small_net(), small_net())
        assert trials._lockstep.ran[0][0] == asking.cell.distribution  # pyright: ignore
    assert alive == [True]
