"""The columns of an episode as the `Step` of one tick."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.schema import COLUMNS, FRAME_SEQUENCE, FRAME_STAMP, SEEN_SEQUENCE
from teleop.messages import (
    Action,
    FrameRef,
    Mode,
    Observation,
    RobotState,
    SessionMode,
    Step,
    frozen_array,
)

_STATE = ("q", "dq", "position", "quaternion", "twist", "wrench", "opening", "tactile")
_WHOLE = (
    "index",
    "stamp_ns",
    "policy_version",
    "chunk_id",
    "chunk_index",
    "device_age_ns",
    "camera_age_ns",
    "inference_ns",
    "late_ns",
    "observed_ns",
)


def step_at(episode: EpisodeData, row: int) -> Step:
    """Row `row` as it was recorded; single precision where the schema says so.

    `limits_hit` comes in the order in which its names first appeared in the episode.
    """
    at = {column.name: episode.column(column.name)[row] for column in COLUMNS}
    state = RobotState(
        stamp_ns=int(at["state_stamp_ns"]),
        **{name: frozen_array(at[name]) for name in _STATE},
        fault=_name(episode, "fault", at),
    )
    modes = [Mode(episode.names("modes")[code]) for code in at["modes"]]
    mask = int(at["limits_hit"])
    limits = [name for bit, name in enumerate(episode.names("limits_hit")) if mask >> bit & 1]
    frames = _refs(episode, FRAME_SEQUENCE, row)
    return Step(
        episode=episode.header.episode,
        session_mode=SessionMode(_name(episode, "session_mode", at)),
        observation=Observation(state, frames, _name(episode, "instruction", at)),
        device=_name(episode, "device", at),
        operator=_action("operator", at),
        proposed=_action("proposed", at),
        executed=_action("executed", at),
        proposal_valid=(bool(at["proposal_valid"][0]), bool(at["proposal_valid"][1])),
        authority=_pair(at["authority"]),
        modes=(modes[0], modes[1]),
        limits_hit=tuple(limits),
        novelty=_pair(at["novelty"]),
        force_surprise=_pair(at["force_surprise"]),
        seen=_refs(episode, SEEN_SEQUENCE, row),
        **{name: int(at[name]) for name in _WHOLE},
    )


def _refs(episode: EpisodeData, column: str, row: int) -> tuple[FrameRef, ...]:
    """The images that a row names; those that were only seen have their stamp in another row."""
    cameras, sequences = episode.header.cameras, episode.column(column)[row]
    if column == FRAME_SEQUENCE:
        stamps = episode.column(FRAME_STAMP)[row].tolist()
    else:
        stamps = [_stamp(episode, place, row, sequence) for place, sequence in enumerate(sequences)]
    return tuple(
        FrameRef(camera, int(sequence), int(stamp))
        for camera, sequence, stamp in zip(cameras, sequences, stamps, strict=True)
        if sequence >= 0
    )


def _stamp(episode: EpisodeData, place: int, row: int, sequence: int) -> int:
    """When the image was taken, -1: neither it nor a step that names it was kept.

    The latest row up to `row` that has it as its newest, for a restarted camera counts anew.
    """
    if sequence < 0:
        return -1
    newest: NDArray[Any] = episode.column(FRAME_SEQUENCE)[: row + 1, place]
    rows = np.flatnonzero(newest == sequence)
    if len(rows):
        return int(episode.column(FRAME_STAMP)[rows[-1], place])
    table = episode.image_table(episode.header.cameras[place])
    rows = np.flatnonzero(table.sequence == sequence)
    return int(table.host_ns[rows[-1]]) if len(rows) else -1


def _name(episode: EpisodeData, column: str, at: dict[str, Any]) -> str:
    return episode.names(column)[int(at[column])]


def _action(name: str, at: dict[str, Any]) -> Action:
    return Action(frozen_array(at[f"{name}_twist"]), frozen_array(at[f"{name}_opening"]))


def _pair(values: Sequence[float]) -> tuple[float, float]:
    return float(values[0]), float(values[1])
