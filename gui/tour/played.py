"""A recorded episode played over the bus, as if its session ran: for pictures of the window.

Rows, images, forces and what the operator did are the recorded ones; stamps are now. What control
would say of a situation (`Scene`) is set beside it, since no single episode has them all.
"""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from gui.tour.recorded import Recorded
from teleop.bus import (
    DEVICES,
    EPISODE_OPENED,
    FRAME,
    HEALTH,
    LEARNER,
    NOTICE,
    POLICY_SERVING,
    SAMPLES,
    STATE,
    TAKEOVER,
    OrderServer,
    Publisher,
)
from teleop.device_messages import DeviceSeen, DevicesSeen
from teleop.frames import FrameRing
from teleop.holds import Hold
from teleop.learner_messages import LearnerState, LearnerStatus, PolicyServing
from teleop.messages import Arm, EpisodeOpened, Health, Mode, SessionMode, Step
from teleop.order_messages import Order, Reply
from teleop.serving import serving_version
from teleop.session_folder import ORDERS, SessionFolder, camera_process
from teleop.stream_messages import WRENCH_STREAMS, SampleBlock, StreamInfo
from teleop.takeover_messages import Notice, TakeoverStatus

TICK_S = 0.01
CAMERA_EVERY, STATUS_EVERY, SECOND = 3, 10, 100  # ticks


@dataclass(frozen=True)
class Scene:
    """What control says, beside the recorded rows.

    Attributes:
        modes: of both arms; the rows are taken from where the operator drove if one is OPERATOR.
        fault: of the robot; empty: none.
        dark: cameras that have fallen silent.
        silent: control itself says nothing any more.
        notices: told once, when the scene begins.
    """

    modes: tuple[Mode, Mode] = (Mode.POLICY, Mode.POLICY)
    session_mode: SessionMode = SessionMode.ROLLOUT
    authority: tuple[float, float] = (1.0, 1.0)
    hold_reason: tuple[str, str] = ("", "")
    holds: tuple[Hold, Hold] = (Hold.NONE, Hold.NONE)
    stop_reason: str = ""
    stop_ordered: bool = True
    fault: str = ""
    dark: frozenset[str] = frozenset()
    silent: bool = False
    risk: tuple[float, float] = (0.24, 0.11)
    notices: tuple[Notice, ...] = ()
    devices: tuple[DeviceSeen, ...] = ()


class Played:
    """The session that plays.

    Attributes:
        scene: what control says from the next tick on.
    """

    def __init__(self, folder: SessionFolder, recorded: Recorded) -> None:
        self._folder = folder
        self._recorded = recorded
        self._over = threading.Event()
        self.scene = Scene()
        self._told: Scene | None = None

    def stop(self) -> None:
        """End with the present tick."""
        self._over.set()

    def run(self) -> None:
        """Play until told to stop."""
        cameras = self._recorded.cameras
        names = ("control", "policy", "recorder", "learner", *map(camera_process, cameras))
        senders = {name: Publisher(self._folder.endpoint(name)) for name in names}
        orders = OrderServer(self._folder.endpoint(ORDERS))
        rings = {
            camera: FrameRing(self._folder.frames, camera, shape, 8)
            for camera, shape in self._recorded.shapes.items()
        }
        began_s, tick = time.monotonic(), 0
        while not self._over.wait(max(0.0, began_s + tick * TICK_S - time.monotonic())):
            scene = self.scene
            place = self._recorded.place(tick, driven=Mode.OPERATOR in scene.modes)
            if not scene.silent:
                self._tell_step(senders["control"], scene, tick, place)
            if tick % CAMERA_EVERY == 0:
                for camera, ring in rings.items():
                    picture = self._recorded.picture(camera, place)
                    if picture is not None and camera not in scene.dark:
                        ref = ring.write(picture, time.monotonic_ns())
                        senders[camera_process(camera)].send(FRAME, ref)
            if tick % SECOND == 0:
                self._each_second(senders, scene, tick)
            orders.poll(granted)
            tick += 1
        for closable in (*senders.values(), *rings.values(), orders):
            closable.close()

    def _tell_step(self, control: Publisher, scene: Scene, tick: int, place: int) -> None:
        now_ns = time.monotonic_ns()
        control.send(STATE, as_told(self._recorded.steps[place], scene, tick, now_ns))
        if tick % STATUS_EVERY:
            return
        for name, felt in zip(
            WRENCH_STREAMS, self._recorded.felt(place, STATUS_EVERY), strict=True
        ):
            if len(felt):
                stamps = now_ns - np.arange(len(felt), dtype=np.int64)[::-1] * 1_000_000
                info = StreamInfo(name, (6,), "N, Nm")
                control.send(SAMPLES, SampleBlock(info, stamps, stamps, stamps, felt))
        for notice in () if scene is self._told else scene.notices:
            control.send(NOTICE, replace(notice, stamp_ns=now_ns))
        self._told = scene
        control.send(DEVICES, DevicesSeen(now_ns, scene.devices))
        control.send(
            TAKEOVER,
            TakeoverStatus(
                now_ns, scene.authority, (True, True), scene.hold_reason, scene.stop_reason,
                scene.risk, 20.0, 3, scene.holds, scene.stop_ordered,
            ),
        )  # fmt: skip

    def _each_second(self, senders: dict[str, Publisher], scene: Scene, tick: int) -> None:
        now_ns = time.monotonic_ns()
        for name, sender in senders.items():
            if not (scene.silent and name == "control") and name not in scene.dark:
                sender.send(HEALTH, Health(name, 1, now_ns))
        serving = serving_version(self._folder.policies)
        header = self._recorded.header
        senders["learner"].send(
            LEARNER,
            LearnerStatus(
                now_ns, LearnerState.WAITING, 0.0, serving, serving, 10,
                float("nan"), float("nan"), "waiting for corrections", serving,
            ),
        )  # fmt: skip
        if tick == SECOND:
            senders["policy"].send(POLICY_SERVING, PolicyServing(serving, now_ns, -1))
            opened = EpisodeOpened(
                header.episode, now_ns, header.instruction, header.cameras, header.scene
            )
            senders["control"].send(EPISODE_OPENED, opened)


def as_told(step: Step, scene: Scene, tick: int, now_ns: int) -> Step:
    """The recorded row as of now, in the situation that `scene` describes."""
    state = replace(step.observation.state, stamp_ns=now_ns, fault=scene.fault)
    left, right = (float(mode is Mode.OPERATOR) for mode in scene.modes)
    return replace(
        step,
        index=tick,
        stamp_ns=now_ns,
        session_mode=scene.session_mode,
        modes=scene.modes,
        authority=(left * scene.authority[0], right * scene.authority[1]),
        observation=replace(step.observation, state=state),
        device_age_ns=8_000_000,
        camera_age_ns=30_000_000,
        late_ns=120_000,
        limits_hit=tuple(
            f"{arm.name.lower()}.{hold.value}"
            for arm, hold in zip(Arm, scene.holds, strict=True)
            if hold is not Hold.NONE
        ),
    )


def granted(order: Order) -> Reply:
    """Every order is granted, and nothing comes of it."""
    return Reply(True)


@contextmanager
def played(folder: SessionFolder, recorded: Recorded) -> Generator[Played]:
    """An episode that plays in a loop while the block runs."""
    session = Played(folder, recorded)
    thread = threading.Thread(target=session.run, name="played session")
    thread.start()
    try:
        yield session
    finally:
        session.stop()
        thread.join()
