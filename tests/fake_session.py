"""A session without a robot: plausible steps, pictures, health and learning on a real bus.

For looking at the window (`python tests/fake_session.py FOLDER`) and for tests of it. It answers
orders like control does, as far as the window can tell.
"""

import math
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from teleop.bus import (
    EPISODE_ENDED,
    EPISODE_OPENED,
    EPISODE_SAVED,
    FRAME,
    HEALTH,
    LEARNER,
    POLICY_PUBLISHED,
    POLICY_SERVING,
    STATE,
    OrderServer,
    Publisher,
)
from teleop.frames import FrameRing
from teleop.interfaces import Image
from teleop.learner_messages import (
    LearnerState,
    LearnerStatus,
    PolicyPublished,
    PolicyServing,
)
from teleop.messages import (
    Action,
    EpisodeEnded,
    EpisodeOpened,
    EpisodeSaved,
    Health,
    Mode,
    Observation,
    Outcome,
    RobotState,
    SessionMode,
    Step,
    frozen_array,
)
from teleop.order_messages import Order, OrderKind, Reply
from teleop.session_folder import SessionFolder, camera_process
from tests.fake_takeover import FakeTakeover

CAMERAS = {
    "operator": (480, 640),
    "close_front": (96, 96),
    "close_top": (96, 96),
    "overhead": (120, 160),
}
INSTRUCTION = "Plug the connector in."


def fake_step(index: int, stamp_ns: int, t_s: float) -> Step:
    """One plausible step at `t_s` seconds into an episode."""
    push = 6 + 5 * math.sin(0.9 * t_s) + 0.6 * math.sin(9.1 * t_s)
    wrench = np.zeros((2, 6))
    wrench[0, :3] = (0.8 * math.sin(2 * t_s), 1.5 * math.cos(1.3 * t_s), -push)
    wrench[1, :3] = (-1.1 * math.sin(1.7 * t_s), 2.2 * math.sin(0.7 * t_s), 0.6 * push)
    wrench[:, 3:] = 0.05 * wrench[:, [1, 2, 0]]
    rows, columns = np.mgrid[0:8, 0:8]
    touch = np.zeros((2, 2, 8, 8))
    for arm in range(2):
        for pad in range(2):
            centre = 3.5 + 1.5 * math.sin(t_s + arm + pad)
            touch[arm, pad] = 0.4 * np.exp(
                -((rows - centre) ** 2 + (columns - 3.5 - pad) ** 2) / 4.0
            )
    proposed = np.zeros((2, 6))
    proposed[:, 0] = (0.03 * math.cos(t_s), -0.02)
    proposed[:, 5] = 0.1 * math.sin(t_s)
    zero = frozen_array(np.zeros((2, 6)))
    opening = frozen_array((0.31, 0.28))
    state = RobotState(
        stamp_ns,
        frozen_array(np.zeros((2, 6))),
        zero,
        frozen_array(np.zeros((2, 3))),
        frozen_array([[1, 0, 0, 0]] * 2),
        zero,
        frozen_array(wrench),
        opening,
        frozen_array(touch),
    )
    return Step(
        index=index,
        stamp_ns=stamp_ns,
        episode=12,
        session_mode=SessionMode.ROLLOUT,
        observation=Observation(state, (), INSTRUCTION),
        device="keyboard",
        operator=Action(zero, opening),
        proposed=Action(frozen_array(proposed), opening),
        proposal_valid=(True, True),
        executed=Action(frozen_array(0.95 * proposed), opening),
        authority=(0.0, 0.0),
        modes=(Mode.POLICY, Mode.POLICY),
        policy_version=4,
        chunk_id=3,
        chunk_index=1,
        limits_hit=(),
        device_age_ns=12_000_000,
        camera_age_ns=34_000_000,
        inference_ns=46_000_000,
        late_ns=int(2e5 * (1 + math.sin(37 * t_s))),
    )


def fake_picture(shape: tuple[int, int], frame: int) -> Image:
    """A moving disc over a slope of grey."""
    height, width = shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    ground = 60 + 90 * y / height
    image = np.stack((ground, ground * 1.02, ground * 1.1), axis=2)
    centre_x = width * (0.5 + 0.3 * math.sin(frame / 20))
    disc = (x - centre_x) ** 2 + (y - height * 0.55) ** 2 < (height * 0.14) ** 2
    image[disc] = (225, 150, 60)
    return image.astype(np.uint8)


