"""A press that counts only once it has lasted a second, of any button."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractButton

HOLD_MS = 1000
TICK_MS = 30


class HeldPress(QObject):
    """Follows presses of `button` by mouse; keys are begun and cancelled by whoever hears them.

    Signals:
        held: once a press has lasted long enough.
    """

    held = Signal()

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button)
        self._button = button
        self._since = QElapsedTimer()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._look_at_time)
        button.pressed.connect(self.begin)
        button.released.connect(self.cancel)

    @property
    def progress(self) -> float:
        """How much of the second has passed, 0 to 1."""
        return min(1.0, self._since.elapsed() / HOLD_MS) if self._timer.isActive() else 0.0

    def begin(self) -> None:
        """The press has begun."""
        if self._button.isEnabled() and not self._timer.isActive():
            self._since.start()
            self._timer.start()

    def cancel(self) -> None:
        """The press has ended, early or not."""
        self._timer.stop()
        self._button.update()

    def _look_at_time(self) -> None:
        if self._since.elapsed() >= HOLD_MS:
            self._timer.stop()
            self.held.emit()
        self._button.update()
