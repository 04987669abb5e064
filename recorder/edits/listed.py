"""The clips of a session with their headers, for tables and charts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from recorder.catalog import CatalogEntry
from recorder.edits.clip import Clip
from recorder.edits.clip_reader import ClipReader
from recorder.edits.session_views import SessionViews
from recorder.schema import Header
from teleop.errors import EpisodeError


@dataclass(frozen=True)
class ListedClip:
    """A clip and what is known of it without its rows.

    Attributes:
        size: its share of the bytes on the disk.
    """

    clip: Clip
    header: Header
    size: int

    @property
    def duration_s(self) -> float:
        """From its opening to its end; 0 where the end is not known."""
        return max(0, self.header.ended_ns - self.header.opened_ns) * 1e-9


def listed(views: SessionViews, trouble: list[str]) -> Iterator[ListedClip]:
    """Yield every clip, discarded ones too, in the order of their recording.

    Only clips that were trimmed, split or merged are opened.

    Args:
        views: the session.
        trouble: takes a sentence about each clip that cannot be read.
    """
    for clip in views.clips:
        try:
            yield ListedClip(
                clip, clip_header_of(clip, views.recorded), _size(clip, views.recorded)
            )
        except EpisodeError as error:
            trouble.append(str(error))


def clip_header_of(clip: Clip, recorded: Mapping[str, CatalogEntry]) -> Header:
    """The header of a clip.

    Raises:
        EpisodeError: it must be opened for that, and cannot be.
    """
    piece = clip.pieces[0]
    header = recorded[piece.episode].header
    if not clip.edits:
        return header
    if len(clip.pieces) == 1 and piece.rows == header.steps:
        told = header.instruction if piece.instruction is None else piece.instruction
        return replace(header, outcome=clip.outcome, instruction=told)
    with ClipReader(clip) as episode:
        return episode.header


def _size(clip: Clip, recorded: Mapping[str, CatalogEntry]) -> int:
    entries = ((recorded[piece.episode], piece.rows) for piece in clip.pieces)
    return sum(
        entry.size if rows == entry.header.steps else entry.size * rows // entry.header.steps
        for entry, rows in entries
    )
