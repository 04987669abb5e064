"""The demo without a screen: a scripted operator corrects, told line by line as it happens."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from teleop.bus import EPISODE_SAVED, POLICY_PUBLISHED, POLICY_SERVING, Subscriber
from teleop.learner_messages import (
    PolicyPublished,
    PolicyServing,
)
from teleop.lifetime import Lifetime
from teleop.messages import (
    EpisodeSaved,
    Outcome,
)
from teleop.process_tree import ProcessTree
from teleop.session_folder import SessionFolder

PICTURE = "window.png"
PICTURE_AFTER_S = 15.0  # the window is given this long to fill before its picture is taken
PATIENCE_S = 45.0  # for the picture, after the last episode


@dataclass
class Story:
    """What has happened so far, told as it happens.

    Args:
        console: told a line for each event.
        rate_hz: of the control ticks, to turn steps into seconds.
    """

    console: Console
    rate_hz: float
    episodes: int = 0
    delays_s: list[float] = field(default_factory=list[float])

    def hear(self, message: EpisodeSaved | PolicyPublished | PolicyServing) -> None:
        """Take one message in."""
        match message:
            case EpisodeSaved():
                self._saved(message)
            case PolicyPublished():
                verdict = "passed the check" if message.accepted else "was refused"
                self._tell(f"    v{message.version} {verdict}: {message.reason}", "dim")
            case PolicyServing():
                self._serving(message)

    def _saved(self, saved: EpisodeSaved) -> None:
        if not saved.final or saved.outcome is Outcome.UNLABELLED:
            return
        self.episodes += 1
        line = f"episode {saved.episode:>2}  v{saved.policy_version}  {saved.outcome.lower():<8}"
        line += f"{saved.steps / self.rate_hz:5.1f} s"
        if saved.interventions:
            line += f"  {saved.interventions} takeover{'s' * (saved.interventions > 1)}"
            line += f", {saved.operator_s:.1f} s by the operator"
        if saved.outcome is not Outcome.SUCCESS:
            line += f"  ({saved.reason})"
        self._tell(line, "yellow" if saved.interventions else "green")

    def _serving(self, serving: PolicyServing) -> None:
        line = f"    v{serving.version} is being served"
        if serving.handback_ns >= 0:
            self.delays_s.append((serving.stamp_ns - serving.handback_ns) / 1e9)
            line += f", {self.delays_s[-1]:.1f} s after the correction's end"
        self._tell(line, "cyan")

    def _tell(self, line: str, style: str) -> None:
        self.console.print(line, style=style, highlight=False, markup=False, soft_wrap=True)

    def to_serving_s(self) -> float:
        """Median time from a correction's end to serving what it taught; NaN: none yet."""
        return statistics.median(self.delays_s) if self.delays_s else float("nan")


def show(
    folder: SessionFolder,
    tree: ProcessTree,
    lifetime: Lifetime,
    story: Story,
    episodes: int,
    longest_s: float,
) -> None:
    """Follow the session until so many episodes are finished, or `longest_s` have passed."""
    deadline_s = time.monotonic() + longest_s
    picture: subprocess.Popen[bytes] | None = None
    endpoints = [folder.endpoint(name) for name in ("recorder", "learner", "policy")]
    topics = (EPISODE_SAVED, POLICY_PUBLISHED, POLICY_SERVING)
    with Subscriber(endpoints, topics) as news, _bar(story.console, episodes) as progress:
        while story.episodes < episodes and not lifetime.over():
            if time.monotonic() > deadline_s:
                story.console.print(f"{longest_s:.0f} s have passed: the demo ends here.")
                break
            tree.watch(0.0)
            for _, message in news.poll(0.25):
                story.hear(message)
            progress.update(progress.task_ids[0], completed=story.episodes)
            if picture is None and story.episodes >= (episodes + 1) // 2:
                picture = take_picture(folder.path)
    if picture is not None:
        _finish(picture, PATIENCE_S if not lifetime.over() else 0.0)


def take_picture(session: Path) -> subprocess.Popen[bytes]:
    """Open the window off-screen beside the session, and have it photograph itself."""
    words = ["gui", str(session), "--screenshot", str(session / PICTURE)]
    with (session / "log" / "picture.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "teleop.cli", *words, "--after", str(PICTURE_AFTER_S)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            start_new_session=True,
        )


def _finish(picture: subprocess.Popen[bytes], patience_s: float) -> None:
    try:
        picture.wait(patience_s)
    except subprocess.TimeoutExpired:
        picture.kill()
        picture.wait()


@contextmanager
def _bar(console: Console, episodes: int) -> Generator[Progress]:
    """A line at the bottom that counts the episodes; nothing where there is no terminal."""
    columns = (TextColumn("episodes"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        progress.add_task("episodes", total=episodes)
        yield progress
