from dataclasses import dataclass, replace

import numpy as np
import pytest

from learner.observe import (
    PROPRIO_SIZE,
    WRENCH_SAMPLES,
    Reference,
    WrenchRing,
    proprioception,
    squash_wrench,
    word_ids,
    wrench_history,
)
from teleop.se3 import from_rotvec, multiply, rotate

TICK_NS = 10_000_000


@dataclass(frozen=True)
class Pose:
    position: np.ndarray
    quaternion: np.ndarray
    opening: np.ndarray


REFERENCE = Reference(
    np.array([[-0.02, 0.0, 0.42], [0.05, 0.0, 0.42]]),
    np.array([[0.5, 0.5, 0.5, 0.5], [np.sqrt(0.5), 0.0, -np.sqrt(0.5), 0.0]]),
)


def at_reference() -> Pose:
    return Pose(REFERENCE.position, REFERENCE.quaternion, np.zeros(2))


def test_proprioception_is_zero_at_the_reference():
    assert np.allclose(proprioception(at_reference(), REFERENCE), np.zeros(PROPRIO_SIZE))


def test_moving_both_tools_together_leaves_their_relative_pose():
    pose = at_reference()
    turn = from_rotvec(np.array([0.0, 0.0, 0.2]))
    moved = replace(
        pose,
        position=rotate(turn, pose.position) + np.array([0.01, 0.02, 0.0]),
        quaternion=multiply(turn, pose.quaternion),
    )
    seen = proprioception(moved, REFERENCE)
    assert np.allclose(seen[12:18], 0.0, atol=1e-6) and not np.allclose(seen[:12], 0.0, atol=1e-2)


def test_a_shift_of_one_tool_shows_in_its_own_entries():
    pose = at_reference()
    moved = replace(pose, position=pose.position + np.array([[0.003, 0, 0], [0, 0, 0]]))
    seen = proprioception(moved, REFERENCE)
    assert seen[0] == pytest.approx(0.1, abs=1e-5) and np.allclose(seen[1:6], 0.0, atol=1e-6)


def test_running_and_recorded_wrenches_give_the_same_history():
    rng = np.random.default_rng(0)
    stamps = TICK_NS * np.arange(100, dtype=np.int64)
    wrenches = rng.normal(size=(100, 2, 6))
    ring = WrenchRing()
    for stamp, wrench in zip(stamps, wrenches, strict=True):
        ring.append(int(stamp), wrench)
    recorded = wrench_history(stamps, wrenches, int(stamps[-1]))
    assert np.array_equal(ring.history(), recorded)


def test_history_before_the_first_wrench_repeats_it():
    wrenches = np.full((1, 2, 6), 3.0)
    history = wrench_history(np.array([0]), wrenches, 0)
    assert history.shape == (WRENCH_SAMPLES, 2, 6)
    assert np.array_equal(history[0], squash_wrench(wrenches[0]))


def test_instructions_differ_by_their_words_and_not_by_case_or_stops():
    assert np.array_equal(word_ids("Plug the connector in."), word_ids("plug the connector in"))
    assert not np.array_equal(word_ids("Push the red button."), word_ids("Push the blue button."))


def test_a_long_instruction_is_cut_and_an_empty_one_is_padding():
    assert word_ids("very " * 40).shape == (16,)
    assert not word_ids("").any()
