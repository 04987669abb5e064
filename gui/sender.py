"""Sends the held keys and the window's sign of life from the window's own thread.

From its own thread on purpose: if the window hangs, the keys stop coming, and the arm holds. No
other thread may go on repeating what nobody presses any more. Publishing never waits.
"""

import os
import time

from PySide6.QtCore import QObject, QTimer

from gui.keys_claim import KeysClaim
from gui.motion_keys import HeldKeys
from teleop.bus import HEALTH, KEYS, Publisher
from teleop.device_messages import KeysHeld
from teleop.messages import Arm, Health
from teleop.session_folder import SessionFolder

REPEAT_MS = 33  # the keyboard device wants 25 a second; control takes 0.15 s for silence
SIGN_MS = 1000


class KeySender(QObject):
    """Publishes `KeysHeld` at every change and 30 times a second.

    Args:
        folder: the session.
        watch_only: leave the keys to another window.
        parent: the window.
    """

    def __init__(self, folder: SessionFolder, watch_only: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.held = HeldKeys()
        self._arm = Arm.LEFT
        self._gripper_presses = [0, 0]
        self._stop_presses = 0
        self._claim = None if watch_only else KeysClaim(folder.path)
        self._publisher = None
        if self._claim is not None and self._claim.held:
            self._publisher = Publisher(folder.endpoint("gui"))
        self._repeat = QTimer(self, interval=REPEAT_MS)
        self._repeat.timeout.connect(self.send)
        self._repeat.start()
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
        """Let the keys move `arm`; held keys are let go first, so that it does not start moving."""
        self.held.clear()
        self._arm = arm
        self.send()

    def press_gripper(self) -> None:
        """Ask the chosen arm's gripper to open or close."""
        self._gripper_presses[self._arm] += 1
        self.send()

    def press_stop(self) -> None:
        """Stop by the device's road, beside the order."""
        self._stop_presses += 1
        self.send()

    def send(self) -> None:
        """Publish what is held now."""
        if self._publisher is None:
            return
        names = self.held.names
        left, right = self._gripper_presses
        message = KeysHeld(time.monotonic_ns(), self._arm, names, (left, right), self._stop_presses)
        self._publisher.send(KEYS, message)

    def _send_sign(self) -> None:
        if self._publisher is not None:
            self._publisher.send(HEALTH, Health("gui", os.getpid(), time.monotonic_ns()))

    def close(self) -> None:
        """Let all keys go and stop sending. Idempotent."""
        self._repeat.stop()
        self._sign.stop()
        if self.held.clear():
            self.send()
        if self._publisher is not None:
            self._publisher.close()
            self._publisher = None
        if self._claim is not None:
            self._claim.release()
