"""The course of a session: its mode, its episodes, and the orders that change them."""

from collections.abc import Callable
from dataclasses import replace

from teleop.ask_for_help import HelpWatch
from teleop.config import SessionConfig, name_trouble
from teleop.episodes import LABELS, NO_EPISODE, Ending, EpisodeState, closed, opened, watch
from teleop.messages import EpisodeOpened, Outcome, Scene, SessionMode
from teleop.order_messages import Order, OrderKind, Reply
from teleop.ownership import RUNNING, ArbiterState, ArmState
from teleop.rulings import GRANTED, ONCE_TEXT, RULES, Situation, begin_episode, rule
from teleop.settings_standing import taken_by_rules_of
from teleop.station import Station

NOTHING_TUNABLE = "No device of this session can be set up: plug one in, or choose another."


class Course:
    """Keeps the arbiter's and the episode's state between the ticks, and obeys orders."""

    def __init__(self, station: Station, config: SessionConfig) -> None:
        self._station = station
        self._config = config.episode
        self._rules = config.episode  # of the episode that is open
        self._begin_due = False
        self._once = False  # nothing runs after the episode that is open, until it is started
        arm = ArmState(authority=config.takeover.authority)
        self.arbiter = ArbiterState(arms=(arm, arm))
        self.episode = EpisodeState(next_episode=station.first_episode)
        self.instruction = config.instruction
        self.operator = config.operator.strip()
        self.help = HelpWatch(config.help)
        self.quitting = False

    @property
    def running(self) -> bool:
        """Whether the robot is to be commanded."""
        return self.arbiter.session_mode in RUNNING

    def submit(self, order: Order, situation: Situation) -> Reply:
        """Obey `order` or refuse it."""
        if order.kind in RULES:
            return self._rule(order, situation)
        if order.kind in LABELS:
            return self._label(order, situation.now_ns)
        return _OTHERS[order.kind](self, order, situation.now_ns)

    def configure(self, before: SessionConfig, after: SessionConfig) -> None:
        """Go on by `after`; how an episode ends counts from the next one on."""
        self._config = after.episode
        if after.help != before.help:
            self.help.configure(after.help)
        if after.takeover != before.takeover:
            self.arbiter = taken_by_rules_of(self.arbiter, before.takeover, after.takeover)

    def begin_if_due(self, now_ns: int) -> Scene | None:
        """Set up and open the next episode if one is due; return its scene."""
        if not (self._begin_due and self.running):
            return None
        self._begin_due = False
        self.episode = opened(self.episode, now_ns)
        self._rules = self._config
        scene = self._station.task.begin(self.episode.episode)
        self.arbiter = begin_episode(self.arbiter, now_ns)
        message = EpisodeOpened(
            self.episode.episode,
            now_ns,
            self.instruction,
            self._station.cameras,
            scene.name,
            demonstration=self.arbiter.session_mode is SessionMode.TELEOP,
            operator=self.operator,
            camera_models=scene.camera_models,
        )
        for sink in self._station.sinks:
            sink.opened(message)
        return scene

    def after_step(self, now_ns: int) -> None:
        """Count the step, and end the episode if it is over by itself."""
        if self.episode.episode == NO_EPISODE:
            return
        mode = self.arbiter.session_mode
        status = self._station.task.status()
        self.episode, ending = watch(self.episode, now_ns, status, mode, self._rules)
        if ending is not None:
            self.end(ending, now_ns)
            self._go_on(self.running)

    def close(self, now_ns: int) -> None:
        """The session ends: an open episode stays without a label."""
        self.end(Ending(Outcome.UNLABELLED, "session ended"), now_ns)

    def end(self, ending: Ending, now_ns: int) -> None:
        """Close the open episode, if there is one."""
        if self.episode.episode == NO_EPISODE:
            return
        self.episode, message = closed(self.episode, ending, now_ns)
        for sink in self._station.sinks:
            sink.ended(message)

    def _rule(self, order: Order, situation: Situation) -> Reply:
        before = self.arbiter.session_mode
        self.arbiter, reply = rule(self.arbiter, order, situation)
        mode = self.arbiter.session_mode
        if mode is not before:
            if mode in RUNNING:
                self.end(Ending(Outcome.DISCARDED, f"switched to {mode.value}"), situation.now_ns)
            else:
                self.end(Ending(Outcome.UNLABELLED, "stopped"), situation.now_ns)
            self._begin_due = mode in RUNNING
        if reply.accepted and order.kind is OrderKind.START:
            self._once = order.text == ONCE_TEXT
        return reply

    def _label(self, order: Order, now_ns: int) -> Reply:
        """End the episode as the operator says; go on by itself, or wait for START."""
        is_open = self.episode.episode != NO_EPISODE
        if not is_open and order.kind is not OrderKind.RESET:
            return Reply(False, "No episode is open: there is nothing to label.")
        if not self.running:
            return Reply(False, "Nothing is running: start a rollout or a demonstration first.")
        reason = "reset" if order.kind is OrderKind.RESET else "operator"
        self.end(Ending(LABELS[order.kind], reason), now_ns)
        self._go_on(self._config.automatic or order.kind is OrderKind.RESET)
        return GRANTED

    def _go_on(self, by_itself: bool) -> None:
        """After an episode: begin the next one, or let nothing run."""
        self._begin_due = by_itself and not self._once
        if not self._begin_due and self.running:
            self.arbiter = replace(self.arbiter, session_mode=SessionMode.IDLE)

    def instruct(self, order: Order, _now_ns: int) -> Reply:
        """Take the text as the instruction from the next tick on."""
        if not order.text.strip():
            return Reply(False, "The instruction is empty.")
        self.instruction = order.text.strip()
        return GRANTED

    def name(self, order: Order, _now_ns: int) -> Reply:
        """Take the text as the operator's name from the next episode on; empty: nobody's."""
        if trouble := name_trouble(order.text):
            return Reply(False, trouble)
        self.operator = order.text.strip()
        return GRANTED

    def switch(self, order: Order, _now_ns: int) -> Reply:
        """Turn the scripted operator on or off."""
        if self._station.scripted is None:
            return Reply(False, "This session has no scripted operator.")
        if order.text not in ("on", "off"):
            return Reply(False, f"The scripted operator is 'on' or 'off', not '{order.text}'.")
        self._station.scripted.enabled = order.text == "on"
        return GRANTED

    def calibrate(self, order: Order, now_ns: int) -> Reply:
        """Begin to measure the rest of the device that the text names."""
        if self._station.tunable is None:
            return Reply(False, NOTHING_TUNABLE)
        return self._station.tunable.calibrate(order.text, now_ns)

    def tune(self, order: Order, _now_ns: int) -> Reply:
        """Read a device by the order's profile from now on."""
        if order.profile is None:
            return Reply(False, "There is no profile in the order to read a device by.")
        if self._station.tunable is None:
            return Reply(False, NOTHING_TUNABLE)
        return self._station.tunable.tune(order.profile)

    def budget_help(self, order: Order, _now_ns: int) -> Reply:
        """Allow that many alerts an hour."""
        if not 0.0 <= order.value <= 3600.0:  # NaN is neither
            return Reply(False, f"{order.value:g} alerts an hour; it must lie between 0 and 3600.")
        self.help.set_budget(order.value)
        return GRANTED

    def quit(self, _order: Order, _now_ns: int) -> Reply:
        """Leave the loop after this tick."""
        self.quitting = True
        return GRANTED


_OTHERS: dict[OrderKind, Callable[[Course, Order, int], Reply]] = {
    OrderKind.INSTRUCTION: Course.instruct,
    OrderKind.OPERATOR: Course.name,
    OrderKind.CALIBRATE: Course.calibrate,
    OrderKind.TUNE: Course.tune,
    OrderKind.HELP_BUDGET: Course.budget_help,
    OrderKind.SCRIPTED: Course.switch,
    OrderKind.QUIT: Course.quit,
}
