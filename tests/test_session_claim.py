from datetime import datetime
from pathlib import Path

import pytest

from teleop.errors import SessionError
from teleop.session_claim import claimed, default_session_path


def test_a_second_session_on_the_same_folder_is_refused_while_the_first_lives(session_dir: Path):
    with claimed(session_dir) as folder:
        with pytest.raises(SessionError, match="Another session"), claimed(session_dir):
            pass
        assert folder.episodes.is_dir()
    with claimed(session_dir):
        pass


def test_a_folder_that_cannot_be_made_is_one_sentence_that_names_it(session_dir: Path):
    blocked = session_dir / "file"
    blocked.write_text("")
    with pytest.raises(SessionError, match=r"cannot be written.*--session"), claimed(blocked / "s"):
        pass


def test_a_path_too_long_for_a_socket_is_refused_before_anything_is_made(session_dir: Path):
    deep = session_dir / ("x" * 100)
    with pytest.raises(SessionError, match="too long"), claimed(deep):
        pass
    assert not deep.exists()


def test_sockets_of_a_killed_session_are_cleared_away(session_dir: Path):
    with claimed(session_dir) as folder:
        (folder.bus / "control").write_text("")
    with claimed(session_dir):
        assert list(folder.bus.iterdir()) == []


def test_the_default_folder_is_named_by_date_and_time():
    assert default_session_path(datetime(2026, 3, 1, 14, 5, 9)) == Path(
        "sessions/2026-03-01-14-05-09"
    )
