"""The simulated plug cell as a robot, and as the task that it works on.

Physics advances inside `command`, by the steps of 2 ms that are due by the clock; what is left over
is carried to the next command. Simulated time therefore keeps pace with the clock at any rate, also
where a period is no whole number of steps: at 100 Hz in lockstep it is exactly five a tick, at
200 Hz two and three in turn, and more after a late tick. The arms' impedance law runs inside
MuJoCo, in each of the steps.
"""

from teleop.cells.plug.appearance import apply
from teleop.cells.plug.camera_models import models_of_scene
from teleop.cells.plug.cell import PlugCell, physics_steps
from teleop.cells.plug.layout import Layout, sample_layout
from teleop.cells.plug.reading import PlugTruth
from teleop.cells.plug.reading import ToolTarget as CellTarget
from teleop.cells.plug.sensing import Moment
from teleop.cells.plug.shifts import sample_look, scene_name
from teleop.config import CellConfig
from teleop.interfaces import Clock
from teleop.messages import (
    RobotState,
    Scene,
    SceneState,
    TaskStatus,
    ToolTarget,
    frozen_array,
)
from teleop.robots.cell_samples import STEP_NS, CellSamples
from teleop.stream_messages import SampleBlock

AT_WORK_NS = 200_000_000  # a robot that was commanded within this time is at work
LONGEST_CATCH_UP = 50  # steps, 0.1 s; after a longer gap simulated time falls behind instead


class MujocoCell:
    """Implements `teleop.interfaces.Robot`, `Task` and `Sampled`.

    Args:
        clock: what the states are stamped with, and what physics keeps pace with.
        config: which scenes to draw.
        rate_hz: of the control ticks.
        cell: one to use again; compiling a new one takes 0.1 s.
        first_episode: the number of the episode that is drawn with the seed itself.

    Attributes:
        sampling: whether the sensors' samples are kept for `samples`.

    Raises:
        ConfigError: there is no such distribution.
    """

    def __init__(
        self,
        clock: Clock,
        config: CellConfig,
        rate_hz: float,
        cell: PlugCell | None = None,
        first_episode: int = 0,
    ) -> None:
        self._clock = clock
        self._config = config
        self._first_episode = first_episode
        self._period_ns = round(1e9 / rate_hz)
        self._commanded_ns = -AT_WORK_NS
        self.cell = cell or PlugCell()
        self.sampling = False
        self._samples = CellSamples(self.cell, rate_hz)
        self._draw(config.seed)

    def begin(self, episode: int) -> Scene:
        """Draw the scene of `episode`: the seed counts up with it."""
        seed = self._config.seed + episode - self._first_episode
        self._draw(seed)
        return Scene(
            self._scene, frozen_array(self.cell.target.opening), models_of_scene(self._scene)
        )

    def _draw(self, seed: int) -> None:
        """Make the cell look and lie as the scene of that seed does."""
        distribution = self._config.distribution
        layout = sample_layout(distribution, seed)
        self._scene = scene_name(distribution, seed)
        apply(self.cell.model, sample_look(distribution, seed))
        self.place(layout)

    def place(self, layout: Layout) -> None:
        """Put arms, plug and socket where `layout` says; the arms have jumped afterwards."""
        self.cell.reset(layout)
        self._samples.forget()
        # One period back: the first command then advances by one period, as all others do.
        self._advanced_ns = self._clock.now_ns() - self._period_ns

    def status(self) -> TaskStatus:
        truth = self.cell.truth()
        return TaskStatus(truth.inserted, truth.dropped, truth.jammed)

    def truth(self) -> PlugTruth:
        """What only a simulation knows, for the scripted operator and nobody else."""
        return self.cell.truth()

    def working(self) -> bool:
        """Whether the robot is being commanded."""
        return self._clock.now_ns() - self._commanded_ns < AT_WORK_NS

    def scene_state(self) -> SceneState:
        """What a camera needs to draw the scene as it is now."""
        return SceneState(self._clock.now_ns(), frozen_array(self.cell.data.qpos), self._scene)

    def read(self) -> RobotState:
        reading = self.cell.read()
        return RobotState(
            stamp_ns=self._clock.now_ns(),
            q=reading.q,
            dq=reading.dq,
            position=reading.position,
            quaternion=reading.quaternion,
            twist=reading.twist,
            wrench=reading.wrench,
            opening=reading.opening,
            tactile=reading.tactile,
        )

    def command(self, target: ToolTarget) -> ToolTarget:
        """Set the impedance's target and let the physics steps pass that are due."""
        self._commanded_ns = self._clock.now_ns()
        due = self._due_steps(self._commanded_ns)
        if due:
            wanted = CellTarget(target.position, target.quaternion, target.opening)
            sensed: list[Moment] | None = [] if self.sampling else None
            self.cell.advance(wanted, due, sensed)
            if sensed:
                now = self.cell.read()
                simulated_ns = round(now.time_s * 1e9)
                self._samples.add(sensed, now.tactile, self._advanced_ns, simulated_ns)
        return target

    def samples(self) -> tuple[SampleBlock, ...]:
        """Wrenches and joints at every physics step, touch at every tick."""
        return self._samples.drain()

    def _due_steps(self, now_ns: int) -> int:
        due = physics_steps((now_ns - self._advanced_ns) * 1e-9)
        if due > LONGEST_CATCH_UP:
            due, self._advanced_ns = LONGEST_CATCH_UP, now_ns
        else:
            self._advanced_ns += due * STEP_NS
        return due

    def stop(self) -> None:
        """Nothing to do: simulated arms move only inside `command`."""

    def close(self) -> None:
        return
