"""Everything the window knows, folded from messages; one frozen `View` comes out. No Qt, no I/O.

Time comes in as an argument, so a test plays a whole shift in a millisecond.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from gui.authority import arm_view
from gui.episode_log import EpisodeLog, PastEpisodes
from gui.learner_log import LearnerLog
from gui.learner_view import LearnerView
from gui.notices import NoticeLog
from gui.sound.alarms import AlarmLog, acknowledged, followed
from gui.sound.causes import causes
from gui.sound.values import sounding
from gui.texts.demonstrate import WITHOUT_POLICY
from gui.view import HelpView, Level, View
from gui.vitals import Vitals
from gui.wrench_log import WrenchLog
from teleop.config import SessionConfig
from teleop.device_messages import DevicesSeen
from teleop.learner_messages import (
    CoachNote,
    CorrectionReport,
    EpisodeReport,
    LearnerStatus,
    PolicyPublished,
    PolicyServing,
    VersionReport,
)
from teleop.messages import (
    Arm,
    EpisodeEnded,
    EpisodeOpened,
    EpisodeSaved,
    FrameRef,
    Health,
    Step,
)
from teleop.serving import Move
from teleop.settings_live import SettingsInForce, applied
from teleop.stream_messages import SampleBlock
from teleop.takeover_messages import Notice, TakeoverStatus

T = TypeVar("T")

SILENCE_S = 1.0  # control tells of takeovers and devices some ten times a second


@dataclass(frozen=True)
class Refused:
    """Control has refused an order of this window, which the window has said already."""

    notice: Notice


@dataclass(frozen=True)
class Acknowledged:
    """The operator has seen what there is; from the window to its own console.

    Alarms first, then the calls for help; coaching notes are put away too, one at a time, once
    neither stands.
    """


@dataclass(frozen=True)
class NotesRead:
    """The operator has read the coaching note; None: all of them."""

    note: CoachNote | None = None


class Console:
    """Takes messages, gives views."""

    def __init__(self, config: SessionConfig, processes: Iterable[str]) -> None:
        self._config = config
        self._step: Step | None = None
        self._step_came_ns = 0
        self._episodes = EpisodeLog()
        self._learner = LearnerLog()
        self._vitals = Vitals(processes)
        self._notices = NoticeLog()
        self._alarms = AlarmLog()
        self._takeover: tuple[int, TakeoverStatus] | None = None
        self._devices: tuple[int, DevicesSeen] | None = None
        self._wrenches = WrenchLog()

    def take(self, message: object, now_ns: int) -> None:
        """Fold one message that came at `now_ns` in; other kinds are ignored."""
        match message:
            case Step():
                self._take_step(message, now_ns)
            case SampleBlock():
                self._wrenches.sampled(message)
            case EpisodeOpened():
                self._episodes.opened(message)
            case EpisodeEnded():
                self._episodes.ended(message)
            case EpisodeSaved():
                self._episodes.saved(message)
                self._vitals.saved(message)
            case PastEpisodes():
                self._episodes.past(message)
                if message.newest is not None:
                    self._vitals.saved(message.newest)
            case LearnerStatus():
                self._learner.status(message)
            case PolicyPublished():
                self._learner.published(message)
            case PolicyServing():
                self._learner.serving(message)
            case (
                VersionReport()
                | Move()
                | CorrectionReport()
                | CoachNote()
                | EpisodeReport()
                | NotesRead()
            ):
                self._take_learning(message)
            case Health():
                self._vitals.health(message, now_ns)
            case TakeoverStatus():
                self._takeover = (now_ns, message)
            case DevicesSeen():
                self._devices = (now_ns, message)
            case SettingsInForce():
                after = applied(self._config, message.settings)
                if after != self._config:  # so that who looks on can tell by identity
                    self._config = after
            case FrameRef():
                self._vitals.framed(message)
            case Notice():
                self._notices.take(message, now_ns)
            case Refused():
                self._notices.take(message.notice, now_ns, said=True)
            case Acknowledged():
                self._acknowledge(now_ns)
            case _:
                pass

    def _acknowledge(self, now_ns: int) -> None:
        if sounding(self._alarms.alarms):
            self._alarms = acknowledged(self._alarms)
        elif self._notices.view(now_ns).calls:
            self._notices.acknowledge()
        elif unseen := self._learner.view().notes_unseen:
            self._learner.put_away(unseen[0].note)

    def _take_learning(
        self,
        message: VersionReport | Move | CorrectionReport | CoachNote | EpisodeReport | NotesRead,
    ) -> None:
        match message:
            case VersionReport():
                self._learner.reported(message)
            case Move():
                self._learner.moved(message)
            case CorrectionReport():
                self._learner.changed(message)
            case CoachNote():
                self._learner.coached(message)
            case EpisodeReport():
                self._learner.episode(message)
            case NotesRead():
                self._learner.put_away(message.note)

    def note(self, text: str, level: Level, now_ns: int) -> None:
        """Show `text` as the newest notice."""
        self._vitals.note(text, level, now_ns)

    def _take_step(self, step: Step, now_ns: int) -> None:
        self._step = step
        self._step_came_ns = now_ns
        self._episodes.stepped(step, self._config.instruction)
        self._learner.stepped(step)
        self._vitals.stepped(step, self._step_came_ns)
        self._wrenches.stepped(step)

    def _learning(self) -> LearnerView:
        view = self._learner.view()
        return view if self._config.has_policy else replace(view, message=WITHOUT_POLICY)

    def view(self, now_ns: int) -> View:
        """Return what there is to show now, with the wrenches since the last call."""
        step = self._step
        age_s = (now_ns - self._step_came_ns) / 1e9 if step else float("inf")
        episode = self._episodes.view(step)
        status = _fresh(self._takeover, now_ns)
        devices = _fresh(self._devices, now_ns)
        self._notices.settle(status.risk if status else None, step.modes if step else None, now_ns)
        view = View(
            made_ns=now_ns,
            step_age_s=age_s,
            arms=(
                arm_view(step, Arm.LEFT, age_s, self._config, status),
                arm_view(step, Arm.RIGHT, age_s, self._config, status),
            ),
            episode=episode,
            learner=self._learning(),
            vitals=self._vitals.view(step, age_s, episode.running, now_ns),
            notices=self._notices.view(now_ns),
            help=HelpView(status.help_budget, status.help_alerts) if status else HelpView(),
            devices=devices.devices if devices else None,
            config=self._config,
            operator=status.operator if status else None,
            samples=self._wrenches.take(),
            ended=self._vitals.control_ended,
            stop_ordered=status.stop_ordered if status else True,
        )
        self._alarms = followed(self._alarms, causes(view), now_ns)
        return replace(view, alarms=self._alarms.alarms)


def _fresh(came: tuple[int, T] | None, now_ns: int) -> T | None:
    """Return the message unless it is too old to be believed."""
    if came is None or (now_ns - came[0]) / 1e9 > SILENCE_S:
        return None
    return came[1]