@dataclass
class FakeSession:
    """Everything a session says, from one thread of its own.

    Attributes:
        folder: of the session.
        orders: those that came.
        refuse: reason given to every order; empty: they are granted.
        takeover: what is told of takeovers and devices.
    """

    folder: SessionFolder
    orders: list[Order] = field(default_factory=list[Order])
    refuse: str = ""
    modes: tuple[Mode, Mode] = (Mode.POLICY, Mode.OPERATOR)
    session_mode: SessionMode = SessionMode.ROLLOUT
    silent_cameras: frozenset[str] = frozenset()
    dead: frozenset[str] = frozenset()  # processes that give no sign of life
    fault: str = ""  # of the robot; empty: none
    steps_hz: float = 100.0
    takeover: FakeTakeover = field(default_factory=FakeTakeover)
    over: threading.Event = field(default_factory=threading.Event)

    def handle(self, order: Order) -> Reply:
        """Answer as control would, roughly."""
        self.orders.append(order)
        if self.refuse:
            return Reply(False, self.refuse)
        if order.kind is OrderKind.STOP:
            self.session_mode = SessionMode.STOPPED
        elif order.kind is OrderKind.RELEASE_STOP:
            self.session_mode = SessionMode.IDLE
        elif order.kind is OrderKind.START:
            self.session_mode = SessionMode.ROLLOUT
        modes = list(self.modes)
        for arm in (0, 1) if order.arm is None else (order.arm,):
            modes[arm] = {
                OrderKind.HOLD: Mode.HOLD,
                OrderKind.STOP: Mode.HOLD,
                OrderKind.TAKE: Mode.OPERATOR,
                OrderKind.GIVE: Mode.POLICY,
                OrderKind.REWIND: Mode.REWIND,
                OrderKind.START: Mode.POLICY,
            }.get(order.kind, modes[arm])
        self.modes = (modes[0], modes[1])
        return self.takeover.obey(order)

    def run(self) -> None:
        """Publish until over."""
        names = ("control", "policy", "recorder", "learner", *map(camera_process, CAMERAS))
        publishers = {name: Publisher(self.folder.endpoint(name)) for name in names}
        server = OrderServer(self.folder.endpoint("orders"))
        rings = {c: FrameRing(self.folder.frames, c, (*s, 3), 8) for c, s in CAMERAS.items()}
        pictures = {c: [fake_picture(s, 8 * k) for k in range(16)] for c, s in CAMERAS.items()}
        began_ns = time.monotonic_ns()
        index, frame, told, second = 0, 0, 0, -1
        while not self.over.is_set():
            now_ns = time.monotonic_ns()
            t_s = (now_ns - began_ns) / 1e9
            if int(t_s) > second:
                second = int(t_s)
                self._each_second(publishers, second, now_ns)
            if second >= 0 and index < t_s * self.steps_hz:
                self._publish_step(publishers["control"], index, now_ns, t_s)
                index += 1
            if told < t_s * 10:
                told += 1
                self.takeover.tell(
                    publishers["control"], now_ns, t_s, self.modes, self.session_mode
                )
            if frame < t_s * 30:
                frame += 1
                for camera, ring in rings.items():
                    if camera not in self.silent_cameras:
                        ref = ring.write(pictures[camera][frame // 4 % 16], now_ns)
                        publishers[camera_process(camera)].send(FRAME, ref)
            server.poll(self.handle)
            next_s = min(index / self.steps_hz, frame / 30)
            self.over.wait(max(0.0005, next_s - (time.monotonic_ns() - began_ns) / 1e9))
        for closable in (*publishers.values(), server, *rings.values()):
            closable.close()

    def _publish_step(self, control: Publisher, index: int, now_ns: int, t_s: float) -> None:
        asked = np.zeros((2, 6))
        for arm in range(2):
            if self.modes[arm] is Mode.OPERATOR:
                asked[arm, :3] = (0.05 * math.sin(t_s), 0.01, -0.03 * math.cos(2 * t_s))
        step = fake_step(index, now_ns, t_s)
        left, right = (float(mode is Mode.OPERATOR) for mode in self.modes)
        step = replace(
            step,
            modes=self.modes,
            session_mode=self.session_mode,
            authority=(left, right),
            operator=Action(frozen_array(asked), step.operator.opening),
        )
        if self.fault:
            state = replace(step.observation.state, fault=self.fault)
            step = replace(step, observation=replace(step.observation, state=state))
        control.send(STATE, step)

    def _each_second(self, publishers: dict[str, Publisher], second: int, now_ns: int) -> None:
        for name, publisher in publishers.items():
            if name not in self.dead:
                publisher.send(HEALTH, Health(name, 1, now_ns))
        if second == 0 or "learner" in self.dead:
            return
        if second == 1:
            self._tell_history(publishers, now_ns)
        status = LearnerStatus(
            now_ns, LearnerState.FULL_FIT, (second % 10) / 10, 5, 7, 40, 0.0123, 0.0341,
            "full fit after correction 7",
        )  # fmt: skip
        publishers["learner"].send(LEARNER, status)

    def _tell_history(self, publishers: dict[str, Publisher], now_ns: int) -> None:
        for episode in range(12):
            outcome = Outcome.SUCCESS if episode > 4 or episode == 2 else Outcome.FAIL
            reason = "inserted" if outcome is Outcome.SUCCESS else "time out"
            takeovers = max(0, 3 - episode // 2)
            ended = EpisodeEnded(episode, now_ns, outcome, reason)
            publishers["control"].send(EPISODE_ENDED, ended)
            saved = EpisodeSaved(
                episode, f"{self.folder.episodes}/episode_{episode:05d}.h5", True, 1500,
                takeovers, 2.5 * takeovers, outcome, reason, episode // 3, 0, -1,
            )  # fmt: skip
            publishers["recorder"].send(EPISODE_SAVED, saved)
        for version in range(3, 6):
            published = PolicyPublished(
                version, version - 1, "", True, version == 5, "passed", now_ns, now_ns
            )
            publishers["learner"].send(POLICY_PUBLISHED, published)
        for version, delay in ((3, 2.4), (4, 1.9)):
            serving = PolicyServing(version, now_ns, now_ns - int(delay * 1e9))
            publishers["policy"].send(POLICY_SERVING, serving)
        opened = EpisodeOpened(12, now_ns, INSTRUCTION, tuple(CAMERAS), "plug/shifted/17")
        publishers["control"].send(EPISODE_OPENED, opened)


@contextmanager
def fake_session(folder: SessionFolder, **settings: Any) -> Generator[FakeSession]:
    """A fake session that runs while the block does."""
    session = FakeSession(folder, **settings)
    thread = threading.Thread(target=session.run, name="fake session")
    thread.start()
    try:
        yield session
    finally:
        session.over.set()
        thread.join()


if __name__ == "__main__":
    FakeSession(SessionFolder(Path(sys.argv[1]))).run()
