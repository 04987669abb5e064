"""A session of thousands of episodes: one is recorded, the others link to its file."""

import os
import zlib
from pathlib import Path

import msgspec

from recorder.catalog import remember
from teleop.session_folder import SessionFolder
from tests.sample_files import written

SECOND = 1_000_000_000


def many_clips(folder: SessionFolder, count: int) -> None:
    """Make `count` episodes in an empty session folder, each with its summary as recorded."""
    first = written(folder)
    remember(first)
    summary = msgspec.json.decode((first / "episode.json").read_bytes())
    header = summary["header"]
    opened_ns, epoch_ns, uid = header["opened_ns"], header["opened_epoch_ns"], header["uid"]
    for number in range(count):
        path = folder.episodes / f"episode_{number:05d}"
        if path == first:
            continue
        path.mkdir()
        os.link(first / "episode.h5", path / "episode.h5")
        header |= {
            "episode": number,
            "opened_ns": opened_ns + number * 20 * SECOND,
            "opened_epoch_ns": epoch_ns + number * 20 * SECOND,
            "ended_ns": opened_ns + (number * 20 + 3 + number % 9) * SECOND,
            "outcome": ("SUCCESS", "FAIL", "UNLABELLED")[number % 3],
            "interventions": number % 4,
            "operator_s": 1.5 * (number % 4),
            "policy_version": number // 100,
            "uid": f"{number:08x}{uid[8:]}",
        }
        text = msgspec.json.encode(header)
        made = summary | {"crc32": zlib.crc32(text), "header": msgspec.Raw(text)}
        (path / "episode.json").write_bytes(msgspec.json.encode(made))


def rows_of(folder: SessionFolder) -> list[Path]:
    """Where the episodes lie."""
    return sorted(folder.episodes.iterdir())
