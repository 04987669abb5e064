"""What the verbs that edit have in common."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from recorder.catalog import require_session
from recorder.edits.clip import Clip
from recorder.edits.edit import Edit
from recorder.edits.naming import find_clip
from recorder.edits.session_views import SessionViews, session_views
from recorder.edits.telling import edit_and_tell
from recorder.reading_bar import reading_bar
from teleop.session_folder import SessionFolder

EPISODE = "(an episode is named by its number or its name: 12, 12a, episode_00012)"


@dataclass(frozen=True)
class EditOptions:
    """A session to edit."""

    session: Annotated[tyro.conf.Positional[Path], tyro.conf.arg(metavar="SESSION")]
    """a session folder"""
    dry_run: bool = field(default=False, kw_only=True)
    """say what would change, and change nothing"""


@dataclass(frozen=True)
class OneEpisode(EditOptions):
    """One episode of a session."""

    episode: Annotated[tyro.conf.Positional[str], tyro.conf.arg(metavar="EPISODE")]
    """number or name of the episode, such as 12, 12a or episode_00012"""


def views_of(session: Path) -> SessionViews:
    """Read a session.

    Raises:
        SessionError: the folder is none.
        EpisodeError: its log of edits may not be read.
    """
    folder = SessionFolder(session)
    require_session(folder)
    with reading_bar(f"Reading {session}") as progress:
        return session_views(folder, progress)


def look_up(options: OneEpisode) -> tuple[SessionViews, Clip]:
    """Read the session, and find the episode in it. Raises as `views_of` and `find_clip`."""
    views = views_of(options.session)
    return views, find_clip(views, options.episode)


def carry_out(options: EditOptions, views: SessionViews, edit: Edit) -> int:
    """Do it, say what changed, and return 0.

    Raises:
        EpisodeError: it cannot be done; nothing was changed.
    """
    folder = SessionFolder(options.session)
    sys.stdout.write(edit_and_tell(folder, views, edit, dry_run=options.dry_run) + "\n")
    return 0
