"""Which sessions there are to look at: in the process that reads episodes."""

import os
from pathlib import Path

from gui.review.reading_messages import SessionRow, Sessions
from gui.texts import review as texts
from teleop.session_folder import SessionFolder


def sessions_in(folder: Path) -> Sessions:
    """The session at `folder` and its siblings; or the sessions that lie in it."""
    try:
        beside = folder.parent if _is_session(folder) else folder
        with os.scandir(beside) as found:
            paths = [Path(each.path) for each in found if each.is_dir()]
        rows = [_row(path) for path in paths if _is_session(path)]
    except OSError as error:
        return Sessions(str(folder), (), texts.NO_FOLDER.format(folder=folder, why=error.strerror))
    if not rows:
        return Sessions(str(folder), (), texts.NO_SESSIONS.format(folder=folder))
    rows.sort(key=lambda row: (-row.changed_epoch_ns, row.name))
    return Sessions(str(folder), tuple(rows))


def _is_session(path: Path) -> bool:
    try:
        return SessionFolder(path).episodes.is_dir()
    except OSError:
        return False


def _row(path: Path) -> SessionRow:
    episodes = SessionFolder(path).episodes
    try:
        with os.scandir(episodes) as found:
            count = sum(each.name.startswith("episode_") for each in found)
        changed_ns = episodes.stat().st_mtime_ns
    except OSError:
        count, changed_ns = 0, 0
    return SessionRow(str(path), path.name, count, changed_ns)
