"""A clip as the player shows it: in the process that reads episodes."""

import contextlib
from dataclasses import replace

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from gui.review.reading_clips import row_of
from gui.review.values import CameraTrack, ClipTrack, EventMark
from recorder.camera_models import camera_models
from recorder.edits.clip import Clip
from recorder.episode_data import EpisodeData
from recorder.labels import POLICY
from teleop.camera_model import CameraModel
from teleop.errors import EpisodeIncomplete, SessionError
from teleop.messages import Arm
from teleop.session_folder import SessionFolder
from teleop.session_record import read_record
from teleop.stream_messages import RecordedEvent


def track_of(folder: SessionFolder, clip: Clip, episode: EpisodeData) -> ClipTrack:
    """Everything of a clip but its images.

    Args:
        folder: the session.
        clip: what it is made of.
        episode: the clip, opened.

    Raises:
        EpisodeError: it is damaged, or holds nothing.
    """
    column = episode.column
    stamps: NDArray[np.int64] = column("stamp_ns")
    if not len(stamps):
        raise EpisodeIncomplete(f"{clip.name} holds no rows; there is nothing to show.")
    recordings, recording, rows = _origin(clip, len(stamps))
    modes: NDArray[np.int64] = column("modes").astype(np.int64)
    policies: NDArray[np.int64] = column("policy_version")
    drove = policies[(modes == POLICY).any(axis=1) & column("proposal_valid").any(axis=1)]
    length_s = float(stamps[-1] - stamps[0]) / 1e9
    models = camera_models(episode.header)
    row = row_of(folder, clip.name, episode.header, edited=bool(clip.edits))
    return ClipTrack(
        row=replace(
            row,
            duration_s=length_s if row.open else row.duration_s,
            versions=tuple(int(version) for version in np.unique(drove[drove >= 0])),
        ),
        stamps_ns=stamps,
        recordings=recordings,
        recording=recording,
        rows=rows,
        mode_names=episode.names("modes"),
        modes=modes,
        labels=episode.labels(),
        authority=column("authority"),
        position=column("position"),
        quaternion=column("quaternion"),
        wrench=column("wrench"),
        tactile=column("tactile"),
        opening=column("opening"),
        proposed=column("proposed_twist"),
        operator=column("operator_twist"),
        executed=column("executed_twist"),
        proposal_valid=column("proposal_valid"),
        version=policies,
        novelty=column("novelty"),
        limits=_limits(column("limits_hit"), episode.names("limits_hit")),
        events=tuple(_mark(event, int(stamps[0])) for event in episode.events()),
        cameras=tuple(_camera(name, episode, models.get(name)) for name in episode.header.cameras),
        soft_limits=_soft_limits(folder),
    )


def _soft_limits(folder: SessionFolder) -> tuple[float, float] | None:
    """From which force and torque the session was slowed down, N and Nm; None: not known."""
    try:
        limits = read_record(folder).config.limits
    except SessionError:
        return None
    return limits.soft_force, limits.soft_torque


def _origin(clip: Clip, count: int) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.int64]]:
    """Names of the recordings, and for each row which of them and which row there."""
    if not clip.edits:  # it may have grown since it was listed
        return (clip.pieces[0].episode,), np.zeros(count, np.int64), np.arange(count)
    names = tuple(dict.fromkeys(piece.episode for piece in clip.pieces))
    places = [np.full(piece.rows, names.index(piece.episode)) for piece in clip.pieces]
    rows = [np.arange(piece.start, piece.stop) for piece in clip.pieces]
    return names, np.concatenate(places), np.concatenate(rows)


def _limits(masks: NDArray[np.uint64], names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the limits in each row, said once for each of the few sets that occur."""
    kinds, kind = np.unique(masks, return_inverse=True)
    told = [
        ", ".join(name for bit, name in enumerate(names) if int(mask) >> bit & 1) for mask in kinds
    ]
    return tuple(told[place] for place in kind)


def _mark(event: RecordedEvent, began_ns: int) -> EventMark:
    arms = {arm.name.lower(): arm for arm in Arm}
    return EventMark(
        at_s=(event.stamp_ns - began_ns) / 1e9,
        kind=event.kind.value,
        arm=arms.get(event.source),
        text=event.text,
    )


def _camera(name: str, episode: EpisodeData, model: CameraModel | None) -> CameraTrack:
    stamps = episode.image_table(name).host_ns
    height = width = 0
    if len(stamps):
        # What is wrong with an image is said once it is asked for.
        with contextlib.suppress(ValueError, EpisodeIncomplete):
            size = simplejpeg.decode_jpeg_header(episode.jpegs(name, [0])[0])
            height, width = int(size[0]), int(size[1])
    return CameraTrack(name, width, height, np.asarray(stamps, np.int64), model)
