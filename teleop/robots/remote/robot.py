"""Our side of a remote robot: never waits long, and never takes silence for a state.

Each tick asks for a state and sends a command. Where no answer comes in time, the last state is
given again with its old stamp: it grows stale, and control does what it does for any robot that
falls silent. Silence is waited for once; afterwards a question is put again now and then, and a
late answer is taken where it turns up.
"""

import random
import threading
import time
from dataclasses import dataclass, replace
from itertools import count

import zmq

from teleop.config import require
from teleop.errors import MalformedMessage, RobotError
from teleop.interfaces import Clock
from teleop.messages import Array, RobotState, Scene, TaskStatus, ToolTarget
from teleop.robots.remote.protocol import (
    Reply,
    Request,
    Verb,
    count_of,
    decode_reply,
    number_of,
    wrong_with,
)
from teleop.robots.remote.sockets import Keys, connect_robot
from teleop.wire import encode


@dataclass(frozen=True)
class RemoteConfig:
    """How long is waited for the other side."""

    reply_s: float = 0.005
    """for a state and for a command's receipt; half a tick at 100 Hz. Seconds for a simulation in
    lockstep"""
    retry_s: float = 0.1
    """until an unanswered question is put again"""
    connect_s: float = 5.0
    """for the first answer"""
    begin_s: float = 10.0
    """for the scene of an episode"""

    def __post_init__(self) -> None:
        require("reply_s", self.reply_s, 0.0005, 60.0, "s")
        require("retry_s", self.retry_s, 0.01, 10.0, "s")
        require("connect_s", self.connect_s, 0.01, 600.0, "s")
        require("begin_s", self.begin_s, 0.01, 600.0, "s")


