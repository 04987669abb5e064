from recorder.live.losses import LONGEST_NS, QUIET_NS, Cause, Loss, Losses, event_of, sentence
from teleop.stream_messages import EventKind

MS = 1_000_000


def image(number: int, camera: str = "left", cause: Cause = Cause.DISK) -> Loss:
    return Loss(EventKind.IMAGES_LOST, camera, cause, number, number, 1)


def test_a_burst_is_one_event_however_many_images_it_cost():
    losses = Losses()
    for number in range(10, 30, 2):
        losses.note(1, image(number), number * 30 * MS)
    assert losses.over(600 * MS) == ()
    assert losses.running()[0].loss.count == 10
    [burst] = losses.over(28 * 30 * MS + QUIET_NS)
    event = event_of(burst)
    assert event.kind is EventKind.IMAGES_LOST
    assert event.source == "left"
    assert event.stamp_ns == 300 * MS
    assert (event.numbers["count"], event.numbers["first"], event.numbers["last"]) == (10, 10, 28)
    assert str(Cause.DISK) in event.text
    assert losses.running() == ()
    assert losses.over(10**12) == ()
    assert losses.total[EventKind.IMAGES_LOST] == 10


def test_a_long_burst_is_told_in_parts_and_an_ended_episode_waits_for_none():
    losses = Losses()
    losses.note(1, image(1), 0)
    losses.note(1, image(2), LONGEST_NS)
    assert len(losses.over(LONGEST_NS)) == 1
    losses.note(1, image(3), LONGEST_NS + 1)
    losses.note(2, image(4, "room"), LONGEST_NS + 1)
    assert [burst.key for burst in losses.over(LONGEST_NS + 2, ended=1)] == [1]


def test_another_cause_or_episode_is_another_burst():
    losses = Losses()
    losses.note(1, image(1), 0)
    losses.note(1, image(2, cause=Cause.ENCODER), 1)
    losses.note(2, image(3, cause=Cause.ENCODER), 2)
    assert [burst.loss.cause for burst in losses.over(3)] == [Cause.DISK, Cause.ENCODER]
    assert [burst.key for burst in losses.running()] == [2]


def test_the_sentence_names_what_is_lost_how_much_of_whom_and_why():
    losses = Losses()
    losses.note(1, image(1, "overhead"), 0)
    losses.note(1, image(1, "close_top"), 0)
    losses.note(1, image(2, "overhead"), 0)
    losses.note(1, Loss(EventKind.SAMPLES_LOST, "wrench_left", Cause.ROAD, 5, 14, 10), 0)
    assert sentence(losses.running(), "17:03:20") == (
        "Lost since 17:03:20: 3 images (close_top 1, overhead 2), 10 samples (wrench_left 10): "
        "it did not arrive; the disk does not keep up."
    )
    assert sentence((), "") == ""


def test_lost_steps_are_counted_for_each_episode():
    losses = Losses()
    losses.note(3, Loss(EventKind.STEPS_LOST, "", Cause.ROAD, 2, 4, 3), 0)
    losses.note(4, Loss(EventKind.STEPS_LOST, "", Cause.ROAD, 1, 1, 1), 0)
    assert (losses.steps[3], losses.steps[4], losses.steps[5]) == (3, 1, 0)
    assert event_of(losses.over(1)[0]).text.startswith("3 steps were lost")
