"""Episodes are read whole, in segments, and while they grow; what is not one is refused."""

import os
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from recorder.consolidate import consolidate
from recorder.hdf5 import names_of
from recorder.reader import EpisodeReader
from recorder.schema import COLUMNS, State
from recorder.writer import EpisodeWriter
from teleop.errors import EpisodeError, EpisodeIncomplete, SchemaMismatch
from teleop.messages import FrameRef, Mode, Outcome, Step
from teleop.session_folder import SessionFolder
from teleop.stream_messages import ClockPair, EventKind, RecordedEvent, SampleBlock, StreamInfo
from tests.sample_files import SINGLE, feed, written
from tests.sample_steps import CAMERAS, TICK_NS, assert_same, correction, opening, picture

WRENCH = StreamInfo("wrench_left", (6,), "N, Nm", rate_hz=1000.0, latency_ns=3_000_000)


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path)


def block(first: int, count: int) -> SampleBlock:
    sequence = np.arange(first, first + count)
    data = np.repeat(sequence[:, None], 6, axis=1).astype(np.float32)
    return SampleBlock(WRENCH, sequence, sequence * 1_000_000, np.full(count, -1), data)


STEPS = (30, 40, 50)  # before, during and after a correction


def in_segments(folder: SessionFolder, ended: bool = True) -> Path:
    """A correction of 120 steps in segments of 0.4 s, with samples, events and clock pairs."""
    writer = EpisodeWriter(folder, opening(), segment_s=0.4)

    def and_streams() -> Iterator[Step]:
        for number, step in enumerate(correction(*STEPS)):
            yield step
            if number >= 60:
                writer.samples(block(number * 10, 10))
            if number % 50 == 0:
                writer.event(RecordedEvent(step.stamp_ns, EventKind.NOTICE, f"step {number}"))
                writer.clock(ClockPair(step.stamp_ns, step.stamp_ns + 7))

    feed(writer, and_streams())
    if ended:
        writer.close(Outcome.SUCCESS, "inserted", 5)
    else:
        writer.cut()
    assert len(list(writer.path.glob("seg_*.h5"))) >= 3
    return writer.path


