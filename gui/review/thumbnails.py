"""Small pictures of clips, made once: in the process that reads episodes.

One shows the moment of the first takeover, or the middle. It is kept beside the session, or where
that may not be written, in the user's cache; where it is missing, it is made again.
"""

import contextlib
import hashlib
from pathlib import Path

import msgspec
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from recorder.edits.clip import Clip
from recorder.episode_data import EpisodeData
from recorder.labels import interventions
from teleop.errors import EpisodeIncomplete
from teleop.session_folder import SessionFolder

HEIGHT, WIDTH = 96, 128  # px at most
FOLDER = "thumbnails"  # in the session
PREFERRED = "operator"  # made for people; the others are made for the policy
QUALITY = 85
CACHE = Path("~/.cache/nudge/thumbnails")


def small_picture(episode: EpisodeData) -> NDArray[np.uint8]:
    """The picture of a clip, (H, W, 3) RGB.

    Raises:
        EpisodeError: it has no image, or it is damaged.
    """
    row = _telling_row(episode)
    cameras = sorted(episode.header.cameras, key=lambda name: name != PREFERRED)
    for camera in cameras:
        images = episode.image_rows(camera)
        if (images >= 0).any():
            shown = np.flatnonzero(images >= 0)
            nearest = shown[np.argmin(np.abs(shown - row))]
            return reduced(episode.jpegs(camera, [int(images[nearest])])[0])
    raise EpisodeIncomplete(f"{episode.path} holds no image.")


def kept_picture(folder: SessionFolder, clip: Clip) -> NDArray[np.uint8] | None:
    """The picture that was kept of just these rows, if there is one."""
    for path in _places(folder, clip):
        with contextlib.suppress(OSError, ValueError):
            return simplejpeg.decode_jpeg(path.read_bytes(), colorspace="RGB")
    return None


def keep_picture(folder: SessionFolder, clip: Clip, pixels: NDArray[np.uint8]) -> None:
    """Keep a picture in the first place that may be written."""
    code = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality=QUALITY)
    for path in _places(folder, clip):
        part = path.with_suffix(".part")
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(code)
            part.replace(path)
            return


def _telling_row(episode: EpisodeData) -> int:
    if not episode.header.demonstration:
        found = interventions(episode.column("modes"))
        if found:
            return found[0].takeover
    return len(episode) // 2


def reduced(code: bytes) -> NDArray[np.uint8]:
    """The image of a JPEG, as small as a row of the table needs it."""
    try:
        image = simplejpeg.decode_jpeg(
            code, colorspace="RGB", min_height=HEIGHT, min_width=WIDTH, min_factor=1
        )
    except ValueError as error:
        raise EpisodeIncomplete(f"An image cannot be decoded: {error}.") from error
    by = max(1, min(image.shape[0] // HEIGHT, image.shape[1] // WIDTH))
    height, width = image.shape[0] // by * by, image.shape[1] // by * by
    blocks = image[:height, :width].reshape(height // by, by, width // by, by, 3)
    return np.ascontiguousarray(blocks.mean(axis=(1, 3)).astype(np.uint8))


def _places(folder: SessionFolder, clip: Clip) -> tuple[Path, Path]:
    made_of = [(piece.episode, piece.start, piece.stop) for piece in clip.pieces]
    key = hashlib.sha256(msgspec.json.encode(made_of)).hexdigest()[:16]
    name = f"{clip.name}-{key}.jpg"
    session = hashlib.sha256(str(folder.path).encode()).hexdigest()[:16]
    return folder.path / FOLDER / name, CACHE.expanduser() / session / name
