"""The page for demonstrations: the pictures large, and beside them the course of collecting.

It drives `plan` by the views that come in, and asks control for what the plan wants. While no view
comes, nothing counts down and nothing begins.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.demonstrate import plan as course
from gui.demonstrate.memory import (
    Remembered,
    memory_file,
    recall,
    remember,
    with_countdown,
    with_operator,
    with_target,
)
from gui.demonstrate.panel import DemonstratePanel
from gui.demonstrate.pictures import Pictures
from gui.demonstrate.plan import Act, Phase, Plan, Turn, Wanted
from gui.demonstrate.prompt import prompt
from gui.demonstrate.records import RecordsReader
from gui.demonstrate.seen import Seen, seen_in
from gui.demonstrate.shown import statistics
from gui.demonstrate.tally import (
    Demonstration,
    Recorded,
    counted,
    newest_kept,
    with_live,
)
from gui.pages import PageContext, PageWidget
from gui.texts import demonstrate as words
from gui.view import Level, View
from teleop.errors import SetupError
from teleop.order_messages import Order, OrderKind
from teleop.rulings import ONCE_TEXT

PICTURES, BESIDE = 62, 38  # shares of the width
BEGIN = Order(OrderKind.START, text=ONCE_TEXT)
BREAKING_OFF = (OrderKind.HOLD, OrderKind.STOP, Intent.CLOSE)


class DemonstratePage(PageWidget):
    """Camera wall on the left, panel on the right."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self.setAccessibleName(words.PAGE)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._seen = Seen(trouble=words.NO_CONTROL)
        self._now_ns = 0
        self._saves = -1
        self._file = memory_file()
        self._memory = recall(self._file)
        self._operator = context.config.operator
        self._offered = False  # the remembered name, to a control that knows none
        self._recorded: Recorded | None = None
        self._all: tuple[Demonstration, ...] = ()
        self.plan = Plan()
        self.pictures = Pictures(context, self)
        self.panel = DemonstratePanel(context.commands, context.look, self)
        fields = self.panel.fields
        fields.named.connect(self._name)
        fields.target_wanted.connect(self._want)
        fields.countdown_wanted.connect(self._count_from)
        box = QHBoxLayout(self)
        box.setContentsMargins(theme.GAP, 4, theme.GAP, 4)
        box.setSpacing(theme.GAP)
        box.addWidget(self.pictures, PICTURES)
        box.addWidget(self.panel, BESIDE)
        self.records = RecordsReader(context.folder, context.library.read_held, self)
        self.records.found.connect(self._take_recorded)
        self.records.failed.connect(self._not_taken_back)
        self.records.start()

    @property
    def intents(self) -> Mapping[Intent, Callable[[], object]]:
        return {
            Intent.PAUSE_DEMONSTRATIONS: lambda: self._turn(course.pause(self.plan, self._seen)),
            Intent.REDO_DEMONSTRATION: self._redo,
        }

    @property
    def told_over(self) -> QWidget:
        """The pictures, so that no notice covers what to do now."""
        return self.pictures.wall

    @property
    def wanted(self) -> Wanted:
        """What is set for the present instruction, and how many there are of it."""
        instruction = self._seen.instruction or self.context.config.instruction
        return Wanted(
            target=self._memory.target_of(instruction),
            countdown_s=self._memory.countdown_s,
            counted=counted(self._all, instruction),
        )

    def answers(self, does: OrderKind | Intent) -> bool:
        """Enter begins while there is nothing to end; the camera keys are for these pictures."""
        running = self.plan.phase is Phase.RUNNING
        if does in BREAKING_OFF:
            self.plan = course.break_off(self.plan)
            return False
        if self.pictures.arranges(does):
            return True
        if does is Intent.DEMONSTRATE and running:
            self._act(Act.BEGIN)
            return True
        if does is Intent.DEMONSTRATE or (does is OrderKind.SUCCESS and not running):
            self._begin()
            return True
        return False

    def show_view(self, view: View) -> None:
        self._now_ns = view.made_ns
        self._seen = seen_in(view, len(self.context.cameras))
        if view.episode.saves != self._saves:
            self._saves = view.episode.saves
            self.records.look()
        self._follow_operator(view.operator)
        self.pictures.wall.grow_old(view.made_ns)
        self.pictures.forces.show_arms(view.arms)
        self._turn(course.advance(self.plan, self._seen, self.wanted, self._operator, self._now_ns))

    def show_picture(
        self, camera: str, pixels: NDArray[np.uint8], stamp_ns: int, now_ns: int
    ) -> None:
        self.pictures.wall.tiles[camera].show_frame(pixels, stamp_ns, now_ns)

    def opened(self) -> None:
        self.records.look()
        self._show()

    def left(self) -> None:
        """Nothing begins while nobody looks here."""
        self.plan = course.break_off(self.plan)
        self.pictures.overlay.show_seconds(0)

    def close_page(self) -> None:
        self.records.close()

    def _turn(self, turn: Turn) -> None:
        self.plan = turn.plan
        for act in turn.acts:
            self._act(act)
        self._show()

    def _act(self, act: Act) -> None:
        match act:
            case Act.BEGIN:
                self.context.ask(BEGIN)
            case Act.HOLD:
                self.context.ask(Order(OrderKind.HOLD))
            case Act.DISCARD:
                self.context.ask(Order(OrderKind.DISCARD))
            case Act.TAKE_BACK:
                self.records.take_back(self.plan.taken_back)

    def _begin(self) -> None:
        """Count down, once what must be looked at before the first motion was."""
        turn = course.begin(self.plan, self._seen, self.wanted, self._now_ns)
        begins = turn.plan.phase is not self.plan.phase and turn.plan.phase is not Phase.READY
        if not begins or self.context.admits(BEGIN):
            self._turn(turn)

    def _redo(self) -> None:
        self._turn(course.redo(self.plan, newest_kept(self._all)))

    def _show(self) -> None:
        recorded = self._recorded or Recorded()
        made, back = self.plan.made, self.plan.taken_back
        self._all = with_live(recorded.session, recorded.episodes, made, back)
        wanted = self.wanted
        fields, memory = self.panel.fields, self._memory
        fields.target.show_value(wanted.target)
        fields.countdown.show_value(wanted.countdown_s)
        fields.operator.show_names(memory.operators)
        fields.operator.show_name(self._operator)
        self.pictures.overlay.show_seconds(self.plan.seconds_left(self._now_ns))
        can_redo = self.plan.phase is Phase.RUNNING or newest_kept(self._all) >= 0
        told = prompt(self.plan, self._seen, wanted, self._now_ns)
        self.panel.show_course(self.plan, wanted, told, can_redo=can_redo)
        self.panel.show_statistics(*statistics(self._recorded, made, back))

    def _follow_operator(self, reported: str | None) -> None:
        """What control reports counts; the name from last time is offered to it once."""
        if reported is None:
            return
        if not reported and self._memory.operator and not self._offered:
            self.context.ask(Order(OrderKind.OPERATOR, text=self._memory.operator))
        self._offered = True
        self._operator = reported

    @Slot(str)
    def _name(self, name: str) -> None:
        self.context.ask(Order(OrderKind.OPERATOR, text=name))
        self._keep(with_operator(self._memory, name))

    @Slot(int)
    def _want(self, target: int) -> None:
        instruction = self._seen.instruction or self.context.config.instruction
        self._keep(with_target(self._memory, instruction, target))

    @Slot(int)
    def _count_from(self, seconds: int) -> None:
        self._keep(with_countdown(self._memory, seconds))

    def _keep(self, memory: Remembered) -> None:
        self._memory = memory
        try:
            remember(self._file, memory)
        except SetupError as error:
            self.context.say(str(error), Level.WARNING)
        self._show()

    @Slot(object)
    def _take_recorded(self, recorded: Recorded) -> None:
        self._recorded = recorded
        self._show()

    @Slot(int, str)
    def _not_taken_back(self, episode: int, why: str) -> None:
        self.plan = replace(self.plan, taken_back=-1, said="")
        self.context.say(words.kept_after_all(episode, why), Level.WARNING)
        self._show()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self.context.look.window))
