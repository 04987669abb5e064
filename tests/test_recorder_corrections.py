from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recorder.consolidate import consolidate
from recorder.encoded import EncodedImage
from recorder.reader import EpisodeReader
from recorder.writer import EpisodeWriter
from teleop.config import RecordConfig
from teleop.messages import Mode, Outcome
from teleop.session_folder import SessionFolder
from teleop.stream_messages import EventKind, SampleBlock, StreamInfo
from tests.sample_files import SINGLE, feed
from tests.sample_steps import TICK_NS, assert_same, correction, opening, plain_step

ONLY = RecordConfig(keep="corrections", before_s=0.5, after_s=0.2)


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path)


def test_only_the_seconds_around_a_correction_are_kept_and_the_rest_is_not_called_lost(
    folder: SessionFolder,
):
    steps = correction(before=300, during=40, after=200)
    second = [replace(step, index=540 + step.index) for step in correction(100, 30, 100)]
    steps += [replace(step, stamp_ns=step.stamp_ns + 540 * TICK_NS) for step in second]
    writer = EpisodeWriter(folder, opening(), ONLY)
    feed(writer, steps)
    saved = writer.close(Outcome.SUCCESS, "inserted")
    with EpisodeReader(Path(saved.path)) as reader:
        index = reader.column("index").tolist()
        assert index == [*range(250, 360), *range(590, 690)]
        header = reader.header
        assert (header.corrections_only, header.dropped_steps) == (True, 0)
        assert header.cut_rows == len(steps) - len(index)
        assert header.interventions == saved.interventions == 2
        kinds = [event.kind for event in reader.events()]
        assert kinds == [EventKind.KEPT_FROM, EventKind.KEPT_TO] * 2
        stamps = [event.stamp_ns for event in reader.events()]
        assert stamps == [steps[place].stamp_ns for place in (250, 359, 590, 689)]
        for row, place in enumerate(index):
            assert_same(steps[place].executed, reader.step(row).executed, SINGLE)
        assert (reader.image_rows("left")[:110] >= 0).all()  # also that of the first kept row


def test_a_demonstration_is_kept_whole(folder: SessionFolder):
    writer = EpisodeWriter(folder, opening(demonstration=True), ONLY)
    feed(writer, correction(100, 3, 100))
    assert writer.close(Outcome.SUCCESS, "").steps == 203


def test_an_episode_without_a_takeover_leaves_its_header(folder: SessionFolder):
    writer = EpisodeWriter(folder, opening(), ONLY)
    feed(writer, (plain_step(index) for index in range(200)))
    saved = writer.close(Outcome.SUCCESS, "inserted", 99)
    assert (saved.steps, saved.policy_version) == (0, 2)
    with EpisodeReader(Path(saved.path)) as reader:
        assert len(reader) == 0
        assert reader.header.cut_rows == 200
        assert reader.header.outcome is Outcome.SUCCESS
        assert reader.header.policy_version == 2  # which version succeeded on its own


def test_an_arm_that_holds_in_the_operators_hand_is_still_corrected(folder: SessionFolder):
    modes = [Mode.POLICY] * 60 + [Mode.OPERATOR] * 2 + [Mode.HOLD] * 100 + [Mode.POLICY] * 60
    writer = EpisodeWriter(folder, opening(), ONLY)
    feed(writer, (plain_step(at, (Mode.POLICY, mode)) for at, mode in enumerate(modes)))
    with EpisodeReader(Path(writer.close(Outcome.FAIL, "").path)) as reader:
        assert reader.column("index").tolist() == list(range(10, 182))


def test_samples_are_kept_with_the_rows_of_their_time(folder: SessionFolder):
    writer = EpisodeWriter(folder, opening(), ONLY, segment_s=0.3)
    info = StreamInfo("wrench", (6,))
    for step in correction(100, 10, 60):
        sequence = np.arange(step.index * 10, step.index * 10 + 10)
        stamps = step.stamp_ns + np.arange(10) * 1_000_000
        data = np.repeat(sequence[:, None], 6, axis=1).astype(np.float32)
        writer.samples(SampleBlock(info, sequence, stamps, stamps, data))
        writer.append(step)
    writer.close(Outcome.SUCCESS, "")
    consolidate(writer.path)
    with EpisodeReader(writer.path) as reader:
        found = reader.samples("wrench")
        assert reader.header.lost_samples == 0
        stamps = reader.column("stamp_ns")
        assert found.host_ns[0] <= stamps[0]
        assert found.host_ns[-1] >= stamps[-1]
        assert (found.data[:, 3] == found.sequence).all()
        assert len(found.sequence) < 1000


def test_images_that_wait_take_no_more_memory_than_they_may(folder: SessionFolder):
    config = replace(ONLY, before_s=60.0, queue_mb=8.0)
    writer = EpisodeWriter(folder, opening(), config)
    frames = plain_step(0).observation.frames
    code = bytes(1_000_000)
    for number in range(20):
        ref = replace(frames[0], sequence=number, stamp_ns=1_000_000_000 + number)
        writer.image(EncodedImage(ref, code, (480, 640, 3)))
    assert writer.lost_images == 12
    writer.close(Outcome.FAIL, "")
