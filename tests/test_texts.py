"""Texts of attributes are followed before HDF5 is asked for them."""

import struct
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest

from recorder.hdf5 import attribute
from teleop.errors import EpisodeIncomplete

NAMES = ("first", "", "größer", "x" * 3000)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "texts.h5"
    with h5py.File(path, "w") as file:
        for number in range(20):  # so many that the header goes on elsewhere
            file.attrs[f"number {number}"] = number
        file.attrs["names"] = list(NAMES)
        file.attrs["one"] = "alone"
    return path


def test_texts_that_are_where_they_should_be_are_read(written: Path):
    with h5py.File(written) as file:
        assert attribute(file, "names") == NAMES
        assert attribute(file, "one") == "alone"
        assert attribute(file, "number 13") == 13


def elsewhere(content: bytearray, heap: int) -> None:
    at = content.find(struct.pack("<Q", heap))
    while at >= 0:
        struct.pack_into("<Q", content, at, 1 << 61)
        at = content.find(struct.pack("<Q", heap))


def longer(content: bytearray, heap: int) -> None:
    at = content.find(struct.pack("<IQ", 5, heap))  # "first"
    struct.pack_into("<I", content, at, 3_000_000_000)


def endless(content: bytearray, heap: int) -> None:
    content[heap + 16 : heap + 32] = bytes(16)


def beyond_its_end(content: bytearray, heap: int) -> None:
    struct.pack_into("<Q", content, heap + 24, 1 << 50)


@pytest.mark.parametrize("damage", [elsewhere, longer, endless, beyond_its_end])
def test_texts_that_are_elsewhere_are_refused_at_once(
    written: Path, damage: Callable[[bytearray, int], None]
):
    content = bytearray(written.read_bytes())
    damage(content, content.find(b"GCOL"))
    written.write_bytes(content)
    with (
        h5py.File(written) as file,
        pytest.raises(EpisodeIncomplete, match="names cannot be read"),
    ):
        attribute(file, "names")
