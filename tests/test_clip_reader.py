"""An edited episode reads as if it had been recorded so; what was recorded is never touched."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from recorder.edits.clip_reader import open_clip
from recorder.edits.edit import (
    Edit,
    Merge,
    RelabelInstruction,
    RelabelOutcome,
    RelabelRows,
    Span,
    Split,
    Trim,
)
from recorder.edits.editing import write_edit
from recorder.edits.session_views import session_views
from recorder.episode_data import EpisodeData
from recorder.header import derived_labels
from recorder.labels import Label
from recorder.reader import EpisodeReader
from recorder.schema import COLUMNS, WHOLE
from recorder.writer import EpisodeWriter
from teleop.errors import EpisodeError
from teleop.messages import Arm, FrameRef, Outcome, Step
from teleop.session_folder import SessionFolder
from teleop.stream_messages import (
    NO_STAMP,
    ClockPair,
    EventKind,
    RecordedEvent,
    SampleBlock,
    StreamInfo,
)
from tests.sample_files import feed
from tests.sample_steps import CAMERAS, TICK_NS, assert_same, correction, opening

ONE, TWO = "episode_00004", "episode_00005"
APART_NS = 10_000_000_000
WRENCH = StreamInfo("wrench_left", (6,), "N, Nm", rate_hz=1000.0)


def moved(step: Step, episode: int, later_ns: int) -> Step:
    """The same step later; each image is from 5 ms before the first step that names it."""
    first_ns = step.stamp_ns - step.index % 3 * TICK_NS

    def shifted(ref: FrameRef) -> FrameRef:
        return FrameRef(ref.camera, ref.sequence + 100 * episode, first_ns - 5_000_000 + later_ns)

    return replace(
        step,
        episode=episode,
        stamp_ns=step.stamp_ns + later_ns,
        device=f"device {episode}",
        observation=replace(
            step.observation, frames=tuple(shifted(ref) for ref in step.observation.frames)
        ),
        seen=tuple(shifted(ref) for ref in step.seen),
    )


def record(folder: SessionFolder, episode: int, outcome: Outcome) -> None:
    """60 rows with a correction in rows 20 to 39 of the right arm, a wrench, events, a clock."""
    later_ns = APART_NS * (episode - 4)
    opened = replace(opening(episode), stamp_ns=opening().stamp_ns + later_ns)
    writer = EpisodeWriter(folder, opened)
    steps = [moved(step, episode, later_ns) for step in correction(20, 20, 20)]
    feed(writer, steps)
    stamps = opened.stamp_ns + np.arange(600, dtype=np.int64) * 1_000_000
    data = np.random.default_rng(episode).standard_normal((600, 6)).astype(np.float32)
    writer.samples(SampleBlock(WRENCH, np.arange(600), stamps, np.full(600, NO_STAMP), data))
    for row in (3, 30, 55):
        writer.event(RecordedEvent(steps[row].stamp_ns, EventKind.NOTICE, f"row {row}"))
    writer.clock(ClockPair(steps[40].stamp_ns, 5))
    writer.close(outcome, "inserted", steps[-1].stamp_ns + 1)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> SessionFolder:
    folder = SessionFolder(tmp_path_factory.mktemp("session"))
    record(folder, 4, Outcome.SUCCESS)
    record(folder, 5, Outcome.FAIL)
    return folder


@pytest.fixture
def folder(session: SessionFolder, tmp_path: Path) -> SessionFolder:
    """A session that may be edited; its recordings are those of `session`."""
    (tmp_path / "episodes").symlink_to(session.episodes)
    return SessionFolder(tmp_path)


def edited(folder: SessionFolder, *edits: Edit) -> dict[str, EpisodeData]:
    """The clips after some edits, opened, by name."""
    files = list(folder.episodes.glob(f"*/{WHOLE}"))
    before = [sha256(path.read_bytes()).digest() for path in files]
    for edit in edits:
        write_edit(folder, session_views(folder), edit)
    views = session_views(folder)
    assert not views.trouble
    opened = {clip.name: open_clip(clip) for clip in views.clips}
    assert before == [sha256(path.read_bytes()).digest() for path in files]
    return opened


def trimmed(folder: SessionFolder, start: int, stop: int) -> EpisodeData:
    """Rows `start` up to `stop` of the first episode."""
    out = (Span(ONE, 0, start), Span(ONE, stop, 60))
    return edited(folder, Trim(ONE, out))[ONE]


def same_content(one: EpisodeData, other: EpisodeData, columns: Sequence[str] = ()) -> None:
    for name in columns or [column.name for column in COLUMNS]:
        np.testing.assert_array_equal(one.column(name), other.column(name), name)
    for camera in CAMERAS:
        assert one.jpegs(camera) == other.jpegs(camera)
        np.testing.assert_array_equal(one.image_rows(camera), other.image_rows(camera))
        np.testing.assert_array_equal(
            one.image_table(camera).host_ns, other.image_table(camera).host_ns
        )
    assert one.events() == other.events()
    np.testing.assert_array_equal(
        one.samples("wrench_left").data, other.samples("wrench_left").data
    )
    np.testing.assert_array_equal(one.labels(), other.labels())


def test_a_trimmed_episode_is_its_rows_with_their_images_and_samples(folder: SessionFolder):
    with trimmed(folder, 10, 50) as clip, EpisodeReader(folder.episodes / ONE) as whole:
        assert len(clip) == 40
        for column in ("stamp_ns", "q", "executed_twist", "modes", "limits_hit", "tactile"):
            np.testing.assert_array_equal(clip.column(column), whole.column(column)[10:50])
        assert clip.column("index").tolist() == list(range(40))
        for camera in CAMERAS:
            own, all_of_it = clip.image_rows(camera), whole.image_rows(camera)[10:50]
            assert clip.jpegs(camera, own.tolist()) == whole.jpegs(camera, all_of_it.tolist())
            assert len(clip.jpegs(camera)) == len(np.unique(all_of_it))
            assert clip.images(camera, [0, -1 + len(clip.jpegs(camera))]).shape == (2, 32, 32, 3)
        wrench = clip.samples("wrench_left")
        assert wrench.sequence.tolist() == list(range(100, 500))
        assert [event.text for event in clip.events() if event.kind is EventKind.NOTICE] == [
            "row 30"
        ]
        assert_same(clip.step(3), replace(whole.step(13), index=3))


def test_the_sums_of_a_trimmed_episode_are_taken_anew(folder: SessionFolder):
    with trimmed(folder, 30, 60) as clip:
        header = clip.header
        assert (header.steps, header.interventions) == (30, 1)
        assert header.operator_s == pytest.approx(0.1)
        assert header.opened_ns == 1_000_000_000 + 30 * TICK_NS
        assert header.reason == "inserted"
    with EpisodeReader(folder.episodes / ONE) as whole:
        told_ns = header.opened_epoch_ns - whole.header.opened_epoch_ns
        assert told_ns == header.opened_ns - whole.header.opened_ns
        assert header.uid == f"{whole.header.uid}[30:60]"


def test_a_mistake_stays_one_when_its_correction_is_trimmed_away(folder: SessionFolder):
    with trimmed(folder, 0, 20) as clip:
        assert (clip.labels()[:, Arm.RIGHT] == Label.PRE_INTERVENTION).all()
        assert clip.header.interventions == 0
        derived = derived_labels(clip.header, clip.column)
        assert (derived[:, Arm.RIGHT] == Label.ROLLOUT).all()  # what it would be by itself


def test_every_image_that_a_row_refers_to_is_kept(folder: SessionFolder):
    with trimmed(folder, 10, 11) as clip:  # its image came before row 9
        for camera in CAMERAS:
            assert clip.image_rows(camera).tolist() == [0]
            assert len(clip.jpegs(camera)) == 1


def test_parts_of_a_split_share_nothing_but_images_that_both_refer_to(folder: SessionFolder):
    clips = edited(folder, Split(ONE, ONE, 31))
    first, second = clips[f"{ONE}a"], clips[f"{ONE}b"]
    with first, second, EpisodeReader(folder.episodes / ONE) as whole:
        assert len(first) + len(second) == 60
        wrench = np.concatenate([part.samples("wrench_left").sequence for part in (first, second)])
        assert wrench.tolist() == list(range(600))
        assert len(first.events()) + len(second.events()) == len(whole.events())
        assert len(first.clock()) == 1 and len(second.clock()) == 2  # one before it began
        assert first.header.outcome is Outcome.UNLABELLED
        assert second.header.outcome is Outcome.SUCCESS


def test_what_was_split_and_merged_reads_as_it_was_recorded(folder: SessionFolder):
    clips = edited(folder, Split(ONE, ONE, 31), Merge((f"{ONE}b", f"{ONE}a")))
    with clips[ONE] as clip, EpisodeReader(folder.episodes / ONE) as whole:
        same_content(clip, whole)
        assert clip.header == whole.header


def test_merged_episodes_are_end_to_end_with_their_codes_under_one_list(folder: SessionFolder):
    clips = edited(folder, Trim(ONE, (Span(ONE, 50, 60),)), Merge((TWO, ONE)))
    with clips[f"{ONE}+00005"] as clip, EpisodeReader(folder.episodes / TWO) as other:
        assert len(clip) == 110
        assert (np.diff(clip.column("stamp_ns")) > 0).all()
        assert clip.column("index").tolist() == list(range(110))
        assert clip.names("device") == ("device 4", "device 5")
        assert_same(clip.step(75), replace(other.step(25), index=75, episode=4))
        assert clip.header.interventions == 2
        assert clip.header.outcome is Outcome.FAIL
        for camera in CAMERAS:
            rows = clip.image_rows(camera)[50:].tolist()
            assert clip.jpegs(camera, rows) == other.jpegs(
                camera, other.image_rows(camera).tolist()
            )
        assert len(clip.samples("wrench_left").data) == 500 + 600


def test_a_part_cut_out_of_the_middle_leaves_each_image_once(folder: SessionFolder):
    clips = edited(folder, Trim(ONE, (Span(ONE, 31, 32),)))
    with clips[ONE] as clip, EpisodeReader(folder.episodes / ONE) as whole:
        assert len(clip) == 59
        for camera in CAMERAS:
            assert clip.jpegs(camera) == whole.jpegs(camera)
            rows = np.delete(whole.image_rows(camera), 31)
            np.testing.assert_array_equal(clip.image_rows(camera), rows)


def test_what_is_relabelled_by_hand_is_what_is_read(folder: SessionFolder):
    rows = RelabelRows(ONE, (Span(ONE, 5, 9),), (Arm.LEFT,), Label.HOLD)
    clips = edited(
        folder, rows, RelabelInstruction(ONE, "Unplug it."), RelabelOutcome(ONE, Outcome.FAIL)
    )
    with clips[ONE] as clip, EpisodeReader(folder.episodes / ONE) as whole:
        expected = whole.labels().copy()
        expected[5:9, Arm.LEFT] = Label.HOLD
        np.testing.assert_array_equal(clip.labels(), expected)
        assert clip.step(0).observation.instruction == "Unplug it."
        assert clip.header.instruction == "Unplug it."
        assert clip.header.outcome is Outcome.FAIL


def test_names_and_numbers_that_are_none_are_told(folder: SessionFolder):
    with trimmed(folder, 0, 29) as clip:
        with pytest.raises(EpisodeError, match="has no camera ceiling"):
            clip.image_table("ceiling")
        with pytest.raises(EpisodeError, match="has no stream sound"):
            clip.samples("sound")
        with pytest.raises(EpisodeError, match="has 10 images"):
            clip.jpegs("room", [10])
        with pytest.raises(IndexError, match="has 29 steps"):
            clip.step(29)


def test_an_episode_that_was_edited_and_is_shorter_now_is_told(folder: SessionFolder):
    edited(folder, Trim(ONE, (Span(ONE, 0, 1),)))
    clip = session_views(folder).clips[0]
    longer = replace(clip, pieces=(replace(clip.pieces[0], stop=61),))
    with pytest.raises(EpisodeError, match="has 60 rows, but was edited"):
        open_clip(longer)
