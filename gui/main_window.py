"""The operator's window: puts its parts together, and does what the table of actions says.

It decides nothing about the robot. What it shows comes from the bridge; what it wants goes through
the order desk and, for keys that are held, the key sender.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent

from gui import theme
from gui.action_spec import Intent
from gui.actions import Actions, spec_of
from gui.appearance import SMALLEST, Wish, judged
from gui.asking import Asking
from gui.bridge import Bridge
from gui.console import Acknowledged, NotesRead
from gui.history import HistoryReader
from gui.key_binding import use_keys
from gui.key_table import read_keys
from gui.key_window import KeyWindow
from gui.learning import Learning
from gui.order_desk import control_desk
from gui.pages import Page, PageContext
from gui.pedal_keys import keys_file
from gui.preflight_desk import PreflightDesk
from gui.review.library import Library
from gui.screen import Screen
from gui.showing import Showing
from gui.sound.speaker import Speaker
from gui.texts import shell as words
from gui.view import Level
from gui.widgets.authority_slider import STEP
from gui.widgets.devices.dialog import DevicesDialog
from gui.window_memory import WindowMemory
from teleop.config import SessionConfig
from teleop.messages import Arm
from teleop.order_messages import Order, OrderKind
from teleop.rulings import TELEOP_TEXT
from teleop.session_folder import SessionFolder


class MainWindow(KeyWindow):
    """One session's window.

    Args:
        folder: the session.
        config: its settings; of a session that has none yet, the ordinary ones.
        cameras: names, the first is shown large.
        look: colours.
        watch_only: send no keys, as for a screenshot beside the operator's own window.
        memory: look, scale, place and cameras of the window that was before.

    Signals:
        closed: its threads have ended.
        anew: the window shall begin anew, with this `WindowMemory`.
    """

    closed = Signal()
    anew = Signal(object)

    def __init__(
        self,
        folder: SessionFolder,
        config: SessionConfig,
        cameras: Sequence[str],
        look: theme.Theme,
        *,
        watch_only: bool = False,
        memory: WindowMemory | None = None,
    ) -> None:
        super().__init__(folder, watch_only)
        self._memory = memory or WindowMemory()
        self.bridge = Bridge(folder, cameras, config, self)
        self.desk = control_desk(folder, self)
        self.library = Library(self)
        self.history = HistoryReader(folder, self.library.read_held, self)
        self.learning = Learning(folder, self)
        self.commands = Actions(self)
        self.commands.keys_changed.connect(self.keys.use_keys)
        chosen = read_keys(keys_file())
        use_keys(self.commands, chosen.table, self.keys.held.pedals)
        context = PageContext(
            folder=folder,
            config=config,
            cameras=tuple(cameras),
            look=look,
            commands=self.commands,
            ask=self._ask,
            serve=self.learning.serve,
            say=self.say,
            go=self.open_page,
            library=self.library,
            admits=lambda order: self.preflight.admits(order),
        )
        self.screen_view = Screen(context, self)
        self.commands.keys_changed.connect(self.screen_view.key_map.show_keys)
        self.screen_view.key_map.show_keys(chosen.table)
        self.speaker = Speaker(self)
        self.preflight = PreflightDesk(
            self.screen_view.preflight, self.speaker, config, self.say, self._ask
        )
        self.devices = DevicesDialog(config, cameras, look, self)
        self.asking = Asking(
            self.desk,
            self.screen_view,
            self.devices,
            self.preflight,
            self.say,
            self.bridge.tell,
            self,
        )
        self.showing = Showing(
            self.bridge,
            self.screen_view,
            self.speaker,
            self.devices,
            config,
            (self.preflight.follow, lambda view: self.learning.know(view.learner)),
            self,
        )
        self.setCentralWidget(self.screen_view)
        self.setWindowTitle(words.nudge(folder.path.name))
        self.setMinimumSize(*SMALLEST)
        self.restoreGeometry(self._memory.geometry_bytes)
        self.screen_view.wall.restore(self._memory.cameras)
        self.addActions(list(self.commands.all()))
        self._intents = self._intent_table()
        self._connect()
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # not the first field: its keys would set it
        self.screen_view.episodes.show_scripted(config.device == "scripted")
        if not config.has_policy:  # once the window has its size
            QTimer.singleShot(0, self, self._open_demonstrations)
        self.showing.start()
        threads = (self.bridge, self.desk, self.learning.desk, self.library, self.history)
        for thread in threads:
            thread.start()
        self._tell_of_keys(watch_only, chosen.trouble)

    def _tell_of_keys(self, watch_only: bool, trouble: str) -> None:
        if not (watch_only or self.keys.has_keys):
            self.setWindowTitle(words.watching(self.windowTitle()))
            self.say(words.ANOTHER_WINDOW_OF_THIS_SESSION, Level.WARNING)
        elif self.keys.trouble:
            self.say(self.keys.trouble, Level.WARNING)
        if trouble:
            self.say(trouble, Level.WARNING)

    def _intent_table(self) -> dict[Intent, Callable[[], object]]:
        screen = self.screen_view
        return {
            Intent.CHOOSE_ARM: self._choose_other_arm,
            Intent.EDIT_INSTRUCTION: screen.episodes.instruction.begin,
            Intent.DEMONSTRATE: partial(self._ask, Order(OrderKind.START, text=TELEOP_TEXT)),
            Intent.TOGGLE_SCRIPTED: screen.episodes.scripted.click,
            Intent.RELEASE_STOP: screen.episodes.release.press.begin,
            Intent.GRIPPER: self.keys.press_gripper,
            Intent.AUTHORITY_LESS: partial(self._step_authority, -STEP),
            Intent.AUTHORITY_MORE: partial(self._step_authority, STEP),
            Intent.OVERRIDE: partial(self._step_authority, 1.0),
            Intent.HELP_BUDGET: screen.takeover.budget.begin,
            Intent.ACKNOWLEDGE: self._acknowledge,
            **self.preflight.intents,
            **self.speaker.intents,
            **screen.pages.intents,
            **self.learning.intents,
            Intent.NOTICES: screen.toggle_notices,
            Intent.DEVICES: self.devices.toggle,
            Intent.TORQUE: screen.toggle_torque,
            Intent.KEY_MAP: screen.toggle_key_map,
            Intent.FULL_SCREEN: self._toggle_full_screen,
            Intent.NEXT_FOCUS: self.focusNextChild,
            Intent.CLOSE: self.close,
            **screen.wall.intents,
            Intent.LOOK: partial(self._begin_anew, Wish(other_look=True)),
            Intent.LARGER: partial(self._begin_anew, Wish(larger=1)),
            Intent.SMALLER: partial(self._begin_anew, Wish(larger=-1)),
        }

    def _connect(self) -> None:
        self.commands.triggered.connect(self.do)
        self.history.found.connect(self.bridge.tell, Qt.ConnectionType.DirectConnection)
        self.screen_view.notices.acknowledged.connect(self._acknowledge)
        self.screen_view.alarms.silenced.connect(self._acknowledge)
        self.speaker.said.connect(self._say_begun)
        self.screen_view.coach.answered.connect(self._read_note)
        self.learning.began.connect(self._say_begun)
        self.learning.ended.connect(self.say)

    @Slot(object)
    def do(self, does: OrderKind | Intent) -> None:
        """Do what a row of the table of actions says."""
        page = self.screen_view.pages.shown
        if page is not None and page.answers(does):
            return
        if isinstance(does, Intent):
            self._intents[does]()
            return
        if does is OrderKind.STOP:
            self.keys.press_stop()
        self._ask(Order(does, self.keys.arm if spec_of(does).per_arm else None))

    @Slot(str, object)
    def say(self, text: str, level: Level) -> None:
        """Show a sentence to the operator; what is wrong stays in the status line too."""
        self.screen_view.toast.say(text, level)
        if level in (Level.WARNING, Level.ERROR):
            self.bridge.note(text, level)

    def _open_demonstrations(self) -> None:
        if self.screen_view.pages.page is Page.OPERATE:  # no other page was asked for
            self.open_page(Page.DEMONSTRATE)

    def open_page(self, page: Page) -> None:
        """Show `page` over the operate view."""
        self.screen_view.pages.show(page)

    @Slot(str)
    def _say_begun(self, text: str) -> None:
        self.screen_view.toast.say(text, Level.UNKNOWN)

    def _ask(self, order: Order) -> None:
        self.asking.ask(order)

    @Slot()
    def _acknowledge(self) -> None:
        self.speaker.acknowledge()
        self.bridge.tell(Acknowledged())

    @Slot()
    def _read_note(self) -> None:
        self.bridge.tell(NotesRead(self.screen_view.coach.note))

    def _step_authority(self, by: float) -> None:
        self.screen_view.takeover.strips[self.keys.arm].slider.step(by)

    def _choose_other_arm(self) -> None:
        other = Arm.RIGHT if self.keys.arm is Arm.LEFT else Arm.LEFT
        self.keys.choose(other)
        self.screen_view.choose(other)

    @property
    def memory(self) -> WindowMemory:
        """The window as it is now, to be remembered."""
        return self._memory.at(bytes(self.saveGeometry().data()), self.screen_view.wall.places)

    def _begin_anew(self, wish: Wish) -> None:
        ratio = self._memory.scale or 1.0
        room = self.screen().size()
        arms = self.showing.newest.arms if self.showing.newest else ()
        verdict = judged(wish, self.memory, arms, (room.width() * ratio, room.height() * ratio))
        if verdict.memory is None:
            self.say(verdict.refusal, Level.WARNING)
        else:
            self.anew.emit(verdict.memory)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def begin_held(self, event: QKeyEvent) -> None:
        """With Ctrl the key starts in spite of the list; alone it releases a stop."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.screen_view.preflight.begin_override()
        else:
            self.screen_view.episodes.release.press.begin()

    def cancel_held(self) -> None:
        self.screen_view.episodes.release.press.cancel()
        self.screen_view.preflight.anyway.press.cancel()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.showing.stop()
        self.keys.close()
        self.speaker.close()
        self.screen_view.pages.close()
        for thread in (self.history, self.library, self.learning.desk, self.desk, self.bridge):
            thread.close()
        super().closeEvent(event)
        self.closed.emit()
