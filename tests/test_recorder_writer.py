import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recorder import storage
from recorder.labels import Label
from recorder.reader import EpisodeReader
from recorder.schema import State
from recorder.writer import EpisodeWriter
from teleop.errors import DiskFull, EpisodeError
from teleop.messages import EpisodeSaved, Outcome, Step
from teleop.session_folder import SessionFolder
from tests.sample_files import SINGLE, feed, run_python, written
from tests.sample_steps import (
    CAMERAS,
    assert_same,
    correction,
    encoded,
    make_step,
    opening,
    plain_step,
)


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path)


def test_every_field_of_random_steps_comes_back(folder: SessionFolder):
    steps = [make_step(index) for index in range(150)]
    writer = EpisodeWriter(folder, opening())
    feed(writer, steps)
    saved = writer.close(Outcome.FAIL, "time out", 77)
    with EpisodeReader(Path(saved.path)) as reader:
        assert len(reader) == saved.steps == 150
        for index, step in enumerate(steps):
            assert_same(step, reader.step(index), SINGLE)
        assert reader.header.outcome is Outcome.FAIL
        assert reader.header.reason == "time out"
        assert reader.header.ended_ns == 77
        assert reader.header.scene == "plug/shifted/17"
        assert reader.header.cameras == CAMERAS
        with pytest.raises(IndexError):
            reader.step(150)


def test_double_precision_is_kept_where_it_matters(folder: SessionFolder):
    step = plain_step(0)
    writer = EpisodeWriter(folder, opening())
    writer.append(step)
    with EpisodeReader(Path(writer.close(Outcome.SUCCESS, "", 1).path)) as reader:
        for name in ("q", "position", "quaternion", "opening"):
            kept = getattr(reader.step(0).observation.state, name)
            np.testing.assert_array_equal(kept, getattr(step.observation.state, name))


def test_an_image_that_never_came_is_counted_and_never_replaced(folder: SessionFolder):
    writer = EpisodeWriter(folder, opening())
    for index in range(0, 9, 3):
        for ref in plain_step(index).observation.frames:
            if ref.sequence != 2:
                writer.image(encoded(ref))
    for index in range(9):
        writer.append(plain_step(index))
    with EpisodeReader(Path(writer.close(Outcome.SUCCESS, "", 1).path)) as reader:
        assert reader.header.lost_images == 2
        assert reader.image_rows("left").tolist() == [0, 0, 0, -1, -1, -1, 1, 1, 1]
        assert reader.step(3).observation.frames[0].sequence == 2


def test_missing_steps_are_counted(folder: SessionFolder):
    writer = EpisodeWriter(folder, opening())
    for index in (1, 2, 5):
        writer.append(plain_step(index))
    assert writer.close(Outcome.SUCCESS, "", 1).dropped_steps == 3


def test_a_hand_back_ends_a_segment_and_what_came_so_far_reads_like_an_episode(
    folder: SessionFolder,
):
    steps = correction(before=150, during=40, after=60)
    writer = EpisodeWriter(folder, opening())
    backs = feed(writer, steps[:201])
    assert [index for index, back in enumerate(backs) if back] == [190]
    cut = writer.cut()
    assert cut.path == str(folder.episodes / "episode_00004")
    with EpisodeReader(Path(cut.path)) as reader:
        check_correction(cut, reader, steps, 201)
        assert reader.header.outcome is Outcome.UNLABELLED
    before = {path: path.read_bytes() for path in Path(cut.path).glob("seg_*.h5")}
    feed(writer, steps[201:])
    saved = writer.close(Outcome.SUCCESS, "inserted", 1)
    assert {path: path.read_bytes() for path in before} == before  # never touched again
    assert (cut.final, saved.final) == (False, True)
    with EpisodeReader(Path(saved.path)) as reader:
        check_correction(saved, reader, steps, 250)


def check_correction(
    message: EpisodeSaved, reader: EpisodeReader, steps: list[Step], length: int
) -> None:
    assert (message.steps, message.interventions, message.policy_version) == (length, 1, 2)
    assert message.handback_ns == steps[190].stamp_ns
    assert message.operator_s == pytest.approx(0.40)
    assert len(reader) == length
    right = reader.labels()[:, 1]
    assert (right[50:150] == Label.PRE_INTERVENTION).all()
    assert (right[150:190] == Label.INTERVENTION).all()
    assert (right[190:length] == Label.RECOVERY).all()
    assert len(reader.images("left")) == (length + 2) // 3
    assert_same(steps[190], reader.step(190), SINGLE)


def test_a_demonstration_is_not_cut(folder: SessionFolder):
    writer = EpisodeWriter(folder, opening(demonstration=True))
    backs = [writer.append(step) for step in correction(3, 3, 3)]
    assert not any(backs)
    saved = writer.close(Outcome.SUCCESS, "inserted", 1)
    assert saved.interventions == 0
    with EpisodeReader(Path(saved.path)) as reader:
        assert (reader.labels() == Label.DEMONSTRATION).all()


