"""What stands beside the pictures: what to do now, how many there are, who makes them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import Actions, spec_of
from gui.demonstrate.fields import Fields
from gui.demonstrate.plan import Phase, Plan, Wanted
from gui.demonstrate.table import OperatorTable, Section
from gui.texts import demonstrate as words
from gui.widgets.panel import Panel, TextLabel
from teleop.order_messages import OrderKind

PROMPT_LINES = 3  # the sentence never moves what lies below it


class DemonstratePanel(QWidget):
    """Prompt, counter, timer, buttons, fields, statistics."""

    def __init__(self, commands: Actions, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.prompt = TextLabel("prompt", words.READING, name=words.NOW)
        self.prompt.setWordWrap(True)
        self.prompt.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.prompt.setMinimumHeight(round(PROMPT_LINES * theme.PROMPT * 1.25))
        self.count = TextLabel("count", words.count_of(0, 0), name=words.COUNT)
        self.told = TextLabel("small", words.count_told(0, 0))
        self.told.setWordWrap(True)
        self.timer = TextLabel("count", words.clock(0), name=words.TIME)
        self.progress = QProgressBar(textVisible=False)
        self.progress.setFixedHeight(12)
        self.progress.setAccessibleName(words.PROGRESS)
        self.begin = self._button(commands, OrderKind.SUCCESS, words.BEGIN, words.BEGIN_HINT)
        self.pause = self._button(commands, Intent.PAUSE_DEMONSTRATIONS)
        self.redo = self._button(commands, Intent.REDO_DEMONSTRATION)
        self.fields = Fields(self)
        self.table = OperatorTable(look, self)
        self._place()

    def _button(
        self, commands: Actions, does: OrderKind | Intent, text: str = "", hint: str = ""
    ) -> QPushButton:
        spec = spec_of(does)
        button = QPushButton(f"{text or spec.text}  {spec.key}", self)
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setMinimumHeight(theme.ROW)
        button.setAccessibleDescription(hint or spec.hint)
        button.clicked.connect(commands[does].trigger)
        return button

    def _place(self) -> None:
        numbers = QHBoxLayout()
        numbers.setSpacing(14)
        numbers.addWidget(self.count)
        numbers.addWidget(self.told, 1)
        numbers.addWidget(self.timer)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP)
        for button in (self.begin, self.pause, self.redo):
            buttons.addWidget(button, 1)
        course = Panel(words.PAGE, self)
        for part in (self.prompt, numbers, self.progress, buttons, self.fields):
            if isinstance(part, QWidget):
                course.body.addWidget(part)
            else:
                course.body.addLayout(part)
        statistics = Panel(words.STATISTICS, self)
        statistics.body.addWidget(self.table, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.GAP)
        box.addWidget(course)
        box.addWidget(statistics, 1)

    def show_course(self, plan: Plan, wanted: Wanted, prompt: str, *, can_redo: bool) -> None:
        """Show how far it has come."""
        self.prompt.show_text(prompt)
        self.count.show_text(words.count_of(wanted.counted, wanted.target))
        self.told.show_text(words.count_told(wanted.counted, wanted.target))
        self.timer.show_text(words.clock(plan.elapsed_s))
        self.progress.setRange(0, max(1, wanted.target))
        self.progress.setValue(min(wanted.counted, max(1, wanted.target)))
        self.begin.setEnabled(plan.phase in (Phase.READY, Phase.PAUSED) and not wanted.done)
        self.redo.setEnabled(can_redo)
        resting = plan.phase is Phase.PAUSED
        for button, text, does in (
            (self.begin, words.BEGIN, OrderKind.SUCCESS),
            (self.pause, words.GO_ON if resting else words.PAUSE, Intent.PAUSE_DEMONSTRATIONS),
            (self.redo, words.REDO, Intent.REDO_DEMONSTRATION),
        ):
            printed = f"{text}  {spec_of(does).key}"
            if printed != button.text():
                button.setText(printed)

    def show_statistics(self, sections: Sequence[Section], last: Sequence[str] = ()) -> None:
        """Show the operators' demonstrations, and the last ones in words."""
        self.table.show_sections(sections, last)
