"""The whole session in real time: a policy fails, is corrected, and a learned version is served."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recorder.reader import EpisodeReader
from recorder.report import write_report
from teleop.bus import EPISODE_SAVED, POLICY_PUBLISHED, POLICY_SERVING, STATE, Subscriber
from teleop.config import CellConfig, EpisodeConfig, SessionConfig
from teleop.demo import order
from teleop.display import prepare_display
from teleop.learner_messages import (
    PolicyPublished,
    PolicyServing,
)
from teleop.messages import EpisodeSaved, Mode, SessionMode, Step
from teleop.order_messages import OrderKind
from teleop.process_tree import ProcessTree
from teleop.session import running_session
from teleop.session_folder import SessionFolder

pytestmark = pytest.mark.timeout(300)

POLICY = "base"
CONFIG = SessionConfig(
    device="scripted",
    policy=POLICY,
    cameras=("close_front", "close_top"),
    cell=CellConfig("shifted", 0),
    episode=EpisodeConfig(time_limit_s=18.0),
)


class Onlooker:
    """Hears everything a session publishes."""

    def __init__(self, folder: SessionFolder, tree: ProcessTree) -> None:
        self.folder = folder
        self.tree = tree
        self.saved: list[EpisodeSaved] = []
        self.published: list[PolicyPublished] = []
        self.serving: list[PolicyServing] = []
        self.step: Step | None = None
        self.modes: set[Mode] = set()
        names = ("control", "recorder", "learner", "policy")
        self._news = Subscriber(
            [folder.endpoint(name) for name in names],
            [STATE, EPISODE_SAVED, POLICY_PUBLISHED, POLICY_SERVING],
        )

    def watch_until(self, true: Callable[[], bool], timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while not true():
            assert time.monotonic() < deadline, (len(self.saved), self.published, self.serving)
            self.tree.watch(0.0)
            for _, message in self._news.poll(0.1):
                self._hear(message)

    def _hear(self, message: object) -> None:
        match message:
            case EpisodeSaved():
                self.saved.append(message)
            case PolicyPublished():
                self.published.append(message)
            case PolicyServing():
                self.serving.append(message)
            case Step():
                self.step = message
                self.modes |= set(message.modes)
            case _:
                raise AssertionError(message)

    def close(self) -> None:
        self._news.close()


@pytest.fixture
def onlooker(session_dir: Path) -> Iterator[Onlooker]:
    prepare_display()
    with running_session(
        session_dir, CONFIG, window=False, over=lambda: "", say=lambda text: None
    ) as (folder, tree):
        made = Onlooker(folder, tree)
        order(folder, OrderKind.START)
        yield made
        made.close()


def drives_with(onlooker: Onlooker, version: int) -> bool:
    step = onlooker.step
    return step is not None and step.policy_version == version and Mode.POLICY in step.modes


def test_a_learned_version_is_served_after_a_correction_while_the_cell_works(onlooker: Onlooker):
    onlooker.watch_until(lambda: bool(onlooker.serving), 200.0)
    serving = onlooker.serving[0]
    assert serving.version > 0
    assert serving.handback_ns > 0
    assert onlooker.published[0].accepted
    corrected = [saved for saved in onlooker.saved if saved.interventions]
    assert corrected[0].operator_s > 0.1
    assert Mode.OPERATOR in onlooker.modes
    onlooker.watch_until(lambda: drives_with(onlooker, serving.version), 30.0)
    onlooker.tree.stop()
    with EpisodeReader(Path(corrected[-1].path)) as episode:
        assert {Mode.OPERATOR, Mode.POLICY} <= set(onlooker.modes)
        assert len(episode.column("stamp_ns")) >= 100
    summary, page = write_report(onlooker.folder.path)
    assert page.is_file()
    assert any(version.manifest.version == serving.version for version in summary.versions)


@pytest.mark.slow
def test_when_the_policy_dies_the_arms_hold_until_it_is_back(onlooker: Onlooker):
    onlooker.watch_until(lambda: drives_with(onlooker, 0), 30.0)
    os.kill(onlooker.tree.children["policy"].pid, signal.SIGKILL)

    def holds() -> bool:
        step = onlooker.step
        assert step is not None
        assert step.session_mode is SessionMode.ROLLOUT
        return Mode.HOLD in step.modes and not any(step.proposal_valid)

    onlooker.watch_until(holds, 5.0)
    onlooker.watch_until(lambda: drives_with(onlooker, 0), 60.0)
    assert onlooker.tree.children["policy"].restarts == 1
    assert onlooker.tree.children["control"].restarts == 0
