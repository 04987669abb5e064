"""The operator's devices, as a session's settings ask for them."""

from teleop.bus import KEYS, Subscriber
from teleop.config import SessionConfig
from teleop.devices.combined import CombinedDevice
from teleop.devices.keyboard import KeyboardDevice
from teleop.devices.scripted import ScriptedOperator
from teleop.devices.spacemouse import SpaceMouse
from teleop.errors import DeviceNotFound, SetupError
from teleop.interfaces import Device
from teleop.messages import DeviceReading


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


def open_devices(
    config: SessionConfig, window: Subscriber, scripted: ScriptedOperator
) -> CombinedDevice:
    """All devices as one: a SpaceMouse if one is wanted, the window's keys, the scripted operator.

    Raises:
        SetupError: a SpaceMouse was asked for, and hidapi is missing.
        DeviceNotFound: a SpaceMouse was asked for, and there is none.
        DeviceForbidden: there is one, and this user may not open it.
    """
    scripted.enabled = config.device == "scripted"
    pucks: list[Device] = []
    if config.device == "spacemouse":
        pucks = [SpaceMouse()]
    elif config.device == "auto":
        pucks = found_spacemouse()
    return CombinedDevice([*pucks, WindowKeys(window), scripted], config.takeover)


def found_spacemouse() -> list[Device]:
    """The SpaceMouse if there is one; one that may not be opened is an error even here.

    Raises:
        DeviceForbidden: there is one, and this user may not open it.
    """
    try:
        return [SpaceMouse()]
    except (DeviceNotFound, SetupError):
        return []
