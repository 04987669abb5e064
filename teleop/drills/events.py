"""What a session tells while a drill runs, as one list of events in the order of their stamps."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from teleop.messages import (
    NUM_ARMS,
    Arm,
    EpisodeEnded,
    EpisodeSaved,
    Health,
    Mode,
    SceneState,
    SessionMode,
    Step,
)
from teleop.takeover_messages import Notice, TakeoverStatus


class Source(StrEnum):
    """Who tells, or what has changed."""

    MODE = "mode"  # of an arm, in the published steps
    SESSION = "session"  # the session's mode, in the published steps
    LIMIT = "limit"  # a name in `limits_hit` that was not there in the step before
    NOTICE = "notice"
    STATUS = "status"  # a reason in `TakeoverStatus`
    HEALTH = "health"  # a process tells that something is wrong with it
    EPISODE = "episode"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Event:
    """Something that was told."""

    stamp_ns: int
    source: Source
    text: str

    def tells(self, source: Source, *words: str) -> bool:
        """Whether it comes from `source` and has one of `words` in it."""
        return self.source is source and any(word in self.text for word in words or ("",))


@dataclass
class Chronicle:
    """Takes messages in, and keeps what a drill is judged by.

    Attributes:
        events: in the order in which they came.
        scenes: every state of the simulated cell, for the arms' true motion.
        step: the newest one.
        seen: processes that gave a sign of life, with their pid.
        saved: episode files that were finished.
    """

    events: list[Event] = field(default_factory=list[Event])
    scenes: list[SceneState] = field(default_factory=list[SceneState])
    step: Step | None = None
    seen: dict[str, int] = field(default_factory=dict[str, int])
    saved: list[EpisodeSaved] = field(default_factory=list[EpisodeSaved])
    _health: dict[str, str] = field(default_factory=dict[str, str])
    _status: tuple[str, ...] = ("", "", "")

    def hear(self, message: object, now_ns: int) -> None:
        """Take in a message that arrived at `now_ns`."""
        match message:
            case Step():
                self.events += changes(self.step, message)
                self.step = message
            case SceneState():
                self.scenes.append(message)
            case Notice():
                self._tell(message.stamp_ns, Source.NOTICE, notice_text(message))
            case TakeoverStatus():
                self._hear_status(message)
            case Health():
                self._hear_health(message, now_ns)
            case EpisodeEnded():
                text = f"{message.episode} ended, {message.outcome}: {message.reason}"
                self._tell(message.stamp_ns, Source.EPISODE, text)
            case EpisodeSaved():
                self.saved.append(message)
            case _:
                pass

    def say(self, text: str, now_ns: int) -> None:
        """Take in a sentence of the supervisor."""
        self._tell(now_ns, Source.SUPERVISOR, text)

    def after(self, stamp_ns: int) -> Iterator[Event]:
        """The events from `stamp_ns` on."""
        return (event for event in self.events if event.stamp_ns >= stamp_ns)

    def _tell(self, stamp_ns: int, source: Source, text: str) -> None:
        self.events.append(Event(stamp_ns, source, text))

    def _hear_health(self, sign: Health, now_ns: int) -> None:
        self.seen[sign.process] = sign.pid
        text = "" if sign.level == "ok" else sign.text
        if text and text != self._health.get(sign.process):
            self._tell(now_ns, Source.HEALTH, f"{sign.process} {sign.level}: {text}")
        self._health[sign.process] = text

    def _hear_status(self, status: TakeoverStatus) -> None:
        reasons = (*status.hold_reason, status.stop_reason)
        who = ("left holds", "right holds", "stopped")
        for name, reason, before in zip(who, reasons, self._status, strict=True):
            if reason and reason != before:
                self._tell(status.stamp_ns, Source.STATUS, f"{name}: {reason}")
        self._status = reasons


def notice_text(notice: Notice) -> str:
    """Return kind, arm and sentence in one line."""
    arm = "" if notice.arm is None else f" {notice.arm.name.lower()}"
    return f"{notice.kind.value}{arm}: {notice.text}"


def changes(before: Step | None, now: Step) -> list[Event]:
    """Return what a step tells that the one before did not."""
    modes = before.modes if before else (Mode.HOLD,) * NUM_ARMS
    session = before.session_mode if before else SessionMode.IDLE
    limits = before.limits_hit if before else ()
    told = [
        (Source.MODE, f"{arm.name.lower()} {now.modes[arm].value}")
        for arm in Arm
        if now.modes[arm] is not modes[arm]
    ]
    if now.session_mode is not session:
        told.append((Source.SESSION, now.session_mode.value))
    told += [(Source.LIMIT, name) for name in now.limits_hit if name not in limits]
    return [Event(now.stamp_ns, source, text) for source, text in told]
