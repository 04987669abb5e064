"""The robot's side: answers control, and holds the robot when control falls silent.

It runs wherever the robot's own software runs: give it an object with `read`, `command` and `stop`.
Needs msgspec, pyzmq and numpy beside `teleop`, nothing else.
"""

import time
from collections.abc import Callable
from typing import Protocol, runtime_checkable

import zmq

from teleop.clock import RealClock
from teleop.errors import MalformedMessage, RobotError
from teleop.interfaces import Clock
from teleop.messages import Array, RobotState, Scene, TaskStatus, ToolTarget
from teleop.robots.remote.protocol import (
    VERSION,
    WATCHDOG_S,
    Reply,
    Request,
    Verb,
    count_of,
    decode_request,
    wrong_with,
)
from teleop.robots.remote.sockets import Keys, bind_robot
from teleop.wire import encode

_AT_ONCE = 100  # requests a round, so that a flood cannot keep the watchdog waiting


class FarRobot(Protocol):
    """What a robot's own software has to be wrapped as; used by one thread.

    `RobotError` from any of them is a sentence for the operator and the server goes on; anything
    else ends the server, which stops the robot first.
    """

    def read(self) -> RobotState:
        """The newest state, stamped by the server's clock. Soon: control waits 5 ms for it."""
        ...

    def command(self, target: ToolTarget) -> ToolTarget:
        """Track `target` from now on, without waiting; returns what was really sent."""
        ...

    def stop(self) -> None:
        """Hold where the arms are. Idempotent."""
        ...


@runtime_checkable
class FarTask(Protocol):
    """Robots that know their work too."""

    def begin(self, episode: int) -> Scene: ...

    def status(self) -> TaskStatus: ...


@runtime_checkable
class Featured(Protocol):
    """Robots that have more to observe than a `RobotState` holds."""

    def features(self) -> dict[str, Array]:
        """Vectors by name, as of the last `read`."""
        ...


class SenderClock:
    """Implements `teleop.interfaces.Clock`: the time of whoever asks.

    A simulation that runs on it keeps step with control, in lockstep too.
    """

    def __init__(self) -> None:
        self.time_ns = 0

    def now_ns(self) -> int:
        return self.time_ns

    def sleep_until_ns(self, deadline_ns: int) -> None:
        return


