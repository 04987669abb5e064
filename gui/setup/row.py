"""One setting as a row: name, field, unit, range, meaning, what is wrong, and the way back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from gui.setup.draft import Draft, counts_at_once
from gui.setup.entry import written
from gui.setup.fields import ChoiceField, EnterButton, ValueField
from gui.texts import setup as words
from gui.widgets.panel import TextLabel
from teleop.config import SessionConfig
from teleop.settings_fields import Kind, Setting, range_text, value_of, value_text

NAME_WIDTH = 226
UNIT_WIDTH = 132
RESET_WIDTH = 76


class SettingRow(QFrame):
    """The row of one setting.

    Signals:
        edited: its path; what stands in the field is another value now, or wrong.
        reset_wanted: its path; the default is to stand there.
    """

    edited = Signal(str)
    reset_wanted = Signal(str)

    def __init__(self, setting: Setting, known: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setting = setting
        title = words.name_text(setting.name)
        self.setObjectName("setting")
        self.name = TextLabel("text", title)
        self.name.setFixedWidth(NAME_WIDTH)
        self.name.setWordWrap(True)
        self.unit = TextLabel("text", setting.unit.strip("()"))
        self.unit.setFixedWidth(UNIT_WIDTH)
        self.unit.setWordWrap(True)
        self.field = self._made_field(title, known)
        self.field.setAccessibleDescription(f"{setting.meaning} {setting.unit}")
        self.field.setToolTip(f"--{setting.path.replace('_', '-')}")
        self.limits = TextLabel("small")
        at_once = counts_at_once(setting)
        self.when = TextLabel("small", words.NOW if at_once else words.NEXT)
        self.when.setToolTip(words.LIVE_HINT if at_once else words.NEXT_HINT)
        self.limits.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.reset = EnterButton(words.RESET, self, name=f"{words.RESET}: {title}")
        self.reset.setFixedWidth(RESET_WIDTH)
        self.reset.clicked.connect(lambda: self.reset_wanted.emit(setting.path))
        self.meaning = TextLabel("dim", words.with_names(setting.meaning))
        self.meaning.setWordWrap(True)
        self.problem = TextLabel("text", name=f"What is wrong with {title}")
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "changed")
        self.problem.hide()
        self.before = TextLabel("small")
        self._place()

    def _made_field(self, title: str, known: tuple[str, ...]) -> ValueField | ChoiceField:
        choices = self.setting.choices
        if self.setting.kind is Kind.SWITCH:
            choices = words.SWITCHES
        if choices:
            field: ValueField | ChoiceField = ChoiceField(title, choices, self)
        else:
            field = ValueField(self.setting, title, known, self)
        field.edited.connect(lambda: self.edited.emit(self.setting.path))
        return field

    def _place(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 5, 10, 5)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(1)
        top = Qt.AlignmentFlag.AlignVCenter
        for column, widget in enumerate((self.name, self.field, self.unit, self.limits)):
            grid.addWidget(widget, 0, column, top)
        grid.addWidget(self.reset, 0, 4, top)
        grid.addWidget(self.problem, 1, 0, 1, 5)
        told = QHBoxLayout()
        told.setSpacing(16)
        told.addWidget(self.meaning, 1)
        told.addWidget(self.before)
        told.addWidget(self.when)
        grid.addLayout(told, 2, 0, 1, 5)
        grid.setColumnStretch(3, 1)

    def read(self, draft: Draft) -> Draft:
        """Return `draft` with what stands in the field."""
        path = self.setting.path
        if isinstance(self.field, ChoiceField):
            typed = self.field.typed(self.setting)
        else:
            typed = self.field.typed(draft.config)
        if typed.value is None:
            return draft.with_problem(path, typed.problem)
        return draft.with_wish(path, typed.value)

    def show_draft(self, draft: Draft) -> None:
        """Show what stands in `draft`; what is being typed wrongly is left alone."""
        path = self.setting.path
        problem = draft.problems.get(path, "")
        value = draft.value(path)
        if not problem and not self._says(draft, value):
            self.field.show_value(value)
        if isinstance(self.field, ValueField):
            self.field.mark(bool(problem))
        self.problem.show_text(words.wrong(problem) if problem else "")
        self.problem.setVisible(bool(problem))
        changed = path in draft.wishes
        said = value_text(self.setting, value_of(draft.in_force, path))
        self.before.show_text(words.in_force(said) if changed else "")
        self.limits.show_text(limits_text(self.setting, draft.config))
        self.reset.setEnabled(bool(problem) or value != self.setting.default)
        if bool(self.property("changed")) is not changed:
            self.setProperty("changed", changed)
            self.name.setProperty("role", "changed" if changed else "text")
            for widget in (self, self.name):
                widget.style().unpolish(widget)
                widget.style().polish(widget)

    def _says(self, draft: Draft, value: object) -> bool:
        """Whether the field says `value` already, in whatever words."""
        if isinstance(self.field, ChoiceField):
            return self.field.typed(self.setting).value == value
        return self.field.typed(draft.config).value == value

    def holds(self, sought: tuple[str, ...]) -> bool:
        """Whether all of `sought`, in small letters, stand in its words."""
        said = " ".join((self.name.text(), self.setting.meaning, self.setting.path)).lower()
        return all(word in said for word in sought)


def limits_text(setting: Setting, config: SessionConfig) -> str:
    """Return range and default without the unit, which stands beside them."""
    default = written(setting.default)
    if setting.kind in (Kind.CHOICE, Kind.SWITCH, Kind.WORDS, Kind.NAMES):
        return words.default_line(default)
    limits = range_text(setting, config).removesuffix(f" {setting.unit}")
    return words.range_line(limits, default)
