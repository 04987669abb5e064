import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch

from learner.bench_gate.held_memory import Features, HeldMemory
from learner.gate import Gate, Verdict, decide, spread_names
from learner.gate_checks import GateConfig
from learner.model import PolicyNet
from learner.paired import Paired
from learner.replay import Demonstrations
from learner.samples import Samples, Stratum
from teleop.learner_messages import GateCheck
from tests.learner_data import samples, small_net

DEMONSTRATED, CORRECTED = 0.5, 0.2
FEATURES = Features()


def net_that_does(action: float) -> PolicyNet:
    """The same encoder each time, and the same chunk whatever it sees."""
    net = small_net()
    outlet = net.head.outlet[-1]
    with torch.no_grad():
        for parameter in outlet.parameters():
            parameter.zero_()
        outlet.bias.fill_(action)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return net


BASE = net_that_does(DEMONSTRATED)


def correction(seed: int, action: float = CORRECTED) -> Samples:
    """Rows a tenth of a second apart in which the arms move as the actions say."""
    rows = samples(12, seed, Stratum.CORRECTION, action)
    way = np.arange(12.0)[:, None, None] * 0.1 * CORRECTED
    return replace(rows, position_N23=np.broadcast_to(way, (12, 2, 3)).copy())


def judged(
    candidate: PolicyNet,
    episodes: dict[str, Samples],
    new: Sequence[str],
    config: GateConfig | None = None,
    serving: PolicyNet = BASE,
    trials: "Scenes | None" = None,
) -> Verdict:
    train, held_out = samples(30, 1, action=DEMONSTRATED), samples(10, 2, action=DEMONSTRATED)
    memory = HeldMemory(Demonstrations(train, held_out), episodes, serving, FEATURES)
    gate = Gate(BASE, config or GateConfig(floor=0.15), trials)
    earlier = [name for name in episodes if name not in new]
    return gate.judge(candidate, memory.under(candidate), serving, memory, earlier, new)


def failed(verdict: Verdict) -> list[str]:
    return [check.name for check in verdict.checks if not check.passed]


@pytest.fixture(autouse=True)
def _alone() -> None:
    FEATURES.known.clear()  # names mean other rows in every test


def test_a_candidate_that_learned_and_kept_everything_is_accepted():
    verdict = judged(net_that_does(0.4), {"e1": correction(3)}, ["e1"])
    assert verdict.accepted, verdict.reason
    assert [check.name for check in verdict.checks] == [
        "held-out demonstrations",
        "sanity",
        "consistency",
        "new corrections",
    ]
    assert {loss.stratum: loss.rows for loss in verdict.losses} == {
        "demonstrations": 30,
        "corrections": 12,
        "held out": 10,
    }


def test_small_losses_cannot_add_up_over_versions():
    drifted, further = net_that_does(0.38), net_that_does(0.3)
    episodes = {"e1": correction(3)}
    assert judged(drifted, episodes, ["e1"]).accepted
    verdict = judged(further, episodes, ["e1"], serving=drifted)
    assert not verdict.accepted and "forgot" in verdict.reason


def test_a_candidate_that_moves_away_from_the_new_correction_is_refused():
    verdict = judged(net_that_does(0.6), {"e1": correction(3)}, ["e1"], GateConfig(floor=0.05))
    assert not verdict.accepted and "new corrections" in failed(verdict)


def test_a_candidate_that_would_need_an_earlier_correction_again_is_refused():
    config = GateConfig(floor=0.5, lost_share=0.0)
    episodes = {"e1": correction(3), "e2": correction(4)}
    knows = net_that_does(CORRECTED)
    verdict = judged(net_that_does(-0.2), episodes, ["e2"], config, serving=knows)
    assert not verdict.accepted and "earlier corrections" in failed(verdict)


def test_a_mirrored_correction_is_never_served_and_is_named():
    mirrored = replace(correction(4), target_NHA=-correction(4).target_NHA)
    verdict = judged(net_that_does(0.4), {"e1": correction(3), "e2": mirrored}, ["e2"])
    assert not verdict.accepted and "contradicts its own recording" in verdict.reason
    assert verdict.suspects == ("e2",)


def test_a_correction_that_was_refused_stays_suspect_while_it_is_new():
    mirrored = replace(correction(4), target_NHA=-correction(4).target_NHA)
    episodes = {"e1": mirrored, "e2": correction(3)}
    verdict = judged(net_that_does(0.4), episodes, ["e1", "e2"])
    assert not verdict.accepted and verdict.suspects == ("e1",)


def test_a_candidate_whose_actions_are_not_numbers_is_refused():
    verdict = judged(net_that_does(math.nan), {"e1": correction(3)}, ["e1"])
    assert not verdict.accepted and "not numbers" in verdict.reason


def test_a_candidate_that_acts_beyond_all_that_was_recorded_is_refused():
    episodes = {"e1": correction(3)}
    assert "sanity" not in failed(judged(net_that_does(0.9), episodes, ["e1"]))
    assert "sanity" in failed(judged(net_that_does(1.2), episodes, ["e1"]))


class Scenes:
    """Implements `learner.gate_trials.Trials`."""

    def __init__(self, paired: Paired) -> None:
        self.paired = paired
        self.asked = 0

    def run(self, candidate: PolicyNet, serving: PolicyNet) -> Paired:
        self.asked += 1
        return self.paired


def test_simulated_scenes_are_asked_last_and_can_refuse():
    scenes = Scenes(Paired(both=4, only_second=5))
    verdict = judged(net_that_does(0.4), {"e1": correction(3)}, ["e1"], trials=scenes)
    assert not verdict.accepted and "simulated scenes" in verdict.reason
    judged(net_that_does(math.nan), {"e1": correction(3)}, ["e1"], trials=scenes)
    assert scenes.asked == 1


def test_the_first_reason_to_refuse_is_given():
    good, bad = GateCheck("a", 0, 1, True, "fine"), GateCheck("b", 2, 1, False, "bad")
    worse = replace(bad, sentence="worse")
    assert decide((good, bad, worse)).reason == "bad"
    assert decide((good,)).reason == "passed: a"


def test_of_many_earlier_corrections_the_newest_and_some_of_the_rest_are_asked_about():
    names = [f"episode_{number:05d}" for number in range(500)]
    asked = spread_names(names, 60)
    assert len(asked) == len(set(asked)) == 60
    assert asked[-30:] == tuple(names[-30:]) and asked[0] == names[0]
