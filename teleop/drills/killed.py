"""Drills: a process is killed, as the kernel does when memory runs out, and comes back."""

import time
from pathlib import Path

from teleop.drills.events import Event, Source
from teleop.drills.expected import WINDOW_S
from teleop.drills.files import Files
from teleop.drills.result import Findings
from teleop.drills.stage import RESTART_S, Stage, staged
from teleop.messages import Arm, Mode
from teleop.order_messages import Order, OrderKind
from teleop.process_tree import GUI, RECORDER

AGAIN_S = 5.0  # from an order to motion
LOST_ROWS = 60  # half a second at 100 Hz, and a flush


def _unfelt(stage: Stage, name: str) -> Findings:
    """Kill a process that the arms must not feel, and see it come back."""
    gone = stage.pid(name)
    stage.fault(lambda: stage.kill(name))
    stage.never(
        f"the policy was taken off the left arm by the end of the {name}",
        lambda: not stage.modes(Mode.POLICY, Arm.LEFT),
        WINDOW_S,
    )
    stage.settled()
    back = came_back(stage, name, gone)
    stage.expect("exactly one restart", lambda: stage.restarts(name) == 1)
    stage.expect("an episode that goes on", stage.goes_on)
    stage.rest(1.0)
    return stage.findings(lambda event: event.tells(Source.SUPERVISOR, name), f"went on; {back}")


def came_back(stage: Stage, name: str, gone: int) -> str:
    """Wait for the process that replaces `gone`; returns when it gave a sign of life, in words."""
    stage.expect(f"the {name} again", lambda: stage.back(name, gone), RESTART_S)
    return f"back after {(time.monotonic_ns() - stage.fault_ns) / 1e9:.1f} s"


def gui_killed(folder: Path) -> Findings:
    """Kill the window while the policy drives."""
    with staged(folder, window=True) as stage:
        stage.rolling()
        return _unfelt(stage, GUI)


def learner_killed(folder: Path) -> Findings:
    """Kill the learner while the policy drives."""
    with staged(folder) as stage:
        stage.rolling()
        return _unfelt(stage, "learner")


def recorder_killed(folder: Path) -> Findings:
    """Kill the recorder while an episode is recorded."""
    with staged(folder) as stage:
        stage.rolling()
        stage.rest(1.0)
        return _unfelt(stage, RECORDER)


def rows_kept(found: Findings, files: Files) -> tuple[str, ...]:
    """What was recorded before and after is whole; between them half a second may be missing."""
    step = found.chronicle.step
    rows = sum(file.steps for file in files.episodes() if file.episode == 0)
    states = {file.state for file in files.episodes()}
    complaints = () if "salvaged" in states else ("nothing was salvaged of the episode",)
    if step is not None and (lost := step.index + 1 - rows) > LOST_ROWS:
        complaints += (f"{lost} rows were lost, more than {LOST_ROWS}",)
    return complaints


def policy_killed(folder: Path) -> Findings:
    """Kill the policy while it drives; what it comes back with moves nothing by itself."""
    with staged(folder) as stage:
        stage.rolling()
        gone = stage.pid("policy")
        stage.fault(lambda: stage.kill("policy"))
        stage.expect("a hold of both arms", lambda: stage.modes(Mode.HOLD), 3.0)
        stage.expect("a notice", lambda: stage.told(lambda e: e.source is Source.NOTICE), 1.0)
        back = came_back(stage, "policy", gone)
        comes_back_into_service(stage)
        return stage.findings(_arms_hold, f"went on; {back}, and drove when given the arms")


def comes_back_into_service(stage: Stage) -> None:
    """Proposals come again, move nothing by themselves, and drive once the arms are given back."""
    stage.expect("proposals again", lambda: all(stage.step.proposal_valid), RESTART_S)
    stage.never(
        "the policy drove again without having been given the arm",
        lambda: Mode.POLICY in stage.step.modes,
        0.5,
    )
    stage.settled()
    stage.order(Order(OrderKind.GIVE))
    stage.expect("the policy driving both arms", lambda: stage.modes(Mode.POLICY), AGAIN_S)
    stage.expect("an episode that goes on", stage.goes_on)
    stage.rest(0.5)


def _arms_hold(event: Event) -> bool:
    """Whether it tells that an arm holds."""
    return (
        event.tells(Source.MODE, "HOLD")
        or event.tells(Source.NOTICE, "HOLD")
        or event.tells(Source.STATUS, "holds")
    )
