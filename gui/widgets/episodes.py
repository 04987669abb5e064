"""The episode bar: which episode, for how long, what for, how the last one ended; and the buttons.

The buttons stand at the same place in every state: an operator's hand learns where they are.
"""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget
from superqt import QToggleSwitch

from gui import theme
from gui.action_spec import Intent
from gui.actions import Actions, spec_of
from gui.texts import episodes as words
from gui.view import EpisodeMark, Lead, View
from gui.widgets.buttons import HoldButton, KeyButton
from gui.widgets.own_keys import keeps
from gui.widgets.panel import Panel, TextLabel
from gui.widgets.recent_list import RecentList, with_newest
from teleop.messages import Arm, Outcome, SessionMode
from teleop.order_messages import OrderKind

BUTTONS = (
    OrderKind.START,
    OrderKind.HOLD,
    Intent.CHOOSE_ARM,
    OrderKind.TAKE,
    OrderKind.GIVE,
    OrderKind.SUCCESS,
    OrderKind.FAIL,
    OrderKind.DISCARD,
    OrderKind.RESET,
)
OUTCOMES = {
    Outcome.SUCCESS: words.SUCCESS,
    Outcome.FAIL: words.FAIL,
    Outcome.DISCARDED: words.DISCARDED,
    Outcome.UNLABELLED: words.UNLABELLED,
}
MODES = {
    None: words.NO_DATA,
    SessionMode.IDLE: "idle",
    SessionMode.ROLLOUT: "rollout",
    SessionMode.TELEOP: "demonstration",
    SessionMode.STOPPED: "stopped",
}


class InstructionEdit(QLineEdit):
    """The instruction; while it is edited, only STOP and rollback remain shortcuts.

    Signals:
        changed_to: the instruction to send.
    """

    changed_to = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._reported = ""
        self._recent: tuple[str, ...] = ()
        self.recent = RecentList(self)
        self.recent.picked.connect(self._pick)
        self.setAccessibleDescription(words.EDITING)
        self.setMaxLength(200)
        self.setAccessibleName(words.INSTRUCTION)
        self.setPlaceholderText(words.NO_INSTRUCTION)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.returnPressed.connect(self._send)

    def show_instruction(self, text: str) -> None:
        """Show the instruction that is in force, unless another is being typed."""
        if text != self._reported:
            self._recent = with_newest(self._recent, text)
        self._reported = text
        if not self.hasFocus() and text != self.text():
            self.setText(text)
            self.setCursorPosition(0)

    def begin(self) -> None:
        """Let the operator type."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        return keeps(event) or super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.recent.open_over(self, self._recent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            text = self.recent.step(steps[Qt.Key(event.key())])
            if text:
                self.setText(text)
        else:
            super().keyPressEvent(event)

    def _pick(self, text: str) -> None:
        self.setText(text)
        self._send()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.recent.hide()
        self.setText(self._reported)

    def _send(self) -> None:
        text = self.text().strip()
        if text and text != self._reported:
            self.changed_to.emit(text)
        self.clearFocus()


class EpisodeBar(Panel):
    """Line and buttons.

    Signals:
        instruction_changed: text to send.
        scripted_changed: whether the scripted operator shall work.
        stop_released: the release was held long enough.
    """

    instruction_changed = Signal(str)
    scripted_changed = Signal(bool)
    stop_released = Signal()

    def __init__(self, actions: Actions, look: theme.Theme, parent: QWidget) -> None:
        super().__init__("", parent)
        self.setAccessibleName(words.EPISODE)
        self.title.hide()
        self.number = TextLabel("value", words.NO_EPISODE, name=words.EPISODE)
        self.timer = TextLabel("value", "0:00", name=words.TIME_IN_THE_EPISODE)
        self.timer.setMinimumWidth(58)
        self.mode = TextLabel("dim", MODES[None], name=words.SESSION_MODE)
        self.mode.setMinimumWidth(96)
        self.last = TextLabel("text", "", name=words.LAST_EPISODE)
        self.instruction = InstructionEdit(self)
        self.instruction.changed_to.connect(self.instruction_changed)
        self.scripted = QToggleSwitch(words.SCRIPTED_SWITCH, self)
        self.scripted.setAccessibleName(words.SCRIPTED_OPERATOR)
        self.scripted.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.scripted.clicked.connect(self.scripted_changed)
        line = QHBoxLayout()
        line.setSpacing(14)
        for widget in (self.number, self.timer, self.mode):
            line.addWidget(widget)
        line.addWidget(self.instruction, 1)
        for widget in (self.last, self.scripted):
            line.addWidget(widget)
        self.body.addLayout(line)
        self._add_buttons(actions, look)

    def _add_buttons(self, actions: Actions, look: theme.Theme) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        self.buttons: dict[OrderKind | Intent, KeyButton] = {}
        for does in BUTTONS:
            button = KeyButton(actions[does], look, self)
            self.buttons[does] = button
            row.addWidget(button, 1)
        self.release = HoldButton(actions[Intent.RELEASE_STOP], look, self)
        self.release.setText(words.RELEASE)
        self.release.setEnabled(False)
        self.release.held.connect(self.stop_released)
        stop = KeyButton(actions[OrderKind.STOP], look, self, fill=look.stop, ink=look.stop_text)
        self.buttons[OrderKind.STOP] = stop
        row.addWidget(self.release, 1)
        row.addWidget(stop, 2)
        self.body.addLayout(row)

    def show_episode(self, view: View, chosen: Arm) -> None:
        """Show the episode of `view`; the arm buttons concern `chosen`."""
        episode = view.episode
        no_data = view.arms[0].lead is Lead.NO_DATA
        self.number.show_text(words.episode(episode.number if episode.number >= 0 else "—"))
        minutes, seconds = divmod(int(episode.elapsed_s), 60)
        self.timer.show_text(f"{minutes}:{seconds:02d}")
        self.mode.show_text(MODES[None if no_data else episode.session_mode])
        self.last.show_text(last_text(episode.last))
        self.instruction.show_instruction(episode.instruction)
        self.release.setEnabled(episode.session_mode is SessionMode.STOPPED and not no_data)
        arm = chosen.name.title()
        self.buttons[Intent.CHOOSE_ARM].setText(words.arm(arm))
        for does in (OrderKind.TAKE, OrderKind.GIVE):
            self.buttons[does].setText(f"{spec_of(does).text.split()[0]} {arm.lower()}")

    def show_scripted(self, on: bool) -> None:
        """Show whether the scripted operator works."""
        if self.scripted.isChecked() != on:
            self.scripted.setChecked(on)


def last_text(mark: EpisodeMark | None) -> str:
    """Return how the last episode ended."""
    if mark is None:
        return ""
    because = f", {mark.reason}" if mark.reason else ""
    return words.last(OUTCOMES[mark.outcome], because)
