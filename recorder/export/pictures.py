"""Images of an export at another size."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from teleop.errors import ConversionError
from teleop.interfaces import Image

_BATCH = 64  # images decoded at once


def picture(code: bytes, size: int = 0) -> Image:
    """Decode a JPEG, (H, W, 3) RGB, or (size, size, 3) if a size is given.

    The whole image is scaled, each axis by itself, by the mean over the area of each new pixel.

    Raises:
        ConversionError: it is no JPEG.
    """
    try:
        image = simplejpeg.decode_jpeg(code, colorspace="RGB", min_height=size, min_width=size)
    except ValueError as error:
        raise ConversionError(f"An image cannot be decoded: {error}.") from error
    return scaled(image, size) if size else image


def decoded(
    episode: EpisodeData, camera: str, rows: NDArray[np.int64], size: int
) -> Iterator[Image]:
    """The images of rows of an image table, as `picture`; one row many times is decoded once."""
    for start in range(0, len(rows), _BATCH):
        wanted, places = np.unique(rows[start : start + _BATCH], return_inverse=True)
        codes: Sequence[bytes] = episode.jpegs(camera, wanted.tolist())
        images = [picture(code, size) for code in codes]
        yield from (images[place] for place in places)


def scaled(image: Image, size: int) -> Image:
    """The image as a square of that size."""
    height, width, _ = image.shape
    if (height, width) == (size, size):
        return image
    rows = np.tensordot(_shares(height, size), image.astype(np.float32), axes=(1, 0))
    both = np.tensordot(_shares(width, size), rows, axes=(1, 1))
    return np.rint(both.swapaxes(0, 1)).clip(0, 255).astype(np.uint8)


@lru_cache(maxsize=16)
def _shares(old: int, new: int) -> NDArray[np.float32]:
    """How much of each old pixel is in each new one, (new, old)."""
    edges = np.arange(new + 1) * (old / new)
    starts, ends = edges[:-1, None], edges[1:, None]
    pixels = np.arange(old)
    shares = np.clip(np.minimum(ends, pixels + 1) - np.maximum(starts, pixels), 0.0, None)
    return (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
