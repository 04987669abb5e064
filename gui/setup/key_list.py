"""The list of actions and motion keys with their present keys; a key is changed by pressing it."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from gui.actions import ACTIONS
from gui.key_table import MOVE, KeyTable, fixed, keys_of, meaning_of, meaning_text
from gui.setup.fields import ENTER, MOVING
from gui.texts import key_choice as words

LEFT_ALONE = (Qt.Key.Key_Escape, Qt.Key.Key_Space)  # STOP and HOLD, whatever is being chosen
MODIFIERS = (
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr,
)  # fmt: skip
MEANING = Qt.ItemDataRole.UserRole
LIST_HEIGHT = 200
KEY_WIDTH = 260


class KeyList(QTreeWidget):
    """Enter, or a double click, on a row waits for its new key; STOP and HOLD break that off.

    Signals:
        chosen: the meaning, and the key as Qt writes it.
        waiting: the meaning that waits for a key; empty: none does.
    """

    chosen = Signal(str, str)
    waiting = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._wanted = ""
        self._rows: dict[str, QTreeWidgetItem] = {}
        self.setColumnCount(2)
        self.setHeaderLabels(list(words.KEY_COLUMNS))
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setStretchLastSection(False)
        self.setColumnWidth(1, KEY_WIDTH)
        self.setRootIsDecorated(False)
        self.setMinimumHeight(LIST_HEIGHT)
        self.setAccessibleName(words.KEYS)
        self.itemDoubleClicked.connect(self._double_clicked)
        for title, meanings in groups():
            head = QTreeWidgetItem(self, [title])
            head.setFirstColumnSpanned(True)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for meaning in meanings:
                row = QTreeWidgetItem(head, [meaning_text(meaning)])
                row.setData(0, MEANING, meaning)
                row.setToolTip(0, fixed(meaning))
                self._rows[meaning] = row
        self.expandAll()
        self.setObjectName("keys")
        self.setItemsExpandable(False)

    @property
    def meaning(self) -> str:
        """What the row in hand means; empty: none is."""
        item = self.currentItem()
        return "" if item is None else str(item.data(0, MEANING) or "")

    def show_keys(self, table: KeyTable) -> None:
        """Show the present keys."""
        for meaning, row in self._rows.items():
            keys = "   ".join(keys_of(table, meaning))
            mark = f"{keys}   ·   {words.CHOSEN}" if table.key_of(meaning) else keys
            row.setText(1, mark if not fixed(meaning) else f"{keys}   ·   {words.STAYS}")

    def begin(self) -> None:
        """Wait for the new key of the row in hand."""
        if self.meaning and not fixed(self.meaning):
            self._wanted = self.meaning
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.waiting.emit(self._wanted)

    @Slot(QTreeWidgetItem, int)
    def _double_clicked(self, _item: QTreeWidgetItem, _column: int) -> None:
        self.begin()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            if self._wanted and event.key() in LEFT_ALONE:
                self._end()
            elif self._wanted or (event.key() in (*ENTER, *MOVING) and not event.modifiers()):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._wanted and event.key() not in MODIFIERS:
            meaning, key = self._wanted, key_name(event)
            self._end()
            self.chosen.emit(meaning, key)
        elif not self._wanted and event.key() in ENTER:
            self.begin()
        elif not self._wanted and event.key() in MOVING:
            super().keyPressEvent(event)
        elif not self._wanted:
            event.ignore()  # letters stay motion keys of the window

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._end()
        super().focusOutEvent(event)

    def _end(self) -> None:
        if self._wanted:
            self._wanted = ""
            self.waiting.emit("")


def key_name(event: QKeyEvent) -> str:
    """Return the key of `event` as Qt writes it."""
    text = QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText)
    return text.replace("Num+", "")


def groups() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the headings of the list, each with its meanings."""
    found: dict[str, list[str]] = {}
    for spec in ACTIONS:
        found.setdefault(spec.group.value, []).append(meaning_of(spec))
    motion = tuple(f"{MOVE} {role}" for role in words.MOVES)
    return ((words.MOTION, motion), *((title, tuple(rows)) for title, rows in found.items()))
