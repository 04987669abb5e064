"""Which camera is large, in which order the others stand, and which are hidden: pure moves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Cameras:
    """How the pictures are arranged.

    Attributes:
        order: all names; the small pictures stand in this order, from above.
        large: the one that is shown large; never hidden.
        hidden: not shown.
    """

    order: tuple[str, ...]
    large: str
    hidden: frozenset[str] = frozenset()

    @property
    def column(self) -> tuple[str, ...]:
        """The small pictures, from above."""
        return tuple(name for name in self.order if name != self.large and name not in self.hidden)


def arranged(now: Cameras, first: str, name: str) -> Cameras:
    """Show `name` large, also if it was hidden; the large one goes back to `first`."""
    if name == now.large and first not in now.hidden:
        name = first
    return replace(now, large=name, hidden=now.hidden - {name})


def toggled(now: Cameras, name: str) -> Cameras:
    """Hide `name`, or show it. The last picture stays; the next one takes a large one's place."""
    if name in now.hidden:
        return replace(now, hidden=now.hidden - {name})
    if name != now.large:
        return replace(now, hidden=now.hidden | {name})
    if not now.column:
        return now
    return replace(now, large=now.column[0], hidden=now.hidden | {name})


def swapped(now: Cameras, one: str, other: str) -> Cameras:
    """Let two pictures change places; one may be the large one, one hidden."""
    places = {one: other, other: one}
    order = tuple(places.get(name, name) for name in now.order)
    hidden = frozenset(places.get(name, name) for name in now.hidden)
    return Cameras(order, places.get(now.large, now.large), hidden)


def moved_round(now: Cameras) -> Cameras:
    """Let the small pictures go down by one, the last one to the top."""
    column = now.column
    after = dict(zip(column, (*column[-1:], *column[:-1]), strict=True))
    return replace(now, order=tuple(after.get(name, name) for name in now.order))


def restored(now: Cameras, large: str, order: Sequence[str], hidden: Sequence[str]) -> Cameras:
    """Return what was remembered, for the cameras that are here; new ones stand last."""
    known = tuple(dict.fromkeys(name for name in order if name in now.order))
    every = (*known, *(name for name in now.order if name not in known))
    chosen = large if large in every else now.large
    return Cameras(every, chosen, frozenset(hidden) & (set(every) - {chosen}))
