"""A disk that forgets what it was not told to keep."""

import random
from pathlib import Path

from recorder.drills.fragile_disk import PAGE, FragileDisk
from recorder.drills.write_log import Call, Record

ROOT = Path("/session")


def after(calls: list[tuple[Call, int, str, bytes]], target: Path, seed: int) -> dict[str, bytes]:
    disk = FragileDisk(ROOT)
    for call, number, path, content in calls:
        disk.do(Record(call, number, f"{ROOT}/{path}".rstrip("/"), content))
    disk.cut(target / str(seed), random.Random(seed))
    found = (target / str(seed)).rglob("*")
    return {path.name: path.read_bytes() for path in found if path.is_file()}


SYNCED = [
    (Call.CREATE, 0, "a", b""),
    (Call.WRITE, 0, "a", bytes([1]) * 3 * PAGE),
    (Call.SYNC, 0, "a", b""),
    (Call.SYNC, 0, "", b""),
]


def test_what_was_synced_with_its_name_stays(tmp_path: Path):
    for seed in range(20):
        assert after(SYNCED, tmp_path, seed) == {"a": bytes([1]) * 3 * PAGE}


def test_pages_that_were_not_synced_are_as_before_or_as_they_were_at_any_time_since(tmp_path: Path):
    changed = [(Call.WRITE, PAGE, "a", bytes([value]) * PAGE) for value in (2, 3)]
    seen: set[int] = set()
    for seed in range(40):
        content = after([*SYNCED, *changed], tmp_path, seed)["a"]
        assert content[:PAGE] + content[2 * PAGE :] == bytes([1]) * 2 * PAGE
        assert len(set(content[PAGE : 2 * PAGE])) == 1
        seen.add(content[PAGE])
    assert seen == {1, 2, 3}


def test_a_name_without_a_sync_of_its_folder_may_be_the_old_one(tmp_path: Path):
    renamed = (Call.RENAME, 0, "a", f"{ROOT}/b".encode())
    names = {tuple(after([*SYNCED, renamed], tmp_path, seed)) for seed in range(20)}
    assert names == {("a",), ("b",)}


def test_a_file_in_a_folder_that_was_never_synced_may_be_gone(tmp_path: Path):
    calls = [
        (Call.FOLDER, 0, "f", b""),
        (Call.CREATE, 0, "f/a", b""),
        (Call.WRITE, 0, "f/a", b"x"),
        (Call.SYNC, 0, "f/a", b""),
        (Call.SYNC, 0, "f", b""),
    ]
    found = [after(calls, tmp_path, seed) for seed in range(20)]
    assert {} in found
    assert {"a": b"x"} in found