def test_each_step_names_the_image_it_saw(folder: SessionFolder):
    with EpisodeReader(written(folder)) as reader:
        for camera in CAMERAS:
            rows = reader.image_rows(camera)
            images = reader.images(camera)
            assert len(images) == 14  # one every third of 40 steps
            assert rows.tolist() == [index // 3 for index in range(40)]
            drawn = picture(FrameRef(camera, 5, 0))
            assert np.abs(images[4].astype(int) - drawn).max() < 12
            np.testing.assert_array_equal(reader.images(camera, [4])[0], images[4])
            assert reader.image_table(camera).sequence.tolist() == list(range(1, 15))
        with pytest.raises(EpisodeError, match="no camera ceiling"):
            reader.images("ceiling")


def test_segments_and_the_whole_file_read_the_same(folder: SessionFolder):
    path = in_segments(folder)
    with EpisodeReader(path) as parts:
        assert parts.header.state is State.FINAL
        consolidate(path)  # while it is open
        with EpisodeReader(path) as whole:
            assert parts.header == whole.header
            for column in (*(each.name for each in COLUMNS), "label", "seen_sequence"):
                np.testing.assert_array_equal(parts.column(column), whole.column(column))
            for camera in CAMERAS:
                assert parts.jpegs(camera) == whole.jpegs(camera)
                backwards = list(range(len(whole.image_table(camera).sequence)))[::-1]
                assert parts.jpegs(camera, backwards) == whole.jpegs(camera)[::-1]
                rows = parts.image_rows(camera)
                np.testing.assert_array_equal(rows, whole.image_rows(camera))
                assert rows.tolist() == [index // 3 for index in range(120)]
            assert parts.streams == whole.streams == (WRENCH,)
            assert parts.samples("wrench_left").sequence.tolist() == list(range(600, 1200))
            np.testing.assert_array_equal(
                parts.samples("wrench_left").data, whole.samples("wrench_left").data
            )
            assert parts.events() == whole.events()
            told = [event.text for event in parts.events() if event.kind is EventKind.NOTICE]
            assert told == ["step 0", "step 50", "step 100"]
            assert parts.clock() == whole.clock()
            assert parts.clock()[-1] == ClockPair(2_000_000_000, 2_000_000_007)
            assert parts.header.interventions == 1
            for row in (0, 35, 119):
                assert_same(correction(*STEPS)[row], parts.step(row), SINGLE)


def test_an_episode_that_is_still_recorded_shows_its_finished_segments(folder: SessionFolder):
    path = in_segments(folder, ended=False)
    with EpisodeReader(path) as reader:
        assert len(reader) == reader.header.steps == 120
        assert reader.header.state is State.RECORDING
        assert reader.header.handback_ns == 1_000_000_000 + 70 * TICK_NS
    (path / "seg_00001.h5").unlink()
    with pytest.raises(EpisodeIncomplete, match="segment 1 is missing"):
        EpisodeReader(path)


def test_codes_of_segments_that_count_names_differently_are_put_under_one_list(
    folder: SessionFolder,
):
    path = in_segments(folder)
    segment = sorted(path.glob("seg_*.h5"))[1]
    with EpisodeReader(path) as reader:
        limits = [set(reader.step(row).limits_hit) for row in range(120)]
    with h5py.File(segment, "r+") as file:
        column = file["steps/limits_hit"]
        assert isinstance(column, h5py.Dataset)
        names = names_of(column)
        codes = column[:]
        swapped = (codes & ~np.uint64(3)) | (codes & 1) << 1 | (codes >> np.uint64(1) & 1)
        column[:] = swapped
        column.attrs["names"] = np.array(
            [names[1], names[0], *names[2:]], dtype=h5py.string_dtype()
        )
    with EpisodeReader(path) as reader:
        assert [set(reader.step(row).limits_hit) for row in range(120)] == limits


def test_a_camera_that_was_restarted_counts_anew_and_its_images_are_found_by_their_stamps(
    folder: SessionFolder,
):
    writer = EpisodeWriter(folder, opening())
    steps = correction(30, 0, 0)
    for number, step in enumerate(steps[15:], start=15):
        refs = tuple(replace(ref, sequence=ref.sequence - 5) for ref in step.observation.frames)
        steps[number] = replace(step, observation=replace(step.observation, frames=refs))
    feed(writer, steps)
    with EpisodeReader(Path(writer.close(Outcome.SUCCESS, "").path)) as reader:
        sequence = reader.image_table("left").sequence.tolist()
        assert sequence == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]
        assert reader.image_rows("left").tolist() == [index // 3 for index in range(30)]


def test_foreign_files_are_refused_with_a_sentence(folder: SessionFolder, tmp_path: Path):
    with pytest.raises(EpisodeError, match="There is no episode file"):
        EpisodeReader(tmp_path / "nowhere.h5")
    (tmp_path / "empty").mkdir()
    with pytest.raises(EpisodeError, match="There is no episode in"):
        EpisodeReader(tmp_path / "empty")
    (tmp_path / "text.h5").write_text("hello")
    with pytest.raises(SchemaMismatch, match="not HDF5"):
        EpisodeReader(tmp_path / "text.h5")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file.attrs["format"] = "something"
    with pytest.raises(SchemaMismatch, match="no episode of this program"):
        EpisodeReader(tmp_path / "other.h5")
    part = shutil.copy(written(folder) / "episode.h5", tmp_path / "seg_00000.h5.part")
    with pytest.raises(EpisodeIncomplete, match="never finished"):
        EpisodeReader(Path(part))


Change = Callable[[h5py.File], object]


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        (lambda file: file.attrs.__setitem__("version", 99), SchemaMismatch, "update it"),
        (lambda file: file.attrs.__delitem__("cameras"), SchemaMismatch, "cameras"),
        (lambda file: file.attrs.__setitem__("cameras", 3.0), SchemaMismatch, "cameras"),
        (lambda file: file["steps/wrench"].resize(3, axis=0), EpisodeIncomplete, "wrench has 3"),
        (lambda file: file.__delitem__("steps/q"), EpisodeIncomplete, "no dataset /steps/q"),
    ],
)
def test_a_file_that_lacks_what_its_version_has_is_refused(
    folder: SessionFolder, change: Change, error: type[EpisodeError], sentence: str
):
    path = written(folder)
    with h5py.File(path / "episode.h5", "r+") as file:
        change(file)
    with pytest.raises(error, match=sentence):
        EpisodeReader(path)


def test_a_file_that_is_cut_off_is_refused(folder: SessionFolder):
    whole = written(folder) / "episode.h5"
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) // 2])
    with pytest.raises(EpisodeIncomplete, match="cut off"):
        EpisodeReader(whole.parent)


def test_a_damaged_image_is_not_handed_out(folder: SessionFolder):
    path = written(folder)
    with h5py.File(path / "episode.h5", "r+") as file:
        content = file["streams/left/bytes"]
        assert isinstance(content, h5py.Dataset)
        content[100] = 255 - content[100]
    with EpisodeReader(path) as reader, pytest.raises(EpisodeIncomplete, match="image 0 of camera"):
        reader.images("left")


def test_every_column_says_its_unit_or_what_its_codes_mean(folder: SessionFolder):
    with EpisodeReader(written(folder)) as reader:
        assert reader.names("modes") == tuple(Mode)
        assert [c.name for c in COLUMNS if len(reader.column(c.name)) != len(reader)] == []
        with pytest.raises(ValueError, match="read-only"):
            reader.column("q")[0] = 1


def test_more_segments_than_a_process_may_open_are_named(folder: SessionFolder):
    path = in_segments(folder)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = [os.open(os.devnull, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (taken[0] + 2, hard))
    try:
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        os.close(taken.pop())
        with pytest.raises(EpisodeError, match="too many open files"):
            EpisodeReader(path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for each in taken:
            os.close(each)
