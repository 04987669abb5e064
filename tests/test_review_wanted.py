"""What is read next, when more is wanted than can be read at once."""

from gui.review.reading_messages import (
    ListClips,
    ListSessions,
    MakeThumbnail,
    ReadPicture,
    ReadTrack,
)
from gui.review.wanted import Wanted


def picture(camera: str, index: int) -> ReadPicture:
    return ReadPicture("s", "episode_00001", camera, index)


def all_of(wanted: Wanted) -> list[object]:
    found: list[object] = []
    while (request := wanted.next()) is not None:
        found.append(request)
    return found


def test_a_new_clip_comes_first_and_pictures_of_the_old_one_are_given_up():
    wanted = Wanted()
    wanted.picture(picture("left", 3))
    wanted.track("s", "episode_00001")
    wanted.track("s", "episode_00002")
    assert all_of(wanted) == [ReadTrack("s", "episode_00002")]


def test_of_each_camera_only_the_newest_picture_is_read_and_none_starves():
    wanted = Wanted()
    for index in range(5):
        wanted.picture(picture("left", index))
        wanted.picture(picture("right", index))
    wanted.picture(picture("left", 5))
    assert all_of(wanted) == [picture("left", 5), picture("right", 4)]
    wanted.picture(picture("left", 6))
    wanted.picture(picture("right", 5))
    assert wanted.next() == picture("left", 6)
    wanted.picture(picture("left", 7))
    assert wanted.next() == picture("right", 5)


def test_a_long_listing_and_pictures_take_turns():
    wanted = Wanted()
    wanted.clips("s")
    wanted.picture(picture("left", 0))
    kinds: list[type] = []
    for index in range(6):
        request = wanted.next()
        kinds.append(type(request))
        if isinstance(request, ListClips):
            assert request.anew is (index == 0)
            wanted.more_clips("s")
        else:
            wanted.picture(picture("left", index))
    assert kinds == [ListClips, ReadPicture] * 3


def test_a_listing_that_began_anew_is_not_gone_on_with():
    wanted = Wanted()
    wanted.clips("s")
    wanted.next()
    wanted.clips("s")  # an edit, while the first answer was on its way
    wanted.more_clips("s")
    assert wanted.next() == ListClips("s", anew=True)


def test_small_pictures_are_those_in_sight_now_in_the_order_of_the_list():
    wanted = Wanted()
    wanted.thumbnails("s", ["a", "b"])
    wanted.sessions("/folder")
    wanted.thumbnails("s", ["c", "d"])
    assert all_of(wanted) == [
        ListSessions("/folder"),
        MakeThumbnail("s", "c"),
        MakeThumbnail("s", "d"),
    ]


def test_what_a_reading_process_died_of_is_neither_listed_nor_pictured_again():
    wanted = Wanted()
    wanted.thumbnails("s", ["a", "b"])
    wanted.died_of("s", "a")
    wanted.clips("s")
    assert wanted.next() == ListClips("s", anew=True, avoid=("a",))
    wanted.thumbnails("s", ["a", "b"])
    assert all_of(wanted) == [MakeThumbnail("s", "b")]
