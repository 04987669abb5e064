"""What only this program records, written beside what a format of others has a place for."""

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.export.rows import Piece
from recorder.export.sirius import action_modes, intervention_labels, of_both_arms
from recorder.schema import COLUMNS, FRAME_SEQUENCE

_KEPT = (  # columns as they were recorded, under their own names
    "stamp_ns",
    "state_stamp_ns",
    "executed_twist",
    "executed_opening",
    "proposed_twist",
    "proposed_opening",
    "proposal_valid",
    "operator_twist",
    "operator_opening",
    "authority",
    "policy_version",
)
_UNITS = {column.name: column.unit for column in COLUMNS}


def write_beside(group: h5py.Group, prefix: str, episode: EpisodeData, piece: Piece) -> None:
    """Stamps, all three actions, authority, and which images stand here, each under prefix + name.

    `newest_frame` is the sequence number of the newest image at the row, `shown_frame` of the one
    that stands there: they differ where one was lost. `shown_frame_ns` is its host stamp.
    """
    for name in _KEPT:
        group[prefix + name] = episode.column(name)[piece.rows]
        group[prefix + name].attrs["unit"] = _UNITS[name]
    cameras = episode.header.cameras
    places = [cameras.index(camera) for camera in piece.images]
    newest: NDArray[np.int64] = episode.column(FRAME_SEQUENCE)[piece.rows][:, places]
    shown, taken = np.full(newest.shape, -1, np.int64), np.full(newest.shape, -1, np.int64)
    for place, (camera, rows) in enumerate(piece.images.items()):
        table = episode.image_table(camera)
        shown[:, place] = table.sequence[rows]
        taken[:, place] = table.host_ns[rows]
    frames = {"newest_frame": newest, "shown_frame": shown, "shown_frame_ns": taken}
    for name, values in frames.items():
        group[prefix + name] = values
        group[prefix + name].attrs["cameras"] = ", ".join(piece.images)


def write_labels(group: h5py.Group, prefix: str, labels: NDArray[np.int8]) -> None:
    """Sirius' codes of the row under their own names, and per arm under prefix + name.

    Args:
        group: where.
        prefix: of what is not Sirius' own.
        labels: (M, 2) of `labels.Label`, which are kept too.
    """
    modes, marks = action_modes(labels), intervention_labels(labels)
    group["action_modes"] = of_both_arms(modes)
    group["intv_labels"] = of_both_arms(marks)
    group[f"{prefix}arm_action_modes"] = modes
    group[f"{prefix}arm_intv_labels"] = marks
    group[f"{prefix}label"] = labels


def write_story(group: h5py.Group, name: str, episode: EpisodeData) -> None:
    """Attributes: what the episode was and how it ended.

    Args:
        group: whose attributes.
        name: of the episode in this export.
        episode: what it is.
    """
    header = episode.header
    group.attrs["instruction"] = header.instruction
    group.attrs["nudge_episode"] = name
    group.attrs["nudge_outcome"] = header.outcome.value
    group.attrs["nudge_reason"] = header.reason
    group.attrs["nudge_scene"] = header.scene
    group.attrs["nudge_demonstration"] = header.demonstration
    group.attrs["nudge_operator"] = header.operator
    group.attrs["nudge_uid"] = header.uid
    group.attrs["nudge_opened_epoch_ns"] = header.opened_epoch_ns
