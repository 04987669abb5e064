"""The operator's window: takes values from the bridge, turns intents into orders.

It decides nothing about the robot. What it shows comes from the bridge; what it wants goes through
the order desk and, for keys that are held, the key sender.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QMainWindow, QWidget

from gui import theme
from gui.actions import Actions, Intent, spec_of
from gui.appearance import SMALLEST, Wish, judged
from gui.bridge import Bridge
from gui.console import Acknowledged, NotesRead, Refused
from gui.history import HistoryReader
from gui.key_binding import use_keys
from gui.key_table import read_keys
from gui.learning import Learning
from gui.order_desk import control_desk
from gui.order_words import order_text
from gui.pages import Page, PageContext
from gui.pedal_keys import keys_file
from gui.preflight_desk import PreflightDesk
from gui.screen import Screen
from gui.sender import KeySender
from gui.sound.speaker import Speaker
from gui.texts import shell as words
from gui.texts.authority import cut_off
from gui.view import ArmView, Level
from gui.widgets.authority_slider import STEP
from gui.widgets.devices.dialog import DevicesDialog
from gui.window_memory import WindowMemory
from teleop.config import SessionConfig
from teleop.messages import Arm
from teleop.order_messages import Order, OrderKind, Reply
from teleop.rulings import TELEOP_TEXT
from teleop.session_folder import SessionFolder
from teleop.takeover_messages import Notice, NoticeKind

WATCH_MS = 80
BRIDGE_SILENCE_S = 0.4
RELEASE_KEY = Qt.Key.Key_F9
CAMERA_INTENTS = (Intent.CAMERA_1, Intent.CAMERA_2, Intent.CAMERA_3, Intent.CAMERA_4)
HIDE_INTENTS = (
    Intent.HIDE_CAMERA_1,
    Intent.HIDE_CAMERA_2,
    Intent.HIDE_CAMERA_3,
    Intent.HIDE_CAMERA_4,
)


class MainWindow(QMainWindow):
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
        super().__init__()
        self._memory = memory or WindowMemory()
        self._arms: tuple[ArmView, ...] = ()
        self._config = config
        self._view_came_ns = time.monotonic_ns()
        self.keys = KeySender(folder, watch_only, self)
        self.bridge = Bridge(folder, cameras, config, self)
        self.desk = control_desk(folder, self)
        self.history = HistoryReader(folder, self)
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
            admits=self._admits,
        )
        self.screen_view = Screen(context, self)
        self.commands.keys_changed.connect(self.screen_view.key_map.show_keys)
        self.screen_view.key_map.show_keys(chosen.table)
        self.speaker = Speaker(self)
        self.preflight = PreflightDesk(
            self.screen_view.preflight, self.speaker, config, self.say, self._ask
        )
        self.devices = DevicesDialog(config, cameras, look, self)
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
        self._watch = QTimer(self, interval=WATCH_MS)
        self._watch.timeout.connect(self._look_after_bridge)
        self._watch.start()
        for thread in (self.bridge, self.desk, self.learning.desk, self.history):
            thread.start()
        if not (watch_only or self.keys.has_keys):
            self.setWindowTitle(words.watching(self.windowTitle()))
            self.say(words.ANOTHER_WINDOW_OF_THIS_SESSION, Level.WARNING)
        elif self.keys.trouble:
            self.say(self.keys.trouble, Level.WARNING)
        if chosen.trouble:
            self.say(chosen.trouble, Level.WARNING)

    def _intent_table(self) -> dict[Intent, Callable[[], object]]:
        screen = self.screen_view
        return {
            Intent.CHOOSE_ARM: self._choose_other_arm,
            Intent.EDIT_INSTRUCTION: screen.episodes.instruction.begin,
            Intent.DEMONSTRATE: partial(self._ask, Order(OrderKind.START, text=TELEOP_TEXT)),
            Intent.TOGGLE_SCRIPTED: screen.episodes.scripted.click,
            Intent.RELEASE_STOP: screen.episodes.release.begin,
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
            **{
                intent: partial(screen.wall.enlarge_number, number)
                for number, intent in enumerate(CAMERA_INTENTS, start=1)
            },
            **{
                intent: partial(screen.wall.toggle_number, number)
                for number, intent in enumerate(HIDE_INTENTS, start=1)
            },
            Intent.CAMERAS_ROUND: screen.wall.move_round,
            Intent.CAMERAS_SWAP: screen.wall.swap_upper,
            Intent.LOOK: partial(self._begin_anew, Wish(other_look=True)),
            Intent.LARGER: partial(self._begin_anew, Wish(larger=1)),
            Intent.SMALLER: partial(self._begin_anew, Wish(larger=-1)),
        }

    def _connect(self) -> None:
        self.commands.triggered.connect(self.do)
        self.bridge.view_ready.connect(self._take_view)
        self.bridge.picture_ready.connect(self._take_picture)
        self.history.found.connect(self.bridge.tell, Qt.ConnectionType.DirectConnection)
        self.desk.answered.connect(self._take_answer)
        episodes = self.screen_view.episodes
        episodes.instruction_changed.connect(self._send_instruction)
        episodes.scripted_changed.connect(self._send_scripted)
        episodes.stop_released.connect(self._send_release)
        takeover = self.screen_view.takeover
        takeover.authority_wanted.connect(self._send_authority)
        takeover.rewind_wanted.connect(self._send_rewind)
        takeover.budget_wanted.connect(self._send_budget)
        self.devices.ordered.connect(self._ask)
        self.screen_view.notices.acknowledged.connect(self._acknowledge)
        self.screen_view.alarms.silenced.connect(self._acknowledge)
        self.speaker.said.connect(self._say_begun)
        self.screen_view.coach.answered.connect(self._read_note)
        self.learning.began.connect(self._say_begun)
        self.learning.ended.connect(self._say_ended)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

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

    def say(self, text: str, level: Level) -> None:
        """Show a sentence to the operator, and keep it in the status line."""
        self.screen_view.toast.say(text, level)
        self.bridge.note(text, level)

    def _admits(self, order: Order) -> bool:
        return self.preflight.admits(order)

    def _open_demonstrations(self) -> None:
        if self.screen_view.pages.page is Page.OPERATE:  # no other page was asked for
            self.open_page(Page.DEMONSTRATE)

    def open_page(self, page: Page) -> None:
        """Show `page` over the operate view."""
        self.screen_view.pages.show(page)

    @Slot(str)
    def _say_begun(self, text: str) -> None:
        self.screen_view.toast.say(text, Level.UNKNOWN)

    @Slot(str, object)
    def _say_ended(self, text: str, level: Level) -> None:
        if level is Level.OK:
            self.screen_view.toast.say(text, level)
        else:
            self.say(text, level)

    @Slot(object)
    def _ask(self, order: Order) -> None:
        if not self.preflight.admits(order):
            return
        self.screen_view.toast.say(f"{order_text(order)} …", Level.UNKNOWN)
        self.screen_view.banner.requested(order)
        self.desk.ask(order)

    @Slot(object, object)
    def _take_answer(self, order: Order, reply: Reply) -> None:
        text = order_text(order)
        self.screen_view.banner.answered(order, reply)
        if reply.accepted:
            self.screen_view.toast.say(f"{text} ✔", Level.OK)
        else:
            self.say(words.refused(text, reply.reason), Level.WARNING)
            told = f"{text}: {reply.reason}"
            notice = Notice(time.monotonic_ns(), NoticeKind.REFUSED, order.arm, told)
            self.bridge.tell(Refused(notice))
        if order.kind is OrderKind.SCRIPTED:
            self.screen_view.episodes.show_scripted((order.text == "on") == reply.accepted)
        elif not reply.accepted:
            self.screen_view.takeover.refused(order)
            self.devices.refused(order, reply.reason)

    @Slot(str)
    def _send_instruction(self, text: str) -> None:
        self._ask(Order(OrderKind.INSTRUCTION, text=text))

    @Slot(bool)
    def _send_scripted(self, on: bool) -> None:
        self._ask(Order(OrderKind.SCRIPTED, text="on" if on else "off"))

    @Slot()
    def _send_release(self) -> None:
        self._ask(Order(OrderKind.RELEASE_STOP))

    @Slot(object, float)
    def _send_authority(self, arm: Arm, value: float) -> None:
        self._ask(Order(OrderKind.AUTHORITY, arm, value=value))

    @Slot(object)
    def _send_rewind(self, arm: Arm) -> None:
        self._ask(Order(OrderKind.REWIND, arm))

    @Slot(float)
    def _send_budget(self, alerts: float) -> None:
        self._ask(Order(OrderKind.HELP_BUDGET, value=alerts))

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
        verdict = judged(
            wish, self.memory, self._arms, (room.width() * ratio, room.height() * ratio)
        )
        if verdict.memory is None:
            self.say(verdict.refusal, Level.WARNING)
        else:
            self.anew.emit(verdict.memory)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    @Slot()
    def _take_view(self) -> None:
        view = self.bridge.take_view()
        if view is not None:
            self._view_came_ns = time.monotonic_ns()
            self._arms = view.arms
            self.screen_view.show_view(view)
            self.speaker.follow(view)
            self.preflight.follow(view)
            self.learning.know(view.learner)
            self.devices.show_devices(view.devices, view.made_ns)
            if view.config is not None and view.config is not self._config:
                self._config = view.config
                self.devices.show_config(view.config)

    @Slot(str)
    def _take_picture(self, camera: str) -> None:
        picture = self.bridge.take_picture(camera)
        if picture is not None:
            ref, pixels = picture
            self.screen_view.show_picture(camera, pixels, ref.stamp_ns, time.monotonic_ns())

    @Slot()
    def _look_after_bridge(self) -> None:
        """Take what a lost signal left lying; show that nothing is known if there is nothing."""
        self._take_view()
        for camera in self.screen_view.wall.tiles:
            self._take_picture(camera)
        now_ns = time.monotonic_ns()
        silent_s = (now_ns - self._view_came_ns) / 1e9
        if silent_s > BRIDGE_SILENCE_S:
            self.screen_view.show_nothing_known(cut_off(silent_s), now_ns)
            self.screen_view.show_alarms(self.speaker.cut_off(now_ns))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == RELEASE_KEY and not event.isAutoRepeat():
            self._begin_held(event)
        elif self.keys.held.press(event):
            self.keys.send()

    def _begin_held(self, event: QKeyEvent) -> None:
        """With Ctrl the key starts in spite of the list; alone it releases a stop."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.screen_view.preflight.begin_override()
        else:
            self.screen_view.episodes.release.begin()

    def _cancel_held(self) -> None:
        self.screen_view.episodes.release.cancel()
        self.screen_view.preflight.anyway.cancel()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == RELEASE_KEY and not event.isAutoRepeat():
            self._cancel_held()
        elif self.keys.held.release(event):
            self.keys.send()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._let_keys_go()
        super().changeEvent(event)

    @Slot(QWidget, QWidget)
    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QLineEdit | QAbstractSpinBox):
            self._let_keys_go()

    def _let_keys_go(self) -> None:
        self._cancel_held()
        if self.keys.held.clear():
            self.keys.send()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._watch.stop()
        self.keys.close()
        self.speaker.close()
        self.screen_view.pages.close()
        for thread in (self.history, self.learning.desk, self.desk, self.bridge):
            thread.close()
        super().closeEvent(event)
        self.closed.emit()
