"""How the operator's devices are, and the way to the window that sets them up."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.action_spec import Intent
from gui.actions import spec_of
from gui.setup.fields import EnterButton
from gui.texts import setup as words
from gui.widgets.devices.page import SHAPES
from gui.widgets.panel import Panel, TextLabel
from teleop.device_messages import DeviceSeen


class DevicePanel(Panel):
    """One line for each device.

    Args:
        action: opens the devices window.
    """

    def __init__(self, action: QAction, parent: QWidget) -> None:
        super().__init__(words.DEVICES, parent)
        self.lines = TextLabel("text", words.DEVICES_UNKNOWN, name=words.DEVICES)
        self.lines.setWordWrap(True)
        self.open = EnterButton(f"{words.OPEN_DEVICES}  {spec_of(Intent.DEVICES).key}", self)
        self.open.clicked.connect(action.trigger)
        row = QHBoxLayout()
        row.addWidget(self.lines, 1)
        row.addWidget(self.open)
        self.body.addLayout(row)

    def show_devices(self, devices: tuple[DeviceSeen, ...] | None) -> None:
        """Show `devices`; None: nothing is known of them."""
        if devices is None:
            self.lines.show_text(words.DEVICES_UNKNOWN)
        elif not devices:
            self.lines.show_text(words.NO_DEVICES)
        else:
            self.lines.show_text("\n".join(map(device_line, devices)))


def device_line(seen: DeviceSeen) -> str:
    """Return how a device is, in one line."""
    arm = words.EITHER_ARM if seen.arm is None else words.arm_of(seen.arm.name.lower())
    calibrated = words.CALIBRATED if seen.profile.calibrated else words.NOT_CALIBRATED
    return f"{SHAPES[seen.level]} {seen.name or seen.serial}: {arm}, {calibrated}. {seen.text}"
