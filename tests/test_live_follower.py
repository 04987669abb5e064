import time
from pathlib import Path

import numpy as np
import pytest

from recorder.encoded import EncodedImage
from recorder.image_log import decode_jpeg
from recorder.live.follower import AT_ONCE, CameraFollower
from recorder.live.losses import Cause, Loss
from recorder.live.spans import Span, Spans
from teleop.frames import FrameRing
from teleop.messages import EpisodeOpened

SHAPE = (16, 16, 3)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No image is held back here until an episode's end could have been told."""
    monkeypatch.setattr("recorder.live.follower.HOLD_NS", 0, raising=False)


class Taken:
    """Takes images and losses; implements `Takers`."""

    def __init__(self, room: bool = True) -> None:
        self.room = room
        self.images: list[EncodedImage] = []
        self.losses: list[Loss] = []
        self.past: set[tuple[int, str]] = set()

    def has_room(self) -> bool:
        return self.room

    def put(self, key: int, image: EncodedImage) -> bool:
        self.images.append(image)
        return True

    def lost(self, key: int, loss: Loss) -> None:
        self.losses.append(loss)

    def passed(self, key: int, camera: str) -> None:
        self.past.add((key, camera))

    @property
    def numbers(self) -> list[int]:
        return [image.ref.sequence for image in self.images]


def span(from_ns: int = 0, until_ns: int | None = None, first: int = 0) -> Span:
    opened = EpisodeOpened(1, from_ns, "", ("left",), "")
    return Span(1, opened, until_ns, {"left": first} if first else {})


def shoot(ring: FrameRing, count: int) -> None:
    for _ in range(count):
        ring.write(np.full(SHAPE, 90, np.uint8), time.monotonic_ns())


def follow(follower: CameraFollower, taken: Taken, *spans: Span) -> None:
    while follower.round(spans, taken):
        pass


def test_every_image_is_taken_once_and_in_order(tmp_path: Path):
    ring = FrameRing(tmp_path, "left", SHAPE)
    follower, taken = CameraFollower(tmp_path, "left"), Taken()
    shoot(ring, AT_ONCE * 2 + 1)
    follow(follower, taken, span())
    follow(follower, taken, span())
    assert taken.numbers == list(range(1, AT_ONCE * 2 + 2))
    assert abs(int(decode_jpeg(taken.images[0].code).mean()) - 90) <= 2
    assert taken.losses == []
    follower.close()
    ring.close()


def test_a_restarted_recorder_counts_what_the_ring_overwrote_meanwhile(tmp_path: Path):
    ring = FrameRing(tmp_path, "left", SHAPE, slots=8)
    shoot(ring, 30)
    follower, taken = CameraFollower(tmp_path, "left"), Taken()
    follow(follower, taken, span(first=11))
    assert taken.numbers == list(range(23, 31))
    [loss] = taken.losses
    assert (loss.cause, loss.first, loss.last, loss.count) == (Cause.AWAY, 11, 22, 12)
    follower.close()
    ring.close()


def test_a_full_queue_spares_the_work_of_compressing(tmp_path: Path):
    ring = FrameRing(tmp_path, "left", SHAPE)
    shoot(ring, 3)
    follower, taken = CameraFollower(tmp_path, "left"), Taken(room=False)
    follow(follower, taken, span())
    assert taken.images == []
    assert [(loss.cause, loss.count) for loss in taken.losses] == [(Cause.DISK, 1)] * 3
    follower.close()
    ring.close()


def test_an_image_from_after_the_end_shows_that_no_more_will_come(tmp_path: Path):
    ring = FrameRing(tmp_path, "left", SHAPE)
    shoot(ring, 1)
    end_ns = time.monotonic_ns()
    follower, taken = CameraFollower(tmp_path, "left"), Taken()
    follow(follower, taken, span(until_ns=end_ns))
    assert (taken.numbers, taken.past) == ([1], set())
    shoot(ring, 1)
    follow(follower, taken, span(until_ns=end_ns))
    assert (taken.numbers, taken.past) == ([1], {(1, "left")})
    follower.close()
    ring.close()


def test_a_foreign_ring_file_is_trouble_and_not_the_end(tmp_path: Path):
    (tmp_path / "left.ring").write_bytes(b"something else entirely")
    follower, taken = CameraFollower(tmp_path, "left"), Taken()
    follow(follower, taken, span())
    assert "no frame ring" in follower.trouble
    ring = FrameRing(tmp_path, "left", SHAPE)
    shoot(ring, 1)
    follow(follower, taken, span())
    assert (follower.trouble, taken.numbers) == ("", [1])
    follower.close()
    ring.close()


def test_an_episode_is_over_for_images_when_all_cameras_have_passed_it():
    spans = Spans()
    opened = EpisodeOpened(1, 100, "", ("left", "room"), "")
    spans.open(Span(7, opened))
    spans.end(7, 200)
    [found] = spans.now()
    assert [found.holds(stamp) for stamp in (99, 100, 200, 201)] == [False, True, True, False]
    spans.pass_by(7, "left")
    assert not spans.all_passed(found)
    spans.pass_by(7, "room")
    assert spans.all_passed(found)
    spans.forget(7)
    assert spans.now() == ()
