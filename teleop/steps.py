"""Builds the `Step` row of a tick from what the tick went through."""

from teleop.arbiter import ArbiterInputs, Decision
from teleop.episodes import EpisodeState
from teleop.messages import Action, Observation, Step


def camera_age_ns(observation: Observation, now_ns: int) -> int:
    """Return the age of the oldest camera's newest image; -1: there is none."""
    return max((now_ns - frame.stamp_ns for frame in observation.frames), default=-1)


def make_step(
    episode: EpisodeState,
    inputs: ArbiterInputs,
    decision: Decision,
    observation: Observation,
    executed: Action,
    limits_hit: tuple[str, ...],
    late_ns: int,
) -> Step:
    """Return the row of the tick at `inputs.now_ns`."""
    reading, proposal = inputs.reading, inputs.proposal
    return Step(
        index=episode.index,
        stamp_ns=inputs.now_ns,
        episode=episode.episode,
        session_mode=decision.state.session_mode,
        observation=observation,
        device=reading.device if reading else "",
        operator=decision.operator,
        proposed=proposal.action,
        proposal_valid=proposal.valid,
        executed=executed,
        authority=decision.authority,
        modes=decision.modes,
        policy_version=proposal.version,
        chunk_id=proposal.chunk_id,
        chunk_index=proposal.index,
        limits_hit=limits_hit,
        device_age_ns=max(0, inputs.now_ns - reading.stamp_ns) if reading else -1,
        camera_age_ns=camera_age_ns(observation, inputs.now_ns),
        inference_ns=proposal.inference_ns,
        late_ns=late_ns,
        novelty=proposal.novelty,
        force_surprise=proposal.force_surprise,
        observed_ns=proposal.observed_ns,
        seen=proposal.seen,
    )
