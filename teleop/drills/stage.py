"""A real session in which one thing is made to go wrong, and everything it tells."""

import os
import signal
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from teleop.bus import (
    EPISODE_ENDED,
    EPISODE_SAVED,
    HEALTH,
    NOTICE,
    SCENE,
    STATE,
    TAKEOVER,
    OrderClient,
    Subscriber,
)
from teleop.children import Program
from teleop.config import CellConfig, EpisodeConfig, SessionConfig
from teleop.drills.events import Chronicle, Event
from teleop.drills.result import Findings
from teleop.errors import SessionError
from teleop.messages import Arm, Mode, SessionMode, Step
from teleop.order_messages import Order, OrderKind
from teleop.process_tree import ProcessTree
from teleop.session import running_session
from teleop.session_folder import ORDERS, SessionFolder

CAMERAS = ("close_front", "close_top")
TOPICS = (STATE, SCENE, NOTICE, TAKEOVER, HEALTH, EPISODE_ENDED, EPISODE_SAVED)
MOVING = 0.01  # m/s, executed: the arm moves
FAST = 0.015  # m/s: it moves as the policy does on its way
UP_TO_SPEED_S = 0.4
POLL_S = 0.02
RESTART_S = 90.0  # a process that stands back and loads torch, on a busy machine

# No episode ends by itself: arms that are put somewhere else would count as motion.
CONFIG = SessionConfig(
    device="keyboard",
    cameras=CAMERAS,
    cell=CellConfig("near", 0),
    episode=EpisodeConfig(time_limit_s=600.0, automatic=False),
)


