"""Everything an operator can do, once: the table that makes buttons, menu, shortcuts and help.

Motion keys are not here: they are held, not pressed (`gui.motion_keys`).
"""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

from gui.action_rows.driving import ARMS, SAFETY
from gui.action_rows.episodes import DEMONSTRATE, EPISODE
from gui.action_rows.learning import LEARNING
from gui.action_rows.review import REVIEW
from gui.action_rows.settings import SETTINGS, SETUP, SOUND
from gui.action_rows.view import PAGES, VIEW
from gui.action_spec import ActionSpec, Group, Intent
from teleop.order_messages import OrderKind

ACTIONS = (
    *SAFETY,
    *ARMS,
    *EPISODE,
    *PAGES,
    *DEMONSTRATE,
    *LEARNING,
    *REVIEW,
    *VIEW,
    *SETUP,
    *SETTINGS,
    *SOUND,
)

_CHOSEN: dict[OrderKind | Intent, tuple[str, ...]] = {}  # keys other than the table's


def spec_of(does: OrderKind | Intent) -> ActionSpec:
    """Return the row for `does`, with its present keys."""
    return with_present_keys(next(spec for spec in ACTIONS if spec.does == does))


def with_present_keys(spec: ActionSpec) -> ActionSpec:
    """Return `spec` with the keys that the operator has chosen, if there are any."""
    chosen = _CHOSEN.get(spec.does)
    return spec if chosen is None else replace(spec, keys=chosen)


def shortcuts(spec: ActionSpec) -> list[QKeySequence]:
    """Return the key sequences of `spec`.

    Plain keys work with Shift too: Shift means fast while a motion key is held, and HOLD must not
    fail because of it.
    """
    if spec.held:
        return []
    if spec.only_shown:
        return [QKeySequence(key) for key in spec.keys]
    keys = [key for key in spec.keys if "+" not in key]
    if spec.does is Intent.CHOOSE_ARM:
        return [QKeySequence(name) for name in (*keys, "Shift+Backtab", "Backtab")]
    if keys[:1] and keys[0].isdigit():
        return [QKeySequence(key) for key in keys]
    return [QKeySequence(key) for key in (*spec.keys, *(f"Shift+{key}" for key in keys))]


class Actions(QObject):
    """The table as Qt actions, which the buttons, the menu and the shortcuts share.

    Signals:
        triggered: the row's `does`.
        keys_changed: the `gui.key_table.KeyTable` that is in force now.
    """

    triggered = Signal(object)
    keys_changed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._actions: dict[OrderKind | Intent, QAction] = {}
        for spec in ACTIONS:
            action = QAction(spec.text, self)
            action.setData(spec)
            action.setShortcuts(shortcuts(spec))
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
            action.setAutoRepeat(spec.repeats)
            action.setEnabled(not spec.only_shown)
            action.setStatusTip(spec.hint)
            action.triggered.connect(self._passed_on)
            self._actions[spec.does] = action

    def __getitem__(self, does: OrderKind | Intent) -> QAction:
        return self._actions[does]

    def all(self) -> tuple[QAction, ...]:
        """Return every action in the table's order."""
        return tuple(self._actions.values())

    def show_group(self, shown: Group | None) -> None:
        """Enable the rows of that heading which are done only while its page is shown."""
        for action in self._actions.values():
            spec: ActionSpec = action.data()
            if spec.only_shown:
                action.setEnabled(spec.group is shown)

    def rebind(self, chosen: Mapping[OrderKind | Intent, tuple[str, ...]]) -> None:
        """Let rows have other keys than the table's from now on, wherever they are printed."""
        _CHOSEN.clear()
        _CHOSEN.update(chosen)
        for spec in ACTIONS:
            present, action = with_present_keys(spec), self._actions[spec.does]
            if action.data() != present:
                action.setData(present)
                action.setShortcuts(shortcuts(present))

    def _passed_on(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.triggered.emit(action.data().does)
