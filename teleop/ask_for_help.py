"""When a policy that is likely to fail calls the operator, within a budget of alerts an hour.

The policy side judges every chunk (`learner.monitor`): `novelty` and `force_surprise`, per arm, in
standard deviations of the demonstrations. Here both become one score, the greater of the two
(`HelpConfig.force_weight` scales the second), because either alone is a reason: a scene that looks
foreign before anything is touched, and a touch that feels foreign where all looks well. A score
counts once two chunks in a row have it (the lesser of the two), so that a single noisy chunk never
alerts. Risk is that score over the threshold.

The threshold is the one that would have alerted as often as the budget allows over the last
episodes, as ThriftyDAgger (Hoque et al. 2021, "ThriftyDAgger: budget-aware novelty and risk gating
for interactive imitation learning", section 4.3) refits its own to a target rate: there per time
step, here per alert and hour of the policy's driving, which is what a person can budget.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from teleop.chunks import NEVER, Proposal
from teleop.config import HelpConfig
from teleop.messages import NUM_ARMS, Arm, Mode
from teleop.takeover_messages import Notice, NoticeKind

RECENT = 60  # episodes that the threshold is fitted to
AGAIN = 0.8  # an arm may alert again once its risk fell below this
LOWEST = 1.0  # standard deviations; a threshold below that would alert at the demonstrations
MOST_BEYOND = 3.0  # tail lengths that the threshold may lie above everything seen
HOUR_NS = 3_600_000_000_000
QUIET_NS = 5_000_000_000  # after an alert the operator is looking; another one tells nothing
LONGEST_TICK_NS = 100_000_000  # a gap longer than this was no driving


@dataclass(frozen=True)
class Driven:
    """What the threshold needs to know of one episode."""

    peak: float  # highest score while the policy drove
    seconds: float  # that it drove


# Until an episode of its own has come, each of these stands in for one.
START = tuple(Driven(peak, 8.0) for peak in (2.0, 2.3, 2.6, 3.0, 3.4, 4.0, 5.0, 6.5))


@dataclass(frozen=True)
class HelpView:
    """What the control loop takes from one look."""

    risk: tuple[float, float]  # 1 is where the operator is alerted
    pace: tuple[float, float]  # share of the policy's speed that each arm may keep; 1: all
    calls: tuple[Notice, ...]  # alerts that begin now
    budget: float  # alerts an hour
    alerts: int  # in the last hour


def threshold(episodes: Sequence[Driven], alerts_per_hour: float) -> float:
    """The score at which `episodes` would have alerted as often as allowed; infinite: never.

    Between two peaks it is interpolated. Beyond the highest it follows the exponential tail of the
    upper half, so that a small budget means something before hours were seen.
    """
    if alerts_per_hour <= 0.0:
        return math.inf
    peaks = sorted((episode.peak for episode in episodes), reverse=True)
    allowed = alerts_per_hour / 3600.0 * sum(episode.seconds for episode in episodes)
    if not peaks or allowed >= len(peaks):
        return LOWEST
    if allowed < 1.0:
        upper = peaks[: (len(peaks) + 1) // 2]
        tail = sum(upper) / len(upper) - upper[-1]
        beyond = MOST_BEYOND if allowed <= 0.0 else min(MOST_BEYOND, -math.log(allowed))
        return max(LOWEST, peaks[0] + beyond * tail)
    place = int(allowed) - 1
    share = allowed - int(allowed)
    return max(LOWEST, peaks[place] + share * (peaks[place + 1] - peaks[place]))


def score_of(novelty: float, force_surprise: float, force_weight: float) -> float:
    """One score for both, in standard deviations; what is not a number says nothing."""
    score = max(novelty, force_weight * force_surprise)
    return score if math.isfinite(score) else 0.0


@dataclass
class _ArmWatch:
    """One arm's last two chunks and what it has been called for."""

    newest: float = 0.0
    before: float = 0.0
    alerted: bool = False
    paced_ns: int = NEVER  # since when the risk is beyond the second threshold

    @property
    def score(self) -> float:
        return min(self.newest, self.before)

    def forget(self) -> None:
        self.newest = self.before = 0.0
        self.alerted, self.paced_ns = False, NEVER


