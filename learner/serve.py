"""The policy process: observations in, chunks out, weights swapped where it is not felt."""

import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic_ns

import numpy as np
import torch
import tyro

from learner.model import PolicyNet
from learner.monitor import Monitor
from learner.monitors import find_monitor, provide_monitor
from learner.policy import FlowPolicy
from learner.seed import seed_store
from learner.store import PolicyStore
from teleop.bus import (
    CHUNK,
    HEALTH,
    POLICY_PUBLISHED,
    POLICY_SERVING,
    STATE,
    Publisher,
    Subscriber,
)
from teleop.cli_options import parse
from teleop.errors import EpisodeError, FrameLost, PolicyMismatch
from teleop.frames import RingFrames
from teleop.interfaces import FrameReader
from teleop.learner_messages import (
    PolicyPublished,
    PolicyServing,
)
from teleop.lifetime import Lifetime
from teleop.messages import (
    ActionChunk,
    Health,
    Mode,
    SessionMode,
    Step,
)
from teleop.session_folder import SessionFolder
from teleop.session_record import read_record

log = logging.getLogger(__name__)

# Over as much of a chunk as is played before the next one comes. Such a step is gone within the
# chunk player's blend, at a tenth of the acceleration limit.
AGREE_STEPS = 3
AGREE_LINEAR = 0.02  # m/s
AGREE_ANGULAR = 0.15  # rad/s
AGREE_OPENING = 0.1
WAITED_FOR_NS = 40_000_000  # between two chunks while an arm waits for one


@dataclass(frozen=True)
class PolicyOptions:
    """What `nudge policy` takes."""

    session: tyro.conf.Positional[Path]
    """the session folder"""
    replan_s: float = 0.2
    """a new chunk this often"""


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


class Server:
    """One policy, asked again and again; owns no sockets, so that a test can drive it."""

    def __init__(self, store: PolicyStore, policy: FlowPolicy) -> None:
        self._store = store
        self._policy = policy
        self._last: Step | None = None
        self._waiting: PolicyPublished | None = None
        self._candidate: PolicyNet | None = None
        self._monitor: Monitor | None = None  # of the candidate

    @property
    def policy(self) -> FlowPolicy:
        return self._policy

    def published(self, message: PolicyPublished) -> None:
        """A version to serve from the next safe point on; a refused one is not."""
        if message.accepted:
            self._waiting = message
            self._candidate, _ = self._store.load(message.version)
            self._monitor = monitor_of(self._store, self._candidate)

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
        if self._waiting is None or self._candidate is None:
            return chunk, None
        other = self._policy.preview(self._candidate, self._waiting.version, instruction, frames)
        return chunk, self._swap(now_ns) if agree(chunk, other) else None

    def _swap(self, now_ns: int) -> PolicyServing | None:
        if self._waiting is None or self._candidate is None:
            return None
        message, net = self._waiting, self._candidate
        self._waiting = self._candidate = None
        self._policy.swap(net, message.version, self._monitor)
        if not self._policy.judged:
            log.warning("version %d has no monitor: its novelty scores are 0", message.version)
        return PolicyServing(message.version, now_ns, message.handback_ns)


def main(arguments: list[str]) -> int:
    """Serve the session's policy until told to end."""
    options = parse(
        PolicyOptions,
        arguments,
        prog="nudge policy",
        description="Serve a session's policy: observations in, action chunks out.",
    )
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s policy %(levelname)s %(message)s"
    )
    torch.set_num_threads(1)
    lifetime = Lifetime()
    folder = SessionFolder(options.session.absolute())
    record = read_record(folder)
    store = PolicyStore(folder.policies)
    seed_store(store, record.config.policy)
    net, manifest = store.load(store.serving())
    monitor = monitor_of(store, net, record.config.policy)
    server = Server(store, FlowPolicy(net, manifest.version, monitor))
    frames = RingFrames(folder.frames, net.config.cameras)
    with (
        Publisher(folder.endpoint("policy")) as publisher,
        Subscriber(
            [folder.endpoint("control"), folder.endpoint("learner")], [STATE, POLICY_PUBLISHED]
        ) as subscriber,
    ):
        _serve(server, frames, publisher, subscriber, lifetime, options)
    frames.close()
    return 0


def _serve(
    server: Server,
    frames: RingFrames,
    publisher: Publisher,
    subscriber: Subscriber,
    lifetime: Lifetime,
    options: PolicyOptions,
) -> None:
    def announce(serving: PolicyServing | None) -> None:
        if serving is not None:
            publisher.send(POLICY_SERVING, serving)
            log.info("serving version %d", serving.version)

    last_chunk_ns = next_chunk_ns = next_health_ns = 0
    trouble = ""
    while not lifetime.over():
        step: Step | None = None
        for topic, message in subscriber.poll(0.02):
            if topic is POLICY_PUBLISHED:
                server.published(message)
            else:
                step = message
                announce(server.observed(message, monotonic_ns()))
        now_ns = monotonic_ns()
        if step is not None and is_waited_for(step):
            next_chunk_ns = min(next_chunk_ns, last_chunk_ns + WAITED_FOR_NS)
        if step is not None and now_ns >= next_chunk_ns and sees(step, frames.cameras):
            last_chunk_ns = now_ns
            next_chunk_ns = now_ns + round(options.replan_s * 1e9)
            try:
                chunk, serving = server.chunk(frames, now_ns)
                publisher.send(CHUNK, chunk)
                announce(serving)
                trouble = ""
            except FrameLost as error:
                trouble = str(error)
        if now_ns >= next_health_ns:
            next_health_ns = now_ns + 1_000_000_000
            publisher.send(
                HEALTH,
                Health(
                    "policy",
                    os.getpid(),
                    now_ns,
                    "warning" if trouble else "ok",
                    trouble,
                    {
                        "version": float(server.policy.version),
                        "judged": float(server.policy.judged),
                    },
                ),
            )
