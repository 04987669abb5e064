"""What the process that reads episodes makes of a session: lists, clips, pictures."""

import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gui.review import thumbnails
from gui.review.reading_clips import Listing
from gui.review.reading_sessions import sessions_in
from gui.review.reading_track import track_of
from gui.review.values import ClipRow, ClipTrack
from recorder.edits.clip import Clip
from recorder.edits.clip_reader import open_clip
from recorder.edits.edit import Edit, RelabelOutcome, Span, Split, Trim
from recorder.edits.editing import write_edit
from recorder.edits.session_views import session_views
from recorder.labels import Label
from recorder.schema import WHOLE
from recorder.writer import EpisodeWriter
from teleop.errors import EpisodeError, SessionError
from teleop.messages import Arm, Outcome
from teleop.session_folder import SessionFolder
from teleop.stream_messages import EventKind, RecordedEvent
from teleop.wire import decoder, encode
from tests.sample_files import feed
from tests.sample_steps import CAMERAS, TICK_NS, correction, opening

ONE = "episode_00004"
ROWS, TAKEN, BACK = 60, 20, 40


def record(folder: SessionFolder, episode: int = 4, *, close: bool = True) -> Path:
    """60 rows, of which the right arm is the operator's in 20 to 39."""
    opened = replace(opening(episode), stamp_ns=opening().stamp_ns)
    writer = EpisodeWriter(folder, opened, flush_s=0.1)
    steps = correction(TAKEN, BACK - TAKEN, ROWS - BACK)
    writer.event(RecordedEvent(steps[TAKEN].stamp_ns, EventKind.TAKEOVER, "Taken.", "right"))
    feed(writer, steps)
    if close:
        return Path(writer.close(Outcome.SUCCESS, "inserted", ROWS).path)
    return folder.episodes / f"episode_{episode:05d}"


def edit(folder: SessionFolder, made: Edit) -> None:
    write_edit(folder, session_views(folder), made)


def listed(folder: SessionFolder, *avoid: str) -> tuple[tuple[ClipRow, ...], tuple[str, ...]]:
    listing = Listing(folder, frozenset(avoid), lambda name: None)
    clips = listing.more(time.monotonic() + 60)
    assert clips.whole
    return clips.rows, clips.trouble


def clip_of(folder: SessionFolder, name: str) -> Clip:
    return next(clip for clip in session_views(folder).clips if clip.name == name)


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    made = SessionFolder(tmp_path / "shift")
    record(made)
    return made


def test_a_recording_is_listed_with_what_happened_in_it(folder: SessionFolder):
    (row,), trouble = listed(folder)
    assert not trouble
    assert (row.name, row.outcome, row.reason) == (ONE, Outcome.SUCCESS, "inserted")
    assert (row.interventions, row.versions, row.edited, row.open) == (1, (2,), False, False)
    assert row.operator_s == pytest.approx(0.2)
    assert row.instruction == "Plug it in."


def test_a_listing_tells_what_it_has_after_its_time(folder: SessionFolder):
    for episode in (5, 6):
        record(folder, episode)
    listing = Listing(folder, frozenset(), lambda name: None)
    first = listing.more(0.0)
    assert [row.episode for row in first.rows] == [6]  # the newest first
    assert (first.first, first.total, first.whole) == (0, 3, False)
    assert listing.more(0.0).first == 1
    assert len(listing.more(time.monotonic() + 60).rows) == 3


def test_edits_are_seen_in_the_list(folder: SessionFolder):
    record(folder, 5)
    edit(folder, Split(ONE, ONE, 30))
    edit(folder, RelabelOutcome("episode_00005", Outcome.DISCARDED))
    rows, _ = listed(folder)
    assert {row.name for row in rows if row.edited} == {f"{ONE}a", f"{ONE}b", "episode_00005"}
    assert {row.outcome for row in rows} == {
        Outcome.SUCCESS,
        Outcome.UNLABELLED,
        Outcome.DISCARDED,
    }


def test_a_damaged_episode_is_listed_with_a_sentence(folder: SessionFolder):
    path = record(folder, 5) / WHOLE
    path.write_bytes(path.read_bytes()[:2000])
    rows, trouble = listed(folder)
    damaged = next(row for row in rows if row.trouble)
    assert damaged.name == "episode_00005"
    assert damaged.episode == 5
    assert damaged.trouble in trouble
    assert str(path.parent) in damaged.trouble


def test_an_episode_that_a_process_died_of_is_not_opened(folder: SessionFolder):
    opened: list[str] = []
    listing = Listing(folder, frozenset({ONE}), opened.append)
    (row,) = listing.more(time.monotonic() + 60).rows
    assert not opened
    assert ONE in row.trouble


def test_a_folder_that_is_no_session_is_refused(tmp_path: Path):
    with pytest.raises(SessionError, match="no session folder"):
        Listing(SessionFolder(tmp_path), frozenset(), lambda name: None)


