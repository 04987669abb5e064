"""Widgets that need plain keys for themselves: with the keyboard there, STOP and rollback are left.

The window's shortcuts hold in the whole program, so Enter in a number field would end the episode
as a success.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

LEFT = (Qt.Key.Key_Escape, Qt.Key.Key_F12)  # STOP, roll back


def keeps(event: QEvent, left: tuple[Qt.Key, ...] = LEFT) -> bool:
    """Take the key of `event` from the shortcuts, unless it is one of `left`; whether it was."""
    if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.ShortcutOverride:
        return False
    if event.key() in left:
        return False
    event.accept()
    return True


class OwnKeys(QObject):
    """An event filter that does so for the widget it is installed on."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return keeps(event)
