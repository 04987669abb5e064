"""Blocks of samples for tests."""

import numpy as np

from teleop.stream_messages import NO_STAMP, SampleBlock, StreamInfo

PERIOD_NS = 1_000_000


def block_of(name: str, first: int, count: int, began_ns: int = 0) -> SampleBlock:
    """Samples of a stream at 1 kHz whose number 0 was taken at `began_ns`."""
    sequence = np.arange(first, first + count, dtype=np.int64)
    return SampleBlock(
        StreamInfo(name, (6,), "N, Nm", rate_hz=1000.0),
        sequence,
        began_ns + sequence * PERIOD_NS,
        np.full(count, NO_STAMP, np.int64),
        np.outer(sequence, np.ones(6)).astype(np.float32),
    )
