"""Arithmetic of pieces: leaving rows out, cutting in two, joining, painting labels. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from recorder.edits.clip import Piece, Relabel
from recorder.edits.edit import Span
from recorder.labels import Label
from teleop.messages import Arm


def without(pieces: Sequence[Piece], out: Iterable[Span]) -> tuple[Piece, ...]:
    """The pieces less the rows of `out`."""
    left = list(pieces)
    for span in out:
        left = [part for piece in left for part in _less(piece, span)]
    return tuple(left)


def cut(pieces: Sequence[Piece], episode: str, row: int) -> tuple[tuple[Piece, ...], ...]:
    """The pieces before row `row` of `episode`, and those from it on; either may be none."""
    own = [place for place, piece in enumerate(pieces) if piece.episode == episode]
    if not own:
        return tuple(pieces), ()
    before: list[Piece] = list(pieces[: own[0]])
    after: list[Piece] = []
    for place in own:
        piece = pieces[place]
        before += _within(piece, piece.start, min(row, piece.stop))
        after += _within(piece, max(row, piece.start), piece.stop)
    return tuple(before), (*after, *pieces[own[-1] + 1 :])


def joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The same rows, with pieces that continue each other made one."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if (
            last is not None
            and last.episode == piece.episode
            and last.stop == piece.start
            and last.instruction == piece.instruction
        ):
            relabels = _tidy((*last.relabels, *piece.relabels))
            found[-1] = replace(last, stop=piece.stop, relabels=relabels)
        else:
            found.append(piece)
    return tuple(found)


def painted(piece: Piece, span: Span, arms: Iterable[Arm], label: Label) -> Piece:
    """The piece with rows of `span` labelled; what was painted there before is gone."""
    start, stop = max(span.start, piece.start), min(span.stop, piece.stop)
    if span.episode != piece.episode or start >= stop:
        return piece
    fresh = [Relabel(start, stop, arm, label) for arm in arms]
    kept = [
        part
        for old in piece.relabels
        for part in (_outside(old, start, stop) if old.arm in arms else (old,))
    ]
    return replace(piece, relabels=_tidy((*kept, *fresh)))


def _less(piece: Piece, span: Span) -> tuple[Piece, ...]:
    if span.episode != piece.episode:
        return (piece,)
    before = _within(piece, piece.start, min(span.start, piece.stop))
    after = _within(piece, max(span.stop, piece.start), piece.stop)
    return before + after if span.start < span.stop else (piece,)


def _within(piece: Piece, start: int, stop: int) -> tuple[Piece, ...]:
    """The piece's rows from `start` to `stop`, and the labels painted in them."""
    if start >= stop:
        return ()
    relabels = tuple(
        replace(each, start=max(each.start, start), stop=min(each.stop, stop))
        for each in piece.relabels
        if each.start < stop and each.stop > start
    )
    return (replace(piece, start=start, stop=stop, relabels=relabels),)


def _outside(old: Relabel, start: int, stop: int) -> tuple[Relabel, ...]:
    parts = (
        replace(old, stop=min(old.stop, start)),
        replace(old, start=max(old.start, stop)),
    )
    return tuple(part for part in parts if part.start < part.stop)


def _tidy(relabels: Iterable[Relabel]) -> tuple[Relabel, ...]:
    """In one order, neighbours with the same label made one: equal labels are equal values."""
    tidy: list[Relabel] = []
    ordered = sorted(relabels, key=lambda each: (each.arm, each.start))
    for _, group in groupby(ordered, key=lambda each: each.arm):
        own: list[Relabel] = []
        for each in group:
            if own and own[-1].stop == each.start and own[-1].label is each.label:
                own[-1] = replace(own[-1], stop=each.stop)
            else:
                own.append(each)
        tidy += own
    return tuple(tidy)