class _Line:
    """One socket to the other side, with its lock: ZeroMQ's sockets are no threads' common good."""

    def __init__(self, endpoint: str, keys: Keys | None) -> None:
        self.lock = threading.Lock()
        self.socket = connect_robot(endpoint, keys)

    def send(self, number: int, request: Request) -> bool:
        """Send without waiting; False if nobody is there."""
        try:
            self.socket.send_multipart((number_of(number), encode(request)), zmq.NOBLOCK)
        except zmq.Again:
            return False
        return True

    def received(self) -> tuple[int, Reply] | None:
        """The next reply that has come, if any.

        Raises:
            MalformedMessage: it is none.
        """
        try:
            parts = self.socket.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return None
        if len(parts) != 2:
            raise MalformedMessage(f"A reply of {len(parts)} parts instead of 2.")
        return count_of(parts[0]), decode_reply(parts[1])

    def wait(self, event: int, deadline_ns: int) -> bool:
        """Whether the socket is ready for `event` before the deadline."""
        remaining_ms = -(-max(0, deadline_ns - time.monotonic_ns()) // 1_000_000)
        return bool(self.socket.poll(remaining_ms, event))


class RemoteRobot:
    """Implements `teleop.interfaces.Robot`.

    Args:
        clock: what the states are stamped with.
        endpoint: where the `RobotServer` binds.
        config: time-outs.
        keys: needed when `endpoint` leaves this host.

    Attributes:
        name: what the other side calls itself.
        features: further observation vectors of the newest state, by name.
        status: of the task, as of the newest state.
        has_task: whether `RemoteTask` can be made of it.

    Raises:
        ConfigError: the endpoint leaves this host without keys.
        RobotError: nobody answers within `connect_s`, or what answers is no such robot.
    """

    def __init__(
        self,
        clock: Clock,
        endpoint: str,
        config: RemoteConfig | None = None,
        keys: Keys | None = None,
    ) -> None:
        self._clock, self._endpoint = clock, endpoint
        self.config = config or RemoteConfig()
        self._sender = random.SystemRandom().getrandbits(62)
        self._numbers = count(1)
        self._seen_ns = 0
        self._asked_ns = -1  # of the newest state
        self._pending: dict[Verb, tuple[int, int]] = {}  # number, sent at (host's monotonic ns)
        self._trouble = ""  # told with the next state
        self._closed = False
        self._line, self._stop_line = _Line(endpoint, keys), _Line(endpoint, keys)
        try:
            self._hello()
        except RobotError:
            self.close()
            raise

    def read(self) -> RobotState:
        """The newest state there is; stamped at or before the moment it was measured."""
        self._ask(Request(Verb.READ, self._sender, self._clock.now_ns()))
        trouble, self._trouble = self._trouble, ""
        if trouble and not self._state.fault:
            return replace(self._state, fault=trouble)
        return self._state

    def command(self, target: ToolTarget) -> ToolTarget:
        """Track `target`; returns what the other side says it sent, or last said."""
        now_ns = self._clock.now_ns()
        self._ask(Request(Verb.COMMAND, self._sender, now_ns, self._seen_ns, target))
        return self._sent

    def begin(self, episode: int) -> Scene:
        """Set the scene of `episode` up; a refusal is the fault of the next state."""
        request = Request(Verb.BEGIN, self._sender, self._clock.now_ns(), episode=episode)
        reply = self._ask(request, self.config.begin_s)
        if reply is None or reply.scene is None:
            self._trouble = self._trouble or f"the robot {self.name} set no scene up"
            return Scene("", self._state.opening)
        return reply.scene

    def stop(self) -> None:
        """Ask for a hold, over a line of its own; the other side's watchdog is behind it."""
        with self._stop_line.lock:
            if self._closed:
                return
            request = Request(Verb.STOP, self._sender, self._clock.now_ns())
            if not self._stop_line.send(next(self._numbers), request):
                return
            self._stop_line.wait(zmq.POLLIN, _after(self.config.reply_s))
            try:
                while self._stop_line.received() is not None:
                    pass
            except MalformedMessage:
                return

    def close(self) -> None:
        """Stop and hang up. Idempotent."""
        self.stop()
        with self._line.lock, self._stop_line.lock:
            self._closed = True
            self._line.socket.close()
            self._stop_line.socket.close()

    def _hello(self) -> None:
        deadline_ns = _after(self.config.connect_s)
        for line in (self._line, self._stop_line):
            if not line.wait(zmq.POLLOUT, deadline_ns):
                raise RobotError(self._nobody())
        reply = self._ask(
            Request(Verb.HELLO, self._sender, self._clock.now_ns()), self.config.connect_s
        )
        if reply is None or reply.state is None:
            raise RobotError(self._trouble or self._nobody())
        if self._asked_ns < 0:
            raise RobotError(f"The robot at {self._endpoint} {self._trouble}.")
        self.name, self.has_task = reply.name, reply.has_task
        state = self._state
        self._sent = ToolTarget(state.position, state.quaternion, state.opening)

    def _nobody(self) -> str:
        return (
            f"No robot answers at {self._endpoint} within {self.config.connect_s:g} s; is its "
            "server running, and of the same version?"
        )

    def _ask(self, request: Request, timeout_s: float | None = None) -> Reply | None:
        """Put a question and wait for its answer; None if it does not come in time."""
        with self._line.lock:
            if self._closed:
                return None
            self._take_late()
            silent = request.verb in self._pending
            if silent and time.monotonic_ns() < self._pending[request.verb][1]:
                return None
            number = next(self._numbers)
            if not self._line.send(number, request):
                return None
            self._pending[request.verb] = number, _after(self.config.retry_s)
            if silent and timeout_s is None:
                return None
            return self._wait(number, _after(timeout_s or self.config.reply_s))

    def _wait(self, number: int, deadline_ns: int) -> Reply | None:
        while self._line.wait(zmq.POLLIN, deadline_ns):
            answer = self._received()
            if answer is not None and answer[0] == number:
                return answer[1]
        return None

    def _take_late(self) -> None:
        while self._line.socket.poll(0):
            self._received()

    def _received(self) -> tuple[int, Reply] | None:
        try:
            answer = self._line.received()
        except MalformedMessage as error:
            self._trouble = f"the robot at {self._endpoint} is not understood: {error}"
            return None
        if answer is not None:
            number, reply = answer
            self._pending = {v: p for v, p in self._pending.items() if p[0] > number}
            self._take(reply)
        return answer

    def _take(self, reply: Reply) -> None:
        self._seen_ns = max(self._seen_ns, reply.far_ns)
        if reply.refusal:
            self._trouble = reply.refusal
        if reply.sent is not None and not wrong_with(reply.sent):
            self._sent = reply.sent
        if reply.state is None or reply.asked_ns < self._asked_ns:
            return
        wrong = wrong_with(reply.state)
        if wrong:
            self._trouble = f"sends a state that cannot be used: {wrong}"
            return
        # As old as it can be: measured `age_ns` before the question reached the other side.
        self._state = replace(reply.state, stamp_ns=reply.asked_ns - reply.age_ns)
        self._asked_ns = reply.asked_ns
        self.status: TaskStatus = reply.status
        self.features: dict[str, Array] = reply.features


class RemoteTask:
    """Implements `teleop.interfaces.Task` for a remote robot that knows its work.

    Raises:
        RobotError: it does not.
    """

    def __init__(self, robot: RemoteRobot) -> None:
        if not robot.has_task:
            raise RobotError(
                f"The robot {robot.name} knows no task; set one up by hand, or give its server an "
                "object with `begin` and `status`."
            )
        self._robot = robot

    def begin(self, episode: int) -> Scene:
        return self._robot.begin(episode)

    def status(self) -> TaskStatus:
        return self._robot.status


def _after(seconds: float) -> int:
    return time.monotonic_ns() + round(seconds * 1e9)
