"""One control tick, and the loop around it. Begin to read here.

The same tick runs in real time and in lockstep; only the clock and what stands behind the
protocols of `teleop.interfaces` differ.
"""

from collections.abc import Callable
from dataclasses import replace

from teleop.arbiter import ArbiterInputs, Decision, decide, is_blind
from teleop.ask_for_help import HelpView
from teleop.chunks import ChunkPlayer, Proposal
from teleop.config import SessionConfig
from teleop.course import Course
from teleop.device_messages import DeviceReading
from teleop.holds import Hold, sentence_of
from teleop.messages import Action, Arm, Mode, Observation, RobotState, Step
from teleop.operator_frame import in_world, unknown_cameras
from teleop.order_messages import Order, OrderKind, Reply
from teleop.path_memory import PathMemory
from teleop.refusals import Refusal
from teleop.rulings import Situation
from teleop.safety import SafetyState, filter_motion
from teleop.settings_live import (
    NOTHING_NEW,
    Configured,
    Settings,
    applied,
    changes,
    in_force,
    objection,
    summary,
)
from teleop.settings_standing import standing_of
from teleop.station import Station
from teleop.steps import camera_age_ns, make_step
from teleop.takeover_messages import Notice, NoticeKind, TakeoverStatus
from teleop.telling import Teller

