"""A recorder's threads in this process, without the bus, against true rings and files."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from recorder.image_log import encode_jpeg
from recorder.live.losses import Cause
from recorder.writer import EpisodeWriter
from teleop.config import RecordConfig
from teleop.messages import EpisodeSaved
from teleop.stream_messages import EventKind, RecordedEvent
from tests.live_stage import MS, staged
from tests.sample_streams import PERIOD_NS, block_of


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait for last images that never come is short here."""
    monkeypatch.setattr("recorder.live.intake.GRACE_NS", 150 * MS)


def test_images_and_samples_from_before_the_message_of_an_opening_are_its_own(tmp_path: Path):
    with staged(tmp_path) as stage:
        for ms in (-90, -60, -30, 5, 30):
            stage.shoot(ms)
        began_ns = stage.at(-20)
        stage.take(block_of("wrench", 0, 30, began_ns))
        time.sleep(0.15)  # the rings are looked at meanwhile
        stage.open(4, 0)
        stage.step(0, 1)
        stage.take(block_of("wrench", 30, 26, began_ns))
        stage.take(RecordedEvent(stage.at(2), EventKind.NOTICE, "Hello."))
        stage.end(35)
        stage.shoot(34.5)
        stage.shoot(36)
        stage.shoot(36, "room")
        stage.until(lambda: bool(stage.saved))
        with stage.opened() as reader:
            stamps = reader.image_table("left").host_ns
            np.testing.assert_array_equal(stamps, [stage.at(ms) for ms in (5, 30, 34.5)])
            host_ns = reader.samples("wrench").host_ns
            assert host_ns[0] == stage.at(0)
            assert host_ns[-1] == stage.at(35)
            np.testing.assert_array_equal(np.diff(host_ns), PERIOD_NS)
            assert [event.text for event in reader.events()] == ["Hello."]
            assert reader.header.lost_images == reader.header.lost_samples == 0


def test_what_a_sensor_counts_between_two_episodes_is_not_told_as_lost(tmp_path: Path):
    with staged(tmp_path) as stage:
        for episode, first in ((4, 0), (5, 40)):
            stage.open(episode, first)
            stage.step(0, first + 1, episode)
            stage.take(block_of("wrench", first, 5, stage.at(0)))
            stage.end(first + 20, episode)
        stage.until(lambda: len(stage.saved) == 2)
        assert stage.lost("samples") == 0


def test_an_image_from_before_the_news_of_an_end_belongs_to_the_next_episode(tmp_path: Path):
    with staged(tmp_path) as stage:
        stage.open(4, 0)
        stage.step(0, 1)
        # Stamped a while ahead, so that a busy machine does not bring the news too late.
        stage.shoot(110)
        stage.shoot(130)
        time.sleep(0.045)  # the rings are looked at meanwhile
        stage.end(120)
        stage.open(5, 125)
        stage.step(0, 126, 5)
        stage.end(140, 5)
        stage.until(lambda: len(stage.saved) == 2)
        for number, ms in enumerate((110, 130)):
            with stage.opened(number) as reader:
                assert reader.image_table("left").host_ns.tolist() == [stage.at(ms)]


def test_images_that_wait_for_a_slow_encoder_at_the_end_are_not_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def slow(image: NDArray[np.uint8]) -> bytes:
        time.sleep(0.06)
        return encode_jpeg(image)

    monkeypatch.setattr("recorder.live.follower.encode_jpeg", slow)
    with staged(tmp_path) as stage:
        stage.open(4, 0)
        stage.step(0, 1)
        for ms in range(8):
            stage.shoot(2 + ms)
        stage.end(20)
        stage.until(lambda: bool(stage.saved))
        with stage.opened() as reader:
            assert len(reader.image_table("left").sequence) == 8


def test_the_next_episode_is_taken_in_while_the_last_one_is_still_being_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    let_go, waited = threading.Event(), threading.Event()
    close = EpisodeWriter.close

    def slow_close(writer: EpisodeWriter, *arguments: object) -> EpisodeSaved:
        let_go.wait(5.0)
        waited.set()
        return close(writer, *arguments)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(EpisodeWriter, "close", slow_close)
    with staged(tmp_path) as stage:
        stage.open(4, 0)
        stage.step(0, 1)
        stage.end(2)
        stage.open(5, 3)
        for index in range(50):
            stage.step(index, 4 + index, episode=5)
        assert not waited.is_set()
        assert stage.recording.numbers()["episode"] == 5
        let_go.set()
        stage.end(60, episode=5)
        stage.until(lambda: len(stage.saved) == 2)
        assert [(one.episode, one.steps) for one in stage.saved] == [(4, 1), (5, 50)]


