"""Sessions without a policy: what control says, which processes there are, who goes on."""

from pathlib import Path

import pytest

from gui.authority import IDLE_WITHOUT_POLICY, hold_reason, reason
from gui.bridge import process_names
from gui.console import Console
from gui.view import Lead
from learner.seed import checkpoint_folder
from learner.service import main as learn
from teleop import demonstrate
from teleop.cli import main as nudge
from teleop.config import SessionConfig
from teleop.errors import ConfigError, PolicyNotFound
from teleop.messages import Arm, Mode, Outcome, SessionMode, TaskStatus
from teleop.order_messages import OrderKind
from teleop.process_tree import session_programs
from teleop.session import SessionOptions
from teleop.session_folder import SessionFolder
from teleop.session_record import SessionRecord, write_record
from tests.control_parts import Bench

NONE = SessionConfig(policy="none")


def test_start_says_why_there_is_nothing_to_start_and_a_demonstration_runs():
    bench = Bench(NONE)
    bench.policy.silent = True
    assert "--policy none" in bench.refusal(OrderKind.START)
    bench.order(OrderKind.START, "teleop")
    assert bench.tick(5).modes == (Mode.OPERATOR, Mode.OPERATOR)
    assert "nobody to give to" in bench.refusal(OrderKind.GIVE)
    bench.order(OrderKind.HOLD)
    assert bench.tick().modes == (Mode.HOLD, Mode.HOLD)
    assert all("give" not in why for why in bench.loop.status(0).hold_reason)
    bench.order(OrderKind.TAKE)
    assert bench.tick().modes == (Mode.OPERATOR, Mode.OPERATOR)


@pytest.mark.parametrize("ending", ["operator", "itself", "reset"])
def test_after_one_demonstration_nothing_runs_until_the_next_is_started(ending: str):
    bench = Bench(NONE)
    bench.order(OrderKind.START, "teleop once")
    bench.tick(5)
    if ending == "itself":
        bench.task.now = TaskStatus(inserted=True)
        bench.tick(40)
    else:
        bench.order(OrderKind.SUCCESS if ending == "operator" else OrderKind.RESET)
    step = bench.tick(20)
    assert (step.session_mode, step.episode) == (SessionMode.IDLE, -1)
    assert bench.task.begun == [0]
    [ended] = bench.told.endings
    assert ended.outcome is (Outcome.DISCARDED if ending == "reset" else Outcome.SUCCESS)
    bench.order(OrderKind.START, "teleop once")
    assert bench.tick().episode == 1


def test_ordinary_demonstrations_follow_each_other_as_ever():
    bench = Bench(NONE)
    bench.order(OrderKind.START, "teleop")
    bench.tick(5)
    bench.order(OrderKind.SUCCESS)
    assert bench.tick().episode == 1


def test_neither_policy_nor_learner_is_started_or_missed():
    programs = session_programs(SessionFolder(Path("/s")), ["top"], window=True, policy=False)
    assert [each.name for each in programs] == ["recorder", "control", "camera_top", "gui"]
    assert process_names(["top"], has_policy=False) == ("control", "recorder", "camera_top")
    assert "policy" in process_names(["top"])


def test_the_window_says_that_nothing_learns_and_which_key_begins():
    console = Console(NONE, process_names([], has_policy=False))
    assert "no policy" in console.view(0).learner.message
    assert Console(SessionConfig(), ()).view(0).learner.message == ""
    bench = Bench(NONE)
    assert hold_reason(bench.tick(), Arm.LEFT, NONE, None) == IDLE_WITHOUT_POLICY
    bench.order(OrderKind.START, "teleop")
    told = reason(bench.tick(2), Arm.LEFT, Lead.OPERATOR, NONE, bench.loop.status(0))
    assert "demonstration" in told
    assert "G:" not in told


def test_a_learner_that_is_started_by_hand_says_that_there_is_nothing_to_learn(session_dir: Path):
    with pytest.raises(PolicyNotFound, match="no policy"):
        checkpoint_folder("none")
    session_dir.mkdir(exist_ok=True)
    write_record(SessionFolder(session_dir), SessionRecord(NONE, "2026-03-01T14:05:09"))
    with pytest.raises(PolicyNotFound, match="no policy"):
        learn([str(session_dir)])


def test_demonstrate_is_a_session_without_a_policy(monkeypatch: pytest.MonkeyPatch):
    ran: list[SessionOptions] = []

    def run(options: SessionOptions) -> int:
        ran.append(options)
        return 0

    monkeypatch.setattr(demonstrate, "run", run)
    assert nudge(["demonstrate", "--operator", "Ana", "--headless"]) == 0
    [options] = ran
    assert options.headless
    assert (options.config.policy, options.config.operator) == ("none", "Ana")
    with pytest.raises(ConfigError, match="nudge session --policy base"):
        demonstrate.main(["--policy", "base"])
