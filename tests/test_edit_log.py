"""The log of edits: what was told to be kept is kept, whatever happens to its last line."""

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from recorder.edits.edit import Entry, RelabelOutcome, Trim, Undo
from recorder.edits.log import EditLog, append_entry, log_path, read_log
from teleop.errors import EpisodeError
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from tests.sample_files import run_python


def add(folder: SessionFolder, clip: str = "episode_00000") -> Entry:
    def make(log: EditLog) -> Entry:
        return Entry(log.next_number, 17, RelabelOutcome(clip, Outcome.FAIL), {clip: "uid"})

    return append_entry(folder, make)


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path)


def test_a_session_that_was_never_edited_has_no_edits(folder: SessionFolder):
    assert read_log(folder) == EditLog()


def test_edits_are_read_as_they_were_written(folder: SessionFolder):
    made = [add(folder, clip) for clip in ("episode_00000", "Stöpsel")]
    log = read_log(folder)
    assert list(log.entries) == made
    assert [entry.number for entry in made] == [1, 2]
    assert log.size == log_path(folder).stat().st_size


def test_a_torn_last_line_is_passed_over_and_mended_by_the_next_edit(folder: SessionFolder):
    first = add(folder)
    whole = log_path(folder).read_bytes()
    add(folder)
    both = log_path(folder).read_bytes()
    for cut in (*range(len(whole) + 1, len(both) - 1, 9), len(both) - 2):
        log_path(folder).write_bytes(both[:cut])
        log = read_log(folder)
        assert log.entries == (first,)
        assert not log.damaged
    second = add(folder)
    assert second.number == 2
    assert read_log(folder).entries == (first, second)
    assert log_path(folder).read_bytes() == both


def test_a_last_line_that_lacks_only_its_end_counts(folder: SessionFolder):
    add(folder)
    log_path(folder).write_bytes(log_path(folder).read_bytes()[:-1])
    assert len(read_log(folder).entries) == 1
    add(folder)
    assert [entry.number for entry in read_log(folder).entries] == [1, 2]


def test_zeros_that_a_power_cut_left_at_the_end_are_no_edit(folder: SessionFolder):
    add(folder)
    with log_path(folder).open("ab") as file:
        file.write(bytes(200))
    assert len(read_log(folder).entries) == 1
    assert add(folder).number == 2
    assert not read_log(folder).damaged


def test_a_damaged_line_is_named_and_every_other_one_counts(folder: SessionFolder):
    for _ in range(3):
        add(folder)
    content = bytearray(log_path(folder).read_bytes())
    content[content.index(b"\n") + 40] ^= 1
    log_path(folder).write_bytes(content)
    log = read_log(folder)
    assert [entry.number for entry in log.entries] == [1, 3]
    assert log.damaged == (f"Line 2 of {log_path(folder)} is damaged; that edit does not count.",)
    assert add(folder).number == 4


def test_every_flipped_bit_is_noticed(folder: SessionFolder):
    add(folder)
    add(folder)
    whole = log_path(folder).read_bytes()
    first = read_log(folder).entries[0]
    for place in range(whole.index(b"\n")):
        content = bytearray(whole)
        content[place] ^= 4
        log_path(folder).write_bytes(content)
        assert all(entry == first for entry in read_log(folder).entries if entry.number == 1)


def test_two_that_edit_at_once_get_numbers_of_their_own(folder: SessionFolder):
    def work() -> None:
        for _ in range(10):
            add(folder)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.number for entry in read_log(folder).entries] == list(range(1, 41))


def test_a_full_disk_leaves_the_log_as_it_was(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
):
    add(folder)
    before = log_path(folder).read_bytes()
    really = os.write
    monkeypatch.setattr(os, "write", lambda handle, line: really(handle, line[:20]))
    with pytest.raises(EpisodeError, match="Nothing was changed"):
        add(folder)
    assert log_path(folder).read_bytes() == before


def test_an_edit_that_is_refused_leaves_the_log_as_it_was(folder: SessionFolder):
    def refuse(log: EditLog) -> Entry:
        raise EpisodeError("no")

    with pytest.raises(EpisodeError, match="no"):
        append_entry(folder, refuse)
    assert read_log(folder) == EditLog()


def test_a_log_that_is_no_file_is_a_sentence(folder: SessionFolder):
    log_path(folder).mkdir()
    with pytest.raises(EpisodeError, match="cannot be read"):
        read_log(folder)
    with pytest.raises(EpisodeError, match="cannot be written"):
        append_entry(folder, lambda log: Entry(1, 0, Undo(1)))


_EDITING = """
import sys
from pathlib import Path
from teleop.session_folder import SessionFolder
from tests.test_edit_log import add
while True:
    print(add(SessionFolder(Path(sys.argv[1]))).number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_edit_that_was_told_to_be_kept_is_lost_by_a_kill(folder: SessionFolder):
    random = np.random.default_rng(0)
    for _ in range(20):
        child = run_python(_EDITING, str(folder.path))
        assert child.stdout is not None
        told = [int(child.stdout.readline())]
        time.sleep(random.uniform(0.0, 0.05))
        child.kill()
        told += [int(line) for line in child.communicate()[0].splitlines()]
        found = [entry.number for entry in read_log(folder).entries]
        assert found == list(range(1, len(found) + 1))
        assert told[-1] in (len(found), len(found) - 1)  # at most one was not told of any more
        assert not read_log(folder).damaged


def test_the_line_in_the_documentation_is_an_edit(folder: SessionFolder):
    page = (Path(__file__).parent.parent / "docs" / "edits.md").read_text()
    line = next(line for line in page.splitlines() if line.startswith("{"))
    log_path(folder).write_text(line + "\n")
    (entry,) = read_log(folder).entries
    assert isinstance(entry.edit, Trim)
    assert read_log(folder).damaged == ()
