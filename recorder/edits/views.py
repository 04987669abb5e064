"""What edits mean: recorded episodes and a log in, clips out. Pure.

Edits are played from the first to the last that counts, on clips known by name. Since rows are
those of the recording, trims and labels mean the same in any order; outcomes, splits and merges
follow each other.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from recorder.edits.clip import Clip, Source, untouched
from recorder.edits.edit import (
    Edit,
    Entry,
    Merge,
    RelabelInstruction,
    RelabelOutcome,
    RelabelRows,
    Split,
    Trim,
    Undo,
    clips_of,
    counting,
    undone,
)
from recorder.edits.pieces import cut, joined, painted, without
from teleop.errors import EpisodeError
from teleop.messages import Outcome


@dataclass(frozen=True)
class Replayed:
    """What came of a log.

    Attributes:
        clips: in the order of their recording.
        refused: by the number of an edit that counts and has no effect: why.
    """

    clips: tuple[Clip, ...]
    refused: Mapping[int, str]


def views(entries: Iterable[Entry], sources: Sequence[Source]) -> tuple[Clip, ...]:
    """The clips that recorded episodes are after all edits, discarded ones too."""
    return replay(entries, sources).clips


def replay(entries: Iterable[Entry], sources: Sequence[Source]) -> Replayed:
    """As `views`, and which edits could not be followed."""
    stage = _Stage(sources)
    refused: dict[int, str] = {}
    for entry in counting(entries):
        try:
            stage.play(entry)
        except EpisodeError as error:
            refused[entry.number] = str(error)
    return Replayed(stage.in_order(), refused)


def check(entries: Sequence[Entry], fresh: Entry, sources: Sequence[Source]) -> Replayed:
    """What comes of the log with one more edit.

    Raises:
        EpisodeError: it cannot be done, or an edit that was made since builds on what it changes.
    """
    before = replay(entries, sources).refused
    if isinstance(fresh.edit, Undo):
        _check_undo(entries, fresh.edit)
    after = replay((*entries, fresh), sources)
    if fresh.number in after.refused:
        raise EpisodeError(after.refused[fresh.number])
    for number, why in after.refused.items():
        if number not in before:
            raise EpisodeError(
                f"Edit {number} builds on what this would change ({why.rstrip('.')}); undo edit "
                f"{number} first."
            )
    return after


def _check_undo(entries: Sequence[Entry], edit: Undo) -> None:
    numbers = [entry.number for entry in entries]
    if edit.number not in numbers:
        last = f"the last one is {numbers[-1]}" if numbers else "nothing was edited yet"
        raise EpisodeError(f"There is no edit {edit.number}; {last}.")
    by = undone(entries).get(edit.number)
    if by is not None:
        raise EpisodeError(
            f"Edit {edit.number} is undone already, by edit {by}; undo that one to have it back."
        )


class _Stage:
    """The clips while edits are played."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = {source.name: source for source in sources}
        self._clips = {source.name: untouched(source) for source in sources}
        self._gone: dict[str, tuple[int, str]] = {}  # the edit, and what became of the clip

    def in_order(self) -> tuple[Clip, ...]:
        places = {name: place for place, name in enumerate(self._sources)}
        return tuple(
            sorted(
                self._clips.values(),
                key=lambda clip: (places[clip.pieces[0].episode], clip.pieces[0].start),
            )
        )

    def play(self, entry: Entry) -> None:
        clips = [self._clip(name) for name in dict.fromkeys(clips_of(entry.edit))]
        for clip in clips:
            self._check_recordings(clip, entry)
        for clip in clips:
            del self._clips[clip.name]
        try:
            made = self._outcome(entry.edit, clips)
        except EpisodeError:
            self._clips.update({clip.name: clip for clip in clips})
            raise
        for clip in made:
            edits = tuple(sorted({*clip.edits, entry.number}))
            self._clips[clip.name] = replace(clip, edits=edits)
        became = ", ".join(clip.name for clip in made)
        self._gone |= {clip.name: (entry.number, became) for clip in clips}

    def _outcome(self, edit: Edit, clips: Sequence[Clip]) -> tuple[Clip, ...]:
        match edit:
            case Trim():
                return (_trimmed(clips[0], edit),)
            case RelabelOutcome():
                return (replace(clips[0], outcome=edit.outcome),)
            case RelabelInstruction():
                told = (replace(p, instruction=edit.instruction) for p in clips[0].pieces)
                return (replace(clips[0], pieces=joined(told)),)
            case RelabelRows():
                return (_relabelled(clips[0], edit),)
            case Split():
                return self._split(clips[0], edit)
            case Merge():
                return (self._merged(clips),)
            case Undo():
                return ()

    def _clip(self, name: str) -> Clip:
        if name in self._clips:
            return self._clips[name]
        if name in self._gone:
            number, became = self._gone[name]
            raise EpisodeError(
                f"{name} is no episode by itself since edit {number}"
                f" (it became {became}). Edit what it became, or undo edit {number}."
            )
        raise unknown(name, self._clips)

    def _check_recordings(self, clip: Clip, entry: Entry) -> None:
        for name in {piece.episode for piece in clip.pieces}:
            source = self._sources[name]
            uid = entry.uids.get(name, "")
            if uid and source.uid and uid != source.uid:
                raise EpisodeError(
                    f"Edit {entry.number} was made of another recording that was called {name}."
                )
            if not source.finished:
                raise EpisodeError(
                    f"{name} is still being recorded, or was never finished; edit it after its "
                    "end. `nudge record repair` finishes what a crash left."
                )

    def _split(self, clip: Clip, edit: Split) -> tuple[Clip, ...]:
        if all(piece.episode != edit.episode for piece in clip.pieces):
            raise EpisodeError(f"{clip.name} holds no rows of {edit.episode}.")
        before, after = cut(clip.pieces, edit.episode, edit.row)
        if not before or not after:
            raise EpisodeError(
                f"Row {edit.row} of {edit.episode} is not inside {clip.name}: both parts of a "
                "split must hold rows."
            )
        chain = (*clip.split_from, clip.name)
        first, second = (self._unused(f"{clip.name}{letter}") for letter in "ab")
        return (
            replace(clip, name=first, pieces=before, outcome=_BEFORE_A_SPLIT, split_from=chain),
            replace(clip, name=second, pieces=after, split_from=chain),
        )

    def _merged(self, clips: Sequence[Clip]) -> Clip:
        _check_merge(clips, self._sources)
        owners = {(piece.episode, piece.start): clip for clip in clips for piece in clip.pieces}
        opened = {name: source.opened_ns for name, source in self._sources.items()}
        pieces = sorted(
            (piece for clip in clips for piece in clip.pieces),
            key=lambda piece: (opened[piece.episode], piece.episode, piece.start),
        )
        last = owners[pieces[-1].episode, pieces[-1].start]
        name, chain = self._merged_name(clips, [owners[p.episode, p.start].name for p in pieces])
        edits = tuple({number for clip in clips for number in clip.edits})
        return Clip(name, joined(pieces), last.outcome, edits, chain)

    def _merged_name(
        self, clips: Sequence[Clip], names: Sequence[str]
    ) -> tuple[str, tuple[str, ...]]:
        """The name from before a split that is wholly taken back, else one made of both."""
        chain = clips[0].split_from
        for place in range(len(chain) - 1, -1, -1):
            name = chain[place]
            others = any(name in clip.split_from for clip in self._clips.values())
            if all(name in clip.split_from for clip in clips) and not others:
                return self._unused(name), chain[:place]
        first, *rest = dict.fromkeys(names)
        numbers = [name.removeprefix("episode_") for name in rest]
        tail = "+".join(numbers) if len(numbers) <= _NAMED else f"{len(numbers)}_more"
        return self._unused(f"{first}+{tail}"), ()

    def _unused(self, name: str) -> str:
        count, free = 1, name
        while free in self._clips:
            count += 1
            free = f"{name}_{count}"
        return free


