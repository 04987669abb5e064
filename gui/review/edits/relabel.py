"""How a clip ended, what it shows, what its marked rows are good for: a sheet to change them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from gui import theme
from gui.review.edits.sheet import Sheet, SheetButton
from gui.review.values import ClipRow
from gui.texts import edits as texts
from gui.widgets.own_keys import OwnKeys
from gui.widgets.panel import Panel, TextLabel
from recorder.labels import Label
from teleop.messages import Arm, Outcome


@dataclass(frozen=True)
class Relabelling:
    """What was chosen; None: stays."""

    outcome: Outcome | None = None
    instruction: str | None = None


class Choice(QWidget):
    """One of several, as radio buttons; the arrow keys go from one to the next."""

    def __init__(
        self, names: Sequence[tuple[object, str]], parent: QWidget, *, columns: int
    ) -> None:
        super().__init__(parent)
        self._values = [value for value, _ in names]
        self.group = QButtonGroup(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        for place, (_, text) in enumerate(names):
            button = QRadioButton(text, self)
            self.group.addButton(button, place)
            grid.addWidget(button, place // columns, place % columns)
        grid.setColumnStretch(columns, 1)
        self.group.button(0).setChecked(True)

    @property
    def value(self) -> object:
        """What is chosen."""
        return self._values[self.group.checkedId()]

    def choose(self, value: object) -> None:
        """Mark `value`."""
        self.group.button(self._values.index(value)).setChecked(True)


class RelabelSheet(Sheet):
    """Three small forms, each with its own button.

    Signals:
        wanted: a `Relabelling`.
        label_wanted: `recorder.labels.Label` and arms for the marked rows.
    """

    wanted = Signal(object)
    label_wanted = Signal(object, object)

    def __init__(self, area: QWidget, look: theme.Theme, key: str, parent: QWidget) -> None:
        super().__init__(area, look, key, parent)
        self._row: ClipRow | None = None
        self.outcome = Choice(tuple(texts.OUTCOMES.items()), self, columns=4)
        self.instruction = QLineEdit(self)
        self.instruction.setAccessibleName(texts.WHAT_IT_SHOWS)
        self.instruction.setPlaceholderText(texts.INSTRUCTION_HINT)
        self.instruction.installEventFilter(OwnKeys(self.instruction))
        self.instruction.returnPressed.connect(self._send)
        self.label = Choice(tuple(texts.LABELS.items()), self, columns=2)
        self.arms = Choice(tuple(texts.ARMS.items()), self, columns=3)
        self.marks = TextLabel("dim", texts.NO_MARKS, name=texts.MARKED_ROWS)
        self.marks.setWordWrap(True)
        self.send = SheetButton(texts.CHANGE, self)
        self.send.clicked.connect(self._send)
        self.send_label = SheetButton(texts.CHANGE, self)
        self.send_label.clicked.connect(self._send_label)
        note = TextLabel("small", texts.RELABEL_NOTE)
        note.setWordWrap(True)
        whole = Panel(texts.HOW_IT_ENDED, self)
        whole.body.addWidget(self.outcome)
        whole.body.addSpacing(6)
        whole.body.addWidget(TextLabel("title", texts.WHAT_IT_SHOWS.upper()))
        line = QHBoxLayout()
        line.addWidget(self.instruction, 1)
        line.addWidget(self.send)
        whole.body.addLayout(line)
        rows = Panel(texts.MARKED_ROWS, self)
        rows.body.addWidget(self.marks)
        rows.body.addWidget(self.label)
        line = QHBoxLayout()
        line.addWidget(TextLabel("text", texts.OF_ARM))
        line.addWidget(self.arms, 1)
        line.addWidget(self.send_label)
        rows.body.addLayout(line)
        for widget in (whole, rows, note):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def show_row(self, row: ClipRow) -> None:
        """Offer what `row` is called now."""
        self._row = row
        self.outcome.choose(row.outcome)
        self.instruction.setText(row.instruction)

    def show_marks(self, line: str, *, marked: bool) -> None:
        """Say which rows the label would be for."""
        self.marks.show_text(line)
        self.send_label.setEnabled(marked)

    def _send(self) -> None:
        row = self._row
        if row is None:
            return
        outcome = self.outcome.value
        told = self.instruction.text().strip()
        self.wanted.emit(
            Relabelling(
                outcome if isinstance(outcome, Outcome) and outcome is not row.outcome else None,
                told if told and told != row.instruction else None,
            )
        )

    def _send_label(self) -> None:
        label, arms = self.label.value, self.arms.value
        if isinstance(label, Label) and isinstance(arms, tuple):
            self.label_wanted.emit(label, tuple(Arm(each) for each in arms))
