"""Rates, ages and signs of life, from steps and health messages. No Qt, no I/O.

Ages of processes are counted from when their sign came here, so that no clock but this one matters.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from gui.texts import status as words
from gui.view import (
    STEP_SILENCE_S,
    CameraView,
    Level,
    Notice,
    ProcessView,
    VitalsView,
)
from teleop.messages import ENDED, EpisodeSaved, FrameRef, Health, Step
from teleop.session_folder import camera_process

WINDOW_NS = 1_000_000_000  # what rate and lateness are taken over
LATE_SIGN_S = 3.0  # processes say something about once a second
NO_SIGN_S = 8.0
NOTICE_SHOWN_S = 30.0
NEARLY_FULL_S = 300.0  # room for less recording than this is shown
RECORDER = "recorder"
LEVELS = {"ok": Level.OK, "warning": Level.WARNING, "error": Level.ERROR}


class Vitals:
    """Keeps the last second of steps and the newest sign of life of every process."""

    def __init__(self, processes: Iterable[str]) -> None:
        self._signs: dict[str, tuple[int, Health] | None] = dict.fromkeys(processes)
        self._ticks: deque[tuple[int, int]] = deque()  # stamp, lateness
        self._behind_ns = 0
        self._frames: dict[str, int] = {}
        self._lost_steps = 0
        self._notice: tuple[int, Notice] | None = None

    def framed(self, frame: FrameRef) -> None:
        self._frames[frame.camera] = frame.stamp_ns

    def stepped(self, step: Step, now_ns: int) -> None:
        self._behind_ns = now_ns - step.stamp_ns
        self._ticks.append((step.stamp_ns, step.late_ns))
        while step.stamp_ns - self._ticks[0][0] > WINDOW_NS:
            self._ticks.popleft()

    def health(self, message: Health, now_ns: int) -> None:
        self._signs[message.process] = (now_ns, message)
        level = LEVELS.get(message.level, Level.WARNING)
        if level is not Level.OK and message.text:
            self.note(f"{message.process}: {message.text}", level, now_ns)
        elif message.process == RECORDER and self._notice_of(RECORDER):
            self._notice = None  # what it was about is over

    @property
    def control_ended(self) -> bool:
        """Whether control has ended in order, and was not started again."""
        sign = self._signs.get("control")
        return sign is not None and bool(sign[1].numbers.get(ENDED))

    def _notice_of(self, process: str) -> bool:
        return self._notice is not None and self._notice[1].text.startswith(f"{process}: ")

    def saved(self, message: EpisodeSaved) -> None:
        if message.final:
            self._lost_steps = message.dropped_steps

    def note(self, text: str, level: Level, now_ns: int) -> None:
        """Make `text` the newest notice; a repeat is counted."""
        count = 1
        if self._notice is not None and self._notice[1].text == text:
            count = self._notice[1].count + 1
        self._notice = (now_ns, Notice(text, level, 0.0, count))

    def view(self, step: Step | None, step_age_s: float, running: bool, now_ns: int) -> VitalsView:
        processes = tuple(self._process(name, now_ns) for name in self._signs)
        lamp, level = self._recorder(processes, running)
        known = VitalsView(
            recorder=lamp,
            recorder_level=level,
            processes=processes,
            notice=self._shown_notice(now_ns),
            cameras=self._cameras(now_ns),
            free_gb=self._recorders("free_gb"),
            room_s=self._recorders("room_s"),
        )
        if step is None or step_age_s > STEP_SILENCE_S:
            return known
        return replace(
            known,
            rate_hz=self._rate_hz(),
            late_ms=max(late for _, late in self._ticks) / 1e6 if self._ticks else None,
            camera_age_ms=_known_ms(step.camera_age_ns),
            inference_ms=step.inference_ns / 1e6 if step.inference_ns > 0 else None,
            device=step.device,
            device_age_ms=_known_ms(step.device_age_ns),
            state_age_ms=(step.stamp_ns - step.observation.state.stamp_ns) / 1e6,
            behind_ms=self._behind_ns / 1e6,
        )

    def _cameras(self, now_ns: int) -> tuple[CameraView, ...]:
        prefix = camera_process("")
        names = (name.removeprefix(prefix) for name in self._signs if name.startswith(prefix))
        return tuple(
            CameraView(name, (now_ns - self._frames[name]) / 1e9)
            if name in self._frames
            else CameraView(name)
            for name in names
        )

    def _recorders(self, number: str) -> float | None:
        """A number of the recorder's last sign of life; below nothing it does not know it."""
        sign = self._signs.get(RECORDER)
        value = sign[1].numbers.get(number, -1.0) if sign else -1.0
        return value if value >= 0.0 else None

    def _rate_hz(self) -> float | None:
        if len(self._ticks) < 2:
            return None
        span_ns = self._ticks[-1][0] - self._ticks[0][0]
        return (len(self._ticks) - 1) * 1e9 / span_ns if span_ns > 0 else None

    def _process(self, name: str, now_ns: int) -> ProcessView:
        sign = self._signs[name]
        if sign is None:
            return ProcessView(name, float("inf"), Level.UNKNOWN)
        came_ns, message = sign
        age_s = (now_ns - came_ns) / 1e9
        level = LEVELS.get(message.level, Level.WARNING)
        if age_s > NO_SIGN_S:
            level = Level.ERROR
        elif age_s > LATE_SIGN_S and level is Level.OK:
            level = Level.WARNING
        return ProcessView(name, age_s, level, message.text)

    def _recorder(self, processes: tuple[ProcessView, ...], running: bool) -> tuple[str, Level]:
        recorder = next((process for process in processes if process.name == RECORDER), None)
        if recorder is None or recorder.level is Level.UNKNOWN:
            return words.NO_RECORDER, Level.WARNING if running else Level.UNKNOWN
        if recorder.age_s > LATE_SIGN_S:
            return words.RECORDER_SILENT, Level.ERROR
        lost = self._lost_steps + self._waiting_loss()
        if lost:
            return words.steps_lost(lost), Level.ERROR
        if told := self._present_trouble():
            return told, Level.ERROR if recorder.level is Level.ERROR else Level.WARNING
        if recorder.level is not Level.OK:
            return words.RECORDER_TROUBLE, recorder.level
        return ("recording", Level.OK) if running else (words.RECORDER_READY, Level.OK)

    def _present_trouble(self) -> str:
        """What the recorder loses at present or is about to, in a word or two."""
        sign = self._signs.get(RECORDER)
        numbers = sign[1].numbers if sign else {}
        if numbers.get("stopped"):
            return words.NOT_RECORDING
        for what in ("steps", "images", "samples"):
            if count := int(numbers.get(f"losing_{what}", 0)):
                return words.losing(what, count)
        minutes = numbers.get("room_s", NEARLY_FULL_S) / 60.0
        return words.disk_min_left(minutes) if minutes < NEARLY_FULL_S / 60.0 else ""

    def _waiting_loss(self) -> int:
        """Steps that control's outbox had to drop, from control's own sign of life."""
        sign = self._signs.get("control")
        return int(sign[1].numbers.get("lost_steps", 0)) if sign else 0

    def _shown_notice(self, now_ns: int) -> Notice | None:
        if self._notice is None:
            return None
        came_ns, notice = self._notice
        age_s = (now_ns - came_ns) / 1e9
        if age_s > NOTICE_SHOWN_S:
            return None
        return Notice(notice.text, notice.level, age_s, notice.count)


def _known_ms(age_ns: int) -> float | None:
    return None if age_ns < 0 else age_ns / 1e6
