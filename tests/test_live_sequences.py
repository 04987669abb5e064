from dataclasses import replace

import numpy as np

from recorder.live.clocks import clock_step, read_clocks
from recorder.live.sequences import SILENT_NS, SampleGaps, SilenceWatch, patience_ns, step_gap
from teleop.stream_messages import ClockPair, EventKind, empty_block
from tests.sample_steps import plain_step
from tests.sample_streams import block_of

S = 1_000_000_000


def test_a_gap_in_the_steps_index_is_a_loss():
    assert step_gap(4, plain_step(4)) is None
    assert step_gap(4, plain_step(3)) is None
    loss = step_gap(4, plain_step(7))
    assert loss is not None
    assert (loss.kind, loss.first, loss.last, loss.count) == (EventKind.STEPS_LOST, 4, 6, 3)


def test_gaps_before_and_within_a_block_are_losses():
    gaps = SampleGaps()
    assert gaps.take(empty_block(block_of("w", 0, 1).info)) is None
    assert gaps.take(block_of("w", 50, 10)) is None  # what came before this recorder
    assert gaps.take(block_of("w", 60, 10)) is None
    assert gaps.take(block_of("touch", 0, 10)) is None
    loss = gaps.take(block_of("w", 75, 5))
    assert loss is not None
    assert (loss.kind, loss.source, loss.count) == (EventKind.SAMPLES_LOST, "w", 5)
    block = block_of("w", 80, 10)
    torn = replace(block, sequence=np.delete(block.sequence, [3, 4]))
    loss = gaps.take(torn)
    assert loss is not None
    assert loss.count == 2
    assert gaps.take(block_of("w", 0, 10)) is None  # counted anew by a restarted sensor


def test_a_stream_that_falls_silent_is_told_once_and_told_when_it_is_back():
    watch = SilenceWatch()
    assert watch.fallen_silent(10 * S) == ()
    assert watch.heard("w", 10 * S, patience_ns(1000.0)) is None
    assert watch.fallen_silent(10 * S + SILENT_NS) == ()
    [event] = watch.fallen_silent(10 * S + SILENT_NS + 1)
    assert (event.kind, event.source) == (EventKind.SILENT, "w")
    assert watch.silent() == ("w",)
    assert watch.fallen_silent(12 * S) == ()
    back = watch.heard("w", 13 * S, patience_ns(1000.0))
    assert back is not None
    assert back.numbers["seconds"] == 3.0
    assert watch.silent() == ()


def test_a_new_episode_gives_every_stream_its_time_again():
    watch = SilenceWatch()
    watch.heard("w", 10 * S, patience_ns(1000.0))
    watch.fallen_silent(20 * S)
    watch.opened(30 * S)
    assert watch.fallen_silent(30 * S + SILENT_NS) == ()
    assert len(watch.fallen_silent(31 * S)) == 1


def test_a_slow_stream_may_pause_longer_and_one_without_a_rate_for_ever():
    assert patience_ns(1000.0) == SILENT_NS
    assert patience_ns(2.0) == 5 * S
    watch = SilenceWatch()
    watch.heard("keys", 0, patience_ns(0.0))
    assert watch.fallen_silent(10**15) == ()


def test_a_clock_that_is_set_is_told_and_one_that_is_slewed_is_not():
    before = ClockPair(5 * S, 1000 * S)
    assert clock_step(None, before) is None
    assert clock_step(before, ClockPair(6 * S, 1001 * S + 500_000)) is None
    event = clock_step(before, ClockPair(6 * S, 4601 * S))
    assert event is not None
    assert event.kind is EventKind.CLOCK_STEP
    assert event.numbers["seconds"] == 3600.0
    assert "forward by 3600.0 s" in event.text
    event = clock_step(before, ClockPair(6 * S, 991 * S))
    assert event is not None
    assert "back by 10.0 s" in event.text


def test_two_readings_of_the_clocks_agree():
    assert clock_step(read_clocks(), read_clocks()) is None
