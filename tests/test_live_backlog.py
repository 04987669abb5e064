import threading
import time

from recorder.encoded import EncodedImage
from recorder.live.backlog import Backlog, Entry, Kind, bytes_of, kind_of
from teleop.messages import EpisodeEnded, FrameRef, Outcome
from tests.sample_steps import plain_step
from tests.sample_streams import block_of


def picture(size: int) -> EncodedImage:
    return EncodedImage(FrameRef("left", 1, 1), bytes(size), (4, 4, 3))


def test_images_give_way_before_samples_and_samples_before_steps():
    backlog = Backlog(100_000)
    taken = 0
    while backlog.put(Entry(1, picture(2000))):
        taken += 1
    assert not backlog.has_room(Kind.IMAGE) or backlog.share > 0.77
    assert taken == 32
    samples = block_of("wrench", 0, 10)
    while backlog.put(Entry(1, samples)):
        taken += 1
    assert taken > 32
    assert not backlog.put(Entry(1, picture(2000)))
    assert backlog.put(Entry(1, plain_step(0)))
    assert not backlog.put(Entry(1, plain_step(1)))
    assert backlog.put(Entry(1, EpisodeEnded(1, 1, Outcome.FAIL, "")))


def test_what_is_being_written_still_takes_room():
    backlog = Backlog(10_000)
    entry = Entry(1, picture(7000))
    assert backlog.put(entry)
    assert backlog.take(0.0) == (entry,)
    assert not backlog.put(entry)
    assert backlog.waiting_bytes == bytes_of(entry.item)
    backlog.done(entry)
    assert backlog.waiting_bytes == 0
    assert backlog.put(entry)


def test_the_order_is_kept_and_the_taker_is_woken():
    backlog = Backlog(1e6)
    entries = [Entry(1, plain_step(index)) for index in range(3)]
    took: list[float] = []

    def take() -> None:
        began_s = time.monotonic()
        assert backlog.take(5.0)[0] is entries[0]
        took.append(time.monotonic() - began_s)

    taker = threading.Thread(target=take)
    taker.start()
    time.sleep(0.02)
    for entry in entries:
        backlog.put(entry)
    taker.join()
    assert took[0] < 2.0
    assert [kind_of(entry.item) for entry in entries] == [Kind.STEP] * 3
