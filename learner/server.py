"""Which weights the next chunk is made with: the pointer says, and a safe point lets them in.

The pointer may be moved by the learner, the window or a verb, at any time. What it says is loaded
at once and served from the next point on at which nobody feels it (docs/decisions/0008).
"""

import logging
from dataclasses import dataclass, replace

import numpy as np

from learner.manifest import load_manifest
from learner.model import PolicyNet
from learner.monitor import Monitor
from learner.monitors import find_monitor, provide_monitor
from learner.policy import FlowPolicy
from learner.store import PolicyStore
from teleop.errors import EpisodeError, PolicyError, PolicyMismatch
from teleop.interfaces import FrameReader
from teleop.learner_messages import PolicyPublished, PolicyServing
from teleop.messages import ActionChunk, Mode, SessionMode, Step
from teleop.serving import POINTER

log = logging.getLogger(__name__)

# Over as much of a chunk as is played before the next one comes. Such a step is gone within the
# chunk player's blend, at a tenth of the acceleration limit.
AGREE_STEPS = 3
AGREE_LINEAR = 0.02  # m/s
AGREE_ANGULAR = 0.15  # rad/s
AGREE_OPENING = 0.1


def safe_to_swap(before: Step | None, now: Step) -> bool:
    """Whether other weights may take over, whatever they do.

    So it is when nothing runs, a new episode began, the operator has an arm, or both arms hold.
    """
    if before is not None and before.episode != now.episode:
        return True
    if now.session_mode is not SessionMode.ROLLOUT:
        return True
    return Mode.OPERATOR in now.modes or Mode.POLICY not in now.modes


def is_waited_for(step: Step) -> bool:
    """Whether an arm of the policy's holds because no chunk counts for it yet.

    So it is after a hand-back: only chunks observed later count.
    """
    return step.session_mode is SessionMode.ROLLOUT and any(
        mode is Mode.HOLD and share == 0.0 and not valid
        for mode, share, valid in zip(step.modes, step.authority, step.proposal_valid, strict=True)
    )


def agree(old: ActionChunk, new: ActionChunk) -> bool:
    """Whether two versions mean so much the same that a swap between them is not felt."""
    difference = np.abs(new.twist - old.twist)[:AGREE_STEPS]
    return bool(
        (difference[..., :3] <= AGREE_LINEAR).all()
        and (difference[..., 3:] <= AGREE_ANGULAR).all()
        and (np.abs(new.opening - old.opening)[:AGREE_STEPS] <= AGREE_OPENING).all()
    )


def sees(step: Step, cameras: tuple[str, ...]) -> bool:
    """Whether every camera shows the present scene: none right after it was set up anew."""
    shown = {ref.camera for ref in step.observation.frames}
    return shown.issuperset(cameras)


def monitor_of(store: PolicyStore, net: PolicyNet, name: str = "") -> Monitor | None:
    """The monitor of a net in the store; None if there is none: it is served all the same.

    Args:
        store: of the session.
        net: one of its versions.
        name: of the policy the session started with, to bring its monitor into the store.
    """
    folder = store.path(0).parent
    try:
        return provide_monitor(folder, name, net) if name else find_monitor(folder, net)
    except (PolicyMismatch, EpisodeError) as error:
        log.warning("novelty scores are 0: %s", error)
        return None


@dataclass(frozen=True)
class _Waiting:
    """A version that is loaded and waits for a safe point."""

    version: int
    net: PolicyNet
    monitor: Monitor | None


