"""What is read next, when more is wanted than can be read at once."""

from gui.review.reading_messages import (
    ListClips,
    ListSessions,
    MakeThumbnail,
    ReadPicture,
    ReadSession,
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


def test_what_a_reading_process_died_of_is_tried_twice_and_then_left_out():
    wanted = Wanted()
    assert wanted.died_of("s", "a")
    wanted.clips("s")
    assert wanted.next() == ListClips("s", anew=True)
    wanted.thumbnails("s", ["a", "b"])
    assert not wanted.died_of("s", "a")
    wanted.clips("s")
    avoiding = ListClips("s", anew=True, avoid=("a",))
    assert all_of(wanted) == [MakeThumbnail("s", "b"), avoiding]
    wanted.thumbnails("s", ["a", "b"])
    assert all_of(wanted) == [MakeThumbnail("s", "b")]
    wanted.whole("s")
    assert wanted.next() == ReadSession("s", anew=True, avoid=("a",))


def test_a_session_that_is_opened_again_has_everything_tried_again():
    wanted = Wanted()
    for session in ("s", "s", "t", "t"):
        wanted.died_of(session, "a")
    wanted.forgive("s")
    wanted.clips("s")
    assert wanted.next() == ListClips("s", anew=True)
    wanted.clips("t")
    assert wanted.next() == ListClips("t", anew=True, avoid=("a",))


def test_what_is_tried_again_does_not_push_aside_what_was_asked_for_meanwhile():
    wanted = Wanted()
    wanted.track("s", "new")
    wanted.again(ReadTrack("s", "old"))
    wanted.clips("t")
    wanted.again(ListClips("s", anew=False))
    wanted.more_clips("s")
    assert all_of(wanted) == [ReadTrack("s", "new"), ListClips("t", anew=True)]
    wanted.again(ReadTrack("s", "old"))
    assert all_of(wanted) == [ReadTrack("s", "old")]


def test_a_session_is_read_to_its_end_in_turns_with_listings_and_pictures():
    wanted = Wanted()
    wanted.clips("s")
    wanted.whole("s")
    wanted.picture(picture("left", 0))
    kinds: list[object] = []
    for index in range(8):
        request = wanted.next()
        kinds.append(type(request))
        if isinstance(request, ListClips):
            wanted.more_clips("s")
        elif isinstance(request, ReadSession):
            assert request.anew is (ReadSession not in kinds[:-1])
        else:
            wanted.picture(picture("left", index))
    assert kinds == [ReadSession, ReadPicture, ListClips, ReadPicture] * 2


def test_whoever_asks_while_a_session_is_read_gets_it_as_it_is_then():
    wanted = Wanted()
    wanted.whole("s")
    assert wanted.next() == ReadSession("s", anew=True)
    wanted.whole("s")
    assert wanted.next() == ReadSession("s", anew=False)
    wanted.whole_ended()
    assert wanted.next() == ReadSession("s", anew=True)
    wanted.again(ReadSession("s", anew=False))  # the process died
    assert wanted.next() == ReadSession("s", anew=True)
    wanted.whole_ended()
    assert wanted.next() is None
