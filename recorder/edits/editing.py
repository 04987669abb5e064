"""Writing an edit down: checked against everything that was edited before, under the log's lock."""

import time
from collections.abc import Callable

from recorder.edits.clip import Clip
from recorder.edits.edit import Edit, Entry, clips_of
from recorder.edits.log import EditLog, append_entry
from recorder.edits.session_views import SessionViews
from recorder.edits.views import check
from teleop.session_folder import SessionFolder


def write_edit(
    folder: SessionFolder,
    seen: SessionViews,
    edit: Edit,
    wall_ns: Callable[[], int] = time.time_ns,
) -> Entry:
    """Add an edit to the log of a session; once this returns, it is on the disk.

    Args:
        folder: the session.
        seen: what the edit was made from; edits that others made since are taken into account.
        edit: what to do.
        wall_ns: tells the time.

    Raises:
        EpisodeError: it cannot be done, contradicts an earlier edit, or cannot be written. Nothing
            was changed.
    """
    uids = _uids(seen, edit)
    sources = seen.sources

    def make(log: EditLog) -> Entry:
        entry = Entry(log.next_number, wall_ns(), edit, uids)
        check(log.entries, entry, sources)
        return entry

    return append_entry(folder, make)


def clips_after(seen: SessionViews, entry: Entry) -> tuple[Clip, ...]:
    """The clips of the session with one more edit."""
    return check(seen.log.entries, entry, seen.sources).clips


def _uids(seen: SessionViews, edit: Edit) -> dict[str, str]:
    """Of the recordings that the clips of an edit are made of, by name."""
    named = clips_of(edit)
    pieces = (piece for clip in seen.clips if clip.name in named for piece in clip.pieces)
    return {piece.episode: seen.recorded[piece.episode].header.uid for piece in pieces}
