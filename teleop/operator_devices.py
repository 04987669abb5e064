"""The operator's devices, as a session's settings ask for them."""

from collections.abc import Callable
from dataclasses import dataclass

from teleop.bus import KEYS, Subscriber
from teleop.config import SessionConfig, TakeoverConfig
from teleop.device_messages import DeviceReading
from teleop.devices.combined import CombinedDevice
from teleop.devices.gamepad import Gamepad
from teleop.devices.keyboard import KeyboardDevice
from teleop.devices.pad_nodes import find_pads
from teleop.devices.scripted import ScriptedOperator
from teleop.devices.spacemouse import SpaceMouse
from teleop.devices.tunables import tunables
from teleop.errors import SetupError
from teleop.interfaces import Device, Tunable


class WindowKeys:
    """Implements `teleop.interfaces.Device`: the keyboard, fed by the window over the bus."""

    def __init__(self, window: Subscriber) -> None:
        self._window = window
        self._keyboard = KeyboardDevice()

    @property
    def name(self) -> str:
        return self._keyboard.name

    def read(self, now_ns: int) -> DeviceReading | None:
        for topic, held in self._window.drain():
            if topic is KEYS:
                self._keyboard.hold(held)
        return self._keyboard.read(now_ns)

    def close(self) -> None:
        self._window.close()


def keep_as_they_are(_takeover: TakeoverConfig) -> None:
    """Nothing here goes by thresholds."""


@dataclass(frozen=True)
class OperatorDevices:
    """All devices as one, and what the operator should know about them; empty: nothing."""

    device: Device
    trouble: str = ""
    tunable: Tunable | None = None  # all that are set up by profiles, as one
    configure: Callable[[TakeoverConfig], None] = keep_as_they_are  # go on by other thresholds


def open_devices(
    config: SessionConfig, window: Subscriber, scripted: ScriptedOperator
) -> OperatorDevices:
    """Open what the settings ask for: a person's devices count before the scripted operator.

    With `auto`, a SpaceMouse that cannot be used is told about, and the keyboard is used; one that
    is plugged in later is used as well. A gamepad that was asked for may be plugged in later; with
    `auto` it must be there.

    Raises:
        SetupError: a SpaceMouse was asked for, and hidapi is missing; or a gamepad, and SDL does
            not start.
        DeviceNotFound: a SpaceMouse was asked for, and there is none.
        DeviceForbidden: there is one, and this user may not open it.
    """
    scripted.enabled = config.device == "scripted"
    devices: list[Device] = []
    trouble = ""
    if config.device in ("auto", "spacemouse"):
        try:
            puck = SpaceMouse(required=config.device == "spacemouse")
            devices.append(puck)
            trouble = puck.trouble
        except SetupError:
            if config.device == "spacemouse":
                raise
    if config.device == "gamepad" or (config.device == "auto" and find_pads()):
        try:
            devices.append(Gamepad(asked=config.device == "gamepad"))
        except SetupError as error:
            if config.device == "gamepad":
                raise
            trouble = trouble or str(error)
    devices += [WindowKeys(window), scripted]
    combined = CombinedDevice(devices, config.takeover)

    def configure(takeover: TakeoverConfig) -> None:
        combined.configure(takeover)
        scripted.configure(takeover)

    return OperatorDevices(combined, trouble, tunables(devices), configure)
