"""The learner sees what the eye sees: episodes after all edits, also those made meanwhile."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from learner.extract import extract, extract_rows
from learner.material import Material
from learner.samples import Stratum
from recorder.edits.clip_reader import open_clip
from recorder.edits.edit import Edit, RelabelOutcome, Span, Split, Trim, Undo
from recorder.edits.editing import write_edit
from recorder.edits.session_views import session_views
from recorder.reader import EpisodeReader
from recorder.writer import EpisodeWriter
from teleop.messages import EpisodeSaved, FrameRef, Outcome, Step
from teleop.session_folder import SessionFolder
from tests.sample_files import feed
from tests.sample_steps import CAMERAS, correction, opening

ONE = "episode_00000"


def fresh_images(step: Step, episode: int) -> Step:
    """The step, with each image taken as the first step that names it was made."""
    age_ns = step.index % 3 * 10_000_000
    frames = tuple(
        FrameRef(ref.camera, ref.sequence, step.stamp_ns - age_ns)
        for ref in step.observation.frames
    )
    return replace(step, episode=episode, observation=replace(step.observation, frames=frames))


def record(folder: SessionFolder, episode: int, outcome: Outcome = Outcome.SUCCESS) -> EpisodeSaved:
    """A second and a half; the right arm is corrected in the middle of it."""
    writer = EpisodeWriter(folder, opening(episode))
    feed(writer, [fresh_images(step, episode) for step in correction(60, 30, 60)])
    return writer.close(outcome, "inserted", 5_000_000_000)


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path)


def edit(folder: SessionFolder, what: Edit) -> None:
    write_edit(folder, session_views(folder), what)


def names(changes: Any) -> tuple[list[str], list[str]]:
    return [clip.name for clip in changes.fresh], list(changes.gone)


def test_what_was_discarded_before_or_after_its_end_is_not_learned(folder: SessionFolder):
    record(folder, 0)
    record(folder, 1, Outcome.DISCARDED)
    record(folder, 2)
    edit(folder, RelabelOutcome("episode_00002", Outcome.DISCARDED))
    assert names(Material(folder).read()) == ([ONE], [])


def test_edits_of_another_process_are_followed_once(folder: SessionFolder):
    record(folder, 0)
    record(folder, 1)
    material = Material(folder)
    material.read()
    assert names(material.edited()) == ([], [])
    edit(folder, RelabelOutcome(ONE, Outcome.DISCARDED))
    assert names(material.edited()) == ([], [ONE])
    assert names(material.edited()) == ([], [])
    edit(folder, Undo(1))
    assert names(material.edited()) == ([ONE], [])
    edit(folder, Split(ONE, ONE, 75))
    assert names(material.edited()) == ([f"{ONE}a", f"{ONE}b"], [ONE])


def test_an_episode_is_learned_from_as_it_ends_and_forgotten_if_that_discards_it(
    folder: SessionFolder,
):
    material = Material(folder)
    material.read()
    saved = record(folder, 0)
    assert names(material.saved(saved)) == ([ONE], [])
    assert names(material.saved(replace(saved, outcome=Outcome.DISCARDED))) == ([], [ONE])


def test_an_episode_announced_after_it_was_edited_is_seen_as_edited(folder: SessionFolder):
    saved = record(folder, 0)
    edit(folder, Trim(ONE, (Span(ONE, 0, 20),)))
    material = Material(folder)
    material.read()
    (clip,) = session_views(folder).clips
    assert material.saved(saved).fresh == ()  # nothing new: it is known as it was edited
    assert clip.rows == 130


def test_a_relabelled_outcome_changes_what_may_be_learned(folder: SessionFolder):
    record(folder, 0)

    def strata() -> set[int]:
        (clip,) = session_views(folder).clips
        with open_clip(clip) as episode:
            return set(extract_rows(episode, CAMERAS).stratum_N.tolist())

    assert Stratum.ROLLOUT in strata()
    edit(folder, RelabelOutcome(ONE, Outcome.FAIL))
    assert strata() == {Stratum.EXCLUDED, Stratum.PRE_INTERVENTION, Stratum.CORRECTION}


def test_a_trimmed_correction_is_learned_only_as_far_as_it_is_left(folder: SessionFolder):
    record(folder, 0)
    edit(folder, Trim(ONE, (Span(ONE, 75, 150),)))
    (clip,) = session_views(folder).clips
    with open_clip(clip) as episode:
        rows = extract_rows(episode, CAMERAS)
    whole = extract(folder.episodes / ONE, CAMERAS)
    kept = len(rows)
    assert 0 < kept < len(whole)
    np.testing.assert_array_equal(rows.stratum_N, whole.stratum_N[:kept])
    assert (rows.weight_NHA <= whole.weight_NHA[:kept]).all()


def test_nothing_is_learned_across_rows_that_were_not_kept(folder: SessionFolder):
    writer = EpisodeWriter(folder, opening(0))
    steps = [fresh_images(step, 0) for step in correction(0, 120, 0)]
    feed(writer, [step for step in steps if not 50 <= step.index < 80])
    writer.close(Outcome.SUCCESS, "inserted", 9_000_000_000)
    with EpisodeReader(folder.episodes / ONE) as episode:
        rows = extract_rows(episode, CAMERAS)
        index_of = {tuple(p.ravel()): i for i, p in enumerate(episode.column("position"))}
    for position, weight in zip(rows.position_N23, rows.weight_NHA, strict=True):
        row = index_of[tuple(position.ravel())]
        to_the_gap = (50 - row) // 10 if row < 50 else 4  # whole chunk steps
        assert not weight[to_the_gap:].any()
    assert rows.weight_NHA.any()


def test_a_hand_back_is_learned_from_while_the_episode_goes_on(folder: SessionFolder):
    writer = EpisodeWriter(folder, opening(0), flush_s=0.1)
    steps = [fresh_images(step, 0) for step in correction(60, 30, 60)]
    feed(writer, steps[:100])
    cut = writer.cut()
    assert not cut.final
    material = Material(folder)
    material.read()
    (clip,) = material.saved(cut).fresh
    with open_clip(clip) as episode:
        assert len(episode) == cut.steps
        assert (extract_rows(episode, CAMERAS).stratum_N == Stratum.CORRECTION).any()
    feed(writer, steps[100:])
    (again,) = material.saved(writer.close(Outcome.SUCCESS, "inserted", 9)).fresh
    assert again.name == clip.name
    assert again.rows == 150
