"""The clips of a session with their headers, for tables and charts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from recorder.catalog import CatalogEntry
from recorder.edits.clip import Clip
from recorder.edits.header_cache import HeaderCache
from recorder.edits.session_views import SessionViews
from recorder.schema import Header
from teleop.errors import EpisodeError
from teleop.session_folder import SessionFolder


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


def listed(folder: SessionFolder, views: SessionViews, trouble: list[str]) -> Iterator[ListedClip]:
    """Yield every clip, discarded ones too, in the order of their recording.

    Only clips that were trimmed, split or merged since the last time are opened.

    Args:
        folder: the session.
        views: what is in it.
        trouble: takes a sentence about each clip that cannot be read.
    """
    cache = HeaderCache(folder)
    for clip in views.clips:
        try:
            yield listed_clip(clip, views.recorded, cache)
        except EpisodeError as error:
            trouble.append(str(error))
    cache.keep()


def listed_clip(clip: Clip, recorded: Mapping[str, CatalogEntry], cache: HeaderCache) -> ListedClip:
    """One clip with its header, opened only if it was trimmed, split or merged and is not cached.

    Raises:
        EpisodeError: it cannot be read.
    """
    return ListedClip(clip, _header(clip, recorded, cache), _size(clip, recorded))


def _header(clip: Clip, recorded: Mapping[str, CatalogEntry], cache: HeaderCache) -> Header:
    piece = clip.pieces[0]
    header = recorded[piece.episode].header
    if not clip.edits:
        return header
    if len(clip.pieces) == 1 and piece.rows == header.steps:
        told = header.instruction if piece.instruction is None else piece.instruction
        return replace(header, outcome=clip.outcome, instruction=told)
    return cache.header(clip, recorded)


def _size(clip: Clip, recorded: Mapping[str, CatalogEntry]) -> int:
    entries = ((recorded[piece.episode], piece.rows) for piece in clip.pieces)
    return sum(
        entry.size if rows == entry.header.steps else entry.size * rows // entry.header.steps
        for entry, rows in entries
    )
