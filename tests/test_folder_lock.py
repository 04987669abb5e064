import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recorder.folder_lock import LOCK, locked, recorder_of
from teleop.errors import EpisodeError, FolderBusy
from teleop.session_folder import SessionFolder

HOLD = """
import sys
from pathlib import Path
from recorder.folder_lock import LOCK, locked
from teleop.session_folder import SessionFolder
with locked(SessionFolder(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_recorder_is_refused_and_told_who_the_first_is(tmp_path: Path):
    folder = SessionFolder(tmp_path)
    assert recorder_of(folder) == 0
    with locked(folder):
        assert recorder_of(folder) == os.getpid()
        with pytest.raises(FolderBusy, match=f"process {os.getpid()}"), locked(folder):
            pass
    assert recorder_of(folder) == 0
    with locked(folder):
        pass


def test_the_lock_of_a_killed_recorder_is_gone_with_it(tmp_path: Path):
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    assert recorder_of(SessionFolder(tmp_path)) == other.pid
    other.kill()
    other.communicate()
    with locked(SessionFolder(tmp_path)):
        pass


def test_another_folder_in_the_place_of_the_locked_one_is_noticed(tmp_path: Path):
    folder = SessionFolder(tmp_path / "session")
    with locked(folder) as lock:
        assert lock.still_there()
        folder.path.rename(tmp_path / "taken_away")
        assert not lock.still_there()
        folder.path.mkdir()
        (folder.path / LOCK).write_text("")
        assert not lock.still_there()


def test_a_disk_that_comes_back_under_another_number_is_locked_anew(tmp_path: Path):
    folder = SessionFolder(tmp_path / "session")
    with locked(folder) as lock:
        shutil.copytree(folder.path, tmp_path / "elsewhere")
        shutil.rmtree(folder.path)
        (tmp_path / "elsewhere").rename(folder.path)
        assert lock.still_there()
        assert recorder_of(folder) == os.getpid()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EpisodeError, match="may write"), locked(SessionFolder(tmp_path / "file")):
        pass
