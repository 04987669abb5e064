"""Exports that are killed at random moments, and go on."""

import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from teleop.session_folder import SessionFolder
from tests.sample_files import written

KILLS = 6
EPISODES = 12


def command(name: str, session: Path, target: Path) -> list[str]:
    code = "from teleop.cli import main; raise SystemExit(main())"
    return [sys.executable, "-c", code, "record", "export", name, str(session), str(target)]


def killed_after(seconds: float, name: str, session: Path, target: Path) -> int | None:
    """Run the export; its exit code, None: it was killed."""
    with subprocess.Popen(
        command(name, session, target), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return None


def content(path: Path) -> dict[str, Any]:
    """Every dataset and attribute of a file."""
    found: dict[str, Any] = {}

    def take(name: str, item: Any) -> None:
        found.update({f"{name}@{key}": value for key, value in item.attrs.items()})
        if isinstance(item, h5py.Dataset):
            found[name] = item[()]

    with h5py.File(path) as file:
        take("", file)
        file.visititems(take)
    return found


def files_of(target: Path) -> list[Path]:
    return sorted(target.rglob("*.hdf5")) if target.is_dir() else [target]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("name", "suffix"), [("robomimic", ".hdf5"), ("busybox", "")])
def test_an_export_killed_again_and_again_ends_as_an_undisturbed_one(
    tmp_path: Path, name: str, suffix: str
):
    session = tmp_path / "s"
    for _ in range(EPISODES):
        written(SessionFolder(session), 30)
    undisturbed, target = tmp_path / f"undisturbed{suffix}", tmp_path / f"out{suffix}"
    started = time.monotonic()
    assert killed_after(120.0, name, session, undisturbed) == 0
    whole_s = time.monotonic() - started

    draw = random.Random(4)
    kills = midway = 0
    while kills < KILLS or not target.exists():
        share = draw.uniform(0.3, 1.1) if kills < KILLS else 10.0
        code = killed_after(share * whole_s, name, session, target)
        kills += code is None
        midway += code is None and 0 < counted(target) < EPISODES
        assert code in (None, 0)
        if target.exists() and kills < KILLS:  # complete whenever it has its name
            compare(undisturbed, target)
            shutil.rmtree(target) if target.is_dir() else target.unlink()
    compare(undisturbed, target)
    assert midway, "no kill fell between the first episode and the last"


def counted(target: Path) -> int:
    """How many episodes a killed export has counted as done."""
    journal = target.with_name(f"{target.name}.part") / "export.json"
    return len(json.loads(journal.read_text())["entries"]) if journal.exists() else 0


def compare(undisturbed: Path, target: Path) -> None:
    ours, theirs = files_of(target), files_of(undisturbed)
    assert [path.name for path in ours] == [
        path.name.replace(undisturbed.stem, target.stem) for path in theirs
    ]
    for our, their in zip(ours, theirs, strict=True):
        left, right = content(our), content(their)
        assert left.keys() == right.keys()
        for key in left:
            np.testing.assert_array_equal(left[key], right[key], err_msg=key)
