"""A window whose keys may be held: motion keys are sent as long as they are down, and no longer."""

from abc import abstractmethod

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QMainWindow, QWidget

from gui.sender import KeySender
from teleop.session_folder import SessionFolder

RELEASE_KEY = Qt.Key.Key_F9


class KeyWindow(QMainWindow):
    """Lets every held key go when another window or a field takes the keyboard.

    Args:
        folder: the session that the keys go to.
        watch_only: send none.
    """

    def __init__(self, folder: SessionFolder, watch_only: bool) -> None:
        super().__init__()
        self.keys = KeySender(folder, watch_only, self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    @abstractmethod
    def begin_held(self, event: QKeyEvent) -> None:
        """The key that must be held for a second is down."""

    @abstractmethod
    def cancel_held(self) -> None:
        """It is up again, early or not."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == RELEASE_KEY and not event.isAutoRepeat():
            self.begin_held(event)
        elif self.keys.held.press(event):
            self.keys.send()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == RELEASE_KEY and not event.isAutoRepeat():
            self.cancel_held()
        elif self.keys.held.release(event):
            self.keys.send()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._let_keys_go()
        super().changeEvent(event)

    @Slot(QWidget, QWidget)
    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QLineEdit | QAbstractSpinBox):
            self._let_keys_go()

    def _let_keys_go(self) -> None:
        self.cancel_held()
        if self.keys.held.clear():
            self.keys.send()
