"""Whole files to be damaged: of episodes, of an older version, and of other formats."""

import importlib
import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from recorder.consolidate import consolidate
from recorder.export.export import FORMATS, ExportOptions
from recorder.reader import EpisodeReader
from recorder.writer import EpisodeWriter
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from teleop.stream_messages import SampleBlock, StreamInfo
from tests.fuzz_work import fingerprint
from tests.old_files import old_file
from tests.sample_files import feed
from tests.sample_steps import correction, opening

WRENCH = StreamInfo("wrench_left", (6,), "N, Nm", rate_hz=1000.0)


def native_bases(root: Path) -> list[Path]:
    """A whole episode (twice, as it matters most), a `.part`, and a file of version 2."""
    writer = EpisodeWriter(SessionFolder(root), opening(), segment_s=0.1, flush_s=0.05)
    for number in range(24):
        count = np.arange(number * 10, number * 10 + 10)
        data = np.repeat(count[:, None], 6, axis=1).astype(np.float32)
        writer.samples(SampleBlock(WRENCH, count, count * 1_000_000, np.full(10, -1), data))
    feed(writer, correction(8, 8, 8))
    writer.flush()
    part = Path(shutil.copy(sorted(writer.path.glob("*.part"))[0], root / "base.part"))
    writer.close(Outcome.SUCCESS, "inserted", 5)
    whole = Path(shutil.copy(consolidate(writer.path), root / "base.h5"))
    (root / "base.json").write_bytes(msgspec.json.encode(fingerprint(writer.path)))
    old = old_file(root, 2, "version_2.h5")
    (root / "version_2.json").write_bytes(msgspec.json.encode(fingerprint(old)))
    return [whole, whole, part, old]


def foreign_bases(root: Path) -> list[tuple[str, Path]]:
    """The format's name and the dataset, of each format that is written here and imported."""
    session = SessionFolder(root / "session")
    writer = EpisodeWriter(session, opening())
    feed(writer, [replace(step) for step in correction(6, 6, 6)])
    writer.close(Outcome.SUCCESS, "inserted", 5)
    made: list[tuple[str, Path]] = []
    for row in FORMATS:
        if row.name not in ("robomimic", "aloha", "busybox", "lerobot"):
            continue
        module, name = row.target.split(":")
        target = root / f"{row.name}{row.suffix}"
        export = getattr(importlib.import_module(module), name)(target, ExportOptions())
        with EpisodeReader(writer.path) as episode:
            export.add("episode_00004", episode)
        made.append((row.name, export.finish()))
        export.close()
    return made
