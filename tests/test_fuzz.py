"""Damaged files by the thousand: a clear refusal or correct data, and nothing else.

No crash of the process, no endless loop, bounded memory. A child reads them, so that what HDF5
itself does not survive would be seen.
"""

from collections import Counter
from pathlib import Path

import h5py
import msgspec
import pytest

from recorder.contained import Contained
from recorder.reader import EpisodeReader
from teleop.errors import EpisodeError, EpisodeIncomplete
from tests.damage import LIES, SPOILS
from tests.fuzz_bases import foreign_bases, native_bases
from tests.fuzz_work import Fuzzed, Imported
from tests.old_files import old_file

LONGEST_S = 30.0
PEAK_MB = 500


def fuzz_native(root: Path, count: int, repair_every: int) -> Counter[str]:
    bases, told = native_bases(root), Counter[str]()
    with Contained("tests.fuzz_work:answer", limit_s=LONGEST_S) as child:
        for seed in range(count):
            base = bases[seed % len(bases)]
            words = [str(base), str(seed), str(root / "work")]
            words += ["repair"] if seed % repair_every == 0 else []
            found = msgspec.json.decode(child.ask(words), type=Fuzzed)
            told[found.damage] += 1
            told[f"read {found.read or 'whole'}"] += 1
            assert not found.lies, f"seed {seed}, {found.damage}: {found.lies} are not the original"
            assert found.peak_mb < PEAK_MB, f"seed {seed} took {found.peak_mb:.0f} MB"
    return told


def fuzz_foreign(root: Path, count: int) -> Counter[str]:
    bases, told = foreign_bases(root), Counter[str]()
    with Contained("tests.fuzz_work:imported", limit_s=LONGEST_S) as child:
        for seed in range(count):
            name, base = bases[seed % len(bases)]
            words = [name, str(base), str(seed), str(root / "work")]
            found = msgspec.json.decode(child.ask(words), type=Imported)
            told[f"{name} {found.refused or 'read'}"] += 1
            assert found.peak_mb < PEAK_MB, f"seed {seed} took {found.peak_mb:.0f} MB"
    return told


def test_damaged_episodes_are_refused_or_read_as_they_were(tmp_path: Path):
    told = fuzz_native(tmp_path, 40, repair_every=20)
    assert told["read whole"] > 5 and told["read EpisodeIncomplete"] > 10


@pytest.mark.slow
def test_damaged_datasets_of_other_formats_are_refused_or_imported(tmp_path: Path):
    fuzz_foreign(tmp_path, 100)


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_ten_thousand_damaged_files_are_survived(tmp_path: Path):
    told = fuzz_native(tmp_path, 7000, repair_every=4)
    assert all(told[each.__name__] > 20 for each in (*SPOILS, *LIES))
    fuzz_foreign(tmp_path, 3000)


def test_a_heap_that_hdf5_would_walk_for_ever_is_refused(tmp_path: Path):
    path = old_file(tmp_path, 2)
    content = bytearray(path.read_bytes())
    at = content.find(b"GCOL\x01")
    content[at + 16 : at + 512] = bytes(496)  # as a page that a power cut left empty
    path.write_bytes(content)
    with pytest.raises(EpisodeIncomplete, match="heap"):
        EpisodeReader(path)


@pytest.mark.parametrize("lie", ["link", "external", "virtual"])
def test_nothing_outside_an_episode_is_read(tmp_path: Path, lie: str):
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["q"] = [[1.0]]
    path = old_file(tmp_path, 2)
    with h5py.File(path, "r+") as file:
        del file["steps/late_ns"]
        if lie == "link":
            file["steps/late_ns"] = h5py.ExternalLink(str(secret), "/q")
        elif lie == "external":
            place = [(str(secret), 0, 96)]
            file.create_dataset("steps/late_ns", shape=(12,), dtype="i8", external=place)
        else:
            layout = h5py.VirtualLayout(shape=(12,), dtype="i8")
            layout[:] = h5py.VirtualSource(str(secret), "q", shape=(12,))
            file.create_virtual_dataset("steps/late_ns", layout)
    with pytest.raises(EpisodeError, match=r"another file|no dataset"):
        EpisodeReader(path)
