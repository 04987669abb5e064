"""When the operator is called, how often, and what the arm does meanwhile."""

import math
import timeit
from dataclasses import replace

import pytest

from teleop.ask_for_help import LOWEST, START, Driven, HelpView, HelpWatch, score_of, threshold
from teleop.chunks import NO_PROPOSAL, Proposal
from teleop.config import HelpConfig
from teleop.messages import Arm, Mode
from teleop.takeover_messages import NoticeKind

TICK_NS = 10_000_000
POLICY = (Mode.POLICY, Mode.POLICY)


def proposal(chunk: int, left: float, right: float = 0.5, force: float = 0.0) -> Proposal:
    return replace(
        NO_PROPOSAL,
        valid=(True, True),
        chunk_id=chunk,
        novelty=(left, right),
        force_surprise=(force, force),
    )


class Loop:
    """Ticks a watch, one chunk each 0.2 s, as the control loop does."""

    def __init__(self, config: HelpConfig | None = None) -> None:
        self.watch = HelpWatch(config or HelpConfig())
        self.now_ns = self.chunk = 0

    def play(
        self,
        scores: list[float],
        episode: int = 0,
        modes: tuple[Mode, Mode] = POLICY,
        right: float = 0.5,
    ) -> list[HelpView]:
        views: list[HelpView] = []
        for score in scores:
            self.chunk += 1
            for _ in range(20):
                self.now_ns += TICK_NS
                views.append(
                    self.watch.look(proposal(self.chunk, score, right), modes, episode, self.now_ns)
                )
        return views


def calls(views: list[HelpView]) -> int:
    return sum(len(view.calls) for view in views)


def test_a_score_that_stays_high_calls_once_and_names_the_arm() -> None:
    loop = Loop()
    views = loop.play([1.0, 20.0, 20.0, 20.0, 20.0])
    (notice,) = [notice for view in views for notice in view.calls]
    assert (notice.kind, notice.arm) == (NoticeKind.HELP, Arm.LEFT)
    assert "left" in notice.text
    assert views[-1].alerts == 1
    assert views[-1].risk[0] > 1.0 > views[-1].risk[1]


def test_one_noisy_chunk_does_not_call() -> None:
    assert calls(Loop().play([1.0, 50.0, 1.0, 50.0, 1.0])) == 0


def test_a_score_that_flickers_about_the_threshold_calls_once() -> None:
    loop = Loop()
    level = loop.watch.threshold
    flicker = [level * share for share in (1.02, 1.02, 0.95, 0.95) * 10]
    assert calls(loop.play(flicker)) == 1


def test_a_score_that_was_low_again_may_call_again_but_not_within_seconds() -> None:
    assert calls(Loop().play([20.0, 20.0, *[1.0] * 30, 20.0, 20.0])) == 2
    assert calls(Loop().play([20.0, 20.0, *[1.0] * 10, 20.0, 20.0])) == 1


def test_both_arms_in_trouble_at_once_are_one_call_for_both() -> None:
    views = Loop().play([20.0, 20.0], right=20.0)
    (notice,) = [notice for view in views for notice in view.calls]
    assert notice.arm is None


def test_an_arm_that_the_operator_drives_does_not_call_and_is_not_slowed() -> None:
    modes = (Mode.OPERATOR, Mode.POLICY)
    views = Loop().play([20.0, 20.0, 20.0], modes=modes)
    assert calls(views) == 0
    assert views[-1].pace == (1.0, 1.0)


def test_an_arm_slows_from_the_second_threshold_on_and_no_earlier() -> None:
    loop = Loop(HelpConfig(at_second="slow", slow=0.3))
    level = loop.watch.threshold
    assert loop.play([1.2 * level, 1.2 * level])[-1].pace == (1.0, 1.0)
    assert loop.play([1.6 * level, 1.6 * level])[-1].pace == (0.3, 1.0)
    assert loop.play([1.4 * level])[-1].pace == (0.3, 1.0)  # not clearly lower yet
    assert loop.play([1.0, 1.0])[-1].pace == (1.0, 1.0)


def test_an_arm_that_stays_at_risk_is_slowed_for_a_while_only() -> None:
    views = Loop(HelpConfig(at_second="slow", slow_s=1.0)).play([50.0] * 8)
    assert views[25].pace == (0.3, 1.0)
    assert views[-1].pace == (1.0, 1.0)


def test_a_force_that_was_not_expected_counts_by_its_weight() -> None:
    light, heavy = HelpWatch(HelpConfig(force_weight=0.1)), HelpWatch(HelpConfig(force_weight=1.0))
    for chunk in (1, 2):
        given = proposal(chunk, 0.0, force=20.0)
        views = [watch.look(given, POLICY, 0, chunk * TICK_NS) for watch in (light, heavy)]
    assert [len(view.calls) for view in views] == [0, 1]
    assert "force" in views[1].calls[0].text


