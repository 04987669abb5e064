"""Episodes in one process on simulated time, faster than real time.

Evaluation, benchmarks and tests run the very `ControlLoop.tick` of the real-time processes here,
with its arbiter, safety filter, chunk player and devices; only the clock is another, and the policy
and the cameras are called where otherwise a message would be sent. The same seeds give the same
steps.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from teleop.cells.plug.cameras import CellCamera
from teleop.cells.plug.cell import PlugCell
from teleop.cells.plug.kinematics import PlugKinematics
from teleop.clock import SimClock
from teleop.config import CellConfig, SessionConfig
from teleop.control import ControlLoop, Station
from teleop.demonstrator import ExpertDevice, PushedRobot, Pushes
from teleop.device_messages import DeviceReading
from teleop.device_samples import SampledDevice
from teleop.errors import RobotError
from teleop.frames import MemoryFrames
from teleop.inline_chunks import InlineChunks, NoChunks
from teleop.interfaces import ChunkSource, Device, Policy, SampleSink, StepSink
from teleop.messages import EpisodeEnded, EpisodeOpened, FrameRef, Mode, Outcome, Step
from teleop.order_messages import Order, OrderKind
from teleop.robots.mujoco_cell import MujocoCell
from teleop.rulings import TELEOP_TEXT
from teleop.streams import Streams

POLICY_CAMERAS = ("close_front", "close_top")

Operator = Callable[[MujocoCell], Device]


@dataclass(frozen=True)
class EpisodeResult:
    """What became of one episode."""

    episode: int
    outcome: Outcome
    reason: str
    duration_s: float
    interventions: int  # times the operator took over
    operator_s: float  # with at least one arm in the operator's hands
    peak_force: float  # N, the largest at either wrist


@dataclass
class _Tally:
    """Implements `teleop.interfaces.StepSink`: counts what an `EpisodeResult` says."""

    opened_ns: int = 0
    interventions: int = 0
    operator_steps: int = 0
    peak_force: float = 0.0
    ending: EpisodeEnded | None = None
    _driven: bool = False

    def opened(self, message: EpisodeOpened) -> None:
        self.opened_ns = message.stamp_ns

    def step(self, step: Step) -> None:
        driven = Mode.OPERATOR in step.modes
        self.interventions += driven and not self._driven
        self.operator_steps += driven
        self._driven = driven
        forces = np.linalg.norm(step.observation.state.wrench[:, :3], axis=1)
        self.peak_force = max(self.peak_force, float(forces.max()))

    def ended(self, message: EpisodeEnded) -> None:
        self.ending = message


class _NoDevice:
    """Implements `teleop.interfaces.Device`: nobody is there."""

    name = "none"

    def read(self, now_ns: int) -> DeviceReading | None:
        return None

    def close(self) -> None:
        return


class _Drawing:
    """The cell's cameras on simulated time; an image is drawn in the tick that is to show it."""

    def __init__(self, cell: PlugCell, cameras: Sequence[str], period_s: float) -> None:
        self.frames = MemoryFrames(cameras)
        self._cell = cell
        self._cameras = [(name, CellCamera(cell.model, name)) for name in cameras]
        self._period_ns = round(period_s * 1e9)

    def of(self, clock: SimClock) -> Callable[[], tuple[FrameRef, ...]]:
        """What `Station.frames` needs, for one episode."""
        refs: tuple[FrameRef, ...] = ()
        next_ns = 0

        def newest() -> tuple[FrameRef, ...]:
            nonlocal refs, next_ns
            now_ns = clock.now_ns()
            if now_ns >= next_ns:
                data = self._cell.data
                refs = tuple(
                    self.frames.put(name, camera.render(data), now_ns)
                    for name, camera in self._cameras
                )
                next_ns = now_ns + self._period_ns
            return refs

        return newest

    def close(self) -> None:
        for _, camera in self._cameras:
            camera.close()


