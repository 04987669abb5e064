"""HDF5 files of strangers: refused by what they say of themselves, before they are read."""

import re
import resource
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import msgspec
import numpy as np
import pytest

from recorder.contained import Contained, Crashed
from recorder.imports import foreign_hdf5
from recorder.imports.aloha import open_dataset as open_aloha
from recorder.imports.bounded_memory import bounded_memory
from recorder.imports.foreign import ForeignEpisode
from recorder.imports.robomimic import open_dataset
from teleop.errors import ConversionError
from tests.foreign_files import ROWS, aloha_file, robosuite_file

MOST_MEMORY = 8_000_000  # bytes that a refusal may take


def first(path: Path) -> ForeignEpisode:
    """The first episode, with all its images."""
    dataset = open_dataset(path)
    try:
        episode = next(iter(dataset.episodes()))
        for images in episode.cameras.values():
            for _ in images():
                pass
        return episode
    finally:
        dataset.close()


def changed(folder: Path, change: Callable[[h5py.Group], Any]) -> Path:
    """A file of robosuite with something else in its first demo."""
    path = robosuite_file(folder / "lift.hdf5", 1)
    with h5py.File(path, "r+") as file:
        demo = file["data/demo_0"]
        assert isinstance(demo, h5py.Group)
        change(demo)
    return path


def test_what_is_no_hdf5_is_named(tmp_path: Path):
    path = tmp_path / "lift.hdf5"
    with pytest.raises(ConversionError, match=r"lift\.hdf5: No such file"):
        open_dataset(path)
    path.write_bytes(b"<!DOCTYPE html>")
    with pytest.raises(ConversionError, match="no HDF5 file"):
        open_dataset(path)


def test_a_truncated_file_is_refused(tmp_path: Path):
    path = robosuite_file(tmp_path / "lift.hdf5")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ConversionError, match="cut off or damaged"):
        open_dataset(path)


def test_another_layout_is_told_where_it_belongs(tmp_path: Path):
    path = aloha_file(tmp_path / "episode_0.hdf5")
    with pytest.raises(ConversionError, match="nudge record import aloha"):
        open_dataset(path)
    robosuite_file(tmp_path / "lift.hdf5")
    dataset = open_aloha(tmp_path / "lift.hdf5")
    with pytest.raises(ConversionError, match="nudge record import robomimic"):
        next(iter(dataset.episodes()))
    dataset.close()


def test_a_link_to_another_file_is_not_followed(tmp_path: Path):
    other = robosuite_file(tmp_path / "secret.hdf5")

    def link(demo: h5py.Group) -> None:
        demo["obs/secret"] = h5py.ExternalLink(other, "/data/demo_0/actions")

    with pytest.raises(ConversionError, match="obs/secret is a link to somewhere else"):
        first(changed(tmp_path, link))


def test_numbers_in_another_file_are_left_out(tmp_path: Path):
    (tmp_path / "passwd").write_bytes(bytes(ROWS * 8))

    def point(demo: h5py.Group) -> None:
        places = [(tmp_path / "passwd", 0, h5py.h5f.UNLIMITED)]
        demo.create_dataset("obs/stolen", (ROWS,), "f8", external=places)

    episode = first(changed(tmp_path, point))
    assert "obs/stolen" not in episode.arrays
    assert any("obs/stolen" in line and "another file" in line for line in episode.left_out)


def test_a_circle_of_groups_ends(tmp_path: Path):
    def circle(demo: h5py.Group) -> None:
        demo["obs/again"] = demo

    with pytest.raises(ConversionError, match=r"deeper than 6|more than 500"):
        first(changed(tmp_path, circle))


@pytest.mark.parametrize(
    ("shape", "chunks", "why"),
    [
        ((ROWS, 1 << 40), (1, 1 << 20), "row of"),
        ((1 << 40, 7), (1 << 10, 7), "rows; more than"),
        ((ROWS, 1 << 24), (1, 1 << 20), "holds 0 bytes"),
        ((ROWS, 1 << 20), (1 << 8, 1 << 20), "chunks"),
    ],
)
def test_huge_claims_cost_no_memory(
    tmp_path: Path, shape: tuple[int, ...], chunks: tuple[int, ...], why: str
):
    def claim(demo: h5py.Group) -> None:
        maxshape = (None, *shape[1:])
        demo.create_dataset("obs/huge", shape, "u1", chunks=chunks, maxshape=maxshape)

    path = changed(tmp_path, claim)
    tracemalloc.start()
    try:
        episode = first(path)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
    assert any("obs/huge" in line and why in line for line in episode.left_out)


def test_actions_that_are_no_numbers_are_refused_by_name(tmp_path: Path):
    def texts(demo: h5py.Group) -> None:
        del demo["actions"]
        demo.create_dataset("actions", (ROWS,), h5py.string_dtype())

    with pytest.raises(ConversionError, match="demo_0/actions cannot be imported: its type"):
        first(changed(tmp_path, texts))