def test_a_queue_that_is_full_costs_images_first_and_says_so_until_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    let_go = threading.Event()
    flush = EpisodeWriter.flush

    def stuck(writer: EpisodeWriter) -> None:
        let_go.wait(10.0)
        flush(writer)

    monkeypatch.setattr(EpisodeWriter, "flush", stuck)
    monkeypatch.setattr("recorder.live.losses.QUIET_NS", 300 * MS)
    monkeypatch.setattr("recorder.live.follower.encode_jpeg", lambda _: bytes(20_000))
    with staged(tmp_path, RecordConfig(queue_mb=8.0)) as stage:
        stage.open(4, 0)
        began_ns = stage.at(0)
        for index in range(300):
            stage.shoot(index)
            stage.step(index, index)
            stage.take(block_of("wrench", index, 1, began_ns))
            if index % 16 == 15:
                time.sleep(0.015)  # the ring is emptied meanwhile
        stage.until(lambda: stage.lost("images") > 30)
        level, text = stage.recording.told()
        assert level == "warning"
        assert "left" in text
        assert str(Cause.DISK) in text
        assert stage.recording.numbers()["losing_images"] > 30
        let_go.set()
        stage.until(lambda: "Lost" not in stage.recording.told()[1])
        lost = stage.lost("images")
        assert stage.recording.numbers()["losing_images"] == 0
        stage.end(301)
        stage.until(lambda: bool(stage.saved))
        with stage.opened() as reader:
            assert (len(reader), reader.header.dropped_steps) == (300, 0)
            assert len(reader.samples("wrench").sequence) == 300
            assert len(reader.image_table("left").sequence) == 300 - lost
            assert reader.header.lost_images == lost
            told = [event for event in reader.events() if event.kind is EventKind.IMAGES_LOST]
            assert len(told) == 1
            assert told[0].numbers["count"] == lost


def test_a_folder_that_is_gone_stops_the_recording_loudly_and_the_next_episode_resumes(
    tmp_path: Path,
):
    with staged(tmp_path / "session") as stage:
        stage.folder.path.rename(tmp_path / "unplugged")
        stage.folder.path.mkdir()
        stage.open(4, 0)
        stage.step(0, 1)
        stage.until(lambda: stage.recording.told()[0] == "error")
        assert "another disk is in its place" in stage.recording.told()[1]
        assert stage.recording.numbers()["stopped"] == 1.0
        stage.end(2)
        stage.until(lambda: stage.lost("steps") == 1)
        assert not list(stage.folder.path.iterdir())
        stage.folder.path.rmdir()
        (tmp_path / "unplugged").rename(stage.folder.path)
        stage.open(5, 3)
        stage.step(0, 4, episode=5)
        stage.until(lambda: stage.recording.numbers()["stopped"] == 0.0)
        stage.end(5, episode=5)
        stage.until(lambda: bool(stage.saved))
        assert (stage.saved[0].episode, stage.saved[0].steps) == (5, 1)


def test_steps_of_an_episode_whose_opening_was_missed_are_recorded(tmp_path: Path):
    with staged(tmp_path) as stage:
        stage.step(7, 1)
        stage.step(9, 2)
        stage.end(3)
        stage.until(lambda: bool(stage.saved))
        assert (stage.saved[0].steps, stage.saved[0].dropped_steps) == (2, 1)
        assert stage.lost("steps") == 1
        stage.step(10, 4)  # after its end
        assert stage.lost("steps") == 1


def test_images_the_ring_overwrote_are_counted_and_told_as_one_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with staged(tmp_path) as stage:
        stage.open(4, 0)
        stage.shoot(1)
        stage.until(lambda: stage.recording.numbers()["queue_mb"] == 0.0)
        time.sleep(0.2)  # the first image is taken
        monkeypatch.setattr("recorder.live.follower.AT_ONCE", 0)  # nobody compresses
        for index in range(500):
            stage.shoot(2 + index / 10)
        monkeypatch.undo()
        stage.end(62)
        stage.shoot(63)
        stage.shoot(63, "room")
        stage.until(lambda: bool(stage.saved))
        with stage.opened() as reader:
            kept = len(reader.image_table("left").sequence)
            [event] = [e for e in reader.events() if e.kind is EventKind.IMAGES_LOST]
            assert event.numbers["count"] == 501 - kept == reader.header.lost_images
            assert event.source == "left"
            assert stage.lost("images") == 501 - kept
