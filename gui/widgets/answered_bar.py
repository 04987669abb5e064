"""Words that stand until the operator puts them away, beside the button that does."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.widgets.buttons import RowButton
from gui.widgets.panel import TextLabel


class AnsweredBar(QFrame):
    """A sentence, and "seen".

    Args:
        role: of the sentence, for the style sheet; also the name that `style` goes by.
        name: of the sentence, for who cannot see it.
        style: of the bar, in the language of Qt's style sheets.
        look: colours.
        parent: widget.

    Signals:
        answered: its button was pressed.
    """

    answered = Signal()

    def __init__(
        self, role: str, name: str, style: str, look: theme.Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName(role)
        self.setStyleSheet(style)
        self.text = TextLabel(role, name=name)
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        spec = spec_of(Intent.ACKNOWLEDGE)
        self.button = RowButton(spec.text, spec.key, look, self)
        self.button.setAccessibleName(spec.text)
        self.button.setAccessibleDescription(spec.hint)
        self.button.clicked.connect(self.answered)
        self.words = QVBoxLayout()
        self.words.setSpacing(1)
        self.words.addWidget(self.text, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(11, 5, 7, 5)
        row.addLayout(self.words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()