def test_an_open_episode_reaches_as_far_as_its_finished_segments(tmp_path: Path):
    folder = SessionFolder(tmp_path)
    writer = EpisodeWriter(folder, opening())
    feed(writer, correction(TAKEN, BACK - TAKEN, ROWS - BACK)[:50])
    writer.cut()
    (row,), _ = listed(folder)
    assert row.open
    assert row.duration_s == pytest.approx(49 * TICK_NS / 1e9)
    with open_clip(clip_of(folder, ONE)) as episode:
        track = track_of(folder, clip_of(folder, ONE), episode)
    assert len(track.stamps_ns) == 50
    assert track.row.open
    writer.close(Outcome.FAIL, "", ROWS)


def test_a_track_holds_the_rows_of_the_recording_and_crosses_the_pipe(folder: SessionFolder):
    clip = clip_of(folder, ONE)
    with open_clip(clip) as episode:
        track = decoder(ClipTrack)(encode(track_of(folder, clip, episode)))
        for name, column in (("executed", "executed_twist"), ("wrench", "wrench")):
            np.testing.assert_array_equal(getattr(track, name), episode.column(column))
        np.testing.assert_array_equal(track.labels, episode.labels())
        stamps = [episode.image_table(camera).host_ns for camera in CAMERAS]
    assert [camera.name for camera in track.cameras] == list(CAMERAS)
    assert (track.cameras[0].width, track.cameras[0].height) == (32, 32)
    np.testing.assert_array_equal(track.cameras[1].stamps_ns, stamps[1])
    assert track.rows.tolist() == list(range(ROWS))
    assert len(track.limits) == ROWS
    (event,) = track.events
    assert (event.kind, event.arm, event.at_s) == ("takeover", Arm.RIGHT, 0.2)


def test_a_trimmed_track_names_the_rows_of_its_recording(folder: SessionFolder):
    edit(folder, Trim(ONE, (Span(ONE, 0, 10), Span(ONE, 50, 60))))
    clip = clip_of(folder, ONE)
    with open_clip(clip) as episode:
        track = track_of(folder, clip, episode)
    assert track.row.edited
    assert track.recordings == (ONE,)
    assert track.rows.tolist() == list(range(10, 50))
    assert track.labels[0, Arm.RIGHT] == Label.PRE_INTERVENTION


def test_a_small_picture_shows_the_first_takeover_and_is_kept(folder: SessionFolder):
    clip = clip_of(folder, ONE)
    with open_clip(clip) as episode:
        camera = CAMERAS[0]
        row = int(episode.image_rows(camera)[TAKEN])
        expected = episode.images(camera, [row])[0]
        pixels = thumbnails.small_picture(episode)
    assert np.abs(pixels.astype(int) - expected).max() < 8
    assert thumbnails.kept_picture(folder, clip) is None
    thumbnails.keep_picture(folder, clip, pixels)
    kept = thumbnails.kept_picture(folder, clip)
    assert kept is not None
    assert kept.shape == pixels.shape
    edit(folder, Trim(ONE, (Span(ONE, 0, 10),)))
    assert thumbnails.kept_picture(folder, clip_of(folder, ONE)) is None  # of other rows


def test_beside_a_session_that_may_not_be_written_pictures_are_kept_in_the_cache(
    folder: SessionFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(thumbnails, "CACHE", tmp_path / "cache")
    (folder.path / thumbnails.FOLDER).write_text("no folder can be made here")
    clip = clip_of(folder, ONE)
    thumbnails.keep_picture(folder, clip, np.zeros((24, 32, 3), np.uint8))
    assert thumbnails.kept_picture(folder, clip) is not None
    assert len(list((tmp_path / "cache").rglob("*.jpg"))) == 1


def test_a_large_image_becomes_a_small_picture(folder: SessionFolder):
    del folder
    image = np.zeros((480, 640, 3), np.uint8)
    image[:, 320:] = 200
    small = thumbnails.reduced(thumbnails.simplejpeg.encode_jpeg(image))
    assert small.shape == (120, 160, 3)
    assert small[60, 120].min() > 190
    assert small[60, 30].max() < 10


def test_the_siblings_of_a_session_are_found_and_those_in_a_folder(folder: SessionFolder):
    other = SessionFolder(folder.path.parent / "older")
    record(other)
    os.utime(other.episodes, (1, 1))
    (folder.path.parent / "no session").mkdir()
    for looked_at in (folder.path, folder.path.parent):
        found = sessions_in(looked_at)
        assert [row.name for row in found.rows] == ["shift", "older"]
        assert found.rows[0].episodes == 1
    empty = sessions_in(folder.path.parent / "no session")
    assert not empty.rows
    assert "no session" in empty.trouble
    assert "cannot be looked into" in sessions_in(folder.path / "nowhere").trouble


def test_an_episode_without_rows_or_images_says_so(tmp_path: Path):
    folder = SessionFolder(tmp_path)
    writer = EpisodeWriter(folder, replace(opening(), cameras=()))
    feed(writer, correction(5, 5, 5)[:0])
    writer.close(Outcome.FAIL, "", 0)
    clip = clip_of(folder, ONE)
    with open_clip(clip) as episode:
        with pytest.raises(EpisodeError, match="no rows"):
            track_of(folder, clip, episode)
        with pytest.raises(EpisodeError, match="no image"):
            thumbnails.small_picture(episode)
