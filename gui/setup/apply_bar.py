"""What the changes on the page come to, and the buttons that apply or drop them."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.setup.draft import Draft
from gui.setup.fields import EnterButton, HoldToConfirm
from gui.texts import setup as words
from gui.widgets.panel import Panel, TextLabel


class ApplyBar(Panel):
    """One or two lines of words, and buttons.

    Signals:
        apply_wanted: whether the operator confirmed that limits become looser.
        drop_wanted: what was changed is to be as it is in force.
    """

    apply_wanted = Signal(bool)
    drop_wanted = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(words.CHANGES, parent)
        self._silent = False
        self._draft: Draft | None = None
        self.summary = TextLabel("text", words.UNCHANGED, name=words.CHANGES)
        self.summary.setWordWrap(True)
        self.warning = TextLabel("text", name=words.LOOSEN)
        self.warning.setWordWrap(True)
        self.apply = EnterButton(
            f"{words.APPLY}  {words.printed(spec_of(Intent.APPLY_SETTINGS).key)}", self
        )
        self.loosen = HoldToConfirm(words.LOOSEN, look, self)
        self.loosen.setToolTip(words.LOOSEN_HINT)
        self.drop = EnterButton(words.RESET_ALL, self)
        self.apply.clicked.connect(lambda: self.apply_wanted.emit(False))
        self.loosen.held.connect(self._confirmed)
        self.drop.clicked.connect(self.drop_wanted)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.summary)
        texts.addWidget(self.warning)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(texts, 1)
        for button in (self.drop, self.loosen, self.apply):
            row.addWidget(button)
        self.body.addLayout(row)
        self.title.hide()

    def show_draft(self, draft: Draft) -> None:
        """Say what stands in `draft`, and offer what can be done with it."""
        self._draft = draft
        live = [words.name_text(s.name) for s in draft.live]
        later = [words.name_text(s.name) for s in draft.later]
        looser = [words.name_text(path.rpartition(".")[2]) for path in draft.looser]
        wrong = [words.name_text(path.rpartition(".")[2]) for path in draft.problems]
        text = draft.trouble or words.summary_text(live, later, wrong)
        if self._silent and not draft.wishes:
            text = words.UNKNOWN
        self.summary.show_text(text)
        self.warning.show_text(words.loosening_text(looser) if looser else "")
        self.warning.show_level("warning" if looser else "")
        self.warning.setVisible(bool(looser))
        self.apply.setVisible(not looser)
        self.loosen.setVisible(bool(looser))
        self.apply.setEnabled(draft.right and bool(live))
        self.loosen.setEnabled(draft.right)
        self.drop.setEnabled(bool(draft.wishes or draft.problems))

    def show_silence(self, silent: bool) -> None:
        """Control is silent, or not."""
        if silent is not self._silent and self._draft is not None:
            self._silent = silent
            self.show_draft(self._draft)

    def begin(self) -> None:
        """The key: apply; what loosens limits only comes into reach of Enter."""
        if self.loosen.isVisible():
            self.loosen.setFocus()
        elif self.apply.isEnabled():
            self.apply_wanted.emit(False)

    @Slot()
    def _confirmed(self) -> None:
        self.apply_wanted.emit(True)
