import io
import math
from dataclasses import replace

import pytest
from rich.console import Console

from teleop.checks import Check
from teleop.checks import Outcome as Finding
from teleop.demo import DemoOptions, check_machine
from teleop.demo_show import Story
from teleop.errors import ConfigError, SetupError
from teleop.learner_messages import (
    PolicyServing,
)
from teleop.messages import (
    EpisodeSaved,
    Outcome,
)

SAVED = EpisodeSaved(
    episode=3,
    path="episode_00003.h5",
    final=True,
    steps=720,
    interventions=1,
    operator_s=1.4,
    outcome=Outcome.SUCCESS,
    reason="inserted",
    policy_version=2,
    dropped_steps=0,
    handback_ns=1_000_000_000,
)


def told() -> tuple[Story, io.StringIO]:
    text = io.StringIO()
    return Story(Console(file=text, width=100), rate_hz=100.0), text


def test_a_finished_episode_is_a_line_and_a_cut_is_none():
    story, text = told()
    story.hear(replace(SAVED, final=False))
    assert (story.episodes, text.getvalue()) == (0, "")
    story.hear(SAVED)
    assert story.episodes == 1
    line = " ".join(text.getvalue().split())
    assert line == "episode 3 v2 success 7.2 s 1 takeover, 1.4 s by the operator"


def test_a_failure_says_why():
    story, text = told()
    story.hear(replace(SAVED, outcome=Outcome.FAIL, reason="time out"))
    assert text.getvalue().rstrip().endswith("by the operator  (time out)")


def test_an_episode_that_nobody_judged_is_not_counted():
    story, _ = told()
    story.hear(replace(SAVED, outcome=Outcome.UNLABELLED))
    assert story.episodes == 0


def test_the_time_to_serving_is_the_median_over_the_corrections():
    story, text = told()
    assert math.isnan(story.to_serving_s())
    for version, seconds in ((1, 2), (2, 9), (3, 3)):
        story.hear(PolicyServing(version, (1 + seconds) * 1_000_000_000, 1_000_000_000))
    story.hear(PolicyServing(4, 99_000_000_000, -1))  # a full fit, not caused by one correction
    assert story.to_serving_s() == 3.0
    assert "v2 is being served, 9.0 s after the correction's end" in text.getvalue()


def test_what_the_machine_lacks_is_said_before_anything_is_started(
    monkeypatch: pytest.MonkeyPatch,
):
    missing = Check("Simulation pictures", Finding.FAIL, "no EGL", "Install libegl1.")
    monkeypatch.setattr("teleop.demo.check_rendering", lambda: missing)
    monkeypatch.setattr("teleop.demo.check_window", lambda: replace(missing, outcome=Finding.OK))
    with pytest.raises(SetupError, match=r"no EGL\. Install libegl1\."):
        check_machine(Console(file=io.StringIO()))


def test_a_demo_of_no_episodes_is_refused():
    with pytest.raises(ConfigError, match="episodes"):
        DemoOptions(episodes=0)
