"""Set up, Devices: a page for each device that control sees, or what to do where there is none."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.device_hint import device_hints
from gui.widgets import own_keys
from gui.widgets.devices.page import SHAPES, DevicePage
from gui.widgets.own_keys import keeps
from gui.widgets.panel import Panel, TextLabel
from teleop.config import SessionConfig
from teleop.device_messages import DeviceLevel, DeviceProfile, DeviceSeen
from teleop.order_messages import Order, OrderKind

SIZE = (1080, 720)
LEFT = (*own_keys.LEFT, Qt.Key.Key_F4)  # and what opens and closes this
LEAST_S = 0.05  # between two looks at the devices: 20 a second
STEPS = (
    "Plug a SpaceMouse in, or the receiver of a wireless one, and switch it on.",
    "It appears here by itself within seconds, and again whenever it is plugged in again.",
    "Without one, drive the chosen arm with the keys W A S D Q E and I J K L U O.",
)
UNKNOWN = "Control tells nothing of devices. Is the session running?"
NONE = "No device is plugged in that could be set up."


class NoDevice(Panel):
    """What to do where there is no device."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("No device", parent)
        self.what = TextLabel("value", UNKNOWN)
        self.hints = TextLabel("text", name="What was found on this machine")
        self.again = QPushButton("&Look again", self)
        self.again.setAutoDefault(False)
        self.again.clicked.connect(self.look)
        self.body.setSpacing(12)
        self.body.addWidget(self.what)
        for number, step in enumerate(STEPS, start=1):
            self.body.addWidget(TextLabel("text", f"{number}.  {step}"))
        self.body.addSpacing(12)
        self.body.addWidget(TextLabel("dim", "nudge doctor says of this machine:"))
        self.hints.setWordWrap(True)
        self.hints.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.body.addWidget(self.hints)
        row = QHBoxLayout()
        row.addWidget(self.again)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def look(self) -> None:
        """Look at this machine again."""
        self.hints.show_text("\n".join(device_hints()))


class DevicesDialog(QDialog):
    """A window beside the operator's; with the keyboard there, STOP, rollback and F4 are left.

    Signals:
        ordered: an order to control.
    """

    ordered = Signal(object)

    def __init__(
        self, config: SessionConfig, cameras: Sequence[str], look: theme.Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._config, self._cameras, self._look = config, tuple(cameras), look
        self._shown: tuple[DeviceSeen, ...] | None = None
        self._looked_ns = 0
        self.pages: dict[str, DevicePage] = {}
        self.setWindowTitle("Nudge · devices")
        self.resize(*SIZE)
        self.tabs = QTabWidget(self)
        self.tabs.setAccessibleName("Devices")
        self.empty = NoDevice(self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.tabs)
        key = spec_of(Intent.DEVICES).key
        close = QPushButton(f"Close  {key}", self)
        close.setAutoDefault(False)
        close.clicked.connect(self.hide)
        bottom = QHBoxLayout()
        stop, back = spec_of(OrderKind.STOP).key, spec_of(Intent.ROLL_BACK).key
        hint = (
            f"{stop} is STOP and {back} rolls back here too; other keys of the window are not heard"
        )
        bottom.addWidget(TextLabel("small", hint), 1)
        bottom.addWidget(close)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.addWidget(self.stack, 1)
        box.addLayout(bottom)

    def toggle(self) -> None:
        """Open, or close; every opening begins a new round of changes to revert."""
        if self.isVisible():
            self.hide()
            return
        self._forget_pages()
        self.empty.look()
        self.show()
        self.raise_()
        self.activateWindow()

    def show_devices(self, devices: tuple[DeviceSeen, ...] | None, now_ns: int) -> None:
        """Show `devices` if anybody looks; None: nothing is known of them."""
        if not self.isVisible() or (now_ns - self._looked_ns) / 1e9 < LEAST_S:
            return
        self._looked_ns = now_ns
        if devices is self._shown and devices is not None:
            return
        self._shown = devices
        self.empty.what.show_text(UNKNOWN if devices is None else NONE)
        if devices is None:  # what was typed is kept for when control is back
            for page in self.pages.values():
                page.show_silence()
            return
        serials = [seen.serial for seen in devices]
        for serial in [serial for serial in self.pages if serial not in serials]:
            self._forget(serial)
        for seen in devices:
            self._page(seen).show_device(seen, now_ns)
        self.stack.setCurrentWidget(self.tabs if self.pages else self.empty)

    def show_config(self, config: SessionConfig) -> None:
        """Go by the thresholds that are in force."""
        self._config = config
        for page in self.pages.values():
            page.show_thresholds(config.takeover)

    def refused(self, order: Order, reason: str) -> None:
        """Control has refused `order` for `reason`."""
        serial = order.profile.serial if order.profile else order.text
        if serial in self.pages:
            self.pages[serial].refuse(reason)

    def _page(self, seen: DeviceSeen) -> DevicePage:
        if seen.serial not in self.pages:
            page = DevicePage(seen, self._config.takeover, self._cameras, self._look, self)
            page.tune_wanted.connect(self._tune)
            page.calibration_wanted.connect(self._calibrate)
            self.pages[seen.serial] = page
            self.tabs.addTab(page, "")
        page = self.pages[seen.serial]
        title = tab_title(seen)
        place = self.tabs.indexOf(page)
        if title != self.tabs.tabText(place):
            self.tabs.setTabText(place, title)
        return page

    def _tune(self, profile: DeviceProfile) -> None:
        self.ordered.emit(Order(OrderKind.TUNE, profile=profile))

    def _calibrate(self, serial: str) -> None:
        self.ordered.emit(Order(OrderKind.CALIBRATE, text=serial))

    def _forget_pages(self) -> None:
        for serial in list(self.pages):
            self._forget(serial)
        self._shown = None

    def _forget(self, serial: str) -> None:
        page = self.pages.pop(serial)
        self.tabs.removeTab(self.tabs.indexOf(page))
        page.deleteLater()

    def event(self, event: QEvent) -> bool:
        return keeps(event, LEFT) or super().event(event)

    def reject(self) -> None:
        """Escape is STOP and closes nothing."""


def tab_title(seen: DeviceSeen) -> str:
    """Return what stands on a device's tab: how it is, unless it is well, its name and its arm."""
    shape = "" if seen.level is DeviceLevel.OK else f"{SHAPES[seen.level]} "
    arm = f" · {seen.arm.name}" if seen.arm is not None else ""
    return f"{shape}{seen.name or seen.serial}{arm}"
