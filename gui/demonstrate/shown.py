"""The statistics as the table shows them. Pure."""

from dataclasses import replace

from gui.demonstrate.plan import Made
from gui.demonstrate.table import Section
from gui.demonstrate.tally import Demonstration, Recorded, rows_of, with_live
from gui.texts import demonstrate as words

MOST_LAST = 30  # demonstrations that are listed, where there is room


def statistics(
    recorded: Recorded | None, made: tuple[Made, ...], taken_back: int
) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """The sections of the table, and the last demonstrations in words.

    Args:
        recorded: what the files hold; None: they were not read yet.
        made: what was seen live.
        taken_back: number of a demonstration that is being discarded.
    """
    if recorded is None:
        return (Section(words.SESSION, (), words.READING),), ()
    session = with_live(recorded.session, recorded.episodes, made, taken_back)
    today = with_live(recorded.today, recorded.episodes, made, taken_back)
    last = tuple(map(_told, reversed(session[-MOST_LAST:])))
    return sections_of(session, (*today, *recorded.elsewhere)), last


def sections_of(
    session: tuple[Demonstration, ...], today: tuple[Demonstration, ...]
) -> tuple[Section, ...]:
    """This session, and today where that is not the same."""
    here = Section(words.SESSION, rows_of(session))
    if rows_of(today) == here.rows:
        return (replace(here, title=words.SESSION_AND_TODAY),)
    return here, Section(words.TODAY, rows_of(today))


def _told(each: Demonstration) -> str:
    return words.last_one(each.episode, each.outcome, each.duration_s, each.operator)
