import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.labels import (
    HOLD,
    OPERATOR,
    POLICY,
    Intervention,
    Label,
    interventions,
    label_rows,
    takeovers,
)
from teleop.messages import Arm

RATE = 10  # rows a second in these tests


def labels_of(right: list[int], demonstration: bool = False) -> list[Label]:
    modes = np.array([[POLICY, mode] for mode in right], np.int8).reshape(-1, 2)
    stamps = np.arange(len(right), dtype=np.int64) * (10**9 // RATE)
    rows = label_rows(modes, stamps, np.full(len(right), demonstration))
    assert demonstration or (rows[:, Arm.LEFT] == Label.ROLLOUT).all()  # an arm's are its own
    return [Label(code) for code in rows[:, Arm.RIGHT]]


def test_a_correction_has_a_second_before_it_and_a_second_after_it():
    labels = labels_of([POLICY] * 30 + [OPERATOR] * 5 + [POLICY] * 30)
    assert labels[:20] == [Label.ROLLOUT] * 20
    assert labels[20:30] == [Label.PRE_INTERVENTION] * 10
    assert labels[30:35] == [Label.INTERVENTION] * 5
    assert labels[35:45] == [Label.RECOVERY] * 10
    assert labels[45:] == [Label.ROLLOUT] * 20


def test_what_leads_to_the_next_takeover_is_no_recovery():
    labels = labels_of([OPERATOR] * 5 + [POLICY] * 12 + [OPERATOR] * 5)
    assert labels[5:7] == [Label.RECOVERY] * 2
    assert labels[7:17] == [Label.PRE_INTERVENTION] * 10


def test_a_hold_between_is_not_a_hand_back():
    right = [POLICY, OPERATOR, HOLD, OPERATOR, HOLD, POLICY]
    modes = np.array([[POLICY, mode] for mode in right])
    assert interventions(modes) == (Intervention(Arm.RIGHT, 1, 5, handed_back=True),)
    assert labels_of(right)[1:5] == [
        Label.INTERVENTION,
        Label.HOLD,
        Label.INTERVENTION,
        Label.HOLD,
    ]


def test_both_arms_taken_over_together_are_one_takeover():
    def each(arm: Arm, takeover: int, end: int) -> Intervention:
        return Intervention(arm, takeover, end, handed_back=True)

    left, right = Arm.LEFT, Arm.RIGHT
    assert takeovers([each(left, 0, 5), each(right, 2, 9), each(left, 7, 8)]) == 1
    assert takeovers([each(left, 0, 5), each(right, 5, 9), each(right, 20, 21)]) == 3


def test_an_intervention_that_the_episode_ended_in_is_not_handed_back():
    modes = np.array([[OPERATOR, POLICY], [OPERATOR, POLICY], [HOLD, OPERATOR]])
    assert interventions(modes) == (
        Intervention(Arm.LEFT, 0, 3, handed_back=False),
        Intervention(Arm.RIGHT, 2, 3, handed_back=False),
    )


def test_a_demonstration_is_one_throughout_except_where_the_arm_holds():
    assert labels_of([HOLD, OPERATOR, OPERATOR], demonstration=True) == [
        Label.HOLD,
        Label.DEMONSTRATION,
        Label.DEMONSTRATION,
    ]


@pytest.mark.parametrize("rows", [0, 1])
def test_an_episode_of_hardly_any_rows_can_be_labelled(rows: int):
    assert labels_of([POLICY] * rows) == [Label.ROLLOUT] * rows


@given(st.lists(st.sampled_from([POLICY, OPERATOR, HOLD]), max_size=60))
def test_the_operators_rows_are_interventions_and_no_others(right: list[int]):
    for mode, label in zip(right, labels_of(right), strict=True):
        assert (mode == OPERATOR) == (label is Label.INTERVENTION)
        assert (mode == HOLD) == (label is Label.HOLD)
