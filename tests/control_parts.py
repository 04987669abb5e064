"""Fakes and builders for the tests of the control tick."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from teleop.chunks import NO_PROPOSAL, Proposal
from teleop.clock import SimClock
from teleop.config import SessionConfig
from teleop.control import ControlLoop, Station
from teleop.device_messages import DeviceReading
from teleop.messages import (
    TACTILE_SHAPE,
    Action,
    ActionChunk,
    Arm,
    EpisodeEnded,
    EpisodeOpened,
    FrameRef,
    Observation,
    RobotState,
    Scene,
    Step,
    TaskStatus,
    ToolTarget,
    frozen_array,
)
from teleop.order_messages import Order, OrderKind
from teleop.takeover_messages import Notice

MS = 1_000_000
PERIOD_NS = 10 * MS
START = frozen_array([[-0.1, 0.0, 0.4], [0.1, 0.0, 0.4]])
UPRIGHT = frozen_array([[1.0, 0, 0, 0]] * 2)
ZERO = frozen_array(np.zeros((2, 6)))


def make_state(
    stamp_ns: int = 0,
    position: ArrayLike = START,
    quaternion: ArrayLike = UPRIGHT,
    wrench: ArrayLike = ZERO,
    fault: str = "",
) -> RobotState:
    return RobotState(
        stamp_ns=stamp_ns,
        q=ZERO,
        dq=ZERO,
        position=frozen_array(position),
        quaternion=frozen_array(quaternion),
        twist=ZERO,
        wrench=frozen_array(wrench),
        opening=frozen_array([0.3, 0.3]),
        tactile=frozen_array(np.zeros(TACTILE_SHAPE)),
        fault=fault,
    )


def make_action(twist: ArrayLike = 0.0, opening: ArrayLike = 0.0) -> Action:
    return Action(
        frozen_array(np.broadcast_to(twist, (2, 6))), frozen_array(np.broadcast_to(opening, 2))
    )


def make_proposal(twist: ArrayLike = 0.02, opening: ArrayLike = 0.0) -> Proposal:
    return Proposal(make_action(twist, opening), (True, True), version=3, chunk_id=1, index=0)


NOTHING = NO_PROPOSAL


def make_reading(
    stamp_ns: int,
    left: ArrayLike = 0.0,
    right: ArrayLike = 0.0,
    clutch: tuple[bool, bool] = (False, False),
    presses: tuple[int, int] = (0, 0),
    stops: int = 0,
    **more: Any,
) -> DeviceReading:
    """`left` and `right` are deflections (6,); a number is a push in x."""

    deflection = np.zeros((2, 6))
    for arm, push in enumerate((left, right)):
        row = np.asarray(push, dtype=np.float64)
        deflection[arm, : max(1, row.size)] = row
    return DeviceReading(
        stamp_ns, "fake", frozen_array(deflection), clutch, presses, stop_presses=stops, **more
    )


class FakeRobot:
    """Tracks its target at once, from the next reading on."""

    def __init__(self, clock: SimClock) -> None:
        self._clock = clock
        self.position = START
        self.quaternion = UPRIGHT
        self.fault = ""
        self.wrench: ArrayLike = ZERO
        self.targets: list[ToolTarget] = []
        self.stops = 0
        self.stuck = False  # the arms do not follow
        self.frozen_ns = -1  # the state's stamp stands still there

    def read(self) -> RobotState:
        stamp_ns = self._clock.now_ns() if self.frozen_ns < 0 else self.frozen_ns
        return make_state(stamp_ns, self.position, self.quaternion, self.wrench, self.fault)

    def command(self, target: ToolTarget) -> ToolTarget:
        self.targets.append(target)
        if not self.stuck:
            self.position, self.quaternion = target.position, target.quaternion
        return target

    def stop(self) -> None:
        self.stops += 1

    def close(self) -> None:
        return


class FakeDevice:
    """Gives a fresh reading of what is set, unless it is silent."""

    name = "fake"

    def __init__(self) -> None:
        self.left: ArrayLike = 0.0
        self.right: ArrayLike = 0.0
        self.clutch: tuple[bool, bool] = (False, False)
        self.presses: tuple[int, int] = (0, 0)
        self.stops = 0
        self.takes: tuple[int, int] = (0, 0)
        self.rewinds: tuple[int, int] = (0, 0)
        self.silent = False
        self._last: DeviceReading | None = None

    def read(self, now_ns: int) -> DeviceReading | None:
        if not self.silent:
            self._last = make_reading(
                now_ns,
                self.left,
                self.right,
                self.clutch,
                self.presses,
                self.stops,
                take_presses=self.takes,
                rewind_presses=self.rewinds,
            )
        return self._last

    def close(self) -> None:
        return


class FakePolicy:
    """A chunk source that answers each observation `latency_ns` later, every `every` ticks."""

    def __init__(self, twist: float = 0.02, opening: float = 0.0, every: int = 5) -> None:
        self.twist, self.opening, self.every = twist, opening, every
        self.latency_ns = 30 * MS
        self.silent = False
        self.novelty = (0.0, 0.0)
        self._ticks = 0
        self._on_its_way: list[ActionChunk] = []

    def exchange(self, observation: Observation) -> ActionChunk | None:
        now_ns = observation.state.stamp_ns
        if self._ticks % self.every == 0:
            self._on_its_way.append(
                ActionChunk(
                    chunk_id=self._ticks,
                    policy_version=3,
                    observation_ns=now_ns,
                    start_ns=now_ns,
                    period_ns=100 * MS,
                    twist=frozen_array(np.full((8, 2, 6), self.twist)),
                    opening=frozen_array(np.full((8, 2), self.opening)),
                    inference_ns=self.latency_ns,
                    novelty=self.novelty,
                )
            )
        self._ticks += 1
        due = bool(
            self._on_its_way and self._on_its_way[0].observation_ns + self.latency_ns <= now_ns
        )
        if self.silent or not due:
            return None
        return self._on_its_way.pop(0)


class FakeTask:
    def __init__(self) -> None:
        self.now = TaskStatus()
        self.begun: list[int] = []

    def begin(self, episode: int) -> Scene:
        self.begun.append(episode)
        self.now = TaskStatus()
        return Scene(f"fake/{episode}", frozen_array([0.0, 0.0]))

    def status(self) -> TaskStatus:
        return self.now


@dataclass
class Told:
    """A sink that remembers."""

    steps: list[Step] = field(default_factory=list[Step])
    openings: list[EpisodeOpened] = field(default_factory=list[EpisodeOpened])
    endings: list[EpisodeEnded] = field(default_factory=list[EpisodeEnded])

    def opened(self, message: EpisodeOpened) -> None:
        self.openings.append(message)

    def step(self, step: Step) -> None:
        self.steps.append(step)

    def ended(self, message: EpisodeEnded) -> None:
        self.endings.append(message)


class Switch:
    enabled = True


class Bench:
    """A control loop among fakes."""

    def __init__(
        self, config: SessionConfig | None = None, make_robot: type[FakeRobot] = FakeRobot
    ) -> None:
        self.clock = SimClock()
        self.robot = make_robot(self.clock)
        self.device, self.policy, self.task = FakeDevice(), FakePolicy(), FakeTask()
        self.told, self.switch = Told(), Switch()
        self.notices: list[Notice] = []
        self.refs: tuple[FrameRef, ...] | None = None  # None: a new picture every tick
        station = Station(
            self.clock,
            self.robot,
            self.device,
            self.policy,
            self.task,
            [self.told],
            cameras=("wrist",),
            frames=self._frames,
            scripted=self.switch,
            tell=self.notices.append,
        )
        self.loop = ControlLoop(station, config or SessionConfig())

    def _frames(self) -> tuple[FrameRef, ...]:
        now_ns = self.clock.now_ns()
        return (FrameRef("wrist", now_ns, now_ns),) if self.refs is None else self.refs

    def tick(self, count: int = 1) -> Step:
        for _ in range(count):
            self.clock.advance(PERIOD_NS)
            self.loop.tick()
        return self.told.steps[-1]

    def order(
        self, kind: OrderKind, text: str = "", arm: Arm | None = None, value: float = 0.0
    ) -> None:
        reply = self.loop.submit(Order(kind, arm, text, value))
        assert reply.accepted, reply.reason

    def refusal(self, kind: OrderKind, text: str = "") -> str:
        reply = self.loop.submit(Order(kind, text=text))
        assert not reply.accepted
        return reply.reason
