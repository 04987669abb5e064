"""HDF5 groups and rows with their types; h5py's own `[]` may return anything."""

from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from teleop.errors import EpisodeIncomplete


def group_in(parent: h5py.Group, name: str) -> h5py.Group:
    """Return the group `name`.

    Raises:
        EpisodeIncomplete: there is none.
    """
    found = parent.get(name)
    if not isinstance(found, h5py.Group):
        raise EpisodeIncomplete(f"{parent.file.filename} has no group {parent.name}/{name}.")
    return found


def dataset_in(parent: h5py.Group, name: str) -> h5py.Dataset:
    """Return the dataset `name`.

    Raises:
        EpisodeIncomplete: there is none.
    """
    found = parent.get(name)
    if not isinstance(found, h5py.Dataset):
        raise EpisodeIncomplete(f"{parent.file.filename} has no dataset {parent.name}/{name}.")
    return found


def rows_in(parent: h5py.Group, name: str, rows: slice = slice(None)) -> NDArray[Any]:
    """Return rows of the dataset `name`.

    Raises:
        EpisodeIncomplete: there is none, or its chunks cannot be read.
    """
    try:
        return np.asarray(dataset_in(parent, name)[rows])
    except (OSError, RuntimeError) as error:
        raise EpisodeIncomplete(
            f"{parent.file.filename}: {parent.name}/{name} cannot be read ({error})."
        ) from error


def names_of(dataset: h5py.Dataset) -> tuple[str, ...]:
    """The names that a coded column's numbers stand for."""
    names = dataset.attrs["names"]
    return tuple(str(name) for name in names) if isinstance(names, np.ndarray) else ()