def test_an_arm_that_holds_moves_again_only_after_the_operator_had_it() -> None:
    loop = Loop(HelpConfig(at_second="hold"))
    assert loop.play([50.0, 50.0])[-1].pace == (0.0, 1.0)
    assert loop.play([1.0, 1.0])[-1].pace == (0.0, 1.0)
    loop.play([1.0], modes=(Mode.OPERATOR, Mode.POLICY))
    assert loop.play([1.0])[-1].pace == (1.0, 1.0)


def test_another_episode_lets_a_held_arm_go() -> None:
    loop = Loop(HelpConfig(at_second="hold"))
    loop.play([50.0, 50.0])
    assert loop.play([1.0], episode=1)[-1].pace == (1.0, 1.0)


def test_alert_only_never_slows() -> None:
    assert Loop(HelpConfig(at_second="alert")).play([99.0, 99.0])[-1].pace == (1.0, 1.0)


def test_no_budget_never_calls_and_a_huge_one_calls_for_little() -> None:
    never, often = Loop(HelpConfig(alerts_per_hour=0.0)), Loop()
    assert calls(never.play([1e6, 1e6])) == 0
    assert never.play([1e6])[-1].risk == (0.0, 0.0)
    often.watch.set_budget(3600.0)
    assert calls(often.play([1.5, 1.5])) == 1


def test_the_budget_can_be_changed_in_flight() -> None:
    loop = Loop()
    loop.watch.set_budget(0.0)
    assert calls(loop.play([20.0, 20.0])) == 0
    loop.watch.set_budget(60.0)
    views = loop.play([20.0])
    assert (calls(views), views[-1].budget) == (1, 60.0)


@pytest.mark.parametrize("budget", [20.0, 60.0, 180.0])
def test_the_threshold_meets_the_budget_over_the_episodes_it_was_fitted_to(budget: float) -> None:
    episodes = [Driven(1.5 + 0.1 * i, 10.0) for i in range(60)]
    level = threshold(episodes, budget)
    hours = sum(episode.seconds for episode in episodes) / 3600.0
    alerts = sum(episode.peak >= level for episode in episodes)
    assert alerts / hours == pytest.approx(budget, abs=1.0 / hours)


def test_a_threshold_falls_as_the_budget_grows() -> None:
    levels = [threshold(START, budget) for budget in (0.0, 1.0, 6.0, 20.0, 60.0, 200.0, 3600.0)]
    assert levels == sorted(levels, reverse=True)
    assert (levels[0], levels[-1]) == (math.inf, LOWEST)


def test_calm_episodes_lower_the_threshold_and_wild_ones_raise_it() -> None:
    calm, wild = Loop(), Loop()
    before = calm.watch.threshold
    for episode in range(30):
        calm.play([1.2 + 0.01 * episode] * 10, episode)
        wild.play([20.0 + episode] * 10, episode)
    assert calm.watch.threshold < before < wild.watch.threshold


def test_after_many_alike_episodes_alerts_come_at_the_rate_of_the_budget() -> None:
    loop = Loop(HelpConfig(alerts_per_hour=60.0))
    peaks = [2.0 + (7 * i % 60) * 0.1 for i in range(180)]
    counts = [
        calls(loop.play([1.0, peak, peak, 1.0] * 5, episode)) > 0
        for episode, peak in enumerate(peaks)
    ]
    hours = 120 * 20 * 0.2 / 3600.0
    assert 30.0 < sum(counts[60:]) / hours < 120.0


def test_a_policy_that_nobody_judges_changes_no_threshold_and_calls_nobody() -> None:
    loop = Loop(HelpConfig(alerts_per_hour=3600.0))
    before = loop.watch.threshold
    for episode in range(5):
        assert calls(loop.play([0.0] * 5, episode, right=0.0)) == 0
    assert loop.watch.threshold == before


def test_a_score_that_is_not_a_number_says_nothing() -> None:
    assert score_of(math.nan, math.inf, 1.0) == 0.0
    assert calls(Loop(HelpConfig(alerts_per_hour=3600.0)).play([math.nan] * 4)) == 0


def test_alerts_of_more_than_an_hour_ago_are_not_counted() -> None:
    loop = Loop()
    loop.play([20.0, 20.0])
    loop.now_ns += 3_600_000_000_000
    assert loop.play([1.0])[-1].alerts == 0


def test_a_look_costs_less_than_thirty_microseconds() -> None:
    watch = HelpWatch(HelpConfig())
    given = proposal(1, 2.0)
    best = min(timeit.repeat(lambda: watch.look(given, POLICY, 0, 0), number=500, repeat=5)) / 500
    assert best < 30e-6
