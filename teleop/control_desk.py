"""What the control process does between two ticks: orders, the scene, signs of life."""

import os
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

from teleop.bus import (
    CHUNK,
    DEVICES,
    FRAME,
    HEALTH,
    KEYS,
    SCENE,
    TAKEOVER,
    OrderServer,
    Outbox,
    Publisher,
    Subscriber,
)
from teleop.control import ControlLoop
from teleop.device_messages import DeviceSeen, DevicesSeen
from teleop.heartbeat import Heartbeat
from teleop.interfaces import Tunable
from teleop.lifetime import Lifetime
from teleop.messages import ENDED, EpisodeEnded, EpisodeOpened, Health, Mode, Step
from teleop.notices import device_changes
from teleop.order_messages import Order
from teleop.priority import still_collector
from teleop.robots.mujoco_cell import MujocoCell
from teleop.session_folder import ORDERS, STEPS, SessionFolder, camera_process
from teleop.settings_desk import SettingsDesk
from teleop.takeover_messages import Notice

STATUS_NS = 100_000_000  # between two accounts of the takeover and of the devices
CALIBRATING_NS = 50_000_000  # the same for the devices while one is calibrated
PARTING_S = 0.2  # for the last messages to leave, before the sockets close


class Watch:
    """Implements `teleop.interfaces.StepSink`: what the loop is to be told about itself.

    Attributes:
        between: whether no episode is open, so that there is time for a garbage collection.
        late_ns: the worst lateness since it was last asked for.
    """

    def __init__(self) -> None:
        self.between = False
        self.late_ns = 0

    def opened(self, message: EpisodeOpened) -> None:
        return

    def step(self, step: Step) -> None:
        self.late_ns = max(self.late_ns, step.late_ns)

    def ended(self, message: EpisodeEnded) -> None:
        self.between = True


@dataclass(frozen=True)
class Sockets:
    """The control process' ends of the bus."""

    publisher: Publisher
    recorder: Outbox
    policy: Subscriber
    images: Subscriber
    window: Subscriber
    orders: OrderServer[Order]


@contextmanager
def open_sockets(folder: SessionFolder, cameras: Sequence[str]) -> Generator[Sockets]:
    """Open them, and close them once the last messages have left."""
    views = [folder.endpoint(camera_process(name)) for name in cameras]
    with (
        Publisher(folder.endpoint("control")) as publisher,
        Outbox(folder.endpoint(STEPS)) as recorder,
        Subscriber([folder.endpoint("policy")], [CHUNK]) as policy,
        Subscriber(views, [FRAME]) as images,
        Subscriber([folder.endpoint("gui")], [KEYS]) as window,
        closing(OrderServer(folder.endpoint(ORDERS))) as orders,
    ):
        yield Sockets(publisher, recorder, policy, images, window, orders)
        time.sleep(PARTING_S)


class DeviceDesk:
    """Tells how the devices are, and shows on them who drives.

    Args:
        tunable: the devices; None: none of them can tell.
        publisher: to the window.
        tell: gives a notice to everybody.
    """

    def __init__(
        self, tunable: Tunable | None, publisher: Publisher, tell: Callable[[Notice], None]
    ) -> None:
        self._tunable = tunable
        self._publisher = publisher
        self._tell = tell
        self._modes: tuple[Mode, Mode] | None = None
        self._seen: tuple[DeviceSeen, ...] = ()
        self._due_ns = 0

    def round(self, modes: tuple[Mode, Mode], now_ns: int) -> None:
        """Do what is due."""
        if self._tunable is None:
            return
        if modes != self._modes:
            self._modes = modes
            self._tunable.show(modes)
        if now_ns < self._due_ns:
            return
        seen = self._tunable.seen(now_ns)
        calibrating = any(device.calibrating >= 0.0 for device in seen)
        self._due_ns = now_ns + (CALIBRATING_NS if calibrating else STATUS_NS)
        self._publisher.send(DEVICES, DevicesSeen(now_ns, seen))
        for notice in device_changes(self._seen, seen, now_ns):
            self._tell(notice)
        self._seen = seen


class Desk:
    """What the control process does between two ticks: orders, scene, sign of life, clearing up."""

    def __init__(
        self,
        loop: ControlLoop,
        robot: MujocoCell,
        watch: Watch,
        sockets: Sockets,
        lifetime: Lifetime,
        trouble: Callable[[], str],
        devices: DeviceDesk,
        settings: SettingsDesk,
    ) -> None:
        self._loop = loop
        self._robot = robot
        self._watch = watch
        self._sockets = sockets
        self._lifetime = lifetime
        self._trouble = trouble
        self._devices = devices
        self._settings = settings
        self._status_due_ns = 0
        self._heartbeat = Heartbeat("control", lambda sign: sockets.publisher.send(HEALTH, sign))

    def over(self) -> bool:
        """Do the round; true when the process is to end."""
        self._sockets.orders.poll(self._loop.submit)
        scene = self._robot.scene_state()
        self._sockets.publisher.send(SCENE, scene)
        self._devices.round(self._loop.modes, scene.stamp_ns)
        self._settings.round(lambda: self._loop.settings, scene.stamp_ns)
        if scene.stamp_ns >= self._status_due_ns:
            self._status_due_ns = scene.stamp_ns + STATUS_NS
            self._sockets.publisher.send(TAKEOVER, self._loop.status(scene.stamp_ns))
        lost = self._sockets.recorder.dropped
        trouble = self._trouble()
        numbers = {
            "late_max_ms": self._watch.late_ns / 1e6,
            "missed_ticks": float(self._loop.missed_ticks),
            "lost_steps": float(lost),
        }
        sent = self._heartbeat.beat(
            scene.stamp_ns,
            level="error" if lost else "warning" if trouble else "ok",
            text=f"{lost} steps could not be given to the recorder." if lost else trouble,
            numbers=numbers,
        )
        if sent:
            self._watch.late_ns = 0
        if self._watch.between:
            self._watch.between = False
            still_collector()
        return bool(self._lifetime.over())

    def part(self) -> None:
        """Say that this is an end in order, so that nobody takes the silence for a failure."""
        sign = Health(
            "control", os.getpid(), self._robot.scene_state().stamp_ns, numbers={ENDED: 1.0}
        )
        self._sockets.publisher.send(HEALTH, sign)