def test_references_vlen_and_compounds_are_left_out_by_name(tmp_path: Path):
    def odd(demo: h5py.Group) -> None:
        demo.create_dataset("obs/ragged", (ROWS,), h5py.vlen_dtype(np.float32))
        demo.create_dataset("obs/pointers", (ROWS,), h5py.ref_dtype)
        demo.create_dataset("obs/pairs", (ROWS,), np.dtype([("a", "f4"), ("b", "f4")]))
        demo["obs/short"] = np.zeros(3)
        demo["obs/type"] = np.dtype("f8")

    episode = first(changed(tmp_path, odd))
    for name in ("ragged", "pointers", "pairs", "short"):
        assert any(line.startswith(f"obs/{name} is left out") for line in episode.left_out)
    assert set(episode.arrays) == {
        "actions",
        "states",
        "obs/robot0_eef_pos",
        "obs/robot0_eef_quat",
    }


def test_an_unknown_filter_is_told(tmp_path: Path):
    def packed(demo: h5py.Group) -> None:
        del demo["actions"]
        demo.create_dataset("actions", data=np.zeros((ROWS, 7)), compression="gzip")

    path = changed(tmp_path, packed)
    code = path.read_bytes()
    place = code.index(b"deflate") - 8
    path.write_bytes(code[:place] + b"\x99\x7d" + code[place + 2 :])
    with pytest.raises(ConversionError, match="packed by filter 32153; repack it"):
        first(path)


def test_arrays_that_are_too_large_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = robosuite_file(tmp_path / "lift.hdf5", 1)
    monkeypatch.setattr("recorder.imports.hdf5_episode.MOST_BYTES", 2000)
    with pytest.raises(ConversionError, match="come to"):
        first(path)


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = robosuite_file(tmp_path / "lift.hdf5", 4)
    monkeypatch.setattr(foreign_hdf5, "MOST_MEMBERS", 3)
    with pytest.raises(ConversionError, match="4 members"):
        open_dataset(path)


def test_an_environment_that_is_no_json_says_nothing(tmp_path: Path):
    path = robosuite_file(tmp_path / "lift.hdf5", 1)
    with h5py.File(path, "r+") as file:
        file["data"].attrs["env_args"] = "[" * 100_000
    dataset = open_dataset(path)
    assert dataset.env == {}
    dataset.close()


def test_a_padded_row_that_is_no_jpeg_is_named(tmp_path: Path):
    path = aloha_file(tmp_path / "episode_0.hdf5", jpeg=True)
    with h5py.File(path, "r+") as file:
        rows = file["observations/images/cam_high"]
        assert isinstance(rows, h5py.Dataset)
        rows[2] = 0
    dataset = open_aloha(path)
    images = next(iter(dataset.episodes())).cameras["cam_high"]()
    assert [next(images)[:2], next(images)[:2]] == [b"\xff\xd8"] * 2
    with pytest.raises(ConversionError, match=r"cam_high\[2\] is no JPEG"):
        next(images)
    dataset.close()


@pytest.mark.slow
def test_damaged_files_are_refused_or_read_and_crash_a_child_at_most(tmp_path: Path):
    random = np.random.default_rng(5)
    whole = robosuite_file(tmp_path / "lift.hdf5", 1).read_bytes()
    path = tmp_path / "damaged.hdf5"
    answers: list[int] = []
    crashes = 0
    with Contained("recorder.imports.preflight:read_through") as child:
        for _ in range(400):
            cut = random.integers(16, len(whole)) if random.random() < 0.2 else len(whole)
            code = bytearray(whole[:cut])
            for place in random.integers(0, len(code), random.integers(1, 30)):
                code[place] = random.integers(256)
            path.write_bytes(code)
            try:
                answers.append(
                    msgspec.json.decode(
                        child.ask(["recorder.imports.robomimic:open_dataset", str(path)])
                    )
                )
            except Crashed:
                crashes += 1
    assert 0 < sum(answers) < len(answers)
    assert crashes < 4  # HDF5 2.0 crashes over one of some thousands


def lengthened(path: Path, text: str) -> None:
    """Let the file say that this text is of 4 GB."""
    code = path.read_bytes()
    for heap in [found.start() for found in re.finditer(b"GCOL", code)]:
        said = struct.pack("<IQ", len(text), heap)
        code = code.replace(said, struct.pack("<IQ", 0xFFFFFF00, heap))
    assert code != path.read_bytes()
    path.write_bytes(code)


def test_a_text_that_claims_gigabytes_costs_no_memory(tmp_path: Path):
    text = "x" * 777
    path = robosuite_file(tmp_path / "lift.hdf5", 1)
    with h5py.File(path, "r+") as file:
        file["data"].attrs["env_args"] = text
    lengthened(path, text)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ConversionError, match="env_args"):
        open_dataset(path)
    states = aloha_file(tmp_path / "episode_0.hdf5", stamps=True)
    lengthened(states, '{"button": 1}')
    dataset = open_aloha(states)
    with pytest.raises(ConversionError, match="state_json"):
        next(iter(dataset.episodes()))
    dataset.close()
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert kib < 300_000


def test_a_limit_on_memory_is_lifted_again():
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(MemoryError), bounded_memory(50_000_000):
        np.ones(20_000_000)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    with bounded_memory(50_000_000):
        assert np.ones(1_000_000).sum() == 1_000_000
