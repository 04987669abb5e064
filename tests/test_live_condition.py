from recorder.live.condition import Condition, told
from recorder.live.disk_watch import DiskState, DiskWatch, room_text
from recorder.live.losses import Cause, Loss, Losses
from teleop.stream_messages import EventKind

WELL = DiskState(10**12, float("inf"), 0.0)
GB = 10**9


def test_a_recorder_that_is_well_says_nothing():
    assert told(Condition(WELL)) == ("ok", "")


def test_lost_images_are_a_warning_and_lost_steps_an_error():
    losses = Losses()
    losses.note(1, Loss(EventKind.IMAGES_LOST, "left", Cause.DISK, 1, 1, 1), 0)
    level, text = told(Condition(WELL, bursts=losses.running(), since="12:00:00"))
    assert (level, "1 images (left 1)" in text) == ("warning", True)
    losses.note(1, Loss(EventKind.STEPS_LOST, "", Cause.DISK, 1, 1, 1), 0)
    level, text = told(Condition(WELL, bursts=losses.running(), since="12:00:00"))
    assert (level, "1 steps" in text) == ("error", True)
    assert told(Condition(WELL, lost_steps=3)) == (
        "warning",
        "3 steps of this episode were not recorded.",
    )


def test_trouble_comes_first_and_everything_else_is_still_said():
    level, text = told(
        Condition(DiskState(10**9, 90.0, 3.0), "Cannot record.", silent=("left",), queue_share=0.9)
    )
    assert level == "error"
    assert text.startswith("Cannot record. The disk has not answered for 3 s; 90 % of the queue")
    assert text.endswith("Nothing comes any more from left.")


def test_a_disk_that_fills_up_is_told_minutes_before_and_recorded_once():
    watch = DiskWatch(reserve_bytes=GB)
    states = [
        watch.look(float(second), 6 * GB - second * 20_000_000, 0.0, recording=True)
        for second in range(10)
    ]
    assert states[1].room_s == float("inf")  # too early to say
    assert 230 < states[-1].room_s < 260
    event = watch.nearly_full(9.0, states[-1])
    assert event is not None
    assert event.kind is EventKind.DISK
    assert "4 min of recording (5.8 GB are free)" in event.text
    assert watch.nearly_full(10.0, states[-1]) is None
    assert "nearly" not in told(Condition(states[-1]))[1]
    assert told(Condition(states[-1])) == ("warning", room_text(states[-1]))
    assert watch.look(20.0, 5 * GB, 0.0, recording=False).room_s == float("inf")


def test_a_disk_that_does_not_answer_is_told_while_it_does_not():
    watch = DiskWatch(GB)
    assert watch.look(10.0, GB, 9.5, recording=True).stuck_s == 0.0
    assert watch.look(12.5, GB, 9.5, recording=True).stuck_s == 3.0
    assert watch.slow(12.9, 0.6).numbers["seconds"] == 0.6  # recorded, and nobody is bothered
    assert told(Condition(watch.look(12.95, GB, 0.0, recording=True))) == ("ok", "")
    event = watch.slow(13.0, 3.5)
    assert (event.kind, event.numbers["seconds"]) == (EventKind.DISK, 3.5)
    state = watch.look(13.1, GB, 0.0, recording=True)
    assert told(Condition(state)) == ("warning", "The disk took 3.5 s over one write.")
    assert told(Condition(watch.look(30.0, GB, 0.0, recording=True))) == ("ok", "")
