"""All threads of the recorder and what they know of each other, without the bus."""

import logging
import queue
import time
from collections.abc import Generator
from pathlib import Path

from recorder.folder_lock import FolderLock
from recorder.live.backlog import Backlog, Entry
from recorder.live.clocks import clock_step, read_clocks
from recorder.live.condition import Condition, told
from recorder.live.disk_watch import DiskWatch
from recorder.live.encoders import Encoders
from recorder.live.intake import Intake, Message
from recorder.live.joining import Joining, to_be_joined
from recorder.live.losses import WHAT, Burst, Loss, Losses, event_of
from recorder.live.news import Begun, Failed, News, NotKept, Saved, Slow
from recorder.live.sequences import CAMERA_SILENT_NS
from recorder.live.spans import Spans
from recorder.live.writing import WritingThread
from teleop.config import SessionConfig
from teleop.errors import EpisodeError
from teleop.messages import EpisodeSaved
from teleop.session_folder import SessionFolder
from teleop.stream_messages import ClockPair, RecordedEvent

SECOND_NS = 1_000_000_000
NOTE_NS = 10 * SECOND_NS
ALWAYS_S = 1e6  # stands for no end in sight
_SETTLING_S = 0.02
JOIN_SHARE = 0.1  # of the queue: with more waiting, no episode begins to be joined

log = logging.getLogger(__name__)


