"""Which episodes the browser shows, in which order, and in which words."""

from dataclasses import replace

import pytest

from gui.review.clip_filter import Filter, Order, Which, filtered
from gui.review.growth import EVERY_NS, Growth
from gui.review.values import ClipRow
from gui.texts import review as texts
from gui.view import EpisodeView
from teleop.messages import Outcome

PLAIN = ClipRow(
    session="/s",
    name="episode_00000",
    episode=0,
    started_epoch_ns=1_000,
    duration_s=8.0,
    outcome=Outcome.SUCCESS,
    reason="inserted",
    interventions=0,
    operator_s=0.0,
    versions=(1,),
    instruction="Plug it in.",
)
CORRECTED = replace(
    PLAIN, name="episode_00001", episode=1, started_epoch_ns=2_000, outcome=Outcome.FAIL,
    duration_s=20.0, interventions=2, operator_s=3.2, versions=(1, 3), reason="timed out",
)  # fmt: skip
SHOWN = replace(
    PLAIN, name="episode_00002", episode=2, started_epoch_ns=3_000, demonstration=True,
    operator_s=7.0, versions=(), instruction="Press the button.", operator="Ada",
)  # fmt: skip
SPLIT = replace(
    PLAIN, name="episode_00012a", episode=12, started_epoch_ns=4_000, edited=True, duration_s=2.0
)
DAMAGED = replace(
    PLAIN, name="episode_00013", episode=13, started_epoch_ns=5_000, trouble="cut off", versions=(),
    outcome=Outcome.UNLABELLED,
)  # fmt: skip
RUNNING = replace(
    PLAIN,
    name="episode_00014",
    episode=14,
    started_epoch_ns=6_000,
    open=True,
    outcome=Outcome.UNLABELLED,
)
ROWS = (PLAIN, CORRECTED, SHOWN, SPLIT, DAMAGED, RUNNING)


def names(wanted: Filter) -> str:
    return " ".join(texts.short_name(row) for row in filtered(ROWS, wanted))


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (Filter(), "14 13 12a 2 1 0"),
        (Filter(order=Order.OLDEST), "0 1 2 12a 13 14"),
        (Filter(order=Order.TAKEOVERS), "1 14 13 12a 2 0"),
        (Filter(order=Order.LONGEST), "1 14 13 2 0 12a"),
        (Filter(order=Order.OPERATOR), "2 1 14 13 12a 0"),
        (Filter(order=Order.VERSION), "1 14 12a 0 13 2"),
        (Filter(which=Which.SUCCESS), "12a 2 0"),
        (Filter(which=Which.UNLABELLED), ""),
        (Filter(which=Which.CORRECTED), "1"),
        (Filter(which=Which.DEMONSTRATIONS), "2"),
        (Filter(which=Which.EDITED), "12a"),
        (Filter(which=Which.DAMAGED), "13"),
        (Filter("FAIL corrected v3"), "1"),
        (Filter("button"), "2"),
        (Filter("ada"), "2"),
        (Filter("plug unaided success"), "12a 0"),
        (Filter("plug", Which.FAIL), "1"),
        (Filter("no such word"), ""),
    ],
)
def test_filters_and_orders(wanted: Filter, shown: str):
    assert names(wanted) == shown


def test_an_outcome_is_told_by_a_symbol_and_a_word():
    told = [texts.outcome_text(row) for row in ROWS]
    assert len({text.split()[0] for text in told}) == len({text.split(" ", 1)[1] for text in told})
    assert told[0] == "✔ success"
    assert told[4:] == ["⚠ damaged", "● not finished"]
    assert texts.work_text(CORRECTED) == "2 takeovers, 3.2 s"


def test_a_line_says_everything_to_a_screen_reader():
    told = texts.clip_sentence(CORRECTED)
    for part in ("episode_00001", "fail", "20.0 s", "2 takeovers", "v1 v3", "timed out"):
        assert part in told


def test_the_list_grows_with_what_is_saved_and_with_the_segments_of_what_runs():
    growth = Growth()
    first = EpisodeView(number=3, running=True, saved="episode_00002")
    assert not growth.news(first, 1)  # the list was read just now
    assert not growth.news(first, 2)
    assert growth.news(first, 2 + EVERY_NS)
    assert not growth.news(first, 3 + EVERY_NS)
    saved = replace(first, running=False, saved="episode_00003")
    assert growth.news(saved, 4 + EVERY_NS)
    assert not growth.news(saved, 5 + 3 * EVERY_NS)
