"""Demonstrations as one small HDF5 file of training rows, for every later fit to hold on to.

/train, /held_out
    jpeg      (bytes,) uint8   all images one after the other
    offsets   (N * K + 1,) int64
    the other fields of `Samples`, one dataset each; without goal_N6 no goal is known
attributes: format "nudge-demonstrations", format_version 1
"""

from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from learner.replay import Demonstrations
from learner.samples import Samples
from teleop.errors import EpisodeIncomplete, SchemaMismatch

_FORMAT = "nudge-demonstrations"
_SMALL = {"tactile_N2288": np.float16, "wrench_NW26": np.float16, "weight_NHA": np.uint8}


def save_demonstrations(path: Path, demonstrations: Demonstrations) -> None:
    """Write the pack, replacing one of the same name whole."""
    partial = path.with_name(path.name + ".part")
    with h5py.File(partial, "w") as file:
        file.attrs["format"] = _FORMAT
        file.attrs["format_version"] = 1
        for name, samples in (
            ("train", demonstrations.train),
            ("held_out", demonstrations.held_out),
        ):
            _write(file.create_group(name), samples)
    partial.replace(path)


def load_demonstrations(path: Path) -> Demonstrations:
    """Read a pack.

    Raises:
        EpisodeIncomplete: the file is missing or cut off.
        SchemaMismatch: it is another kind of file, or holds actions that are not numbers.
    """
    try:
        with h5py.File(path) as file:
            if file.attrs.get("format") != _FORMAT:
                raise SchemaMismatch(
                    f"'{path}' is no pack of demonstrations; `nudge train` makes one."
                )
            train, held_out = file.require_group("train"), file.require_group("held_out")
            found = Demonstrations(_read(train), _read(held_out))
    except (OSError, KeyError, ValueError) as error:
        raise EpisodeIncomplete(
            f"The demonstrations in '{path}' cannot be read ({error}); make them again with `nudge "
            f"train`."
        ) from error
    for samples in (found.train, found.held_out):
        if not np.isfinite(samples.target_NHA).all():
            raise SchemaMismatch(
                f"The demonstrations in '{path}' hold actions that are not numbers; make them "
                "again with `nudge train`."
            )
    return found


def _write(group: h5py.Group, samples: Samples) -> None:
    codes = [code for row in samples.jpeg_NK for code in row]
    offsets = np.concatenate([[0], np.cumsum([len(code) for code in codes])])
    group["jpeg"] = np.frombuffer(b"".join(codes), dtype=np.uint8)
    group["offsets"] = offsets.astype(np.int64)
    for field in fields(Samples):
        if field.name != "jpeg_NK":
            values = getattr(samples, field.name)
            kind = _SMALL.get(field.name, values.dtype)
            group.create_dataset(
                field.name, data=values.astype(kind), compression="gzip", shuffle=True
            )


def _read(group: h5py.Group) -> Samples:
    def array(name: str) -> NDArray[Any]:
        dataset = group[name]
        if not isinstance(dataset, h5py.Dataset):
            raise KeyError(name)
        return np.asarray(dataset)

    jpeg = array("jpeg").tobytes()
    codes = [jpeg[start:stop] for start, stop in pairwise(array("offsets").tolist())]
    arrays = {
        field.name: array(field.name)
        for field in fields(Samples)
        if field.name != "jpeg_NK" and field.name in group
    }
    for name in _SMALL:
        arrays[name] = arrays[name].astype(np.float32)
    count = len(arrays["stratum_N"])
    arrays.setdefault("goal_N6", np.full((count, 6), np.nan, np.float32))
    cameras = len(codes) // len(arrays["stratum_N"])
    rows = tuple(tuple(codes[i : i + cameras]) for i in range(0, len(codes), cameras))
    return Samples(jpeg_NK=rows, **arrays)
