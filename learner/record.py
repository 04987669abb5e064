"""Training rows as records of one size, for a file that any row is found in by its number."""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from learner.model import ACTION_SIZE, HORIZON
from learner.observe import MAX_WORDS, WRENCH_SAMPLES
from learner.samples import Jpegs, Samples

Records = NDArray[Any]

_FIELDS: tuple[tuple[str, str, str, tuple[int, ...]], ...] = (
    ("position", "position_N23", "<f8", (2, 3)),
    ("quaternion", "quaternion_N24", "<f8", (2, 4)),
    ("opening", "opening_N2", "<f8", (2,)),
    ("wrench", "wrench_NW26", "<f2", (WRENCH_SAMPLES, 2, 6)),
    ("tactile", "tactile_N2288", "<f2", (2, 2, 8, 8)),
    ("words", "words_NM", "<i2", (MAX_WORDS,)),
    ("target", "target_NHA", "<f4", (HORIZON, ACTION_SIZE)),
    ("weight", "weight_NHA", "<f2", (HORIZON, ACTION_SIZE)),
    ("goal", "goal_N6", "<f4", (6,)),
    ("stratum", "stratum_N", "i1", ()),
)
"""field of the record, of `Samples`, type on disk, shape"""
_WIDE = {"<f2": np.float32, "<i2": np.int64}


def record_type(cameras: int) -> np.dtype[Any]:
    """The type of a record; `jpeg` and `length` say where each camera's image lies."""
    fields = [(name, kind, shape) for name, _, kind, shape in _FIELDS]
    return np.dtype([*fields, ("jpeg", "<i8", (cameras,)), ("length", "<i4", (cameras,))])


def records_of(samples: Samples, cameras: int) -> Records:
    """The rows as records whose images lie end to end from 0 on."""
    records = np.zeros(len(samples), record_type(cameras))
    for name, field, _, _ in _FIELDS:
        records[name] = getattr(samples, field)
    lengths = np.array([[len(code) for code in row] for row in samples.jpeg_NK], np.int64)
    lengths = lengths.reshape(len(samples), cameras)
    records["length"] = lengths
    records["jpeg"] = (np.cumsum(lengths) - lengths.ravel()).reshape(lengths.shape)
    return records


def samples_of(records: Records, jpeg_NK: Jpegs | None = None) -> Samples:
    """The rows of records; without images unless they are given."""
    arrays = {
        # Always a copy: a single row counts as contiguous with whatever stride its record has, and
        # torch takes no stride that is no multiple of an element.
        field: np.array(records[name], dtype=_WIDE.get(kind, kind), order="C")
        for name, field, kind, _ in _FIELDS
    }
    return Samples(jpeg_NK=((),) * len(records) if jpeg_NK is None else jpeg_NK, **arrays)


def revision_of(records: Records, images: bytes) -> str:
    """Names what is learned from these rows, however and whenever they were read."""
    return hashlib.blake2b(records.tobytes() + images, digest_size=8).hexdigest()
