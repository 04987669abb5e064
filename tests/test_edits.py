"""What edits mean, for any edits that a person could make."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recorder.edits.clip import Clip, Relabel, Source
from recorder.edits.edit import (
    Edit,
    Entry,
    Merge,
    RelabelInstruction,
    RelabelOutcome,
    RelabelRows,
    Span,
    Split,
    Trim,
    Undo,
)
from recorder.edits.places import place_of, spans_of
from recorder.edits.views import check, replay, views
from recorder.labels import Label
from teleop.errors import EpisodeError
from teleop.messages import Arm, Outcome

EXAMPLES = 20
ROWS = (12, 30, 7)
OUTCOMES = (Outcome.SUCCESS, Outcome.FAIL, Outcome.UNLABELLED)


def source(number: int, rows: int) -> Source:
    name = f"episode_{number:05d}"
    return Source(name, Path(name), rows, OUTCOMES[number % 3], f"uid{number}", 1000 * number)


SOURCES = tuple(source(number, rows) for number, rows in enumerate(ROWS))


def entry(entries: Sequence[Entry], edit: Edit) -> Entry:
    return Entry(len(entries) + 1, 0, edit)


def names(clips: Sequence[Clip]) -> list[str]:
    return [clip.name for clip in clips]


@st.composite
def logs(draw: st.DrawFn, most: int = 8) -> list[Entry]:
    """A log as a person could have written it: each edit was possible when it was made."""
    entries: list[Entry] = []
    for _ in range(draw(st.integers(0, most))):
        fresh = entry(entries, draw(edits(views(entries, SOURCES), len(entries))))
        try:
            check(entries, fresh, SOURCES)
        except EpisodeError:
            continue
        entries.append(fresh)
    return entries


@st.composite
def edits(draw: st.DrawFn, clips: Sequence[Clip], made: int) -> Edit:
    clip = draw(st.sampled_from(clips))
    start = draw(st.integers(0, clip.rows - 1))
    spans = spans_of(clip, start, draw(st.integers(start + 1, clip.rows)))
    several = st.lists(st.sampled_from(names(clips)), min_size=2, max_size=3, unique=True)
    choices: list[st.SearchStrategy[Edit]] = [
        st.just(Trim(clip.name, spans)),
        st.sampled_from(list(Outcome)).map(lambda outcome: RelabelOutcome(clip.name, outcome)),
        st.sampled_from(["a", "b"]).map(lambda text: RelabelInstruction(clip.name, text)),
        st.sampled_from(list(Label)).map(
            lambda label: RelabelRows(clip.name, spans, (Arm.LEFT,), label)
        ),
        st.just(Split(clip.name, *place_of(clip, start))),
    ]
    if len(clips) > 1:
        choices.append(several.map(lambda chosen: Merge(tuple(chosen))))
    if made:
        choices.append(st.integers(1, made).map(Undo))
    return draw(st.one_of(choices))


@settings(max_examples=EXAMPLES, deadline=None)
@given(logs(), st.data())
def test_undo_restores_exactly_and_undoing_the_undo_too(entries: list[Entry], data: st.DataObject):
    before = replay(entries, SOURCES)
    made = entry(entries, data.draw(edits(before.clips, 0)))
    try:
        after = check(entries, made, SOURCES)
    except EpisodeError:
        return
    undo = entry([*entries, made], Undo(made.number))
    assert check([*entries, made], undo, SOURCES) == before
    again = entry([*entries, made, undo], Undo(undo.number))
    assert check([*entries, made, undo], again, SOURCES) == after


@settings(max_examples=EXAMPLES, deadline=None)
@given(logs())
def test_no_row_is_in_two_clips_and_every_piece_holds_rows(entries: list[Entry]):
    found = replay(entries, SOURCES)
    assert not found.refused
    assert len(set(names(found.clips))) == len(found.clips)
    seen: set[tuple[str, int]] = set()
    for clip in found.clips:
        for piece in clip.pieces:
            rows = {(piece.episode, row) for row in range(piece.start, piece.stop)}
            assert rows and not rows & seen
            seen |= rows
            painted = [(each.start, each.stop) for each in piece.relabels]
            assert all(piece.start <= start < stop <= piece.stop for start, stop in painted)
    assert seen <= {(each.name, row) for each in SOURCES for row in range(each.rows)}


@settings(max_examples=EXAMPLES, deadline=None)
@given(logs(), st.data())
def test_merging_what_was_split_gives_back_what_was_there(
    entries: list[Entry], data: st.DataObject
):
    before = views(entries, SOURCES)
    whole = [clip for clip in before if clip.rows > 1 and not clip.discarded]
    assume(whole)
    clip = data.draw(st.sampled_from(whole))
    row = data.draw(st.integers(1, clip.rows - 1))
    split = entry(entries, Split(clip.name, *place_of(clip, row)))
    halves = check(entries, split, SOURCES).clips
    parts = [each.name for each in halves if each.split_from[-1:] == (clip.name,)]
    log = [*entries, split]
    merged = check(log, entry(log, Merge((parts[-1], parts[-2]))), SOURCES)
    again = [replace(each, edits=()) for each in merged.clips]
    assert again == [replace(each, edits=()) for each in before]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_trims_and_labels_of_one_episode_mean_the_same_in_any_order(data: st.DataObject):
    clip = views([], SOURCES)[1]
    made: list[Edit] = []
    for _ in range(data.draw(st.integers(2, 4))):
        start = data.draw(st.integers(0, 24))
        spans = spans_of(clip, start, start + data.draw(st.integers(1, 5)))
        arm = data.draw(st.sampled_from(list(Arm)))
        label = RelabelRows(clip.name, spans, (arm,), Label.HOLD)
        made.append(data.draw(st.sampled_from([Trim(clip.name, spans), label])))
    other = data.draw(st.permutations(made))

    def played(order: Sequence[Edit]) -> list[Clip]:
        log = [Entry(number, 0, edit) for number, edit in enumerate(order, start=1)]
        return [replace(each, edits=()) for each in views(log, SOURCES)]

    assert played(made) == played(other)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_edits_of_different_episodes_mean_the_same_in_any_order(data: st.DataObject):
    clips = views([], SOURCES)
    made = [data.draw(edits([clip], 0)) for clip in clips]
    log = [Entry(number, 0, edit) for number, edit in enumerate(made, start=1)]
    assert views(log, SOURCES) == views(data.draw(st.permutations(log)), SOURCES)


def refused(entries: Sequence[Edit], last: Edit, sources: Sequence[Source] = SOURCES) -> str:
    log = [Entry(number, 0, edit) for number, edit in enumerate(entries, start=1)]
    assert not replay(log, sources).refused
    with pytest.raises(EpisodeError) as error:
        check(log, entry(log, last), sources)
    return str(error.value)


ONE, TWO = "episode_00000", "episode_00001"
MERGED = Merge((ONE, TWO))


def test_an_episode_that_went_into_another_says_into_which():
    text = refused([MERGED], Trim(TWO, (Span(TWO, 0, 3),)))
    assert text.startswith(f"{TWO} is no episode by itself since edit 1")
    assert f"{ONE}+00001" in text


def test_what_a_later_edit_builds_on_is_not_undone_under_it():
    later = Trim(f"{ONE}+00001", (Span(TWO, 0, 3),))
    text = refused([MERGED, later], Undo(1))
    assert text.startswith("Edit 2 builds on what this would change")
    assert text.endswith("undo edit 2 first.")


@pytest.mark.parametrize(
    ("last", "says"),
    [
        (Split(ONE, ONE, 0), "is not inside episode_00000"),
        (Split(ONE, ONE, 12), "is not inside episode_00000"),
        (Split(ONE, TWO, 3), "holds no rows of episode_00001"),
        (Trim(ONE, (Span(ONE, 0, 12),)), "Nothing would be left of episode_00000"),
        (Trim("episode_0001", (Span(TWO, 0, 1),)), "Did you mean 'episode_00001'"),
        (Merge((ONE, ONE)), "at least two different"),
        (Undo(7), "There is no edit 7; nothing was edited yet"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(last: Edit, says: str):
    assert says in refused([], last)


def test_an_edit_is_undone_once_only():
    text = refused([RelabelOutcome(ONE, Outcome.FAIL), Undo(1)], Undo(1))
    assert text == "Edit 1 is undone already, by edit 2; undo that one to have it back."


def test_a_discarded_episode_is_merged_with_nothing():
    assert "is discarded" in refused([RelabelOutcome(ONE, Outcome.DISCARDED)], MERGED)


@pytest.mark.parametrize("opened_ns", [-5, 0, 900])
def test_episodes_whose_clocks_do_not_continue_each_other_are_not_merged(opened_ns: int):
    first = replace(SOURCES[0], ended_ns=950)
    other_clock = (first, replace(SOURCES[1], opened_ns=opened_ns), SOURCES[2])
    assert "does not follow the first" in refused([], MERGED, other_clock)


def test_an_episode_that_is_still_recorded_is_not_edited():
    running = (replace(SOURCES[0], finished=False), *SOURCES[1:])
    assert "still being recorded" in refused([], RelabelOutcome(ONE, Outcome.FAIL), running)


def test_edits_of_another_recording_of_the_same_name_have_no_effect():
    log = [Entry(1, 0, RelabelOutcome(ONE, Outcome.FAIL), {ONE: "another"})]
    found = replay(log, SOURCES)
    assert "another recording" in found.refused[1]
    assert found.clips == views([], SOURCES)


def test_an_episode_that_is_merged_with_itself_and_another_counts_once():
    (merged, _) = views([Entry(1, 0, Merge((ONE, TWO, ONE)))], SOURCES)
    assert merged.rows == ROWS[0] + ROWS[1]


def test_a_refused_edit_leaves_the_clips_that_it_names():
    log = [Entry(1, 0, MERGED, {ONE: "uid0", TWO: "another"})]
    assert replay(log, SOURCES).clips == views([], SOURCES)


def test_edits_of_an_episode_that_was_deleted_hinder_no_other():
    log = [Entry(1, 0, MERGED), Entry(2, 0, RelabelOutcome("episode_00002", Outcome.SUCCESS))]
    found = replay(log, SOURCES[1:])
    assert list(found.refused) == [1]
    assert found.clips[1].outcome is Outcome.SUCCESS


def test_a_label_painted_over_another_takes_its_place():
    log = [
        Entry(1, 0, RelabelRows(ONE, (Span(ONE, 0, 10),), (Arm.LEFT,), Label.HOLD)),
        Entry(2, 0, RelabelRows(ONE, (Span(ONE, 4, 6),), tuple(Arm), Label.ROLLOUT)),
    ]
    (piece,) = views(log, SOURCES)[0].pieces
    assert piece.relabels == (
        Relabel(0, 4, Arm.LEFT, Label.HOLD),
        Relabel(4, 6, Arm.LEFT, Label.ROLLOUT),
        Relabel(6, 10, Arm.LEFT, Label.HOLD),
        Relabel(4, 6, Arm.RIGHT, Label.ROLLOUT),
    )


def test_the_first_part_of_a_split_keeps_no_outcome():
    log = [Entry(1, 0, Split(ONE, ONE, 5))]
    first, second = views(log, SOURCES)[:2]
    assert (first.name, first.outcome) == (f"{ONE}a", Outcome.UNLABELLED)
    assert (second.name, second.outcome) == (f"{ONE}b", Outcome.SUCCESS)
