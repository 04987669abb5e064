"""One line of the list before the first motion: state, what, what was found, what to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from gui import theme
from gui.preflight_line import CheckLine, Item, State
from gui.texts import preflight as texts
from gui.widgets.panel import TextLabel

LEVELS = {State.OK: "", State.WARNING: "warning", State.BLOCKS: "error"}


class PreflightRow:
    """The labels of one line, for a grid.

    Attributes:
        labels: in the order of the columns.
    """

    def __init__(self, item: Item) -> None:
        self.state = TextLabel("text", name=texts.state(item.value))
        self.state.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.name = TextLabel("item", item.value)
        self.name.setFont(theme.font(theme.TEXT, bold=True))
        self.value = TextLabel("text", name=texts.found(item.value))
        self.advice = TextLabel("dim", name=texts.what_to_do(item.value))
        for label in (self.value, self.advice):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.labels: tuple[QLabel, ...] = (self.state, self.name, self.value, self.advice)

    def show_line(self, line: CheckLine) -> None:
        """Show how it stands."""
        self.state.show_text(texts.STATES[line.state])
        self.state.show_level(LEVELS[line.state])
        self.value.show_text(line.value)
        self.advice.show_text(line.advice)
