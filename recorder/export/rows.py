"""Which steps and images an export of one episode is made of, for formats on a regular grid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.export.grid import grid_pieces, usual_period_ns
from teleop.errors import ConversionError

WRENCH_HISTORY = 33  # samples; a thirtieth of a second at 1 kHz


@dataclass(frozen=True, eq=False)
class Piece:
    """A stretch of an episode without a gap, as rows of an export.

    Attributes:
        rows: (M,) of the steps, M >= 1.
        images: for each camera (M,) rows of its image table: the newest kept at that step.
    """

    rows: NDArray[np.intp]
    images: dict[str, NDArray[np.int64]]


def cameras_of(episode: EpisodeData, asked: tuple[str, ...]) -> tuple[str, ...]:
    """The cameras to export.

    Raises:
        ConversionError: one that was asked for is not in the episode.
    """
    known = episode.header.cameras
    missing = [camera for camera in asked if camera not in known]
    if missing:
        raise ConversionError(
            f"{episode.path} has no camera {missing[0]}; it has: {', '.join(known) or 'none'}."
        )
    return asked or known


def pieces_of(episode: EpisodeData, fps: float, asked: tuple[str, ...]) -> tuple[Piece, ...]:
    """The pieces of an episode, oldest first.

    A piece begins where every camera has an image: rows before that are left out. Where an image
    was lost, the newest that was kept stands in for it; what was lost is told beside it.

    Args:
        episode: what to export.
        fps: rows a second.
        asked: cameras, none: all.

    Raises:
        ConversionError: nothing would be left, or rows would have to be repeated.
    """
    stamp_ns: NDArray[np.int64] = episode.column("stamp_ns")
    period_ns = usual_period_ns(stamp_ns)
    if period_ns and fps * period_ns > 1.1e9:
        raise ConversionError(
            f"{episode.path} has {1e9 / period_ns:.0f} rows a second, {fps:.0f} cannot be made of "
            f"them. Ask for fewer with --fps."
        )
    cameras = cameras_of(episode, asked)
    newest = {camera: episode.image_rows(camera) for camera in cameras}
    found: list[Piece] = []
    for rows in grid_pieces(stamp_ns, fps):
        stretch = slice(int(rows[0]), int(rows[-1]) + 1)
        held = {camera: _held(newest[camera][stretch])[rows - rows[0]] for camera in cameras}
        seen = np.all([np.ones(len(rows), bool), *(each >= 0 for each in held.values())], axis=0)
        if seen.any():
            images = {camera: each[seen] for camera, each in held.items()}
            found.append(Piece(rows[seen], images))
    if not found:
        dark = [camera for camera in cameras if not (newest[camera] >= 0).any()]
        raise ConversionError(
            f"{episode.path} has no image of {' and '.join(dark) or 'all cameras at once'}. Name "
            "the cameras to export with --cameras."
        )
    return tuple(found)


def wrench_history(
    episode: EpisodeData, arm: str, stamp_ns: NDArray[np.int64]
) -> NDArray[np.float32]:
    """The newest samples of an arm's wrench at each stamp, oldest first, (M, 33, 6).

    From the stream `wrench_ARM` at its own rate, or where there is none from the control ticks.
    Before the first sample, the first stands.
    """
    name = f"wrench_{arm}"
    if name in [stream.name for stream in episode.streams]:
        samples = episode.samples(name)
        host_ns, wrench = samples.host_ns, samples.data
    else:
        host_ns = episode.column("stamp_ns")
        wrench = episode.column("wrench")[:, ("left", "right").index(arm)]
    if len(host_ns) == 0:
        return np.zeros((len(stamp_ns), WRENCH_HISTORY, 6), np.float32)
    last = np.searchsorted(host_ns, stamp_ns, side="right") - 1
    chosen = last[:, None] + np.arange(1 - WRENCH_HISTORY, 1)
    return wrench[np.maximum(chosen, 0)].astype(np.float32)


def _held(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The last row that was not -1, for each; -1 before the first."""
    places = np.where(rows >= 0, np.arange(len(rows)), -1)
    newest = np.maximum.accumulate(places)
    return np.where(newest >= 0, rows[np.maximum(newest, 0)], -1)
