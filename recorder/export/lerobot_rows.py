"""One episode as a table of rows and a video a camera."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.export.export import ExportOptions
from recorder.export.grid import grid_pieces
from recorder.export.lerobot_features import (
    ACTION,
    DONE,
    FRAME_STAMP,
    IMAGES,
    STAMP,
    SUCCESS,
    Feature,
    Rows,
    features_of,
    gather,
)
from recorder.export.lerobot_parts import TABLE, Part
from recorder.export.lerobot_stats import ImageStats
from recorder.export.lerobot_tables import TASK, arrow_column, data_schema
from recorder.export.lerobot_video import CODES, VideoFile, write_video
from teleop.errors import ConversionError
from teleop.interfaces import Image
from teleop.messages import Outcome

_BATCH = 16  # images in memory at a time


@dataclass(frozen=True, eq=False)
class Gathered:
    """The rows of an episode that are exported.

    Attributes:
        rows: steps, (n,).
        pieces: how many of them each stretch without a gap has.
        shown: for each camera the row of its images at each of them, (n,).
    """

    rows: Rows
    pieces: tuple[int, ...]
    shown: dict[str, NDArray[np.int64]]


def write_part(
    folder: Path,
    name: str,
    episode: EpisodeData,
    options: ExportOptions,
    features: tuple[Feature, ...],
) -> tuple[Part, NDArray[np.float32]]:
    """Write an episode's table and videos.

    Args:
        folder: where to.
        name: of the episode.
        episode: what is written.
        options: of the export.
        features: of the dataset; empty: this is the first episode.

    Returns:
        what was written, and the column of actions, (n, 14).

    Raises:
        ConversionError: the episode has no such rows, sensors or images.
    """
    videos = [each for each in features if each.dtype == "video"]
    cameras = options.cameras or episode.header.cameras
    if features:
        cameras = tuple(each.key.removeprefix(IMAGES) for each in videos)
    gathered = gather_rows(episode, options.fps, cameras)
    if not features:
        sizes = tuple((camera, _size(episode, camera, options.size)) for camera in cameras)
        features = features_of(episode, sizes, options.fps)
        videos = [each for each in features if each.dtype == "video"]
    columns = {
        feature.key: _column(feature, episode, gathered)
        for feature in features
        if feature.dtype != "video"
    }
    tasks = _write_table(folder / TABLE, episode, gathered, features, columns)
    files: dict[str, VideoFile] = {}
    stats: tuple[dict[str, dict[str, Any]], ...] = tuple({} for _ in gathered.pieces)
    for feature in videos:
        files[feature.key], counted = _write_video(folder, feature, episode, gathered, options)
        for of_piece, images in zip(stats, counted, strict=True):
            named = images.stats().items()
            of_piece[feature.key] = {key: values.tolist() for key, values in named}
    header = episode.header
    outcome, operator = header.outcome.value, header.operator
    part = Part(name, outcome, gathered.pieces, tasks, features, files, stats, operator)
    return part, columns[ACTION]


def gather_rows(episode: EpisodeData, fps: float, cameras: tuple[str, ...]) -> Gathered:
    """The steps on the grid from where every camera has an image on.

    An image that was lost leaves the one before it; its stamp stands beside each row.

    Raises:
        ConversionError: there are none, or no such camera.
    """
    newest: dict[str, NDArray[np.int64]] = {}
    for camera in cameras:
        if camera not in episode.header.cameras:
            raise ConversionError(
                f"{episode.path} has no camera {camera}. Name cameras that all episodes have, and "
                "a new target."
            )
        newest[camera] = np.maximum.accumulate(episode.image_rows(camera))
        if not (newest[camera] >= 0).any():
            raise ConversionError(
                f"{episode.path} has no image of {camera}. Discard it, or leave the camera out."
            )
    pieces = grid_pieces(episode.column(STAMP), fps)
    for rows_of in newest.values():
        pieces = tuple(piece[rows_of[piece] >= 0] for piece in pieces)
    pieces = tuple(piece for piece in pieces if len(piece))
    if not pieces:
        raise ConversionError(
            f"{episode.path} has no row with an image of every camera. Discard it, or leave a "
            "camera out."
        )
    rows = np.concatenate(pieces)
    lengths = tuple(len(piece) for piece in pieces)
    return Gathered(rows, lengths, {camera: each[rows] for camera, each in newest.items()})


def _size(episode: EpisodeData, camera: str, size: int) -> tuple[int, int]:
    """Height and width that its video gets."""
    if size:
        return size, size
    height, width = episode.images(camera, [0]).shape[1:3]
    if height % 2 or width % 2:
        raise ConversionError(
            f"{episode.path}: images of {camera} are {width}x{height}, and video takes even "
            "numbers of pixels. Choose a size for all images."
        )
    return int(height), int(width)


def _column(feature: Feature, episode: EpisodeData, gathered: Gathered) -> NDArray[Any]:
    last = np.cumsum(gathered.pieces) - 1
    ends = np.zeros((len(gathered.rows), 1), np.bool_)
    if feature.key == DONE:
        ends[last] = True
        return ends
    if feature.key == SUCCESS:
        ends[-1] = episode.header.outcome is Outcome.SUCCESS
        return ends
    if feature.key == FRAME_STAMP:
        shown = gathered.shown.items()
        return np.stack([episode.image_table(name).host_ns[rows] for name, rows in shown], axis=1)
    return gather(feature, episode, gathered.rows)


def _write_table(
    path: Path,
    episode: EpisodeData,
    gathered: Gathered,
    features: tuple[Feature, ...],
    columns: dict[str, NDArray[Any]],
) -> tuple[str, ...]:
    """Write the columns, and one more that counts the instructions that are returned."""
    written = tuple(feature for feature in features if feature.key in columns)
    arrays = [arrow_column(feature, columns[feature.key]) for feature in written]
    table = pa.Table.from_arrays(arrays, schema=data_schema(written))
    codes, tasks = np.unique(episode.column("instruction")[gathered.rows], return_inverse=True)
    table = table.append_column(TASK, pa.array(tasks.astype(np.int64)))
    pq.write_table(table, path, write_page_checksum=True)
    texts = episode.names("instruction")
    return tuple(texts[code] for code in codes)


def _write_video(
    folder: Path,
    feature: Feature,
    episode: EpisodeData,
    gathered: Gathered,
    options: ExportOptions,
) -> tuple[VideoFile, list[ImageStats]]:
    camera = feature.key.removeprefix(IMAGES)
    size = feature.shape[0], feature.shape[1]
    found = _size(episode, camera, options.size)
    if found != size:
        raise ConversionError(
            f"{episode.path}: images of {camera} are {found[1]}x{found[0]}, and {size[1]}x{size[0]}"
            " in the first episode. Choose a size for all images, or another target."
        )
    counted = [ImageStats() for _ in gathered.pieces]
    images = _images(episode, camera, gathered, counted)
    path = folder / f"{feature.key}.mp4"
    return write_video(path, images, size, round(options.fps), CODES[options.video]), counted


def _images(
    episode: EpisodeData, camera: str, gathered: Gathered, counted: list[ImageStats]
) -> Iterator[Image]:
    """The camera's image at each row, counted for the piece it is in."""
    piece_of = np.repeat(np.arange(len(gathered.pieces)), gathered.pieces)
    shown = gathered.shown[camera]
    for start in range(0, len(shown), _BATCH):
        wanted, places = np.unique(shown[start : start + _BATCH], return_inverse=True)
        images = episode.images(camera, wanted.tolist())
        for offset, place in enumerate(places):
            counted[piece_of[start + offset]].add(images[place])
            yield images[place]
