"""Topics, and the sockets that carry them between the processes of one host.

PUB/SUB for what may be lost, PUSH/PULL for what may not, orders (`teleop.orders`) for what must be
answered. A subscriber drains to the newest itself: ZeroMQ's CONFLATE breaks messages of two parts.
Start order does not matter, and every socket finds a restarted peer again by itself. A socket is
used only by the thread that made it.
"""

from collections import deque
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

import zmq

from teleop.device_messages import DevicesSeen, KeysHeld
from teleop.errors import MalformedMessage
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
    ActionChunk,
    EpisodeEnded,
    EpisodeOpened,
    EpisodeSaved,
    FrameRef,
    Health,
    SceneState,
    Step,
)
from teleop.orders import OrderClient, OrderServer
from teleop.settings_live import SettingsInForce
from teleop.sockets import bind, connect, open_socket
from teleop.stream_messages import RecordedEvent, SampleBlock
from teleop.takeover_messages import Notice, TakeoverStatus
from teleop.wire import Topic, encode

__all__ = [
    "CHUNK",
    "COACH",
    "CORRECTION_REPORT",
    "DEVICES",
    "EPISODE_ENDED",
    "EPISODE_OPENED",
    "EPISODE_REPORT",
    "EPISODE_SAVED",
    "EVENT",
    "FRAME",
    "HEALTH",
    "KEYS",
    "LEARNER",
    "NOTICE",
    "POLICY_PUBLISHED",
    "POLICY_SERVING",
    "SAMPLES",
    "SCENE",
    "SETTINGS",
    "STATE",
    "TAKEOVER",
    "VERSION_REPORT",
    "Inbox",
    "OrderClient",
    "OrderServer",
    "Outbox",
    "Publisher",
    "Subscriber",
    "Topic",
]

STATE = Topic("state", Step)
CHUNK = Topic("chunk", ActionChunk)
EPISODE_OPENED = Topic("episode_opened", EpisodeOpened)
EPISODE_ENDED = Topic("episode_ended", EpisodeEnded)
EPISODE_SAVED = Topic("episode_saved", EpisodeSaved)
POLICY_PUBLISHED = Topic("policy_published", PolicyPublished)
POLICY_SERVING = Topic("policy_serving", PolicyServing)
LEARNER = Topic("learner", LearnerStatus)
VERSION_REPORT = Topic("version_report", VersionReport)
CORRECTION_REPORT = Topic("correction_report", CorrectionReport)
EPISODE_REPORT = Topic("episode_report", EpisodeReport)
COACH = Topic("coach", CoachNote)
FRAME = Topic("frame", FrameRef)
SCENE = Topic("scene", SceneState)
KEYS = Topic("keys", KeysHeld)
HEALTH = Topic("health", Health)
DEVICES = Topic("devices", DevicesSeen)
NOTICE = Topic("notice", Notice)
TAKEOVER = Topic("takeover", TakeoverStatus)
SETTINGS = Topic("settings", SettingsInForce)
SAMPLES = Topic("samples", SampleBlock)
EVENT = Topic("event", RecordedEvent)

T = TypeVar("T")

_PUB_QUEUE = 500  # messages a slow subscriber may lag behind before it loses some
# Kept for a recorder that is being restarted: 30 s of 100 steps and some 120 blocks of samples a
# second, about 20 MB.
_PUSH_QUEUE = 7000
_READ_AT_ONCE = 2000  # messages one call takes, so that a flood cannot hold the caller


class _Socket:
    """What every end of the bus has: a way to be closed."""

    def __init__(self, kind: int) -> None:
        self._socket = open_socket(kind)

    def close(self) -> None:
        """Idempotent."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Publisher(_Socket):
    """Sends to whoever listens; what nobody takes is lost."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(zmq.PUB)
        self._socket.setsockopt(zmq.SNDHWM, _PUB_QUEUE)
        bind(self._socket, endpoint)

    def send(self, topic: Topic[T], message: T) -> None:
        """Send without waiting."""
        self._socket.send_multipart((topic.name.encode(), encode(message)))