def test_every_segment_is_whole_before_the_next_begins(folder: SessionFolder):
    writer = EpisodeWriter(folder, opening(), segment_s=0.5)
    feed(writer, (plain_step(index) for index in range(190)))
    names = sorted(path.name for path in writer.path.iterdir())
    assert names == ["seg_00000.h5", "seg_00001.h5", "seg_00002.h5", "seg_00003.h5.part"]
    saved = writer.close(Outcome.DISCARDED, "operator", 1)
    assert sorted(path.name for path in writer.path.iterdir())[-1] == "seg_00003.h5"
    with EpisodeReader(Path(saved.path)) as reader:  # kept, and marked
        assert reader.header.outcome is Outcome.DISCARDED
        assert reader.header.state is State.FINAL
        for index in range(190):
            assert_same(plain_step(index), reader.step(index), SINGLE)


def test_an_episode_that_ends_within_its_first_segment_is_one_file(folder: SessionFolder):
    path = written(folder)
    assert [each.name for each in path.iterdir()] == ["episode.h5"]
    with EpisodeReader(path) as reader:
        assert (reader.header.segment, len(reader)) == (-1, 40)


def test_a_second_episode_of_the_same_number_does_not_replace_the_first(folder: SessionFolder):
    first, second = written(folder, 10), written(folder, 20)
    assert (first.name, second.name) == ("episode_00004", "episode_00004_2")
    with EpisodeReader(first) as reader:
        assert len(reader) == 10


def test_an_episode_without_a_step_can_be_closed_and_read(folder: SessionFolder):
    with EpisodeReader(written(folder, 0)) as reader:
        assert len(reader) == 0
        assert reader.images("left").shape[0] == 0


def test_appending_a_step_is_cheap(folder: SessionFolder):
    steps = [replace(plain_step(0), index=index) for index in range(500)]
    writer = EpisodeWriter(folder, opening(), flush_s=1e6)
    times: list[int] = []
    for step in steps:
        started = time.perf_counter_ns()
        writer.append(step)
        times.append(time.perf_counter_ns() - started)
    writer.close(Outcome.SUCCESS, "", 1)
    assert sorted(times)[len(times) // 2] < 100_000  # ns; some 5000 on an idle core


def test_a_full_disk_is_a_sentence_and_keeps_what_was_recorded(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
):
    whole = (written(folder) / "episode.h5").read_bytes()
    writer = EpisodeWriter(folder, opening(5))
    for index in range(50):
        writer.append(plain_step(index))
    monkeypatch.setattr(storage, "free_bytes", lambda _: 1_000_000)
    with pytest.raises(DiskFull, match=r"is full .*nothing more is recorded"):
        [writer.append(plain_step(index)) for index in range(50, 100)]
    saved = writer.give_up("the disk is full")
    assert saved is not None
    assert (saved.steps, saved.outcome) == (26, Outcome.UNLABELLED)
    with EpisodeReader(Path(saved.path)) as reader:
        assert reader.header.dropped_steps == saved.dropped_steps > 0
    assert (folder.episodes / "episode_00004" / "episode.h5").read_bytes() == whole
    with pytest.raises(EpisodeError, match="is full"):
        EpisodeWriter(folder, opening(6))


LIMITED = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from recorder.writer import EpisodeWriter
from teleop.errors import EpisodeError
from teleop.session_folder import SessionFolder
from tests.sample_steps import opening, plain_step
writer = EpisodeWriter(SessionFolder(Path(sys.argv[1])), opening(5))
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
try:
    for index in range(4000):
        writer.append(plain_step(index))
except EpisodeError as error:
    print(error)
    print(writer.give_up("no room") is None)
"""


def test_a_write_that_the_system_refuses_is_a_sentence_and_costs_no_finished_file(
    folder: SessionFolder,
):
    whole = (written(folder) / "episode.h5").read_bytes()
    child = run_python(LIMITED, str(folder.path))
    output, _ = child.communicate(timeout=50)
    assert "Cannot write" in output
    assert "Finished episodes are untouched" in output
    assert (folder.episodes / "episode_00004" / "episode.h5").read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EpisodeError, match="Cannot make an episode"):
        EpisodeWriter(SessionFolder(tmp_path / "file"), opening())


def test_a_file_is_synced_before_it_gets_its_name(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
):
    calls: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        calls.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    written(folder)
    names = [folder.path.name, folder.path.parent.name, "episodes"]
    assert calls == [*names, "seg_00000.h5.salvage", "episode_00004"]


def test_a_session_without_cameras_is_recorded_too(folder: SessionFolder):
    writer = EpisodeWriter(folder, replace(opening(), cameras=()))
    for index in range(3):
        writer.append(plain_step(index))
        writer.flush()
    with EpisodeReader(Path(writer.close(Outcome.FAIL, "", 1).path)) as reader:
        assert len(reader) == 3
        assert reader.header.cameras == ()
