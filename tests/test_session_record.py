from pathlib import Path

import pytest

from teleop.config import CellConfig, SessionConfig
from teleop.errors import SessionError
from teleop.session_folder import SessionFolder
from teleop.session_record import SessionRecord, package_versions, read_record, write_record


def test_what_was_written_is_read_back(session_dir: Path):
    config = SessionConfig(rate_hz=200.0, cell=CellConfig(distribution="near", seed=7))
    record = SessionRecord(config, "2026-03-01T14:05:09", packages=package_versions())
    write_record(SessionFolder(session_dir), record)
    assert read_record(SessionFolder(session_dir)) == record
    assert "mujoco" in record.packages


@pytest.mark.parametrize("text", ["{", '{"config": {"rate_hz": 9000.0}, "started": ""}'])
def test_a_record_that_does_not_fit_is_refused_by_name(session_dir: Path, text: str):
    (session_dir / "session.json").write_text(text)
    with pytest.raises(SessionError, match=r"session\.json is not readable"):
        read_record(SessionFolder(session_dir))


def test_a_folder_without_a_record_is_no_session(session_dir: Path):
    with pytest.raises(SessionError, match="is not a session"):
        read_record(SessionFolder(session_dir))
