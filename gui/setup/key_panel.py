"""Keys: changed by pressing them, told at once where they are taken, kept for this user."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.actions import Actions
from gui.key_binding import use_keys
from gui.key_table import NO_OWN, KeyTable, fixed, meaning_text, objection, read_keys, write_keys
from gui.pedal_keys import read_pedals
from gui.setup.fields import EnterButton
from gui.setup.key_list import KeyList
from gui.texts import key_choice as words
from gui.texts import setup as page_words
from gui.widgets.panel import Panel, TextLabel
from teleop.errors import NudgeError


class KeyPanel(Panel):
    """The list of keys, and what became of the last change.

    Args:
        commands: whose shortcuts follow.
        path: of the user's keys.
    """

    def __init__(self, commands: Actions, path: Path, parent: QWidget) -> None:
        super().__init__(words.KEYS, parent)
        self._commands = commands
        self._path = path
        read = read_keys(path)
        self._table = read.table
        self.list = KeyList(self)
        self.list.chosen.connect(self._chosen)
        self.list.waiting.connect(self._waiting)
        self.change = EnterButton(words.CHANGE_KEY, self)
        self.change.clicked.connect(self.list.begin)
        self.back = EnterButton(words.USUAL_KEY, self)
        self.back.clicked.connect(self._usual)
        self.all_back = EnterButton(words.KEYS_RESET, self)
        self.all_back.clicked.connect(lambda: self._keep(NO_OWN, words.ALL_USUAL))
        self.message = TextLabel("text", name="What became of the key")
        self.message.setWordWrap(True)
        self.where = TextLabel("small", words.pedals_note(str(path)))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.message, 1)
        for button in (self.change, self.back, self.all_back):
            row.addWidget(button)
        self.body.addLayout(row)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.where)
        self._say(read.trouble or words.HOW_TO_CHANGE, wrong=bool(read.trouble))
        self.list.show_keys(self._table)

    @property
    def table(self) -> KeyTable:
        """The chosen keys."""
        return self._table

    @Slot(str)
    def _waiting(self, meaning: str) -> None:
        self._say(words.press_key(meaning_text(meaning)) if meaning else words.HOW_TO_CHANGE)

    @Slot(str, str)
    def _chosen(self, meaning: str, key: str) -> None:
        pedals = read_pedals(self._path).pedals
        why = objection(self._table, meaning, key, pedals)
        if why:
            self._say(why, wrong=True)
            return
        said = words.key_given(meaning_text(meaning), key)
        self._keep(self._table.giving(meaning, key), said)

    @Slot()
    def _usual(self) -> None:
        meaning = self.list.meaning
        if not meaning or fixed(meaning):
            return
        back = self._table.giving(meaning, "")
        said = words.key_usual(meaning_text(meaning))
        self._keep(back, said)

    def _keep(self, table: KeyTable, said: str) -> None:
        try:
            write_keys(self._path, table)
        except NudgeError as error:
            self._say(str(error), wrong=True)
            return
        self._table = table
        use_keys(self._commands, table, read_pedals(self._path).pedals)
        self.list.show_keys(table)
        self._say(said)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.message.show_text(page_words.wrong(text) if wrong else text)