class Outbox(_Socket):
    """Sends what must not be lost, and counts what is lost all the same.

    While nobody pulls, messages wait in the sender's memory; they reach a restarted receiver.

    Attributes:
        dropped: messages refused because the queue was full.
    """

    def __init__(self, endpoint: str, queue: int = _PUSH_QUEUE) -> None:
        super().__init__(zmq.PUSH)
        self.dropped = 0
        self._socket.setsockopt(zmq.SNDHWM, queue)
        connect(self._socket, endpoint)

    def send(self, topic: Topic[T], message: T) -> bool:
        """Queue the message without ever waiting; False if it had to be dropped."""
        try:
            self._socket.send_multipart((topic.name.encode(), encode(message)), zmq.NOBLOCK)
        except zmq.Again:
            self.dropped += 1
            return False
        return True


class _Receiver(_Socket):
    """Reads messages of known topics.

    Attributes:
        malformed: messages skipped because they did not decode as their topic's type.
    """

    def __init__(self, kind: int, topics: Iterable[Topic[Any]]) -> None:
        super().__init__(kind)
        self.malformed = 0
        self._topics = {topic.name.encode(): topic for topic in topics}
        self._waiting: deque[tuple[Topic[Any], bytes]] = deque()

    def _receive(self) -> None:
        """Take what has arrived into `_waiting`."""
        for _ in range(_READ_AT_ONCE - len(self._waiting)):
            try:
                parts = self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            topic = self._topics.get(parts[0])  # a subscription matches longer names too
            if topic is None or len(parts) != 2:
                self.malformed += topic is not None
            else:
                self._waiting.append((topic, parts[1]))

    def _decoded(self, topic: Topic[Any], payload: bytes) -> list[tuple[Topic[Any], Any]]:
        try:
            return [(topic, topic.decode(payload))]
        except MalformedMessage:
            self.malformed += 1
            return []

    def drain(self) -> list[tuple[Topic[Any], Any]]:
        """Return what has come since the last call, in the order of each sender; never waits."""
        self._receive()
        messages: list[tuple[Topic[Any], Any]] = []
        while self._waiting:
            messages += self._decoded(*self._waiting.popleft())
        return messages

    def poll(self, timeout_s: float) -> list[tuple[Topic[Any], Any]]:
        """Return what has come; with nothing there, wait up to `timeout_s` for the first."""
        messages = self.drain()
        if not messages and self._socket.poll(round(timeout_s * 1000)):
            messages = self.drain()
        return messages


class Inbox(_Receiver):
    """The receiving end of all `Outbox`es that connect to `endpoint`."""

    def __init__(self, endpoint: str, topics: Iterable[Topic[Any]]) -> None:
        super().__init__(zmq.PULL, topics)
        self._socket.setsockopt(zmq.RCVHWM, _PUSH_QUEUE)
        bind(self._socket, endpoint)


class Subscriber(_Receiver):
    """Listens to publishers that may not exist yet, may die and may come back."""

    def __init__(self, endpoints: Iterable[str], topics: Iterable[Topic[Any]]) -> None:
        super().__init__(zmq.SUB, topics)
        self._socket.setsockopt(zmq.RCVHWM, _PUB_QUEUE)
        for name in self._topics:
            self._socket.setsockopt(zmq.SUBSCRIBE, name)
        for endpoint in endpoints:
            connect(self._socket, endpoint)

    def latest(self, topic: Topic[T]) -> T | None:
        """Return the newest message of `topic` since the last call, None if there is none.

        Older ones of that topic are dropped undecoded; other topics wait for their own call.
        """
        self._receive()
        newest = [payload for kind, payload in self._waiting if kind is topic]
        self._waiting = deque(entry for entry in self._waiting if entry[0] is not topic)
        while newest:
            for _, message in self._decoded(topic, newest.pop()):
                return message
        return None
