"""The operator's devices as a session's settings ask for them, and the scripted operator."""

from teleop.bus import KEYS, Subscriber
from teleop.cells.plug.expert import TwistLimits, expert_twist
from teleop.cells.plug.reading import PlugTruth
from teleop.config import SessionConfig, TakeoverConfig
from teleop.devices.combined import CombinedDevice
from teleop.devices.keyboard import KeyboardDevice
from teleop.devices.scripted import OperatorProfile, ScriptedOperator
from teleop.interfaces import Device
from teleop.messages import Arm, Array, DeviceReading
from teleop.robots.mujoco_cell import MujocoCell


def scripted_operator(
    robot: MujocoCell,
    takeover: TakeoverConfig,
    profile: OperatorProfile | None = None,
    seed: int = 0,
) -> ScriptedOperator:
    """A person who watches the simulated cell and corrects the left arm."""
    cell = robot.cell

    def ideal(seen: PlugTruth) -> Array:
        twist, _ = expert_twist(seen, cell.read(), cell.tool_at_meeting, TwistLimits())
        return twist[Arm.LEFT]

    return ScriptedOperator(robot.truth, ideal, takeover, profile, seed, Arm.LEFT)


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
    """All devices as one: the puck that was asked for or found, the window's keys, the script.

    Raises:
        DeviceNotFound: a SpaceMouse was asked for, and there is none.
        DeviceForbidden: there is one, and this user may not open it.
    """
    scripted.enabled = config.device == "scripted"
    devices: list[Device] = [WindowKeys(window), scripted]
    return CombinedDevice(devices, config.takeover)
