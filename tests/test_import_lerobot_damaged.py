"""LeRobot datasets damaged at random: a sentence, or what was in them; never anything else."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
pytest.importorskip("av", reason="PyAV is not installed")

from recorder.export.export import ExportOptions
from recorder.export.lerobot import open_export
from recorder.imports.lerobot import open_dataset
from teleop.errors import ConversionError
from tests.drawn_episode import DrawnEpisode
from tests.lerobot_parts import write_older

TRIALS = 300


def _flip(content: bytearray, random_: random.Random) -> None:
    for _ in range(random_.choice((1, 1, 20))):
        content[random_.randrange(len(content))] ^= 1 << random_.randrange(8)


def _cut(content: bytearray, random_: random.Random) -> None:
    del content[random_.randrange(len(content)) :]


def _blank(content: bytearray, random_: random.Random) -> None:
    start = random_.randrange(len(content))
    end = min(start + random_.randrange(1, 4096), len(content))
    content[start:end] = bytes(end - start)


def _lengthen(content: bytearray, random_: random.Random) -> None:
    content += random_.randbytes(300)


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (_flip, _cut, _blank, _lengthen)


def read(root: Path) -> list[tuple[dict[str, np.ndarray], dict[str, int]]]:
    """All numbers, and how many images."""
    return [
        (episode.arrays, {name: len(list(images())) for name, images in episode.cameras.items()})
        for episode in open_dataset(root).episodes()
    ]


def newer(folder: Path) -> Path:
    export = open_export(folder / "newer", ExportOptions())
    export.add("one", DrawnEpisode(40))
    export.add("two", DrawnEpisode(30))
    return export.finish()


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("make", [newer, lambda folder: write_older(folder / "older")])
def test_damage_is_told_or_does_no_harm(tmp_path: Path, make: Callable[[Path], Path]):
    whole = make(tmp_path)
    root = Path(shutil.copytree(whole, tmp_path / "damaged"))
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    summed = (root / "meta/tasks.parquet").exists()  # tables without check sums cannot tell all
    expected, refused = read(root), 0
    for trial in range(TRIALS):
        random_ = random.Random(trial)
        path = random_.choice(files)
        content = bytearray(path.read_bytes())
        random_.choice(DAMAGES)(content, random_)
        whole_content = path.read_bytes()
        path.write_bytes(content)
        try:
            found = read(root)
        except ConversionError:
            refused += 1
        else:
            assert len(found) == len(expected)
            for (arrays, images), (wanted, count) in zip(found, expected, strict=True):
                assert images == count, path
                if summed:
                    assert arrays.keys() == wanted.keys(), path
                    assert all(np.array_equal(arrays[key], wanted[key]) for key in wanted), path
        path.write_bytes(whole_content)
    assert refused > TRIALS / 4
