"""The list of a session's edits, each with what takes it back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QWidget

from gui import theme
from gui.review.edits.requests import undone_by
from gui.review.edits.sheet import Sheet, SheetButton
from gui.review.edits.work import EditsRead
from gui.texts import edits as texts
from gui.widgets.panel import TextLabel
from recorder.edits.edit import Entry, Undo, sentence

SHOWN = 200  # the newest; older ones are undone with `nudge record undo`


class EditList(Sheet):
    """All edits, the newest on top.

    Signals:
        undo_wanted: the number of an edit.
    """

    undo_wanted = Signal(int)

    def __init__(self, area: QWidget, look: theme.Theme, key: str, parent: QWidget) -> None:
        super().__init__(area, look, key, parent)
        self.buttons: dict[int, SheetButton] = {}
        self.empty = TextLabel("dim", texts.EDITS_READING)
        self.empty.setWordWrap(True)
        self.trouble = TextLabel("text", "", name=texts.TROUBLE_NAME)
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.viewport().setAutoFillBackground(False)
        self.area.hide()
        for widget in (self.trouble, self.empty):
            self.body.addWidget(widget)
        self.body.addWidget(self.area, 1)
        self.body.addStretch(0)

    def show_edits(self, read: EditsRead) -> None:
        """Show what was read."""
        self.trouble.setVisible(bool(read.trouble))
        self.trouble.show_text("\n".join(read.trouble))
        self.empty.show_text(texts.EDITS_NONE)
        self.empty.setVisible(not read.entries)
        self.area.setVisible(bool(read.entries))
        self.buttons = {}
        inner = QWidget(self.area)
        inner.setAutoFillBackground(False)
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(2, 1)
        for column, head in enumerate(texts.EDITS_HEADS):
            grid.addWidget(TextLabel("title", head), 0, column)
        gone = undone_by(read.entries)
        for place, entry in enumerate(reversed(read.entries[-SHOWN:]), start=1):
            self._add(grid, place, entry, gone.get(entry.number, 0))
        grid.setRowStretch(grid.rowCount(), 1)
        self.area.setWidget(inner)

    def _add(self, grid: QGridLayout, place: int, entry: Entry, undone: int) -> None:
        role = "dim" if undone else "text"
        what = TextLabel(role, sentence(entry.edit))
        what.setWordWrap(True)
        what.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        grid.addWidget(TextLabel(role, str(entry.number)), place, 0)
        grid.addWidget(TextLabel("small", texts.when(entry.epoch_ns)), place, 1)
        grid.addWidget(what, place, 2)
        if undone:
            by = TextLabel("small", texts.UNDONE_BY.format(number=undone))
            grid.addWidget(by, place, 3)
            return
        text = texts.REDO_THIS if isinstance(entry.edit, Undo) else texts.UNDO_THIS
        button = SheetButton(text, self)
        button.setAccessibleDescription(sentence(entry.edit))
        number = entry.number
        button.clicked.connect(lambda: self.undo_wanted.emit(number))
        self.buttons[entry.number] = button
        grid.addWidget(button, place, 3)
