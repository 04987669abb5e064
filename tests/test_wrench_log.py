"""Forces between two steps reach the window."""

import numpy as np

from gui.wrench_log import LIMIT, WrenchLog
from teleop.messages import Arm
from teleop.stream_messages import WRENCH_STREAMS, SampleBlock, StreamInfo
from tests.fake_session import fake_step

MS = 1_000_000


def block(name: str, newtons: float, size: int = 6) -> SampleBlock:
    stamps = np.arange(10, dtype=np.int64) * MS
    data = np.full((10, size), newtons, np.float32)
    return SampleBlock(StreamInfo(name, (size,)), stamps, stamps, stamps, data)


def test_a_knock_between_two_steps_is_among_what_the_wrist_felt():
    log = WrenchLog()
    log.stepped(fake_step(0, 0, 0.0))
    log.sampled(block(WRENCH_STREAMS[Arm.RIGHT], 31.0))
    left, right = log.take()
    assert (len(left.stamps_ns), len(right.stamps_ns)) == (1, 11)
    assert right.values.shape == (11, 6)
    assert right.values.max() == 31.0
    assert [len(each.stamps_ns) for each in log.take()] == [0, 0]


def test_other_streams_and_other_shapes_are_passed_over():
    log = WrenchLog()
    log.sampled(block("joints", 1.0))
    log.sampled(block(WRENCH_STREAMS[0], 1.0, size=3))
    assert [len(each.stamps_ns) for each in log.take()] == [0, 0]


def test_a_window_that_does_not_ask_costs_no_more_and_more_memory():
    log = WrenchLog()
    for index in range(LIMIT + 50):
        log.stepped(fake_step(index, index * MS, 0.0))
    left, _ = log.take()
    assert (len(left.stamps_ns), left.stamps_ns[0]) == (LIMIT, 50 * MS)
