"""A process that is all the others of a session: what the window hears and sees, and no robot.

Four cameras of 640x480 at 30 frames a second go into real frame rings: two at the same instant,
the others 8 and 17 ms later. Steps at 100 Hz, and both wrists' wrenches at 1 kHz in blocks of
50 ms as control sends them, go over the real topics. Every 20 s the right arm changes hands.
"""

import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from gui.bench_gui.plausible import learning, pictures, takeover, template_step, wrenches
from teleop.bus import (
    EPISODE_OPENED,
    FRAME,
    HEALTH,
    SAMPLES,
    STATE,
    OrderServer,
    Publisher,
)
from teleop.config import DEFAULT_INSTRUCTION, SessionConfig
from teleop.frames import FrameRing
from teleop.lifetime import Lifetime
from teleop.messages import EpisodeOpened, Health, Mode, frozen_array
from teleop.order_messages import Order, Reply
from teleop.session_folder import ORDERS, SessionFolder, camera_process
from teleop.stream_messages import WRENCH_STREAMS, SampleBlock, StreamInfo

SHAPE = (480, 640, 3)
FPS = 30
STEP_HZ = 100
SAMPLE_HZ = 1000
BLOCK_S = 0.05
PHASES_S = (0.0, 0.0, 0.008, 0.017)
AXES = ("fx", "fy", "fz", "tx", "ty", "tz")
HANDS_CHANGE_S = 20.0
SECOND = 1_000_000_000


class Producer:
    """Sends whatever is due."""

    def __init__(self, folder: SessionFolder, cameras: tuple[str, ...]) -> None:
        names = ("control", "policy", "recorder", "learner", *map(camera_process, cameras))
        self._publishers = {name: Publisher(folder.endpoint(name)) for name in names}
        self._control = self._publishers["control"]
        self._orders = OrderServer(folder.endpoint(ORDERS))
        self._rings = {camera: FrameRing(folder.frames, camera, SHAPE) for camera in cameras}
        self._pictures = {camera: pictures(number) for number, camera in enumerate(cameras)}
        self._wrenches = wrenches(SAMPLE_HZ)
        self._step = template_step(cameras)
        self._began_ns = time.monotonic_ns()
        self._samples = 0
        opened = EpisodeOpened(12, self._began_ns, DEFAULT_INSTRUCTION, cameras, "plug/shifted/17")
        self._opened = opened
        self._tasks = [
            (1 / STEP_HZ, 0.0, self._send_step),
            (BLOCK_S, 0.0, self._send_samples),
            (0.1, 0.0, self._send_status),
            (1.0, 0.0, self._each_second),
            *(
                (1 / FPS, phase, partial(self._send_picture, camera))
                for camera, phase in zip(cameras, PHASES_S, strict=True)
            ),
        ]
        self._done = [0] * len(self._tasks)

    def run(self, lifetime: Lifetime) -> None:
        """Send until told to end."""
        while not lifetime.over():
            next_s = 1.0
            for number, (period_s, phase_s, send) in enumerate(self._tasks):
                elapsed_s = (time.monotonic_ns() - self._began_ns) / 1e9
                due_s = phase_s + self._done[number] * period_s
                if elapsed_s >= due_s:
                    send(self._done[number])
                    self._done[number] += 1
                    due_s += period_s
                next_s = min(next_s, due_s - (time.monotonic_ns() - self._began_ns) / 1e9)
            self._orders.poll(granted)
            time.sleep(max(0.0, next_s))

    def close(self) -> None:
        """Idempotent."""
        for closable in (*self._publishers.values(), *self._rings.values(), self._orders):
            closable.close()

    def _send_picture(self, camera: str, number: int) -> None:
        ring, shown = self._rings[camera], self._pictures[camera]
        ref = ring.write(shown[number // 2 % len(shown)], time.monotonic_ns())
        self._publishers[camera_process(camera)].send(FRAME, ref)

    def _send_step(self, number: int) -> None:
        now_ns = time.monotonic_ns()
        driven = number / STEP_HZ % (2 * HANDS_CHANGE_S) > HANDS_CHANGE_S
        wrench = self._wrenches[number * SAMPLE_HZ // STEP_HZ % len(self._wrenches)]
        seen = self._step.observation
        state = replace(seen.state, stamp_ns=now_ns, wrench=frozen_array(wrench))
        step = replace(
            self._step,
            index=number,
            stamp_ns=now_ns,
            observation=replace(seen, state=state),
            modes=(Mode.POLICY, Mode.OPERATOR if driven else Mode.POLICY),
            authority=(0.0, float(driven)),
        )
        self._control.send(STATE, step)

    def _send_samples(self, number: int) -> None:
        """What was sampled since the last call, stamped a millisecond apart up to now."""
        upto = (time.monotonic_ns() - self._began_ns) * SAMPLE_HZ // SECOND
        places = np.arange(self._samples, upto, dtype=np.int64)
        self._samples = upto
        stamps = self._began_ns + places * (SECOND // SAMPLE_HZ)
        taken = self._wrenches[places % len(self._wrenches)]
        for arm, name in enumerate(WRENCH_STREAMS):
            info = StreamInfo(name, (6,), "N, Nm", AXES, SAMPLE_HZ, 0)
            block = SampleBlock(info, places, stamps, stamps, taken[:, arm])
            self._control.send(SAMPLES, block)

    def _send_status(self, number: int) -> None:
        now_ns = time.monotonic_ns()
        for topic, message in takeover(now_ns, number / 10):
            self._control.send(topic, message)

    def _each_second(self, second: int) -> None:
        now_ns = time.monotonic_ns()
        for name, publisher in self._publishers.items():
            publisher.send(HEALTH, Health(name, 1, now_ns))
        if second == 2:  # windows that listen by now
            self._control.send(EPISODE_OPENED, self._opened)
        for sender, topic, message in learning(now_ns, second):
            self._publishers[sender].send(topic, message)


def granted(order: Order) -> Reply:
    """Every order is granted, and nothing comes of it."""
    return Reply(True)


def main() -> None:
    """Produce into the session folder named first, for the session that is recorded there."""
    lifetime = Lifetime()
    producer = Producer(SessionFolder(Path(sys.argv[1])), SessionConfig().cameras)
    producer.run(lifetime)
    producer.close()


if __name__ == "__main__":
    main()
