"""Drill: the supervisor is killed, and nobody is left to end anything in order."""

from pathlib import Path

from teleop.drills.alone import alone
from teleop.drills.events import Source
from teleop.drills.files import Files
from teleop.drills.result import Findings

ENDED = "session ended"  # how control closes an episode at its own end


def supervisor_killed(folder: Path) -> Findings:
    """Kill the supervisor: control stops the robot, the recorder finishes, all end."""
    with alone(folder) as stage:
        stage.rolling()
        stage.fault(stage.supervisor.kill)
        stage.expect("the end of control", lambda: "control" not in stage.running(), 3.0)
        stage.settled()
        stage.expect("the end of every process", lambda: not stage.running(), 15.0)
        return stage.findings(
            lambda event: event.tells(Source.EPISODE, ENDED), ending="ended by itself"
        )


def episode_finished(found: Findings, files: Files) -> tuple[str, ...]:
    """The recorder has closed the episode with every step that control published."""
    finals = [file for file in files.episodes() if file.state == "final"]
    if not finals:
        return ("the recorder did not finish the episode",)
    step = found.chronicle.step
    missing = step.index - finals[-1].last_index if step is not None else 0
    return (f"{missing} rows at the end were lost",) if missing > 0 else ()
