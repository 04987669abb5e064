"""Drills: something goes on as if it lived, but what it tells grows old."""

import os
import signal
from dataclasses import replace
from pathlib import Path

from teleop.children import Program
from teleop.drills.events import Event, Source
from teleop.drills.freezable_robot import SWITCH
from teleop.drills.killed import came_back, comes_back_into_service
from teleop.drills.result import Findings
from teleop.drills.stage import CAMERAS, staged
from teleop.messages import Arm, Mode, SessionMode
from teleop.order_messages import Order, OrderKind
from teleop.process_tree import CONTROL
from teleop.session_folder import camera_process


def camera_frozen(folder: Path) -> Findings:
    """Stop a camera's process, which still exists: a driver that hangs."""
    name = camera_process(CAMERAS[0])
    with staged(folder) as stage:
        stage.rolling()
        gone = stage.pid(name)
        stage.fault(lambda: os.kill(gone, signal.SIGSTOP))
        stage.expect("a hold of both arms", lambda: stage.modes(Mode.HOLD), 3.0)
        stage.expect("a notice", lambda: stage.told(lambda e: e.source is Source.NOTICE), 1.0)
        back = came_back(stage, name, gone)
        comes_back_into_service(stage)
        return stage.findings(_camera_is_lost, f"went on; {back}, and drove when given the arms")


def _camera_is_lost(event: Event) -> bool:
    return event.tells(Source.MODE, "HOLD") or (
        event.tells(Source.NOTICE, "HOLD", "camera") or event.tells(Source.LIMIT, "camera")
    )


def state_frozen(folder: Path) -> Findings:
    """Let the robot return its last state for ever while it goes on moving as commanded."""

    def freezable(program: Program) -> Program:
        if program.name != CONTROL:
            return program
        return replace(program, arguments=(*program.arguments, "--freezable"))

    with staged(folder, adapt=freezable) as stage:
        switch = stage.folder.path / SWITCH
        stage.rolling()
        stage.fault(switch.touch)
        stopped = stage.expect(
            "a stop", lambda: stage.step.session_mode is SessionMode.STOPPED, 2.0
        )
        stage.expect("a notice", lambda: stage.told(lambda e: e.source is Source.NOTICE), 1.0)
        switch.unlink()
        stage.never(
            "the arms moved again by themselves",
            lambda: stopped and stage.step.session_mode is not SessionMode.STOPPED,
            0.5,
        )
        stage.settled()
        stage.order(Order(OrderKind.RELEASE_STOP))
        stage.order(Order(OrderKind.START))
        stage.expect("the left arm moving again", lambda: stage.moves(Arm.LEFT, Mode.POLICY), 10.0)
        stage.expect("an episode that goes on", stage.goes_on)
        return stage.findings(
            lambda event: (
                event.tells(Source.SESSION, "STOPPED")
                or event.tells(Source.NOTICE, "STOPPED")
                or event.tells(Source.STATUS, "stopped")
            )
        )
