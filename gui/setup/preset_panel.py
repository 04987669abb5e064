"""Presets: saved by name, loaded, compared with the page, deleted to a backup."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.setup.draft import Draft
from gui.setup.fields import EnterButton, PlainList, WordField
from gui.texts import setup as words
from gui.widgets.panel import Panel, TextLabel
from teleop.config import SessionConfig
from teleop.errors import NudgeError
from teleop.presets import (
    compared,
    delete_preset,
    name_objection,
    preset_names,
    preset_path,
    read_preset,
    write_preset,
)
from teleop.settings_fields import differences, value_text

MOST_COMPARED = 12
LIST_HEIGHT = 100


class PresetPanel(Panel):
    """The list of presets, what can be done with one, and how it differs from the page.

    Signals:
        loaded: the settings that are to stand on the page.
    """

    loaded = Signal(object)

    def __init__(self, folder: Path, parent: QWidget) -> None:
        super().__init__(words.PRESETS, parent)
        self._folder = folder
        self._draft: Draft | None = None
        self._names: tuple[str, ...] = ()
        self.name = WordField(words.PRESET_NAME, self)
        self.name.setPlaceholderText(f"{words.PRESET_NAME}, such as {words.PRESET_HINT}")
        self.name.textEdited.connect(self._typed)
        self.name.returnPressed.connect(self._save)
        self.save = EnterButton(f"{words.SAVE}  {spec_of(Intent.SAVE_PRESET).key}", self)
        self.save.clicked.connect(self._save)
        self.list = PlainList(self)
        self.list.setAccessibleName(words.PRESETS)
        self.list.setMinimumHeight(LIST_HEIGHT)
        self.list.currentRowChanged.connect(self._chosen)
        self.load = EnterButton(words.LOAD, self)
        self.load.clicked.connect(self._load)
        self.compare = EnterButton(words.COMPARE, self)
        self.compare.clicked.connect(self._compare)
        self.delete = EnterButton(words.DELETE, self)
        self.delete.clicked.connect(self._delete)
        self.message = TextLabel("text", name="What became of it")
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.where = TextLabel("small", str(folder))
        self._place()

    def _place(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.name, 1)
        top.addWidget(self.save)
        buttons = QVBoxLayout()
        buttons.setSpacing(6)
        for button in (self.load, self.compare, self.delete):
            buttons.addWidget(button)
        buttons.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self.list, 1)
        middle.addLayout(buttons)
        self.body.setSpacing(theme.GAP)
        self.body.addLayout(top)
        self.body.addLayout(middle)
        self.body.addWidget(self.message)
        self.body.addWidget(self.where)

    def show_draft(self, draft: Draft) -> None:
        """Remember what would be saved."""
        self._draft = draft
        self._enable()

    def look(self) -> None:
        """Look at the folder again."""
        self._names = preset_names(self._folder)
        row = self.list.currentRow()
        self.list.clear()
        for name in self._names:
            self.list.addItem(name)
        self.list.setCurrentRow(min(max(row, 0), len(self._names) - 1))
        if not self._names:
            self._say(words.NO_PRESETS)
        self._enable()

    def begin_save(self) -> None:
        """Let the operator type a name, or save where one stands."""
        if self.name.text().strip():
            self._save()
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def chosen(self) -> str:
        """The name of the preset that is chosen; empty: none."""
        row = self.list.currentRow()
        return self._names[row] if 0 <= row < len(self._names) else ""

    @Slot(int)
    def _chosen(self, row: int) -> None:
        if self.chosen and (config := self._read()) is not None:
            count = len(differences(SessionConfig(), config))
            self._say(words.preset_title(self.chosen, count))
        self._enable()

    def _enable(self) -> None:
        right = self._draft is not None and self._draft.right
        self.save.setEnabled(right and not name_objection(self.name.text().strip()))
        for button in (self.load, self.compare, self.delete):
            button.setEnabled(bool(self.chosen))

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.message.show_text(words.wrong(text) if wrong else text)

    @Slot()
    def _typed(self) -> None:
        name = self.name.text().strip()
        why = name_objection(name) if name else ""
        self.name.mark(bool(why))
        self._say(why, wrong=bool(why))
        self._enable()

    @Slot()
    def _save(self) -> None:
        name = self.name.text().strip()
        if why := name_objection(name):
            self._say(why, wrong=True)
            return
        if self._draft is None or not self._draft.right:
            self._say(words.NOT_SAVED, wrong=True)
            return
        try:
            write_preset(preset_path(name, self._folder), self._draft.config)
        except NudgeError as error:
            self._say(str(error), wrong=True)
            return
        self.look()
        self.list.setCurrentRow(self._names.index(name))
        self._say(words.saved(name))

    def _read(self) -> SessionConfig | None:
        if not self.chosen:
            return None
        try:
            return read_preset(preset_path(self.chosen, self._folder)).config
        except NudgeError as error:
            self._say(str(error), wrong=True)
            return None

    @Slot()
    def _load(self) -> None:
        config, name = self._read(), self.chosen
        if config is None or self._draft is None:
            return
        self.name.setText(name)
        self.loaded.emit(config)
        self._say(words.loaded(name, len(self._draft.wishes)))

    @Slot()
    def _compare(self) -> None:
        config = self._read()
        if config is None or self._draft is None:
            return
        lines = [
            words.compared(setting.path, value_text(setting, here), value_text(setting, there))
            for setting, here, there in compared(self._draft.config, config)
        ]
        self._say(words.compared_text(lines, MOST_COMPARED))

    @Slot()
    def _delete(self) -> None:
        name = self.chosen
        try:
            backup = delete_preset(preset_path(name, self._folder))
        except NudgeError as error:
            self._say(str(error), wrong=True)
            return
        self.look()
        self._say(words.deleted(name, str(backup)))