class Server:
    """One policy, asked again and again; owns no sockets, so that a test can drive it.

    What it serves is what the pointer says, whoever moved it: the learner, the window or a verb.
    """

    def __init__(self, store: PolicyStore, policy: FlowPolicy) -> None:
        self._store = store
        self._policy = policy
        self._pointer: tuple[int, int] | None = None
        self._last: Step | None = None
        self._waiting: _Waiting | None = None
        self._handbacks: dict[int, int] = {}  # versions to the hand-backs that caused them, ns
        self._announced: PolicyServing | None = None
        self.trouble = ""
        """why what the pointer says is not served; "" if it is, or will be"""

    @property
    def policy(self) -> FlowPolicy:
        return self._policy

    def published(self, message: PolicyPublished) -> PolicyServing | None:
        """Take note of what caused a version; the news again, if it is served already.

        Whether it is to be served is the pointer's to say, which the learner moves before.
        """
        if message.handback_ns < 0:
            return None
        self._handbacks[message.version] = message.handback_ns
        before = self._announced
        if before is None or before.version != message.version or before.handback_ns >= 0:
            return None
        self._announced = replace(before, handback_ns=message.handback_ns)
        return self._announced

    def follow(self) -> None:
        """Load what the pointer says, if it was moved; costs microseconds if it was not."""
        stamp = self._stamp()
        if stamp == self._pointer:
            return
        self._pointer = stamp
        self._waiting, self.trouble = None, ""
        try:
            version = self._store.serving()
            if version == self._policy.version:
                return
            net = self._loaded(version)
        except PolicyError as error:
            self.trouble = f"version {self._policy.version} stays: {error}"
            log.warning("%s", self.trouble)
            return
        self._waiting = _Waiting(version, net, monitor_of(self._store, net))

    def _stamp(self) -> tuple[int, int] | None:
        """What changes when the pointer is replaced: each time it is another file."""
        try:
            stat = (self._store.folder / POINTER).stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns

    def _loaded(self, version: int) -> PolicyNet:
        net, manifest = self._store.load(version)
        present = load_manifest(self._store.path(self._policy.version)).model.cameras
        if manifest.model.cameras != present:
            raise PolicyMismatch(
                f"Version {version} sees by {', '.join(manifest.model.cameras)}, and this session "
                f"serves one that sees by {', '.join(present)}."
            )
        return net

    def observed(self, step: Step, now_ns: int) -> PolicyServing | None:
        """Take a step into the policy's history; the swap, if this step allowed one."""
        swap = safe_to_swap(self._last, step)
        if self._last is not None and self._last.episode != step.episode:
            self._policy.reset()
        self._policy.observe(step.observation.state)
        self._last = step
        return self._swap(now_ns) if swap else None

    def chunk(self, frames: FrameReader, now_ns: int) -> tuple[ActionChunk, PolicyServing | None]:
        """The next chunk; the swap, if the waiting version agrees with the serving one here.

        Raises as `FlowPolicy.infer`.
        """
        instruction = self._last.observation.instruction if self._last is not None else ""
        chunk = self._policy.infer(instruction, frames)
        waiting = self._waiting
        if waiting is None:
            return chunk, None
        other = self._policy.preview(waiting.net, waiting.version, instruction, frames)
        return chunk, self._swap(now_ns) if agree(chunk, other) else None

    def _swap(self, now_ns: int) -> PolicyServing | None:
        if self._waiting is None:
            return None
        waiting, self._waiting = self._waiting, None
        self._policy.swap(waiting.net, waiting.version, waiting.monitor)
        if not self._policy.judged:
            log.warning("version %d has no monitor: its novelty scores are 0", waiting.version)
        handback_ns = self._handbacks.pop(waiting.version, -1)
        self._announced = PolicyServing(waiting.version, now_ns, handback_ns)
        return self._announced


def begun(store: PolicyStore, name: str) -> tuple[Server, tuple[str, ...]]:
    """A server of what the pointer says, and the cameras it sees by.

    If that cannot be loaded, it serves the newest accepted version before that can.

    Args:
        store: with at least one version.
        name: of the policy the session started with.

    Raises:
        PolicyError: no version can be loaded.
    """
    wanted = store.serving()
    older = [number for number in reversed(store.versions()) if number < wanted]
    trouble: PolicyError | None = None
    for version in (wanted, *older):
        try:
            net, manifest = store.load(version)
        except PolicyError as error:
            trouble = trouble or error
            continue
        if version != wanted and not manifest.accepted:
            continue
        policy = FlowPolicy(net, version, monitor_of(store, net, name))
        server = Server(store, policy)
        if trouble is not None:
            server.follow()  # finds the trouble again, and keeps it
        return server, manifest.model.cameras
    raise trouble or PolicyMismatch(f"No version in '{store.folder}' can be served.")
