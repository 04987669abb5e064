"""Plays action chunks: drops the stale head, blends the overlap, knows nothing from before a flush.

A chunk is computed from an observation that is old when the chunk arrives. Its actions carry
their own times, so the head that has already passed is skipped; the new chunk is then faded in
over the old one. Between two actions the earlier one holds, so that the motion sums up to what
the policy meant.

At a takeover and at a hand-back the queue of that arm is flushed. There is nothing to empty: the
caller says from which observation on a chunk counts (`after_ns`), and whatever is older counts
for nothing, not even as a partner to blend with.
"""

from dataclasses import dataclass

import numpy as np

from teleop.config import ChunkConfig
from teleop.messages import NUM_ARMS, Action, ActionChunk, FrameRef, frozen_array

NEVER = -1  # an instant before all others


@dataclass(frozen=True, eq=False)
class Proposal:
    """What the policy asks for at one instant."""

    action: Action  # zero where not valid
    valid: tuple[bool, bool]
    version: int = -1  # of the newest chunk that counts for an arm; -1: none
    chunk_id: int = -1
    index: int = -1
    inference_ns: int = 0
    novelty: tuple[float, float] = (0.0, 0.0)
    force_surprise: tuple[float, float] = (0.0, 0.0)
    observed_ns: int = NEVER
    seen: tuple[FrameRef, ...] = ()


NO_PROPOSAL = Proposal(
    Action(frozen_array(np.zeros((NUM_ARMS, 6))), frozen_array(np.zeros(NUM_ARMS))), (False, False)
)


class ChunkPlayer:
    """Holds the chunks that may still matter, oldest first, each with the instant it arrived."""

    def __init__(self, config: ChunkConfig) -> None:
        self.configure(config)
        self._chunks: list[tuple[int, ActionChunk]] = []
        self._begun_ns = NEVER

    def configure(self, config: ChunkConfig) -> None:
        """Go on by `config`."""
        self._blend_ns = max(1, int(config.blend_s * 1e9))

    def reset(self, now_ns: int) -> None:
        """Forget all chunks, and refuse those observed before `now_ns`: an episode begins."""
        self._chunks.clear()
        self._begun_ns = now_ns

    def accept(self, chunk: ActionChunk, now_ns: int) -> bool:
        """Queue `chunk`, which arrived at `now_ns`.

        Returns:
            False if it is malformed, of a past episode, or not newer than the last one.
        """
        newest_ns = self._chunks[-1][1].observation_ns if self._chunks else NEVER
        if chunk.observation_ns < self._begun_ns or chunk.observation_ns <= newest_ns:
            return False
        if not _is_playable(chunk):
            return False
        self._chunks.append((now_ns, chunk))
        return True

    def at(self, now_ns: int, after_ns: tuple[int, int] = (NEVER, NEVER)) -> Proposal:
        """Return the proposal for `now_ns`.

        Args:
            now_ns: the instant.
            after_ns: per arm, the last flush: only chunks observed later than that count for the
            arm.
        """
        self._drop_faded_out(now_ns)
        twist = np.zeros((NUM_ARMS, 6))
        opening = np.zeros(NUM_ARMS)
        valid = [False, False]
        newest: tuple[ActionChunk, int] | None = None
        for arrived_ns, chunk in self._chunks:
            index = (now_ns - chunk.start_ns) // chunk.period_ns
            if not 0 <= index < len(chunk.twist):
                continue
            counts = [chunk.observation_ns > after_ns[arm] for arm in range(NUM_ARMS)]
            if not any(counts):
                continue
            share = min(1.0, (now_ns - arrived_ns) / self._blend_ns)
            # Where there is nothing to blend with, the chunk counts in full.
            weight = np.array(
                [c * (share if v else 1.0) for c, v in zip(counts, valid, strict=True)]
            )
            twist += weight[:, None] * (chunk.twist[index] - twist)
            opening += weight * (chunk.opening[index] - opening)
            valid = [c or v for c, v in zip(counts, valid, strict=True)]
            newest = chunk, index
        if newest is None:
            return NO_PROPOSAL
        chunk, index = newest
        return Proposal(
            Action(frozen_array(twist), frozen_array(opening)),
            (valid[0], valid[1]),
            chunk.policy_version,
            chunk.chunk_id,
            int(index),
            chunk.inference_ns,
            chunk.novelty,
            chunk.force_surprise,
            chunk.observation_ns,
            chunk.frames,
        )

    def _drop_faded_out(self, now_ns: int) -> None:
        """Forget what lies under a chunk that has started and is faded in whole."""
        for i in range(len(self._chunks) - 1, 0, -1):
            arrived_ns, chunk = self._chunks[i]
            if now_ns - arrived_ns >= self._blend_ns and now_ns >= chunk.start_ns:
                del self._chunks[:i]
                return


def _is_playable(chunk: ActionChunk) -> bool:
    horizon = len(chunk.twist)
    return (
        horizon > 0
        and chunk.period_ns > 0
        and chunk.twist.shape == (horizon, NUM_ARMS, 6)
        and chunk.opening.shape == (horizon, NUM_ARMS)
        and bool(np.isfinite(chunk.twist).all() and np.isfinite(chunk.opening).all())
    )