class HelpWatch:
    """Looks at every tick's proposal; lives in the control loop's thread."""

    def __init__(self, config: HelpConfig) -> None:
        self._config = config
        self._budget = config.alerts_per_hour
        self._recent: deque[Driven] = deque(START, maxlen=RECENT)
        self._seen = 0
        self._arms = tuple(_ArmWatch() for _ in range(NUM_ARMS))
        self._called_ns: deque[int] = deque()
        self._chunk = self._episode = -1
        self._peak, self._driven_ns, self._last_ns, self._quiet_ns = 0.0, 0, 0, 0
        self.threshold = threshold(self._recent, self._budget)

    def configure(self, config: HelpConfig) -> None:
        """Go on by `config`; what the arms did so far counts on."""
        self._config = config
        self.set_budget(config.alerts_per_hour)

    @property
    def config(self) -> HelpConfig:
        """What is in force."""
        return replace(self._config, alerts_per_hour=self._budget)

    def set_budget(self, alerts_per_hour: float) -> None:
        """Allow that many alerts an hour from now on; 0 means none at all."""
        self._budget = max(0.0, alerts_per_hour)
        self.threshold = threshold(self._recent, self._budget)

    def look(
        self, proposal: Proposal, modes: tuple[Mode, Mode], episode: int, now_ns: int
    ) -> HelpView:
        """Take one tick's proposal.

        Args:
            proposal: with the scores of its newest chunk.
            modes: who drives each arm; only an arm that the policy drives alerts or slows.
            episode: its number, -1 between two.
            now_ns: never earlier than before within an episode.
        """
        if episode != self._episode:
            self._end_episode(episode)
        if proposal.chunk_id != self._chunk:
            self._chunk = proposal.chunk_id
            for arm, watch in enumerate(self._arms):
                watch.before = watch.newest
                watch.newest = score_of(
                    proposal.novelty[arm], proposal.force_surprise[arm], self._config.force_weight
                )
        drives = (
            episode >= 0 and modes[0] is Mode.POLICY and proposal.valid[0],
            episode >= 0 and modes[1] is Mode.POLICY and proposal.valid[1],
        )
        self._account(drives, now_ns)
        left, right = self._arms
        risk = (left.score / self.threshold, right.score / self.threshold)
        calls = self._call(risk, drives, proposal, now_ns)
        pace = (self._pace(0, risk[0], modes, now_ns), self._pace(1, risk[1], modes, now_ns))
        return HelpView(risk, pace, calls, self._budget, len(self._called_ns))

    def _end_episode(self, episode: int) -> None:
        if self._peak > 0.0:
            if self._seen < len(START):
                self._recent.popleft()
            self._seen += 1
            self._recent.append(Driven(self._peak, self._driven_ns * 1e-9))
            self.threshold = threshold(self._recent, self._budget)
        self._peak, self._driven_ns, self._episode, self._quiet_ns = 0.0, 0, episode, 0
        for watch in self._arms:
            watch.forget()

    def _account(self, drives: tuple[bool, bool], now_ns: int) -> None:
        """Remember the highest score and the time for which the policy drove."""
        passed_ns, self._last_ns = now_ns - self._last_ns, now_ns
        if drives[0] or drives[1]:
            self._driven_ns += max(0, min(passed_ns, LONGEST_TICK_NS))
        for watch, driven in zip(self._arms, drives, strict=True):
            if driven and watch.score > self._peak:
                self._peak = watch.score
        while self._called_ns and now_ns - self._called_ns[0] > HOUR_NS:
            self._called_ns.popleft()

    def _call(
        self, risk: tuple[float, float], drives: tuple[bool, bool], proposal: Proposal, now_ns: int
    ) -> tuple[Notice, ...]:
        """One notice where an arm's risk comes to 1.

        An arm that is near it too, or that follows within `QUIET_NS`, is not told of again.
        """
        begins = [
            r >= 1.0 and driven and not watch.alerted
            for r, driven, watch in zip(risk, drives, self._arms, strict=True)
        ]
        for r, watch, begun in zip(risk, self._arms, begins, strict=True):
            watch.alerted = r >= AGAIN and (watch.alerted or begun or any(begins))
        if not any(begins) or now_ns < self._quiet_ns:
            return ()
        self._quiet_ns = now_ns + QUIET_NS
        self._called_ns.append(now_ns)
        arm = None if all(begins) else Arm(begins.index(True))
        return (
            Notice(now_ns, NoticeKind.HELP, arm, _text(arm, proposal, self._config.force_weight)),
        )

    def _pace(self, arm: int, risk: float, modes: tuple[Mode, Mode], now_ns: int) -> float:
        """1, or less from the second threshold on.

        Slowed, it goes on once the risk is clearly lower or the time for it is over; held, only
        once the operator had the arm or another episode began: nothing starts to move by itself.
        """
        watch, config = self._arms[arm], self._config
        what = config.at_second
        if what == "alert" or modes[arm] not in (Mode.POLICY, Mode.HOLD):
            watch.paced_ns = NEVER
        elif risk >= config.second:
            watch.paced_ns = now_ns if watch.paced_ns == NEVER else watch.paced_ns
        elif what == "slow" and risk < AGAIN * config.second:
            watch.paced_ns = NEVER
        if watch.paced_ns == NEVER:
            return 1.0
        if what == "hold":
            return 0.0
        return config.slow if now_ns - watch.paced_ns <= config.slow_s * 1e9 else 1.0


def _text(arm: Arm | None, proposal: Proposal, force_weight: float) -> str:
    arms = range(NUM_ARMS) if arm is None else (int(arm),)
    felt = force_weight * max(proposal.force_surprise[i] for i in arms)
    seen = max(proposal.novelty[i] for i in arms) >= felt
    who = "Both arms" if arm is None else f"The {arm.name.lower()} arm"
    verb = "meet" if arm is None else "meets"
    return (
        f"{who} {verb} {'what was not taught' if seen else 'a force that was not expected'}; "
        f"watch and take over if it goes wrong."
    )
