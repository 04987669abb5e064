"""The rows of one part, or those that a search has found, one under the other."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from gui import theme
from gui.setup.draft import Draft
from gui.setup.row import SettingRow
from gui.setup.sections import Part, order_of_rows, settings_in
from gui.texts import setup as words
from gui.widgets.panel import TextLabel
from teleop.settings_fields import Setting, table


class SettingsForm(QScrollArea):
    """Rows are made when they are first shown, and kept.

    Args:
        known: names that there are, by the path of the setting that takes them.
        above: by part, what stands above its rows.

    Signals:
        edited: the path of a row.
        reset_wanted: the same.
    """

    edited = Signal(str)
    reset_wanted = Signal(str)

    def __init__(
        self,
        known: Mapping[str, tuple[str, ...]],
        above: Mapping[Part, Callable[[QWidget], QWidget]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._known = known
        self._above = above
        self._extras: dict[Part, QWidget] = {}
        self._draft: Draft | None = None
        self.rows: dict[str, SettingRow] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget(self)
        self._inside.setObjectName("form")
        self._box = QVBoxLayout(self._inside)
        self._box.setContentsMargins(0, 0, theme.GAP, 0)
        self._box.setSpacing(4)
        self._nothing = TextLabel("dim", words.FOUND_NOTHING)
        self._box.addWidget(self._nothing)
        self._box.addStretch(1)
        self.setWidget(self._inside)

    def show_part(self, part: Part, draft: Draft) -> None:
        """Show everything of `part`."""
        if part in self._above and part not in self._extras:
            self._extras[part] = self._above[part](self._inside)
            self._box.insertWidget(0, self._extras[part])
        rows = settings_in(part)
        self._show(rows, draft)
        alone = not rows  # what stands above them has all the room
        for place in range(self._box.count()):
            self._box.setStretch(place, 0)
        for other, extra in self._extras.items():
            self._box.setStretch(self._box.indexOf(extra), int(alone and other is part))
        self._box.setStretch(self._box.count() - 1, int(not alone))
        for other, extra in self._extras.items():
            extra.setVisible(other is part)
        self._nothing.hide()
        self.verticalScrollBar().setValue(0)

    def show_found(self, text: str, draft: Draft) -> int:
        """Show the rows whose words hold all of `text`; return how many there are."""
        sought = tuple(text.lower().split())
        found = [s for s in table() if self._row(s).holds(sought)]
        for extra in self._extras.values():
            extra.hide()
        self._show(found, draft)
        self._nothing.setVisible(not found)
        self.verticalScrollBar().setValue(0)
        return len(found)

    def show_draft(self, draft: Draft) -> None:
        """Show what stands in `draft` in the rows in sight."""
        self._draft = draft
        for row in self.rows.values():
            if not row.isHidden():
                row.show_draft(draft)

    @property
    def shown(self) -> tuple[Setting, ...]:
        """The settings in sight."""
        return tuple(row.setting for row in self.rows.values() if not row.isHidden())

    def extra(self, part: Part) -> QWidget | None:
        """What stands above the rows of `part`, if it was opened yet."""
        return self._extras.get(part)

    def _show(self, settings: Sequence[Setting], draft: Draft) -> None:
        wanted = {setting.path for setting in settings}
        for setting in settings:
            self._row(setting)
        for path, row in self.rows.items():
            row.setVisible(path in wanted)
        self.show_draft(draft)

    def _row(self, setting: Setting) -> SettingRow:
        if setting.path not in self.rows:
            row = SettingRow(setting, self._known.get(setting.path, ()), self._inside)
            row.edited.connect(self.edited)
            row.reset_wanted.connect(self.reset_wanted)
            self.rows[setting.path] = row
            self._box.insertWidget(self._place_of(setting), row)
            row.hide()
        return self.rows[setting.path]

    def _place_of(self, setting: Setting) -> int:
        """Where its row belongs, so that rows stand in the order of their parts."""
        order = order_of_rows()
        mine = order[setting.path]
        before = sum(order[path] < mine for path in self.rows)
        return before + len(self._extras)
