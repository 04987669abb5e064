"""Which image is shown and asked for: each camera's newest at the moment, never waited for."""

from gui.review.player.picture_cache import PictureCache, ahead, newest_at
from gui.review.player.pictures import PATIENCE_NS, ClipPictures
from tests.clip_parts import BEGIN_NS, clip, picture_of

TRACK = clip()
ROOM, WRIST = TRACK.cameras


def at(seconds: float) -> int:
    return BEGIN_NS + round(seconds * 1e9)


def asking() -> tuple[ClipPictures, list[tuple[str, int]]]:
    asked: list[tuple[str, int]] = []
    return ClipPictures(lambda name, index: asked.append((name, index))), asked


def test_an_image_from_after_the_moment_is_never_chosen():
    stamps = ROOM.stamps_ns
    assert newest_at(stamps, at(0.049)) == -1
    assert newest_at(stamps, at(0.050)) == 0
    assert newest_at(stamps, at(0.149)) == 0
    assert newest_at(stamps, at(99.0)) == len(stamps) - 1


def test_a_missing_image_is_asked_for_once_and_another_only_when_it_came():
    pictures, asked = asking()
    pictures.ask(ROOM, at(1.0), 0.0, 0)
    pictures.ask(ROOM, at(2.0), 0.0, 1)  # it is waited for: a slow reader must not starve
    assert asked == [("room", 9)]
    pictures.take(picture_of(TRACK, "room", 9))
    pictures.ask(ROOM, at(2.0), 0.0, 2)
    assert asked == [("room", 9), ("room", 19)]


def test_an_answer_that_never_comes_is_asked_for_again():
    pictures, asked = asking()
    pictures.ask(ROOM, at(1.0), 0.0, 0)
    pictures.ask(ROOM, at(1.0), 0.0, PATIENCE_NS + 1)
    assert asked == [("room", 9)] * 2


def test_while_it_plays_the_next_images_are_asked_for_before_they_are_due():
    pictures, asked = asking()
    for _ in range(9):
        pictures.ask(ROOM, at(1.0), 1.0, 0)
        pictures.take(picture_of(TRACK, *asked[-1]))
    assert [index for _, index in asked[:6]] == [9, 10, 11, 12, 13, 14]  # half a second
    assert asked[-1] == ("room", 14)


def test_looking_ahead_goes_backwards_too_and_skips_at_high_speed():
    stamps = ROOM.stamps_ns
    assert list(ahead(stamps, at(2.0), -1.0)) == [18, 17, 16, 15, 14]
    assert list(ahead(stamps, at(0.5), 8.0)) == [12, 20, 28, 36]
    assert list(ahead(stamps, at(0.1), -8.0)) == []


def test_a_slightly_older_image_is_shown_while_the_right_one_is_read():
    pictures, _ = asking()
    pictures.take(picture_of(TRACK, "room", 9))
    shown, right = pictures.at(ROOM, at(1.0))
    assert shown is not None and shown.index == 9 and right
    shown, right = pictures.at(ROOM, at(1.06))
    assert shown is not None and shown.index == 9 and not right
    assert pictures.at(ROOM, at(1.5)) == (None, False)
    assert pictures.at(ROOM, at(0.0)) == (None, True)  # before the first


def test_an_image_that_cannot_be_read_is_told_and_not_asked_for_again():
    pictures, asked = asking()
    pictures.ask(ROOM, at(1.0), 0.0, 0)
    pictures.take_trouble("room", 9, "The image is damaged.")
    pictures.ask(ROOM, at(1.0), 0.0, PATIENCE_NS * 2)
    assert asked == [("room", 9)]
    assert pictures.trouble(ROOM, at(1.0)) == "The image is damaged."
    assert pictures.trouble(ROOM, at(2.0)) == ""


def test_the_cache_stays_within_its_bytes_and_keeps_what_was_used_last():
    size = picture_of(TRACK, "room", 0).pixels.nbytes
    cache = PictureCache(3 * size)
    for index in range(3):
        cache.add(picture_of(TRACK, "room", index))
    assert cache.get("room", 0) is not None
    cache.add(picture_of(TRACK, "room", 3))
    assert cache.bytes == 3 * size
    assert [cache.has("room", index) for index in range(4)] == [True, False, True, True]
    cache.add(picture_of(TRACK, "room", 3))
    assert cache.bytes == 3 * size
