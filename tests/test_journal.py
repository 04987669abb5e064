"""The log that an open segment is."""

import errno
import fcntl
import os
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from recorder.batch import Batch
from recorder.drills.load import Load
from recorder.from_journal import segment_from_journal
from recorder.header import first_header
from recorder.journal import Entry, Journal, JournalHead, is_journal, read_journal
from recorder.schema import Header
from recorder.writer import EpisodeWriter
from teleop.errors import EpisodeIncomplete
from teleop.session_folder import SessionFolder
from teleop.stream_messages import ClockPair

LOAD = Load(1, 0)
HEADER: Header = replace(first_header(LOAD.opened, 0, corrections_only=False), segment=0)


def journal(path: Path, count: int) -> Journal:
    log = Journal(path, JournalHead(HEADER, {"fault": ("", "stuck")}))
    for number in range(count):
        log.add(Entry(replace(HEADER, dropped_steps=number), Batch(clock=[ClockPair(number, 7)])))
    return log


def test_a_journal_cut_off_anywhere_holds_every_record_that_is_whole(tmp_path: Path):
    path = tmp_path / "seg_00000.h5.part"
    journal(path, 4).close()
    content, ends = path.read_bytes(), list[int]()
    for number in [*range(0, len(content), 37), len(content)]:
        path.write_bytes(content[:number])
        if not is_journal(path):
            continue
        try:
            _, entries = read_journal(path)
        except EpisodeIncomplete:
            continue
        assert [entry.batch.clock[0].monotonic_ns for entry in entries] == [*range(len(entries))]
        ends.append(len(entries))
    assert ends == sorted(ends)
    assert set(ends) == {0, 1, 2, 3, 4}


def test_a_record_with_a_wrong_check_sum_ends_a_journal(tmp_path: Path):
    path = tmp_path / "log"
    journal(path, 4).close()
    whole = path.read_bytes()
    for place in range(len(whole) // 2, len(whole), 211):
        damaged = bytearray(whole)
        damaged[place] ^= 4
        path.write_bytes(damaged)
        _, entries = read_journal(path)
        assert len(entries) < 4


def test_a_record_that_does_not_fit_on_the_disk_leaves_the_journal_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    log = journal(tmp_path / "log", 2)
    before = (tmp_path / "log").read_bytes()
    real = os.writev
    monkeypatch.setattr(os, "writev", lambda handle, parts: real(handle, parts[:1]))
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        log.add(Entry(HEADER, Batch()))
    assert (tmp_path / "log").read_bytes() == before
    monkeypatch.undo()
    log.add(Entry(HEADER, Batch()))
    assert len(read_journal(tmp_path / "log")[1]) == 3
    log.close()


def test_a_journal_is_locked_while_it_grows(tmp_path: Path):
    log = journal(tmp_path / "log", 0)
    with (tmp_path / "log").open("rb") as file:
        with pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        log.close()
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)


def test_the_segment_made_of_a_journal_is_the_one_that_would_have_been_finished(tmp_path: Path):
    writer = EpisodeWriter(SessionFolder(tmp_path), LOAD.opened)
    for index in range(30):
        for image in LOAD.images(index):
            writer.image(image)
        writer.append(LOAD.step(index))
    writer.flush()
    (part,) = writer.path.glob("*.part")
    header = segment_from_journal(part, tmp_path / "made.h5")
    finished = writer.cut()
    assert (header.steps, header.interventions) == (finished.steps, finished.interventions)
    made, real = tmp_path / "made.h5", writer.path / "seg_00000.h5"
    assert len(made.read_bytes()) == len(real.read_bytes())
    assert zlib.crc32(made.read_bytes()[-4096:]) == zlib.crc32(real.read_bytes()[-4096:])
