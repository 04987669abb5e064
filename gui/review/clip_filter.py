"""Which clips the browser shows, and in which order. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gui.review.values import ClipRow
from gui.texts.review import searched_text
from teleop.messages import Outcome


class Which(StrEnum):
    """What is chosen from; also the words of the choice."""

    ALL = "all"
    SUCCESS = "success"
    FAIL = "fail"
    UNLABELLED = "unlabelled"
    DISCARDED = "discarded"
    CORRECTED = "corrected"
    DEMONSTRATIONS = "demonstrations"
    EDITED = "edited"
    DAMAGED = "damaged"


class Order(StrEnum):
    """What the clips are ordered by; also the words of the choice."""

    NEWEST = "newest"
    OLDEST = "oldest"
    OUTCOME = "outcome"
    LONGEST = "length"
    TAKEOVERS = "takeovers"
    OPERATOR = "operator s"
    VERSION = "version"


@dataclass(frozen=True)
class Filter:
    """What is shown.

    Attributes:
        text: words that must all occur in what is known of a clip.
    """

    text: str = ""
    which: Which = Which.ALL
    order: Order = Order.NEWEST


def filtered(rows: Iterable[ClipRow], wanted: Filter) -> list[ClipRow]:
    """The clips that are shown, in their order."""
    words = wanted.text.lower().split()
    passes = _PASSES[wanted.which]
    kept = [row for row in rows if passes(row) and (not words or _holds(row, words))]
    kept.sort(key=recorded, reverse=wanted.order is not Order.OLDEST)
    if wanted.order in _KEYS:
        kept.sort(key=_KEYS[wanted.order])
    return kept


def _holds(row: ClipRow, words: list[str]) -> bool:
    text = searched_text(row)
    return all(word in text for word in words)


def recorded(row: ClipRow) -> tuple[int, str]:
    """A key that puts clips in the order of their recording; damaged ones have no time."""
    return row.episode, row.name


def _ended(outcome: Outcome) -> Callable[[ClipRow], bool]:
    return lambda row: row.outcome is outcome and not row.trouble and not row.open


_PASSES: dict[Which, Callable[[ClipRow], bool]] = {
    Which.ALL: lambda row: True,
    Which.SUCCESS: _ended(Outcome.SUCCESS),
    Which.FAIL: _ended(Outcome.FAIL),
    Which.UNLABELLED: _ended(Outcome.UNLABELLED),
    Which.DISCARDED: _ended(Outcome.DISCARDED),
    Which.CORRECTED: lambda row: row.interventions > 0,
    Which.DEMONSTRATIONS: lambda row: row.demonstration,
    Which.EDITED: lambda row: row.edited,
    Which.DAMAGED: lambda row: bool(row.trouble),
}
_OUTCOMES = (Outcome.FAIL, Outcome.UNLABELLED, Outcome.SUCCESS, Outcome.DISCARDED)
_KEYS: dict[Order, Callable[[ClipRow], Any]] = {
    Order.OUTCOME: lambda row: _OUTCOMES.index(row.outcome),
    Order.LONGEST: lambda row: -row.duration_s,
    Order.TAKEOVERS: lambda row: -row.interventions,
    Order.OPERATOR: lambda row: -row.operator_s,
    Order.VERSION: lambda row: -max(row.versions, default=-1),
}