_NAMED = 4  # more parts are counted in a merged clip's name, not listed
_BEFORE_A_SPLIT = Outcome.UNLABELLED


def unknown(name: str, known: Iterable[str]) -> EpisodeError:
    """The error about a name that is none, with the nearest that is one."""
    names = tuple(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return EpisodeError(f"There is no episode '{name}'. Did you mean '{near[0]}'?")
    if not names:
        return EpisodeError(f"There is no episode '{name}': the session has none.")
    return EpisodeError(f"There is no episode '{name}'; they go from {names[0]} to {names[-1]}.")


def _trimmed(clip: Clip, edit: Trim) -> Clip:
    left = without(clip.pieces, edit.out)
    if not left:
        raise EpisodeError(
            f"Nothing would be left of {clip.name}. To leave it out, discard it: `nudge record "
            "discard`."
        )
    return replace(clip, pieces=left)


def _relabelled(clip: Clip, edit: RelabelRows) -> Clip:
    pieces = list(clip.pieces)
    for span in edit.rows:
        pieces = [painted(piece, span, edit.arms, edit.label) for piece in pieces]
    return replace(clip, pieces=tuple(pieces))


def _check_merge(clips: Sequence[Clip], sources: Mapping[str, Source]) -> None:
    if len({clip.name for clip in clips}) < 2:
        raise EpisodeError("Merging takes at least two different episodes.")
    for clip in clips:
        if clip.discarded:
            raise EpisodeError(
                f"{clip.name} is discarded; undo that, or leave it out of the merge."
            )
    used = [sources[name] for name in {p.episode for clip in clips for p in clip.pieces}]
    by_name = sorted(used, key=lambda source: source.name)
    for one, other in pairwise(by_name):
        if max(one.opened_ns, one.ended_ns) > other.opened_ns or one.opened_ns == other.opened_ns:
            raise EpisodeError(
                f"{one.name} and {other.name} cannot be merged: by their clock the second does not "
                "follow the first. Was the computer started anew between them, or one imported?"
            )
        for what, differs in (
            ("cameras", one.cameras != other.cameras),
            ("kind (demonstration or rollout)", one.demonstration != other.demonstration),
        ):
            if differs:
                raise EpisodeError(
                    f"{one.name} and {other.name} cannot be merged: they are of different {what}."
                )
