"""Holds the first start of a session back until the list was seen, and says what was forced."""

import logging
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from gui.action_spec import Intent
from gui.preflight import blocking, preflight
from gui.preflight_gate import Gate, Ruling, ruled, seen
from gui.preflight_line import CheckLine, Plan
from gui.sound.speaker import Speaker
from gui.texts import preflight as texts
from gui.view import Level, View
from gui.widgets.preflight import PreflightPanel
from teleop.config import SessionConfig
from teleop.order_messages import Order, OrderKind

LOG = logging.getLogger("nudge.gui")
SLOW_EVERY = 3  # views between two looks at everything: 10 a second


class PreflightDesk(QObject):
    """Between what the operator wants and the order desk, for starts alone.

    Args:
        panel: shows the list.
        speaker: knows whether it is heard.
        config: of the session.
        say: shows a sentence to the operator.
        ask: sends an order; asked again for one that is forced.
    """

    def __init__(
        self,
        panel: PreflightPanel,
        speaker: Speaker,
        config: SessionConfig,
        say: Callable[[str, Level], None],
        ask: Callable[[Order], None],
    ) -> None:
        super().__init__(panel)
        self.panel = panel
        self.gate = Gate(passed=config.device == "scripted")
        self._speaker = speaker
        self._config = config
        self._say = say
        self._ask = ask
        self._view = View(0)
        self._views = 0
        panel.anyway.held.connect(self._force)
        speaker.changed.connect(self._refresh)

    @property
    def intents(self) -> dict[Intent, Callable[[], object]]:
        """Rows of the table of actions that are done here."""
        return {Intent.PREFLIGHT: self.toggle, Intent.START_ANYWAY: self.panel.begin_override}

    @property
    def lines(self) -> tuple[CheckLine, ...]:
        """How everything stands now."""
        plan = Plan(
            policy=self._wanted is OrderKind.START,
            learns=self._config.has_policy,
            scripted=self._config.device == "scripted",
            centre=self._config.takeover.leave,
            audible=self._speaker.audible,
            sound_trouble=self._speaker.trouble,
        )
        return preflight(self._view, plan)

    @property
    def _wanted(self) -> OrderKind | Intent:
        wanted = self.gate.wanted
        return Intent.DEMONSTRATE if wanted is not None and wanted.text else OrderKind.START

    def follow(self, view: View) -> None:
        """Take the newest view; look at it where the list is shown."""
        self._view = view
        self._views += 1
        self.gate = seen(self.gate, view)
        if self.panel.isVisible() and self._views % SLOW_EVERY == 0:
            self._refresh()

    def admits(self, order: Order) -> bool:
        """Whether `order` goes out now; otherwise the list says why not."""
        shown = self.panel.isVisible()
        if order.kind is not OrderKind.START or self.gate.passed:
            if shown and order.kind is OrderKind.START:
                self.panel.hide()
            return True
        self.gate = replace(self.gate, wanted=order)
        blocks = len(blocking(self.lines))
        self.gate, ruling = ruled(self.gate, order, shown=shown, blocks=blocks)
        if ruling is Ruling.GO:
            self.panel.hide()
            return True
        if ruling is Ruling.REFUSE:
            self._say(texts.held_back(blocks), Level.WARNING)
        self.open()
        return False

    def open(self) -> None:
        """Show the list."""
        self._refresh(always=True)
        self.panel.show()
        self.panel.raise_()

    def toggle(self) -> None:
        """Show the list, or hide it."""
        if self.panel.isVisible():
            self.panel.hide()
        else:
            self.open()

    @Slot()
    def _force(self) -> None:
        """Start in spite of what blocks: deliberate, and noted."""
        order = self.gate.wanted or Order(OrderKind.START)
        blocked = tuple(f"{line.item.value}: {line.value}" for line in blocking(self.lines))
        note = texts.started_anyway(order.kind, blocked)
        LOG.warning("%s", note)
        self.gate = Gate(passed=True)
        self.panel.hide()
        self._ask(order)
        self._say(note, Level.WARNING)

    @Slot()
    def _refresh(self, *, always: bool = False) -> None:
        if always or self.panel.isVisible():
            self.panel.show_lines(self.lines, self._wanted, self._speaker.audible)