class Recording:
    """Records; everything but the threads' own work happens in the caller's thread.

    Args:
        folder: the session.
        lock: held on it.
        config: of the session.
    """

    def __init__(self, folder: SessionFolder, lock: FolderLock, config: SessionConfig) -> None:
        record = config.record
        self._folder = folder
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._spans = Spans()
        self._losses = Losses()
        self._backlog = Backlog(record.queue_mb * 1e6)
        self._intake = Intake(self._backlog, self._spans, self._lose, config.cameras)
        self._writing = WritingThread(folder, lock, record, self._backlog, self._news.put)
        self._encoders = Encoders(
            folder.frames, self._spans, self._backlog, self._lose_elsewhere, record.encoders
        )
        self._encoders.follow(config.cameras)
        self._joining = Joining()
        self._watch = DiskWatch(record.reserve_mb * 1e6)
        self._disk = self._watch.look(0.0, -1, 0.0, recording=False)
        self._pair: ClockPair | None = None
        self._second_ns = 0
        self._trouble = ""
        self._note: tuple[int, str] = (0, "")
        self._seen_ns: dict[str, int] = {}
        self._ending = False
        self._since: tuple[int, str] = (0, "")  # when the losses that go on began

    def start(self) -> None:
        """Start the threads, and have joined what an earlier recorder left in segments."""
        self._joining.add(to_be_joined(self._folder))
        self._writing.start()
        self._encoders.start()

    def note(self, text: str) -> None:
        """Tell `text` for some seconds."""
        self._note = (time.monotonic_ns() + NOTE_NS, text)

    def take(self, message: Message, now_ns: int) -> None:
        """Take one message in that came at `now_ns`."""
        self._intake.take(message, now_ns)

    def round(self, now_ns: int) -> tuple[EpisodeSaved, ...]:
        """Do what is due; return what became safe since the last round.

        Raises:
            EpisodeError: a thread has died, so that this process is of no use any more.
        """
        self._look_at_cameras(now_ns)
        if now_ns - self._second_ns >= SECOND_NS:
            self._second_ns = now_ns
            self._each_second()
        # An encoder that is behind is waited for; only a camera that gives nothing more is not.
        ready = self._intake.ready(min(now_ns, self._encoders.caught_up_ns(now_ns)))
        saved = tuple(self._take_news(now_ns))
        for key in ready:
            self._write_bursts(self._losses.over(now_ns, key))
            self._intake.close(key)
        self._write_bursts(self._losses.over(now_ns))
        self._look_at_disk(now_ns / 1e9)
        self._joining.round(self._backlog.share < JOIN_SHARE and not self._disk.stuck_s)
        if not self._ending and not (self._writing.alive and self._encoders.alive):
            raise EpisodeError("A thread of the recorder has ended; its log says why.")
        return saved

    def end(self, now_ns: int) -> None:
        """Let the open episode be the last one, without a label; `ended` waits for it."""
        self._ending = True
        self._intake.stop(now_ns)

    def ended(self, timeout_s: float) -> bool:
        """Whether all that came is written, after waiting up to `timeout_s`; call `round` too."""
        if self._spans.now():
            time.sleep(min(timeout_s, _SETTLING_S))
            return False
        self._encoders.stop()
        self._writing.end()
        return self._writing.join(timeout_s)

    def hurry(self) -> None:
        """Give the images up that still wait, so that the steps can be written in time."""
        self._writing.hurry = True

    @property
    def joining(self) -> int:
        """Episodes that are still in segments."""
        return self._joining.waiting

    def close(self) -> None:
        """End the process that joins episodes; the next start goes on with it. Idempotent."""
        self._encoders.stop()
        self._joining.close()

    def told(self) -> tuple[str, str]:
        """The level and the text of a sign of life."""
        now_ns = time.monotonic_ns()
        bursts = self._losses.running()
        silent = self._intake.silence.silent() if self._intake.is_open else ()
        note_until_ns, note = self._note
        return told(
            Condition(
                self._disk,
                self._trouble,
                bursts,
                self._since_when(bursts),
                self._backlog.share,
                silent,
                " ".join(filter(None, (self._encoders.trouble(), note * (now_ns < note_until_ns)))),
                self._losses.steps[self._intake.key] if self._intake.is_open else 0,
            )
        )

    def numbers(self) -> dict[str, float]:
        """What a sign of life tells beside its text; `losing_` is what the text tells of."""
        total = self._losses.total
        losing = dict.fromkeys(total, 0)
        for burst in self._losses.running():
            losing[burst.loss.kind] += burst.loss.count
        return {
            "episode": float(self._intake.episode),
            "queue_mb": self._backlog.waiting_bytes / 1e6,
            "queue_share": self._backlog.share,
            "write_ms": self._writing.longest_s * 1e3,
            "free_gb": self._disk.free_bytes / 1e9,
            "room_s": self._disk.room_s if self._disk.room_s < ALWAYS_S else ALWAYS_S,
            "stopped": float(bool(self._trouble)),
            "to_join": float(self._joining.waiting),
            **{f"lost_{what}": float(total[kind]) for kind, what in WHAT.items()},
            **{f"losing_{what}": float(losing[kind]) for kind, what in WHAT.items()},
        }

    def was_told(self) -> None:
        """The numbers were sent: the longest wait for the disk is counted anew."""
        self._writing.longest_s = 0.0

    def _take_news(self, now_ns: int) -> Generator[EpisodeSaved]:
        while True:
            try:
                news = self._news.get_nowait()
            except queue.Empty:
                return
            match news:
                case Saved():
                    if news.message.final:
                        self._joining.add([Path(news.message.path)])
                    yield news.message
                case Begun():
                    self._trouble = ""
                case Failed():
                    self._trouble = news.text
                    self._spans.mark_broken(news.key)
                case NotKept():
                    self._losses.note(news.key, news.loss, now_ns)
                case Slow():
                    self._intake.event(self._watch.slow(now_ns / 1e9, news.seconds))

    def _lose(self, key: int, loss: Loss) -> None:
        self._losses.note(key, loss, time.monotonic_ns())

    def _lose_elsewhere(self, key: int, loss: Loss) -> None:
        self._news.put(NotKept(key, loss))

    def _write_bursts(self, bursts: tuple[Burst, ...]) -> None:
        for burst in bursts:
            event = event_of(burst)
            log.warning("%s", event.text)
            self._backlog.put(Entry(burst.key, burst.loss))
            self._backlog.put(Entry(burst.key, event))

    def _since_when(self, bursts: tuple[Burst, ...]) -> str:
        """The time of day at which the first of them began."""
        if not bursts:
            return ""
        began_ns = min(burst.began_ns for burst in bursts)
        if began_ns != self._since[0]:
            ago_s = (time.monotonic_ns() - began_ns) / 1e9
            self._since = (began_ns, time.strftime("%H:%M:%S", time.localtime(time.time() - ago_s)))
        return self._since[1]

    def _each_second(self) -> None:
        pair = read_clocks()
        if step := clock_step(self._pair, pair):
            log.warning("%s", step.text)
            self._intake.event(step)
        self._pair = pair
        self._intake.clock(pair)

    def _look_at_cameras(self, now_ns: int) -> None:
        for camera, newest_ns in self._encoders.newest_ns().items():
            if newest_ns != self._seen_ns.get(camera, 0):
                self._seen_ns[camera] = newest_ns
                self._tell_event(self._intake.silence.heard(camera, newest_ns, CAMERA_SILENT_NS))
        if self._intake.is_open:
            for event in self._intake.silence.fallen_silent(now_ns):
                self._tell_event(event)

    def _look_at_disk(self, now_s: float) -> None:
        writing = self._writing
        self._disk = self._watch.look(
            now_s, writing.free_bytes, writing.call_began_s, self._intake.is_open
        )
        self._tell_event(self._watch.nearly_full(now_s, self._disk))

    def _tell_event(self, event: RecordedEvent | None) -> None:
        if event is not None:
            log.warning("%s", event.text)
            self._intake.event(event)