class Stage:
    """A running session as a drill sees it.

    Args:
        folder: the session.
        tree: its processes; None if their supervisor is another process.
        processes: the names that publish.

    Attributes:
        chronicle: everything that was told.
        complaints: what did not come as expected, in sentences.
        fault_ns: when the fault was made; -1: not yet.
        until_ns: when the motion after it ceased to be the fault's.
    """

    def __init__(
        self, folder: SessionFolder, tree: ProcessTree | None, processes: Sequence[str]
    ) -> None:
        self.folder = folder
        self.tree = tree
        self.chronicle = Chronicle()
        self.complaints: list[str] = []
        self.fault_ns = self.until_ns = -1
        self._news = Subscriber([folder.endpoint(name) for name in processes], TOPICS)

    @property
    def step(self) -> Step:
        """The newest step.

        Raises:
            SessionError: control has not published one yet.
        """
        if self.chronicle.step is None:
            raise SessionError("Control has not published a step; see its log.")
        return self.chronicle.step

    def poll(self) -> None:
        """Take in what has come; keep the processes running."""
        for _, message in self._news.poll(POLL_S):
            self.chronicle.hear(message, time.monotonic_ns())
        if self.tree is not None:
            self.tree.watch(0.0)

    def until(self, true: Callable[[], bool], within_s: float) -> bool:
        """Whether it became true within that time."""
        deadline_s = time.monotonic() + within_s
        while not (done := true()) and time.monotonic() < deadline_s:
            self.poll()
        return done

    def need(self, what: str, true: Callable[[], bool], within_s: float) -> None:
        """Wait for what the drill cannot begin without.

        Raises:
            SessionError: it did not come.
        """
        if not self.until(true, within_s):
            raise SessionError(f"The drill could not begin: within {within_s:g} s not {what}.")

    def expect(self, what: str, true: Callable[[], bool], within_s: float = 0.0) -> bool:
        """Wait for what should come; a complaint if it does not."""
        if self.until(true, within_s):
            return True
        self.complaints.append(f"not {what}" + (f" within {within_s:g} s" if within_s else ""))
        return False

    def never(self, what: str, true: Callable[[], bool], for_s: float) -> bool:
        """Watch for what should not come; a complaint if it does."""
        if not self.until(true, for_s):
            return True
        self.complaints.append(what)
        return False

    def rest(self, seconds: float) -> None:
        """Only watch."""
        self.until(lambda: False, seconds)

    def fault(self, make: Callable[[], object]) -> None:
        """Make the fault, and note when."""
        self.fault_ns = time.monotonic_ns()
        make()

    def settled(self) -> None:
        """From here on the arms move by somebody's will again."""
        self.until_ns = time.monotonic_ns()

    def told(self, true: Callable[[Event], bool]) -> bool:
        """Whether such an event came since the fault."""
        return any(true(event) for event in self.chronicle.after(self.fault_ns))

    def order(self, order: Order) -> None:
        """Give an order; a refusal is a complaint."""
        client = OrderClient(self.folder.endpoint(ORDERS))
        try:
            reply = client.call(order, timeout_s=5.0)
        finally:
            client.close()
        if not reply.accepted:
            self.complaints.append(f"{order.kind.value} was refused: {reply.reason}")

    def modes(self, mode: Mode, *arms: Arm) -> bool:
        """Whether these arms (both, if none is named) are in that mode."""
        return all(self.step.modes[arm] is mode for arm in arms or tuple(Arm))

    def moves(self, arm: Arm, mode: Mode, speed: float = MOVING) -> bool:
        """Whether the arm moves at `speed` (m/s) or more, driven that way."""
        twist = self.step.executed.twist[arm, :3]
        return self.step.modes[arm] is mode and float(twist @ twist) > speed**2

    def rolling(self) -> None:
        """Start, and wait until the policy moves the left arm as fast as it does."""
        self.need("a step", lambda: self.chronicle.step is not None, 5.0)
        self.order(Order(OrderKind.START))
        self.need("an arm that moves", lambda: self.moves(Arm.LEFT, Mode.POLICY, FAST), 15.0)
        self.rest(UP_TO_SPEED_S)

    def goes_on(self) -> bool:
        """Whether an episode runs."""
        return self.step.session_mode is SessionMode.ROLLOUT and self.step.episode >= 0

    def pid(self, name: str) -> int:
        """Of the newest process of that name."""
        if self.tree is None:
            return self.chronicle.seen[name]
        return self.tree.children[name].pid

    def kill(self, name: str) -> None:
        """End a process as the kernel does when memory runs out."""
        os.kill(self.pid(name), signal.SIGKILL)

    def restarts(self, name: str) -> int:
        return self.tree.children[name].restarts if self.tree is not None else 0

    def back(self, name: str, gone: int) -> bool:
        """Whether a process gives signs of life again under another pid than `gone`."""
        return self.chronicle.seen.get(name, gone) != gone

    def findings(self, announces: Callable[[Event], bool], ending: str = "went on") -> Findings:
        """What came to light; the motion counts up to `settled`, or to now."""
        until_ns = self.until_ns if self.until_ns >= 0 else time.monotonic_ns()
        complaints = tuple(self.complaints)
        return Findings(self.fault_ns, until_ns, self.chronicle, complaints, announces, ending)

    def close(self) -> None:
        self._news.close()


def same(program: Program) -> Program:
    """Change nothing about a program."""
    return program


@contextmanager
def staged(
    path: Path,
    config: SessionConfig = CONFIG,
    *,
    window: bool = False,
    adapt: Callable[[Program], Program | None] = same,
) -> Generator[Stage]:
    """A whole session that is up and ready; it has ended in order when the block is left."""
    said: list[tuple[int, str]] = []
    stage: Stage | None = None

    def say(text: str) -> None:
        if stage is None:
            said.append((time.monotonic_ns(), text))
        else:
            stage.chronicle.say(text, time.monotonic_ns())

    with running_session(path, config, window=window, over=lambda: "", say=say, adapt=adapt) as (
        folder,
        tree,
    ):
        stage = Stage(folder, tree, tuple(tree.children))
        for stamp_ns, text in said:
            stage.chronicle.say(text, stamp_ns)
        try:
            yield stage
        finally:
            stage.close()