FREE_SHARE = 0.2  # of the soft force; below it an arm presses on nothing that hinders it


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
        self._path = PathMemory(config.takeover, FREE_SHARE * config.limits.soft_force)
        self._teller = Teller(station.tell)
        self._inputs: ArbiterInputs | None = None  # of the last tick; so the next two
        self._seen_ns = station.clock.now_ns()  # of the newest picture
        self._help: HelpView | None = None
        self._holds = (Hold.IDLE, Hold.IDLE)
        self.modes = (Mode.HOLD, Mode.HOLD)  # of the last tick
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
            self._path.clear()
            self._commanded = SafetyState.at_rest(state, scene.opening)
        observation = Observation(state, self._station.frames(), self._course.instruction)
        inputs, view = self._look(observation, now_ns)
        decision = decide(self._course.arbiter, inputs, self._config.takeover)
        self._course.arbiter = decision.state
        executed, limits_hit = self._command(decision, state)

        names = (*decision.names, *limits_hit)
        step = make_step(
            self._course.episode, inputs, decision, observation, executed, names, late_ns
        )
        for sink in self._station.sinks:
            sink.step(step)
        self._course.after_step(now_ns)
        self._remember(decision, inputs, view, state)
        return step

    def _look(self, observation: Observation, now_ns: int) -> tuple[ArbiterInputs, HelpView]:
        """Gather what the decision is made from; the operator's device last, so that it is new."""
        state, arms = observation.state, self._course.arbiter.arms
        owners = (arms[0].owner, arms[1].owner)
        proposal, stale_camera = self._propose(observation, now_ns)
        view = self._course.help.look(proposal, owners, self._course.episode.episode, now_ns)
        back, arrived = self._path.back(owners, state, now_ns)
        for frame in observation.frames:
            self._seen_ns = max(self._seen_ns, frame.stamp_ns)
        reading = self._station.device.read(self._station.clock.now_ns())
        if reading is not None:
            reading = in_world(reading, state, self._station.camera_axes)
        inputs = ArbiterInputs(
            now_ns,
            reading,
            proposal,
            self._commanded.opening,
            robot_fault(state, now_ns, self._config.limits.stale_state_s),
            state.stamp_ns,
            now_ns - self._seen_ns if self._station.cameras else 0,
            stale_camera,
            view.pace,
            back,
            arrived,
            self._no_path(reading),
        )
        return inputs, view

    def _propose(self, observation: Observation, now_ns: int) -> tuple[Proposal, bool]:
        """Return what the policy proposes; it is not valid while a camera is silent, and if so."""
        chunk = self._station.chunks.exchange(observation)
        if chunk is not None:
            self._player.accept(chunk, now_ns)
        proposal = self._player.at(now_ns, self._course.arbiter.after_ns)
        if camera_age_ns(observation, now_ns) > self._config.chunks.stale_camera_s * 1e9:
            return replace(proposal, valid=(False, False)), True
        return proposal, False

    def _no_path(self, reading: DeviceReading | None) -> tuple[str, str]:
        """Why an arm cannot rewind; looked up only for a press that asks for it."""
        left, right = self._course.arbiter.arms
        if reading is None or reading.rewind_presses == (left.rewind_presses, right.rewind_presses):
            return "", ""
        return self._path.no_path(Arm.LEFT), self._path.no_path(Arm.RIGHT)

    def _remember(
        self, decision: Decision, inputs: ArbiterInputs, view: HelpView, state: RobotState
    ) -> None:
        """Keep what orders, the way back and those who look on need to know of this tick."""
        reading = inputs.reading
        if self._course.running:
            self._path.remember(state, view.risk)
        unknown = unknown_cameras(reading, self._station.camera_axes) if reading else ("", "")
        self._teller.tell(decision, view.calls, unknown, inputs.now_ns)
        self._inputs, self._help = inputs, view
        self._holds, self.modes = decision.holds, decision.modes
        self.refusals = decision.refusals

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
        asked, flush, kinematics = decision.action, decision.flush, self._station.kinematics
        filtered = filter_motion(before, asked, state, flush, self._period_s, limits, kinematics)
        sent = robot.command(filtered.target)
        self._commanded = filtered.state.following(sent)
        return filtered.executed(sent, self._period_s), filtered.limits_hit

    def submit(self, order: Order) -> Reply:
        """Obey `order` between two ticks, or refuse it with a reason. A stop acts at once."""
        if order.kind is OrderKind.STOP:
            self._station.robot.stop()
        now_ns = self._station.clock.now_ns()
        if order.kind is OrderKind.CONFIGURE:
            return self._configure(order, now_ns)
        reading = self._station.device.read(now_ns)
        stale_ns = self._config.takeover.stale_s * 1e9
        fresh = reading is not None and now_ns - reading.stamp_ns <= stale_ns
        no_path = ("", "")
        if order.kind is OrderKind.REWIND:
            no_path = self._path.no_path(Arm.LEFT), self._path.no_path(Arm.RIGHT)
        last, takeover = self._inputs, self._config.takeover
        situation = Situation(
            now_ns,
            fresh,
            last.fault if last else "",
            last is not None and is_blind(last.view_age_ns, takeover),
            no_path,
            self._config.has_policy,
        )
        reply = self._course.submit(order, situation)
        if reply.accepted:
            self._station.ordered(order)
        return reply

    @property
    def settings(self) -> Settings:
        """What is in force, of what may change in flight."""
        return in_force(self._in_force())

    def _in_force(self) -> SessionConfig:
        return replace(self._config, help=self._course.help.config)

    def _configure(self, order: Order, now_ns: int) -> Reply:
        """Go on by other settings from the next tick on, or say why not now."""
        if order.settings is None:
            return Reply(False, "There are no settings in the order.")
        before = self._in_force()
        after = applied(before, order.settings)
        changed = changes(before, after)
        if not changed:
            return Reply(False, NOTHING_NEW)
        pace = self._help.pace if self._help else (1.0, 1.0)
        standing = standing_of(self._course.arbiter, pace, self._station.robot.read())
        if why := objection(changed, standing, order.settings.confirmed):
            return Reply(False, why)
        self._config = after
        self._player.configure(after.chunks)
        self._path.configure(after.takeover, FREE_SHARE * after.limits.soft_force)
        self._course.configure(before, after)
        self._station.configured(Configured(now_ns, after, changed))
        self._station.tell(Notice(now_ns, NoticeKind.SETTINGS, None, summary(changed)))
        return Reply(True)

    def status(self, now_ns: int) -> TakeoverStatus:
        """How things stand between the operator and the policy."""
        arbiter, view = self._course.arbiter, self._help
        left, right = arbiter.arms
        return TakeoverStatus(
            now_ns,
            (left.authority, right.authority),
            (left.armed, right.armed),
            (
                sentence_of(self._holds[0], arbiter.session_mode),
                sentence_of(self._holds[1], arbiter.session_mode),
            ),
            arbiter.stop_reason,
            view.risk if view else (0.0, 0.0),
            view.budget if view else self._config.help.alerts_per_hour,
            view.alerts if view else 0,
            self._holds,
            arbiter.stop_ordered,
            operator=self._course.operator,
        )

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


def robot_fault(state: RobotState, now_ns: int, stale_s: float) -> str:
    """What is wrong with the robot: what it says itself, or that it has fallen silent."""
    age_s = (now_ns - state.stamp_ns) * 1e-9
    if not state.fault and age_s > stale_s:
        return f"its state is {age_s:.2f} s old, more than {stale_s:g} s"
    return state.fault
