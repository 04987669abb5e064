import numpy as np

from teleop.frames import MemoryFrames
from teleop.inline_chunks import InlineChunks, NoChunks
from teleop.messages import Observation
from tests.control_parts import MS, make_state
from tests.lockstep_parts import StraightPolicy


def observed(at_ms: int) -> Observation:
    return Observation(make_state(at_ms * MS), (), "Plug the connector in.")


def test_a_chunk_arrives_after_its_latency_and_the_next_after_the_replanning_time():
    policy = StraightPolicy()
    frames = MemoryFrames(["top"])
    frames.put("top", np.ones((2, 2, 3), np.uint8), 5 * MS)
    source = InlineChunks(policy, frames, replan_s=0.2, latency_s=0.05)
    arrivals = [
        (ms, chunk.observation_ns // MS)
        for ms in range(10, 460, 10)
        if (chunk := source.exchange(observed(ms))) is not None
    ]
    assert arrivals == [(60, 10), (260, 210)]
    assert len(policy.observed) == 45


def test_without_a_policy_there_is_no_chunk():
    assert NoChunks().exchange(observed(10)) is None
