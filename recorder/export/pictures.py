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


def stored(episode: EpisodeData, camera: str, rows: NDArray[np.int64]) -> Iterator[bytes]:
    """The JPEGs of rows of an image table, read some at a time; one row many times is read once."""
    for start in range(0, len(rows), _BATCH):
        wanted, places = np.unique(rows[start : start + _BATCH], return_inverse=True)
        codes: Sequence[bytes] = episode.jpegs(camera, wanted.tolist())
        yield from (codes[place] for place in places)


def decoded(
    episode: EpisodeData, camera: str, rows: NDArray[np.int64], size: int
) -> Iterator[Image]:
    """The images of rows of an image table, as `picture`."""
    last, image = b"", None
    for code in stored(episode, camera, rows):
        if image is None or code is not last:
            last, image = code, picture(code, size)
        yield image


def scaled(image: Image, size: int) -> Image:
    """The image as a square of that size."""
    height, width, _ = image.shape
    if (height, width) == (size, size):
        return image
    rows = _mean(image.astype(np.float32), size)
    both = _mean(rows.swapaxes(0, 1), size).swapaxes(0, 1)
    return np.rint(both).clip(0, 255).astype(np.uint8)


def _mean(values: NDArray[np.float32], new: int) -> NDArray[np.float32]:
    """The mean over the part of the first axis that each of `new` places covers."""
    places, shares = _taps(len(values), new)
    total = values[places[0]] * shares[0][:, None, None]
    for place, share in zip(places[1:], shares[1:], strict=True):
        total += values[place] * share[:, None, None]
    return total


@lru_cache(maxsize=16)
def _taps(old: int, new: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Which old pixels each new one covers, and their shares: (taps, new) each."""
    edges = np.arange(new + 1) * (old / new)
    starts, ends = edges[:-1], edges[1:]
    first = np.floor(starts).astype(np.intp)
    places = first + np.arange(int(np.ceil(old / new)) + 1)[:, None]
    shares = np.clip(np.minimum(ends, places + 1) - np.maximum(starts, places), 0.0, None)
    return np.minimum(places, old - 1), (shares / shares.sum(axis=0)).astype(np.float32)
