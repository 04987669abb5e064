"""Drills: the operator's device goes away while it moves an arm."""

import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from teleop.children import Program
from teleop.drills.events import Event, Source
from teleop.drills.needs import missing_library
from teleop.drills.result import Findings
from teleop.drills.stage import CONFIG, Stage, same, staged
from teleop.errors import SetupError
from teleop.messages import Arm, Mode
from teleop.order_messages import Order, OrderKind
from teleop.process_tree import CONTROL, RECORDER
from teleop.rig.pucks import VirtualUsb
from teleop.session_folder import SessionFolder

SETTLE_S = 1.5  # longer than an arm may hold and still be the policy's
TAKEN_S = 5.0
BACK_S = 5.0


def _left_is_lost(event: Event) -> bool:
    """Whether it tells that the left arm holds, or that its device is gone."""
    return event.tells(Source.MODE, "left HOLD") or (
        event.tells(Source.NOTICE, "HOLD", "DEVICE")
        or event.tells(Source.STATUS, "left")
        or event.tells(Source.HEALTH, CONTROL)
    )


def _expect_a_hold(stage: Stage) -> None:
    """The left arm holds, stays the operator's, says so, and the episode goes on."""
    stage.expect("a hold of the left arm", lambda: stage.modes(Mode.HOLD, Arm.LEFT), 2.0)
    stage.expect("authority that stays with the operator", lambda: stage.step.authority[0] > 0.0)
    stage.expect("a notice", lambda: stage.told(lambda e: e.source is Source.NOTICE), 1.0)
    stage.never(
        "the left arm moved again by itself",
        lambda: not stage.modes(Mode.HOLD, Arm.LEFT),
        SETTLE_S,
    )


def puck_pulled(folder: Path) -> Findings:
    """Pull a SpaceMouse's plug while it is deflected, and put it back."""
    if missing := missing_library():
        raise SetupError(f"No virtual puck without {missing}: apt-get install {missing}.")
    with VirtualUsb() as usb:
        puck = usb.plug()

        def with_puck(program: Program) -> Program:
            if program.name != CONTROL:
                return program
            return replace(program, environment=dict(program.environment) | usb.environment)

        config = replace(CONFIG, device="spacemouse")
        with staged(folder, config, adapt=with_puck) as stage:
            stage.rolling()
            stage.need("a reading", lambda: 0 <= stage.step.device_age_ns < 50_000_000, 5.0)
            puck.push(y=-250)  # away from the operator
            stage.need("the arm", lambda: stage.moves(Arm.LEFT, Mode.OPERATOR), TAKEN_S)
            stage.rest(0.3)
            stage.fault(puck.unplug)
            _expect_a_hold(stage)
            stage.settled()
            again = usb.plug()
            stage.expect(
                "a reading after the plug was put back",
                lambda: 0 <= stage.step.device_age_ns < 50_000_000,
                BACK_S,
            )
            stage.rest(0.5)  # it lies centred, which lets the arm go
            again.push(y=250)
            stage.expect(
                "the arm with the operator again",
                lambda: stage.moves(Arm.LEFT, Mode.OPERATOR),
                TAKEN_S,
            )
            stage.expect("an episode that goes on", stage.goes_on)
            again.push()
            stage.rest(0.2)
            return stage.findings(_left_is_lost)


class _Typist:
    """A process that holds keys in place of the window."""

    def __init__(self, folder: SessionFolder) -> None:
        words = [sys.executable, "-m", "teleop.drills.typist", str(folder.path)]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, text=True)

    def hold(self, keys: str) -> None:
        """Hold these keys, each of one letter, until told otherwise."""
        if self._process.stdin is not None:
            self._process.stdin.write(f"{keys}\n")
            self._process.stdin.flush()

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        """Idempotent."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.kill()
        self._process.wait()


@contextmanager
def _typist(stage: Stage) -> Generator[_Typist]:
    typist = _Typist(stage.folder)
    try:
        yield typist
    finally:
        typist.close()


def only_control_and_recorder(program: Program) -> Program | None:
    """Leave out what is slow to start."""
    return program if program.name in (CONTROL, RECORDER) else None


def keys_lost(folder: Path, cameras: Sequence[str] = CONFIG.cameras) -> Findings:
    """Kill the window while its keys move an arm, and open it again.

    Args:
        folder: of the session.
        cameras: without any, only control and the recorder are started, for a quick test.
    """
    config = replace(CONFIG, cameras=tuple(cameras))
    adapt = same if cameras else only_control_and_recorder
    with staged(folder, config, adapt=adapt) as stage:
        if cameras:
            stage.rolling()
        else:
            stage.need("a step", lambda: stage.chronicle.step is not None, 5.0)
            stage.order(Order(OrderKind.START))
        with _typist(stage) as typist:
            stage.need("a reading", lambda: 0 <= stage.step.device_age_ns < 100_000_000, 5.0)
            stage.rest(0.2)
            typist.hold("W")
            stage.need("the arm", lambda: stage.moves(Arm.LEFT, Mode.OPERATOR), TAKEN_S)
            stage.rest(0.3)
            stage.fault(typist.kill)
            _expect_a_hold(stage)
            stage.settled()
        with _typist(stage) as typist:
            stage.expect(
                "a reading of the new window",
                lambda: 0 <= stage.step.device_age_ns < 100_000_000,
                BACK_S,
            )
            stage.rest(0.2)
            typist.hold("S")
            stage.expect(
                "the arm with the operator again",
                lambda: stage.moves(Arm.LEFT, Mode.OPERATOR),
                TAKEN_S,
            )
            stage.expect("an episode that goes on", stage.goes_on)
        return stage.findings(_left_is_lost)
