"""Which takeover came of which push of a puck, and how long it took. Pure.

A push is a run of reports on one arm's puck. Until the next push, exactly that arm has to become
the operator's once, and be handed back once; the other arm has to stay as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from teleop.messages import Arm, Mode
from teleop.timing import Change


@dataclass(frozen=True)
class Push:
    """When the reports of one push were written; integer monotonic ns."""

    arm: Arm
    begun_ns: int  # the first report, before the takeover's threshold
    beyond_ns: tuple[int, ...]  # those beyond `enter`
    centred_ns: int  # the first below `leave` again


@dataclass(frozen=True)
class Taken:
    """What came of one push. Times are -1 where there is no such instant."""

    takeovers: int = 0  # how often the pushed arm became the operator's
    hand_backs: int = 0
    wrong: int = 0  # how often the other arm did
    report_to_tick_ns: int = -1  # of the report that completes the takeover; below 0: in the tick
    report_to_command_ns: int = -1  # to the first command that is the operator's
    early: bool = False  # taken over before the report that completes it was written
    release_to_policy_ns: int = -1  # to the first command that is the policy's again

    @property
    def sound(self) -> bool:
        """Whether the arm was taken and handed back exactly once."""
        return self.takeovers == self.hand_backs == 1


def match(pushes: Sequence[Push], changes: Sequence[Change], enter_samples: int) -> list[Taken]:
    """Return what came of each push.

    Args:
        pushes: in the order of time.
        changes: every change of a mode or a share, in the order of time.
        enter_samples: reports beyond the threshold that complete a takeover.
    """
    found: list[Taken] = []
    for number, push in enumerate(pushes):
        last = number + 1 == len(pushes)
        end_ns = changes[-1].sent_ns + 1 if last and changes else 0
        if not last:
            end_ns = pushes[number + 1].begun_ns
        within = [pair for pair in pairwise(changes) if push.begun_ns <= pair[1].sent_ns < end_ns]
        found.append(_outcome(push, within, enter_samples))
    return found


def _outcome(push: Push, within: Sequence[tuple[Change, Change]], enter_samples: int) -> Taken:
    arm = push.arm
    other = Arm.RIGHT if arm is Arm.LEFT else Arm.LEFT
    taken = [now for before, now in within if _owned(now, arm) and not _owned(before, arm)]
    given = [now for before, now in within if _owned(before, arm) and not _owned(now, arm)]
    wrong = sum(_owned(now, other) and not _owned(before, other) for before, now in within)
    outcome = Taken(len(taken), len(given), wrong)
    if not outcome.sound or len(push.beyond_ns) < enter_samples:
        return outcome
    completed_ns = push.beyond_ns[enter_samples - 1]
    after = [now for _, now in within if now.stamp_ns >= taken[0].stamp_ns]
    driven = next((now for now in after if now.modes[arm] is Mode.OPERATOR), taken[0])
    resumed = [
        now for now in after if now.stamp_ns >= given[0].stamp_ns and now.modes[arm] is Mode.POLICY
    ]
    return Taken(
        1,
        1,
        wrong,
        driven.stamp_ns - completed_ns,
        driven.sent_ns - completed_ns,
        driven.sent_ns < completed_ns,
        resumed[0].sent_ns - push.centred_ns if resumed else -1,
    )


def _owned(change: Change, arm: Arm) -> bool:
    """Whether the arm is the operator's, also while it holds for want of a reading."""
    return change.authority[arm] > 0.0 or change.modes[arm] is Mode.OPERATOR
