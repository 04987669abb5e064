"""A policy inside the control loop's own process, with the delay that a process of its own has."""

from teleop.interfaces import FrameReader, Policy
from teleop.messages import ActionChunk, Observation


class InlineChunks:
    """Implements `teleop.interfaces.ChunkSource` for lockstep.

    Args:
        policy: shown every robot state, asked for a chunk now and then.
        frames: the images it sees.
        replan_s: simulated time between two inferences.
        latency_s: simulated time from an observation to the arrival of its chunk.
    """

    def __init__(
        self, policy: Policy, frames: FrameReader, replan_s: float = 0.2, latency_s: float = 0.05
    ) -> None:
        self._policy = policy
        self._frames = frames
        self._replan_ns = round(replan_s * 1e9)
        self._latency_ns = round(latency_s * 1e9)
        self._next_ns = 0
        self._underway: ActionChunk | None = None
        self._arrival_ns = 0

    def exchange(self, observation: Observation) -> ActionChunk | None:
        now_ns = observation.state.stamp_ns
        self._policy.observe(observation.state)
        if self._underway is None and now_ns >= self._next_ns:
            self._underway = self._policy.infer(observation.instruction, self._frames)
            self._next_ns = now_ns + self._replan_ns
            self._arrival_ns = now_ns + self._latency_ns
        if self._underway is None or now_ns < self._arrival_ns:
            return None
        chunk, self._underway = self._underway, None
        return chunk


class NoChunks:
    """A chunk source without a policy: every arm that is nobody's holds."""

    def exchange(self, observation: Observation) -> ActionChunk | None:
        return None
