"""Sends the held keys and pedals and the window's sign of life from the window's own thread.

From its own thread on purpose: if the window hangs, the keys stop coming, and the arm holds. No
other thread may go on repeating what nobody presses any more. Publishing never waits.

A key that was held when the keyboard went to another window may still be held, or not: nobody
knows. Nothing is sent then, so that the arm holds, until this window is the active one again.
"""

import os
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication

from gui.key_table import KeyTable
from gui.keys_claim import KeysClaim
from gui.motion_keys import HeldKeys, motion_keys
from gui.pedal_keys import PedalAct, PedalKey, keys_file, read_pedals
from teleop.bus import HEALTH, KEYS, Publisher
from teleop.device_messages import KeysHeld
from teleop.messages import Arm, Health
from teleop.session_folder import SessionFolder

SETTLE_MS = 20  # in which X's repeat of a held key has followed its release, see `HeldKeys`
REPEAT_MS = 33  # the keyboard device wants 25 a second; control takes 0.15 s for silence
SIGN_MS = 1000


class KeySender(QObject):
    """Publishes `KeysHeld` at every change and 30 times a second.

    Args:
        folder: the session.
        watch_only: leave the keys to another window.
        parent: the window.

    Attributes:
        held: the keys and pedals that are held now.
        trouble: what is wrong with the table of pedals; empty: nothing.
    """

    def __init__(self, folder: SessionFolder, watch_only: bool, parent: QObject) -> None:
        super().__init__(parent)
        table = read_pedals(keys_file())
        patient = QGuiApplication.platformName() == "xcb"
        self.held, self.trouble = HeldKeys(table.pedals, patient), table.trouble
        self._arm = Arm.LEFT
        self._clutches: dict[str, Arm] = {}  # by key; the arm that was chosen at the press
        self._presses = {
            does: [0, 0] for does in (PedalAct.GRIPPER, PedalAct.TAKE, PedalAct.REWIND)
        }
        self._stop_presses = 0
        self._unknown = False  # whether the keys that were held are held still
        parent.installEventFilter(self)
        self._claim = None if watch_only else KeysClaim(folder.path)
        self._publisher = None
        if self._claim is not None and self._claim.held:
            self._publisher = Publisher(folder.endpoint("gui"))
        self._repeat = QTimer(self, interval=REPEAT_MS)
        self._repeat.timeout.connect(self.send)
        self._repeat.start()
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._settled)
        self._sign = QTimer(self, interval=SIGN_MS)
        self._sign.timeout.connect(self._send_sign)
        self._sign.start()
        self._send_sign()

    @property
    def has_keys(self) -> bool:
        """Whether this window's keys reach control."""
        return self._publisher is not None

    @property
    def arm(self) -> Arm:
        """The arm that the keys move."""
        return self._arm

    def choose(self, arm: Arm) -> None:
        """Let the keys move `arm`; held keys are let go first, so that it does not start moving.

        A pedal that is held stays with the arm that it was pressed for.
        """
        self.held.stop_moving()
        self._arm = arm
        self.send()

    def use_keys(self, table: KeyTable) -> None:
        """Go by the keys that the operator has chosen."""
        self.held.use(motion_keys(table), read_pedals(keys_file()).pedals)
        self.send()

    def press_gripper(self) -> None:
        """Ask the chosen arm's gripper to open or close."""
        self._presses[PedalAct.GRIPPER][self._arm] += 1
        self.send()

    def press_stop(self) -> None:
        """Stop by the device's road, beside the order; nothing is held through a stop."""
        self._stop_presses += 1
        self._unknown = False
        self.send()

    def send(self) -> None:
        """Publish what is held now, unless nobody knows."""
        for pedal in self.held.take_pressed():
            self._count(pedal)
        if self.held.unsettled and not self._settle.isActive():
            self._settle.start()
        if not self._unknown:
            self._publish()

    def _settled(self) -> None:
        self.held.settle()
        self.send()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.WindowDeactivate:
            self._unknown = self.held.lose() or self._unknown
        elif event.type() is QEvent.Type.WindowActivate:
            self._unknown = False
        return False

    def _count(self, pedal: PedalKey) -> None:
        if pedal.does is PedalAct.STOP:
            self._stop_presses += 1
        else:
            arm = self._arm if pedal.arm is None else pedal.arm
            self._presses[pedal.does][arm] += 1

    def _publish(self) -> None:
        if self._publisher is None:
            return
        held = self.held.clutches
        self._clutches = {
            key: self._clutches.get(key, self._arm if pedal.arm is None else pedal.arm)
            for key, pedal in held.items()
        }
        clutched = set(self._clutches.values())
        message = KeysHeld(
            time.monotonic_ns(),
            self._arm,
            self.held.names,
            gripper_presses=self._pressed(PedalAct.GRIPPER),
            stop_presses=self._stop_presses,
            clutch=(Arm.LEFT in clutched, Arm.RIGHT in clutched),
            take_presses=self._pressed(PedalAct.TAKE),
            rewind_presses=self._pressed(PedalAct.REWIND),
        )
        self._publisher.send(KEYS, message)

    def _pressed(self, does: PedalAct) -> tuple[int, int]:
        left, right = self._presses[does]
        return left, right

    def _send_sign(self) -> None:
        if self._publisher is not None:
            self._publisher.send(HEALTH, Health("gui", os.getpid(), time.monotonic_ns()))

    def close(self) -> None:
        """Stop sending. Idempotent.

        A key that is held meanwhile is not let go by it: the arm holds.
        """
        self._repeat.stop()
        self._settle.stop()
        self._sign.stop()
        if self._publisher is not None:
            self._publisher.close()
            self._publisher = None
        if self._claim is not None:
            self._claim.release()
