"""One control tick, and the loop around it. Begin to read here.

The same tick runs in real time and in lockstep; only the clock and what stands behind the
protocols of `teleop.interfaces` differ.
"""

from collections.abc import Callable
from dataclasses import replace

from teleop.arbiter import ArbiterInputs, Decision, Refusal, decide
from teleop.chunks import ChunkPlayer, Proposal
from teleop.config import SessionConfig
from teleop.course import Course
from teleop.messages import Action, Observation, RobotState, Step
from teleop.order_messages import Order, OrderKind, Reply
from teleop.rulings import Situation
from teleop.safety import SafetyState, filter_motion
from teleop.station import Station
from teleop.steps import camera_age_ns, make_step


class ControlLoop:
    """Reads, proposes, decides, limits, commands and tells, once a tick. Lives in one thread."""

    def __init__(self, station: Station, config: SessionConfig) -> None:
        self._station = station
        self._config = config
        self._period_s = 1.0 / config.rate_hz
        self._player = ChunkPlayer(config.chunks)
        self._course = Course(station, config)
        self._commanded = SafetyState.at_rest(station.robot.read(), (0.0, 0.0))
        self._commanding = False
        self._fault = ""
        self.refusals: tuple[Refusal, ...] = ()  # of the last tick
        self.missed_ticks = 0

    @property
    def commanded(self) -> SafetyState:
        """What the safety filter carries on from, for whoever measures."""
        return self._commanded

    def tick(self, late_ns: int = 0) -> Step:
        """Do the work of one period; every sink has the step when it returns."""
        now_ns = self._station.clock.now_ns()
        scene = self._course.begin_if_due(now_ns)
        state = self._station.robot.read()
        if scene is not None:
            self._player.reset(now_ns)
            self._commanded = SafetyState.at_rest(state, scene.opening)
        observation = Observation(state, self._station.frames(), self._course.instruction)
        proposal = self._propose(observation, now_ns)
        reading = self._station.device.read(now_ns)

        opening = self._commanded.opening
        inputs = ArbiterInputs(now_ns, reading, proposal, opening, state.fault, state.stamp_ns)
        decision = decide(self._course.arbiter, inputs, self._config.takeover)
        self._course.arbiter = decision.state
        executed, limits_hit = self._command(decision, state)

        step = make_step(
            self._course.episode, inputs, decision, observation, executed, limits_hit, late_ns
        )
        for sink in self._station.sinks:
            sink.step(step)
        self._course.after_step(now_ns)
        self._fault = state.fault
        self.refusals = decision.refusals
        return step

    def _propose(self, observation: Observation, now_ns: int) -> Proposal:
        """Return what the policy proposes; it is not valid while a camera is silent."""
        chunk = self._station.chunks.exchange(observation)
        if chunk is not None:
            self._player.accept(chunk, now_ns)
        proposal = self._player.at(now_ns, self._course.arbiter.after_ns)
        if camera_age_ns(observation, now_ns) > self._config.chunks.stale_camera_s * 1e9:
            return replace(proposal, valid=(False, False))
        return proposal

    def _command(self, decision: Decision, state: RobotState) -> tuple[Action, tuple[str, ...]]:
        """Send what was decided, within the limits; return what was really sent."""
        robot = self._station.robot
        if not self._course.running:
            if self._commanding:
                robot.stop()
            self._commanding = False
            return self._commanded.resting, ()
        self._commanding = True
        before, limits = self._commanded, self._config.limits
        filtered = filter_motion(
            before, decision.action, state, decision.flush, self._period_s, limits
        )
        sent = robot.command(filtered.target)
        self._commanded = filtered.state.following(sent)
        return filtered.executed(sent, self._period_s), filtered.limits_hit

    def submit(self, order: Order) -> Reply:
        """Obey `order` between two ticks, or refuse it with a reason. A stop acts at once."""
        if order.kind is OrderKind.STOP:
            self._station.robot.stop()
        now_ns = self._station.clock.now_ns()
        reading = self._station.device.read(now_ns)
        stale_ns = self._config.takeover.stale_s * 1e9
        fresh = reading is not None and now_ns - reading.stamp_ns <= stale_ns
        return self._course.submit(order, Situation(now_ns, fresh, self._fault))

    def run(self, until: Callable[[], bool]) -> None:
        """Tick at the configured rate until `until()` holds or the order QUIT came.

        `until` is called once a period, before the tick: the place to serve orders. Deadlines are
        absolute; periods that were missed whole are counted and left out, never made up for.
        """
        clock = self._station.clock
        period_ns = round(self._period_s * 1e9)
        deadline_ns = clock.now_ns()
        try:
            while not until() and not self._course.quitting:
                clock.sleep_until_ns(deadline_ns)
                late_ns = clock.now_ns() - deadline_ns
                self.tick(late_ns)
                missed = max(0, (clock.now_ns() - deadline_ns) // period_ns)
                self.missed_ticks += missed
                deadline_ns += (1 + missed) * period_ns
        finally:
            self._station.robot.stop()
            self._course.close(clock.now_ns())
