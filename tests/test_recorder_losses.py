from recorder.losses import Losses
from teleop.messages import FrameRef
from teleop.stream_messages import EventKind
from tests.sample_steps import plain_step
from tests.sample_streams import block_of

IMAGES = EventKind.IMAGES_LOST


def test_what_is_told_lost_is_counted_once_whether_a_gap_shows_it_or_not():
    losses = Losses(0)
    for number in (5, 6, 9):
        losses.of_image(FrameRef("left", number, 0))
    assert losses.images == 2
    losses.of_told(IMAGES, "left", 7, 8)  # the gap has shown it
    assert losses.images == 2
    losses.of_told(IMAGES, "left", 2, 4)  # before the first
    assert losses.images == 5
    losses.of_told(IMAGES, "left", 10, 12)  # after the last
    assert losses.images == 8
    losses.of_image(FrameRef("left", 13, 0))
    assert losses.images == 8
    losses.of_told(IMAGES, "room", 1, 3)  # none ever came
    assert losses.images == 11
    losses.of_image(FrameRef("room", 4, 0))
    assert losses.images == 11


def test_steps_and_samples_after_the_last_that_came_are_counted_when_told():
    losses = Losses(0)
    losses.of_step(plain_step(0))
    losses.of_told(EventKind.STEPS_LOST, "", 1, 9)
    losses.of_samples(block_of("wrench", 0, 10))
    losses.of_told(EventKind.SAMPLES_LOST, "wrench", 10, 29)
    assert (losses.steps, losses.samples) == (9, 20)
    losses.of_step(plain_step(10))
    losses.of_samples(block_of("wrench", 30, 10))
    assert (losses.steps, losses.samples) == (9, 20)
