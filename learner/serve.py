"""The policy process: observations in, chunks out, weights swapped where it is not felt."""

import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic_ns

import torch
import tyro

from learner.seed import seed_store
from learner.server import Server, begun, is_waited_for, sees
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
from teleop.errors import FrameLost
from teleop.frames import RingFrames
from teleop.learner_messages import PolicyServing
from teleop.lifetime import Lifetime
from teleop.messages import Health, Step
from teleop.session_folder import SessionFolder
from teleop.session_record import read_record

log = logging.getLogger(__name__)

WAITED_FOR_NS = 40_000_000  # between two chunks while an arm waits for one


@dataclass(frozen=True)
class PolicyOptions:
    """What `nudge policy serve` takes."""

    session: tyro.conf.Positional[Path]
    """the session folder"""
    replan_s: float = 0.2
    """a new chunk this often"""


def main(arguments: list[str]) -> int:
    """Serve the session's policy until told to end."""
    options = parse(
        PolicyOptions,
        arguments,
        prog="nudge policy serve",
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
    server, cameras = begun(store, record.config.policy)
    frames = RingFrames(folder.frames, cameras)
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
        server.follow()
        step: Step | None = None
        for topic, message in subscriber.poll(0.02):
            if topic is POLICY_PUBLISHED:
                announce(server.published(message))
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
                    "warning" if trouble or server.trouble else "ok",
                    trouble or server.trouble,
                    {
                        "version": float(server.policy.version),
                        "judged": float(server.policy.judged),
                    },
                ),
            )
