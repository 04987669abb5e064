"""A whole session of an operator, by real keys, a real mouse and a virtual puck, on real processes.

Pictures of every station are kept in the folder that NUDGE_PICTURES names, else in pytest's own:

    NUDGE_PICTURES=build/operator-session pytest -m slow tests/system/test_operator_session.py
"""

import shutil
from pathlib import Path

import pytest

from recorder.edits.log import read_log
from teleop.config import CellConfig, EpisodeConfig, SessionConfig
from teleop.messages import Arm, Mode, Outcome, SessionMode
from teleop.serving import serving_version
from tests.operator_desk import OperatorDesk, operator_desk
from tests.rig.present import needs_virtual_pucks

pytestmark = [
    needs_virtual_pucks,
    pytest.mark.skipif(not shutil.which("xdotool"), reason="xdotool is not installed"),
    pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed"),
    pytest.mark.skipif(not shutil.which("import"), reason="imagemagick is not installed"),
]
TRIES = 8
AWAY = -250  # counts of the puck, towards the robot


def mode_of(desk: OperatorDesk, arm: Arm) -> Mode | None:
    return None if desk.step is None else desk.step.modes[arm]


def running(desk: OperatorDesk) -> bool:
    return (
        desk.step is not None
        and desk.step.session_mode is SessionMode.ROLLOUT
        and desk.step.index > 30
    )


def preflight_and_start(desk: OperatorDesk) -> None:
    """The first start shows the list; the second goes, or is held to go anyway."""
    desk.press("F5")
    desk.picture("pre-flight", settle_s=1.5)
    if not running(desk):
        desk.press("F5")
        desk.look(1.5)
    if not running(desk):
        desk.hold("ctrl+F9", 1.4)
    desk.until(lambda: running(desk), "an episode runs")
    desk.picture("started")


def take_left_over_and_hand_back(desk: OperatorDesk) -> None:
    desk.puck.push(y=AWAY, z=60)
    desk.until(lambda: mode_of(desk, Arm.LEFT) is Mode.OPERATOR, "the puck takes the left arm over")
    desk.look(1.5)
    desk.picture("left-taken-over", settle_s=0.1)
    desk.puck.push()
    desk.until(lambda: mode_of(desk, Arm.LEFT) is Mode.POLICY, "let go, the left arm goes back")
    desk.picture("left-handed-back")


def nudge_right(desk: OperatorDesk) -> None:
    desk.press("Tab", "z", "z", "z", "z")
    desk.until(
        lambda: desk.takeover is not None and desk.takeover.authority[Arm.RIGHT] < 0.9,
        "the right arm's authority goes down",
    )
    desk.press("t")
    desk.until(lambda: mode_of(desk, Arm.RIGHT) is Mode.OPERATOR, "T takes the right arm over")
    desk.picture("right-nudged")
    desk.press("g", "Tab")
    desk.until(lambda: mode_of(desk, Arm.RIGHT) is Mode.POLICY, "G gives the right arm back")


def end_by(desk: OperatorDesk, key: str, outcome: Outcome, name: str) -> None:
    """End the running episode by a key, and wait for the recorder and the next one."""
    desk.until(lambda: running(desk), "an episode runs")
    number = desk.step.episode if desk.step else -1
    desk.press(key)

    def saved_so() -> bool:
        return any(each.episode == number and each.outcome is outcome for each in desk.saved)

    desk.until(saved_so, f"episode {number} is saved as {outcome.value}")
    desk.picture(name)


def stop_by_mouse_and_release(desk: OperatorDesk) -> None:
    x, y = desk.stop_button()
    desk.click(x, y)
    desk.until(
        lambda: desk.step is not None and desk.step.session_mode is SessionMode.STOPPED,
        "a click on STOP stops",
    )
    desk.picture("stopped")
    desk.hold("F9", 1.4)
    desk.until(
        lambda: desk.step is not None and desk.step.session_mode is SessionMode.IDLE,
        "F9, held, releases the stop",
    )
    desk.press("F5")
    desk.until(lambda: running(desk), "an episode runs again")


def watch_a_version_and_roll_back(desk: OperatorDesk) -> None:
    desk.press("p")
    policies = desk.folder.policies
    desk.until(lambda: serving_version(policies) >= 1, "a version is served", within_s=120.0)
    desk.until(lambda: any(version >= 1 for version in desk.served), "the policy computes with it")
    desk.picture("version-served", settle_s=1.0)
    before = serving_version(policies)
    desk.press("F12")
    desk.until(lambda: serving_version(policies) < before, "F12 rolls back")
    desk.picture("rolled-back", settle_s=1.0)
    desk.press("p")


def review_and_trim(desk: OperatorDesk) -> None:
    """The newest clip is being recorded; the one before it is trimmed."""
    desk.press("ctrl+3")
    desk.look(3.0)
    for attempt in range(TRIES):  # its rows are read by a process that stands back for the robot
        desk.press("ctrl+Down")  # nothing, until the list is longer than the newest
        desk.look(2.0 + attempt)
        desk.press("Home", "shift+Right", "bracketleft", "End", "shift+Left", "bracketright")
        if attempt == 0:
            desk.picture("review-marked")
        desk.press("ctrl+t")
        desk.look(2.0)
        if read_log(desk.folder).entries:
            break
    desk.picture("review-trimmed", settle_s=1.0)
    assert read_log(desk.folder).entries, f"no trim in the log of edits; see {desk.pictures}"


def export_and_report(desk: OperatorDesk) -> None:
    desk.press("ctrl+e")
    desk.picture("export", settle_s=1.5)
    desk.press("Escape")
    desk.press("ctrl+shift+e")
    desk.until(lambda: (desk.folder.path / "report.html").is_file(), "the report is written")
    desk.picture("report", settle_s=1.0)


def close_the_window(desk: OperatorDesk) -> None:
    desk.press("ctrl+1", "ctrl+q")
    desk.look(2.0)
    before = desk.step
    desk.look(0.5)
    assert before is not None
    assert desk.step is not None
    assert desk.step.stamp_ns > before.stamp_ns, "the robot goes on without the window"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_operator_works_a_session_through(session_dir: Path, tmp_path: Path):
    config = SessionConfig(
        device="spacemouse",
        view_hz=5.0,
        cameras=("close_front", "close_top", "operator"),
        cell=CellConfig("shifted", 0),
        episode=EpisodeConfig(time_limit_s=120.0),
    )
    with operator_desk(session_dir, tmp_path, config) as desk:
        desk.picture("opened", settle_s=2.0)
        preflight_and_start(desk)
        take_left_over_and_hand_back(desk)
        nudge_right(desk)
        end_by(desk, "BackSpace", Outcome.FAIL, "failed")
        end_by(desk, "Delete", Outcome.DISCARDED, "discarded")
        desk.until(lambda: running(desk), "the next episode runs")
        take_left_over_and_hand_back(desk)
        end_by(desk, "Return", Outcome.SUCCESS, "success")
        stop_by_mouse_and_release(desk)
        watch_a_version_and_roll_back(desk)
        review_and_trim(desk)
        export_and_report(desk)
        close_the_window(desk)
