"""Which session is looked at: the window's own, one beside it, or one whose folder is typed."""

from pathlib import Path

from PySide6.QtCore import QDir, QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFileSystemModel,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.action_spec import ActionSpec
from gui.review.reading_messages import SessionRow, Sessions
from gui.texts import review as texts
from gui.widgets.own_keys import OwnKeys, keeps
from gui.widgets.panel import TextLabel


class PathField(QLineEdit):
    """A folder's path, with what lies there offered to choose from."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.PATH)
        self.setPlaceholderText(texts.PATH)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._folders: QFileSystemModel | None = None

    def begin(self, path: str) -> None:
        """Let the operator type, from the folder that is looked at now."""
        if self._folders is None:
            self._folders = QFileSystemModel(self)
            self._folders.setFilter(QDir.Filter.AllDirs | QDir.Filter.NoDotAndDotDot)
            self._folders.setOption(QFileSystemModel.Option.DontWatchForChanges)
            self._folders.setRootPath("/")
            offered = QListView(self)
            offered.installEventFilter(OwnKeys(offered))
            completer = QCompleter(self._folders, self)
            completer.setPopup(offered)
            self.setCompleter(completer)
        self.setText(path)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        return keeps(event) or super().event(event)


class SessionChoice(QWidget):
    """A list of sessions, and below it, when it is asked for, a folder to type.

    Signals:
        chosen: the folder of a session.
        typed: a folder, whatever lies there.
    """

    chosen = Signal(str)
    typed = Signal(str)

    def __init__(self, own: str, spec: ActionSpec, parent: QWidget) -> None:
        super().__init__(parent)
        self._own = own
        self._rows: tuple[SessionRow, ...] = ()
        self.session = own
        self.box = QComboBox(self)
        self.box.setAccessibleName(texts.SESSION)
        self.box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(8)
        self.box.view().installEventFilter(OwnKeys(self.box))
        self.box.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.box.activated.connect(self._choose)
        self.button = QPushButton(f"{texts.OPEN}  {spec.key}", self)
        self.button.setAccessibleDescription(texts.OPEN_HINT)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.toggle_path)
        self.path = PathField(self)
        self.path.returnPressed.connect(self._type)
        self.path.hide()
        self.trouble = TextLabel("small")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.box, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.path)
        column.addWidget(self.trouble)
        self._show_box()

    def toggle_path(self) -> None:
        """Let the operator type a folder, or not."""
        if self.path.isVisibleTo(self):
            self.path.hide()
            self.show_trouble("")
        else:
            self.path.show()
            self.path.begin(str(Path(self.session).parent) + "/")

    def show_sessions(self, sessions: Sessions) -> None:
        """Show what lies in a folder; why there is nothing to be had there."""
        self.show_trouble(sessions.trouble)
        if not sessions.trouble:
            self._rows = sessions.rows
            self._show_box()

    def show_session(self, session: str) -> None:
        """Show that this session is looked at."""
        self.session = session
        self._show_box()

    def show_trouble(self, text: str) -> None:
        """Say why a folder cannot be opened."""
        self.trouble.show_text(text)
        self.trouble.setVisible(bool(text))

    def _show_box(self) -> None:
        """The own session first, then the one that is looked at, then the rest by their age."""
        known = {row.path: row for row in self._rows}
        paths = dict.fromkeys((self._own, self.session, *known))
        self.box.clear()
        for path in paths:
            row, own, hint = known.get(path), path == self._own, path
            text = texts.SESSION_OWN if own else Path(path).name
            if row is not None:
                text = texts.session_text(row.name, row.episodes, own=own)
                hint = texts.session_sentence(path, row.changed_epoch_ns)
            self.box.addItem(text, path)
            self.box.setItemData(self.box.count() - 1, hint, Qt.ItemDataRole.ToolTipRole)
        self.box.setCurrentIndex(self.box.findData(self.session))

    def _choose(self, place: int) -> None:
        self.chosen.emit(self.box.itemData(place))

    def _type(self) -> None:
        text = self.path.text().strip()
        if text:
            self.typed.emit(str(Path(text).expanduser().absolute()))
