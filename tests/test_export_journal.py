import os
from pathlib import Path

import pytest

from recorder.export.export import ExportOptions
from recorder.export.journal import RECORD, Entry, Journal
from teleop.errors import ConversionError

ENTRY = Entry("a-episode_00001", (3, 4), (0.1, 0.2), (0.3, 1 / 3))


def opened(tmp_path: Path, options: ExportOptions | None = None) -> Journal:
    return Journal(tmp_path / "out", "robomimic", options or ExportOptions())


def test_what_was_counted_is_known_after_the_export_was_opened_again(tmp_path: Path):
    journal = opened(tmp_path)
    journal.add(ENTRY)
    journal.close()
    again = opened(tmp_path)
    assert again.entries == (ENTRY,)
    assert again.names == {"a-episode_00001"}
    assert again.pieces == 2
    again.close()


def test_a_folder_becomes_the_target_with_the_journal_in_it(tmp_path: Path):
    journal = opened(tmp_path)
    (journal.folder / "data").write_text("x")
    assert journal.publish() == tmp_path / "out"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["data", RECORD]
    assert not journal.folder.exists()


def test_a_file_becomes_the_target_and_the_folder_goes(tmp_path: Path):
    journal = opened(tmp_path)
    (journal.folder / "whole").write_text("x")
    assert journal.publish("whole").read_text() == "x"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_target_that_is_there_is_refused(tmp_path: Path):
    (tmp_path / "out").write_text("somebody's")
    with pytest.raises(ConversionError, match=r"is there already.*--overwrite"):
        opened(tmp_path)
    assert (tmp_path / "out").read_text() == "somebody's"


def test_a_folder_that_is_no_export_is_never_offered_for_replacement(tmp_path: Path):
    (tmp_path / "out").mkdir()
    with pytest.raises(ConversionError, match=r"already. Name another target; this is no finished"):
        opened(tmp_path)


def test_other_options_than_those_it_was_begun_with_are_refused(tmp_path: Path):
    journal = opened(tmp_path)
    journal.add(ENTRY)
    journal.close()
    with pytest.raises(ConversionError, match=r"the usual options, not as robomimic with size 84"):
        opened(tmp_path, ExportOptions(size=84))


def test_an_export_in_which_nothing_is_done_yet_may_take_other_options(tmp_path: Path):
    opened(tmp_path).close()
    opened(tmp_path, ExportOptions(size=84)).close()
    opened(tmp_path, ExportOptions(size=84)).close()


def test_two_exports_into_one_target_are_refused(tmp_path: Path):
    first = opened(tmp_path)
    with pytest.raises(ConversionError, match="Another export"):
        opened(tmp_path)
    first.close()
    opened(tmp_path).close()


def test_somebody_elses_folder_is_left_alone(tmp_path: Path):
    (tmp_path / "out.part").mkdir()
    (tmp_path / "out.part" / "thesis.tex").write_text("x")
    with pytest.raises(ConversionError, match="something else"):
        opened(tmp_path)
    assert (tmp_path / "out.part" / "thesis.tex").exists()


def test_a_damaged_journal_is_told(tmp_path: Path):
    journal = opened(tmp_path)
    journal.close()
    (journal.folder / "export.json").write_text('{"format": "robo')
    with pytest.raises(ConversionError, match="not begun by this version"):
        opened(tmp_path)


def test_a_kill_between_the_two_renames_of_a_finished_folder_is_made_good(tmp_path: Path):
    journal = opened(tmp_path)
    journal.add(ENTRY)
    journal.close()
    (journal.folder / "export.json").rename(journal.folder / RECORD)
    again = opened(tmp_path)
    assert again.entries == (ENTRY,)
    assert again.publish() == tmp_path / "out"


def test_the_journal_is_replaced_whole_and_synced_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    journal = opened(tmp_path)
    order: list[str] = []
    fsync, rename = os.fsync, Path.rename
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("sync"), fsync(handle)))

    def renamed(path: Path, target: Path) -> Path:
        order.append(target.name)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", renamed)
    journal.add(ENTRY)
    assert order == ["sync", "sync", "export.json", "sync"]
    journal.close()
