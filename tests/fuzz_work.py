"""What is done with each damaged file, in a process of limited memory that may die of it."""

import importlib
import os
import resource
import shutil
import time
import warnings
import zlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from recorder.checking import read_whole
from recorder.imports.formats import format_named
from recorder.reader import EpisodeReader
from recorder.repair import FULL, salvage
from recorder.schema import COLUMNS
from teleop.errors import NudgeError
from tests.damage import damaged, is_a_lie

MEMORY = 3 << 30


class Fuzzed(msgspec.Struct):
    """How one damaged file fared."""

    damage: str
    read: str  # "", or by which error it was refused
    checked: str
    repaired: str  # "", or why not
    lies: tuple[str, ...]  # what differs from the original although nothing was said
    seconds: float
    peak_mb: float


def fingerprint(path: Path) -> dict[str, int]:
    """A check sum of each part of an episode."""
    with EpisodeReader(path) as episode:
        parts = {
            column.name: zlib.crc32(episode.column(column.name).tobytes()) for column in COLUMNS
        }
        for row in range(0, len(episode), 5):
            episode.step(row)
        parts["labels"] = zlib.crc32(episode.labels().tobytes())
        parts["frames"] = zlib.crc32(episode.column("frame_sequence").tobytes())
        for camera in episode.header.cameras:
            parts[camera] = zlib.crc32(b"".join(episode.jpegs(camera)))
            parts[f"rows of {camera}"] = zlib.crc32(episode.image_rows(camera).tobytes())
            episode.images(camera, range(min(1, len(episode.image_table(camera).sequence))))
        for info in episode.streams:
            samples = episode.samples(info.name)
            parts[f"samples of {info.name}"] = zlib.crc32(samples.data.tobytes())
            parts[f"stamps of {info.name}"] = zlib.crc32(samples.host_ns.tobytes())
        parts["events"] = zlib.crc32(msgspec.json.encode(episode.events()))
        parts["clock"] = zlib.crc32(msgspec.json.encode(episode.clock()))
        return parts


def answer(arguments: Sequence[str]) -> Fuzzed:
    """Arguments: the original file, a seed, a folder to work in, and whether to repair."""
    original, seed, folder = Path(arguments[0]), int(arguments[1]), Path(arguments[2])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.fsync = lambda _: None  # no power cut is tried here, and a disk takes its time
    shutil.rmtree(folder, ignore_errors=True)
    episode = folder / "episode_00004"
    episode.mkdir(parents=True)
    flat = original.name.startswith("version_")
    part = original.name.endswith(".part")
    name = "episode_00004.h5" if flat else "seg_00000.h5.part" if part else "episode.h5"
    path = (folder if flat else episode) / name
    damage = damaged(original.read_bytes(), seed, path)
    target = path if flat else episode
    began = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read, found = "", dict[str, int]()
        try:
            found = fingerprint(target)
        except NudgeError as error:
            read = type(error).__name__
        checked, repaired = read, ""
        try:
            if not read:
                read_whole(target)
        except NudgeError as error:
            checked = type(error).__name__
        if arguments[3:]:
            left = path.rename(folder / "episode_00004.h5.part") if flat else episode
            repaired = _repaired(left)
    known = msgspec.json.decode(original.with_suffix(".json").read_bytes(), type=dict[str, int])
    # A file that HDF5 itself wrote other numbers into has them, and version 2 has no check sums.
    silent = checked or is_a_lie(damage) or flat
    lies = () if silent else tuple(key for key in found if found[key] != known.get(key))
    return Fuzzed(damage, read, checked, repaired, lies, time.monotonic() - began, _peak_mb())


def _peak_mb() -> float:
    """Of this program alone: `ru_maxrss` counts the process that started it as well."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _repaired(left: Path) -> str:
    """Repair it; "", or why nothing was saved. What was must be whole: read_whole raises if not."""
    result = salvage(left, FULL)
    if result.saved is None:
        return result.text
    read_whole(Path(result.saved.path))
    return ""


class Imported(msgspec.Struct):
    """How the import of one damaged dataset fared."""

    damage: str
    refused: str  # "", or by which error
    episodes: int
    seconds: float
    peak_mb: float


def imported(arguments: Sequence[str]) -> Imported:
    """Arguments: the format, the whole dataset, a seed, and a folder to work in."""
    name, original, seed, folder = arguments[0], Path(arguments[1]), int(arguments[2]), arguments[3]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    shutil.rmtree(folder, ignore_errors=True)
    Path(folder).mkdir(parents=True)
    target = Path(folder) / original.name
    if original.is_dir():
        shutil.copytree(original, target)
        files = sorted(each for each in target.rglob("*") if each.is_file())
        chosen = files[seed % len(files)]
    else:
        chosen = Path(shutil.copy(original, target))
    damage = damaged(chosen.read_bytes(), seed, chosen)
    began = time.monotonic()
    refused, episodes = "", 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            module, function = format_named(name).target.split(":")
            dataset = getattr(importlib.import_module(module), function)(target)
            for episode in dataset.episodes():
                for images in episode.cameras.values():
                    for _ in images():
                        pass
                episodes += 1
            dataset.close()
        except NudgeError as error:
            refused = type(error).__name__
    return Imported(damage, refused, episodes, time.monotonic() - began, _peak_mb())