class Lockstep:
    """Runs episodes of the plug cell. To be used in the thread that made it, and closed.

    Args:
        config: of the session; `run_episode` replaces its scene.
        cameras: drawn for the policy and the recorder.
        camera_s: simulated time between two images; a policy that plans more often than that sees
            the same image twice.

    Attributes:
        frames: the images, for a recorder among the sinks.

    Raises:
        SetupError: there is no OpenGL to draw with.
    """

    def __init__(
        self,
        config: SessionConfig | None = None,
        cameras: Sequence[str] = POLICY_CAMERAS,
        camera_s: float = 0.1,
    ) -> None:
        config = config or SessionConfig()
        self._config = replace(config, episode=replace(config.episode, automatic=True))
        self._cell = PlugCell()
        self._kinematics = PlugKinematics(self._cell.model)
        self._drawing = _Drawing(self._cell, cameras, camera_s)
        self.frames = self._drawing.frames

    def run_episode(
        self,
        distribution: str,
        seed: int,
        policy: Policy | None = None,
        operator: Operator | None = None,
        sinks: Sequence[StepSink] = (),
        *,
        episode: int = 0,
        replan_s: float = 0.2,
        latency_s: float = 0.05,
    ) -> EpisodeResult:
        """Run one rollout, with an operator who may take over.

        Args:
            distribution: name in `teleop.cells.plug.layout.DISTRIBUTIONS`.
            seed: of the scene.
            policy: reset first; without one the arms hold.
            operator: makes the operator's device; without one nobody takes over.
            sinks: told of every step, beside the tally that makes the result; those that are
                `SampleSink`s also of what is sampled between the steps.
            episode: its number, for the sinks.
            replan_s: simulated time between two inferences.
            latency_s: simulated time that an inference takes.
        """
        clock, robot = self._place(distribution, seed, episode)
        chunks: ChunkSource = NoChunks()
        if policy is not None:
            policy.reset()
            chunks = InlineChunks(policy, self.frames, replan_s, latency_s)
        device = operator(robot) if operator else _NoDevice()
        station = self._station(clock, robot, device, chunks, sinks)
        return self._run(station, episode, Order(OrderKind.START))

    def run_demonstration(
        self,
        distribution: str,
        seed: int,
        sinks: Sequence[StepSink] = (),
        *,
        episode: int = 0,
        pushes: Pushes | None = None,
    ) -> EpisodeResult:
        """Run one demonstration by the scripted expert, which drives both arms without a policy.

        Args:
            distribution: name in `teleop.cells.plug.layout.DISTRIBUTIONS`.
            seed: of the scene and of the pushes.
            sinks: told of every step; the episode is marked as a demonstration.
            episode: its number, for the sinks.
            pushes: what the expert has to recover from; by default the small ones of `Pushes`.
        """
        clock, cell = self._place(distribution, seed, episode)
        device = ExpertDevice(cell, self._config.takeover)
        station = self._station(clock, cell, device, NoChunks(), sinks)
        pushed = PushedRobot(cell, pushes or Pushes(), 1.0 / self._config.rate_hz, seed)
        start = Order(OrderKind.START, text=TELEOP_TEXT)
        return self._run(replace(station, robot=pushed), episode, start)

    def close(self) -> None:
        """Free the drawing contexts."""
        self._drawing.close()

    def _place(self, distribution: str, seed: int, episode: int) -> tuple[SimClock, MujocoCell]:
        clock, config = SimClock(), CellConfig(distribution, seed)
        return clock, MujocoCell(clock, config, self._config.rate_hz, self._cell, episode)

    def _station(
        self,
        clock: SimClock,
        robot: MujocoCell,
        device: Device,
        chunks: ChunkSource,
        sinks: Sequence[StepSink],
    ) -> Station:
        read = SampledDevice(device)
        takers = [sink for sink in sinks if isinstance(sink, SampleSink)]
        streams = Streams((robot, read), takers, lambda: read.readings)
        return Station(
            clock=clock,
            robot=robot,
            device=read,
            chunks=chunks,
            task=robot,
            sinks=(streams, *sinks),
            tell=streams.notice,
            ordered=streams.ordered,
            cameras=self.frames.cameras,
            frames=self._drawing.of(clock),
            kinematics=self._kinematics,
        )

    def _run(self, station: Station, episode: int, start: Order) -> EpisodeResult:
        period_ns = round(1e9 / self._config.rate_hz)
        tally = _Tally()
        station = replace(station, sinks=(tally, *station.sinks), first_episode=episode)
        loop = ControlLoop(station, self._config)
        loop.tick()
        reply = loop.submit(start)
        if not reply.accepted:
            raise RobotError(f"The episode could not be started: {reply.reason}")
        clock = station.clock
        while tally.ending is None:
            clock.sleep_until_ns(clock.now_ns() + period_ns)
            loop.tick()
        ending = tally.ending
        return EpisodeResult(
            episode=episode,
            outcome=ending.outcome,
            reason=ending.reason,
            duration_s=(ending.stamp_ns - tally.opened_ns) / 1e9,
            interventions=tally.interventions,
            operator_s=tally.operator_steps * period_ns / 1e9,
            peak_force=tally.peak_force,
        )