class RobotServer:
    """Serves one robot to one control process.

    Args:
        robot: see `FarRobot`; a `FarTask` and `Featured` too if it can.
        endpoint: `ipc://PATH`, or `tcp://HOST:PORT`.
        name: of the robot, for sentences.
        clock: what the robot's states are stamped with.
        watchdog_s: without a command for so long, the robot is told to hold; commands made from a
            picture older than that are refused. None only for a simulation, which may wait.
        keys: needed when `endpoint` leaves this host.

    Raises:
        ConfigError: the endpoint leaves this host without keys.
        BusError: the endpoint cannot be bound.
    """

    def __init__(
        self,
        robot: FarRobot,
        endpoint: str,
        name: str = "robot",
        *,
        clock: Clock | None = None,
        watchdog_s: float | None = WATCHDOG_S,
        keys: Keys | None = None,
    ) -> None:
        self._robot, self._name = robot, name
        self._clock = clock or RealClock()
        self._watchdog_ns = None if watchdog_s is None else round(watchdog_s * 1e9)
        self._socket, self._door = bind_robot(endpoint, keys)
        self._owner = 0  # the sender whose commands are carried out
        self._commanded_ns = 0
        self._moving = False
        self._stopped_at = 0  # number of the owner's last STOP

    def serve(self, until: Callable[[], bool]) -> None:
        """Serve until `until()`; stops the robot, however it ends."""
        try:
            while not until():
                self.poll(0.02)
        finally:
            self._robot.stop()

    def poll(self, timeout_s: float = 0.0) -> int:
        """Answer what has come, waiting up to `timeout_s` for the first; watch the silence.

        Returns:
            How many requests were answered.
        """
        if timeout_s > 0.0:
            self._socket.poll(self._wait_ms(timeout_s))
        count = 0
        while count < _AT_ONCE:
            try:
                sender, *parts = self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                break
            if len(parts) == 2:
                payload = encode(self._answer(count_of(parts[0]), parts[1]))
                self._socket.send_multipart((sender, parts[0], payload), zmq.NOBLOCK)
            count += 1
        self._watch(time.monotonic_ns())
        return count

    def close(self) -> None:
        """Idempotent."""
        self._socket.close()
        if self._door is not None:
            self._door.stop()
            self._door = None

    def _wait_ms(self, timeout_s: float) -> int:
        # Not past the moment at which the watchdog bites.
        if self._moving and self._watchdog_ns is not None:
            left_s = (self._commanded_ns + self._watchdog_ns - time.monotonic_ns()) * 1e-9
            timeout_s = min(timeout_s, max(left_s, 0.0))
        return -(-round(timeout_s * 1e6) // 1000)

    def _watch(self, now_ns: int) -> None:
        silent_ns = now_ns - self._commanded_ns
        if self._moving and self._watchdog_ns is not None and silent_ns >= self._watchdog_ns:
            self._moving, self._owner = False, 0
            self._robot.stop()

    def _answer(self, number: int, payload: bytes) -> Reply:
        try:
            request = decode_request(payload)
        except MalformedMessage as error:
            return self._refusal(0, f"The request was not understood: {error}")
        if request.version != VERSION:
            versions = f"version {VERSION} of the remote protocol, control {request.version}"
            return self._refusal(
                request.now_ns, f"The robot's side speaks {versions}; install one version on both."
            )
        if isinstance(self._clock, SenderClock):
            self._clock.time_ns = request.now_ns
        try:
            return self._obey(number, request)
        except RobotError as error:
            return self._refusal(request.now_ns, str(error))

    def _obey(self, number: int, request: Request) -> Reply:
        match request.verb:
            case Verb.STOP:
                self._robot.stop()
                self._moving = False
                if request.sender == self._owner:
                    self._stopped_at = number
                return Reply(request.now_ns, time.monotonic_ns(), name=self._name)
            case Verb.COMMAND:
                return self._command(number, request)
            case Verb.BEGIN:
                if not isinstance(self._robot, FarTask):
                    return self._refusal(request.now_ns, f"The robot {self._name} knows no task.")
                return self._told(request, self._robot.begin(request.episode))
            case Verb.HELLO | Verb.READ:
                return self._told(request, None)

    def _command(self, number: int, request: Request) -> Reply:
        now_ns = time.monotonic_ns()
        reason = self._against(number, request, now_ns)
        target = request.target
        if reason or target is None:
            return self._refusal(request.now_ns, reason or "A command came without a target.")
        if request.sender != self._owner:
            self._owner, self._stopped_at = request.sender, 0
        self._moving, self._commanded_ns = True, now_ns
        sent = self._robot.command(target)
        return Reply(request.now_ns, time.monotonic_ns(), sent=sent, name=self._name)

    def _against(self, number: int, request: Request, now_ns: int) -> str:
        """Why a command is not carried out; empty: it is."""
        if request.target is not None and (wrong := wrong_with(request.target)):
            return f"The command to {self._name} is refused: {wrong}."
        if self._moving and request.sender != self._owner:
            return f"Another control process commands the robot {self._name}; end it first."
        if request.sender == self._owner and number < self._stopped_at:
            return f"A command to {self._name} came after the stop that followed it."
        age_ns = now_ns - request.seen_ns
        if self._watchdog_ns is not None and not 0 <= age_ns <= self._watchdog_ns:
            return (
                f"A command to {self._name} came too late: it was made from a state older than "
                f"{self._watchdog_ns * 1e-9:g} s."
            )
        return ""

    def _told(self, request: Request, scene: Scene | None) -> Reply:
        robot = self._robot
        state = robot.read()
        return Reply(
            asked_ns=request.now_ns,
            far_ns=time.monotonic_ns(),
            age_ns=max(0, self._clock.now_ns() - state.stamp_ns),
            state=state,
            status=robot.status() if isinstance(robot, FarTask) else TaskStatus(),
            features=robot.features() if isinstance(robot, Featured) else {},
            scene=scene,
            name=self._name,
            has_task=isinstance(robot, FarTask),
        )

    def _refusal(self, asked_ns: int, reason: str) -> Reply:
        return Reply(asked_ns, time.monotonic_ns(), refusal=reason, name=self._name)
