"""Coaching: once in the main view until it is put away, and all of it in a list."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui import theme
from gui.learner_view import CoachLine, episode_text
from gui.texts import learning as texts
from gui.widgets.answered_bar import AnsweredBar
from gui.widgets.panel import Panel, TextLabel
from teleop.learner_messages import CoachNote


def note_head(line: CoachLine) -> str:
    """Return what a note is about, and which episode."""
    where = f" · {episode_text(line.note.episode)}" if line.note.episode else ""
    return f"☞ {texts.COACHING_HEADS[line.note.kind]}{where}"


class CoachBar(AnsweredBar):
    """The oldest note that was not put away."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        style = (
            f"QFrame#coach {{ background: {look.raised}; border: 1px solid {look.line};"
            f" border-left: 8px solid {look.text}; border-radius: 5px; }}"
        )
        super().__init__("coach", texts.NOTE_NAME, style, look, parent)
        self._shown: tuple[CoachLine, ...] = ()
        self.head = TextLabel("title", name=texts.COACHING)
        self.text.setFont(theme.font(15))
        self.words.insertWidget(0, self.head)

    @property
    def note(self) -> CoachNote | None:
        """The one that is shown."""
        return self._shown[0].note if len(self._shown) > 0 else None

    def show_notes(self, unseen: tuple[CoachLine, ...], *, waits: bool = False) -> None:
        """Show the first of `unseen`, the oldest; not while it `waits`."""
        self.setVisible(bool(unseen) and not waits)
        if unseen == self._shown:
            return
        self._shown = unseen
        for line in unseen[:1]:
            more = f" · {len(unseen) - 1} more" if len(unseen) > 1 else ""
            self.head.show_text(f"{note_head(line)}{more}")
            self.text.show_text(line.note.sentence)


class CoachList(Panel):
    """All notes, the newest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(texts.COACHING, parent)
        self._shown: tuple[CoachLine, ...] = ()
        self.empty = TextLabel("dim", texts.NOTHING_TO_SAY)
        self.empty.setWordWrap(True)
        self.text = TextLabel("coach", name=texts.NOTES_NAME)
        self.text.setFont(theme.font(theme.SMALL))
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.area = QScrollArea(self)
        self.area.setWidget(self.text)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self.empty, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.area, 1)
        self.area.hide()

    def show_notes(self, coaching: tuple[CoachLine, ...], *, kept: bool = True) -> None:
        """Show `coaching`, the newest first; `kept`: whether the files tell of before."""
        self.empty.show_text(texts.NOTHING_TO_SAY if kept else texts.NO_NOTES)
        if coaching == self._shown:
            return
        self._shown = coaching
        self.text.show_text(
            "\n\n".join(f"{note_head(line)}\n{line.note.sentence}" for line in coaching)
        )
        self.empty.setVisible(not coaching)
        self.area.setVisible(bool(coaching))
