"""Headers of edited clips, kept from one look at a session to the next.

They cost opening the recordings. As with `episode.json`, it is a cache and nothing else: each
header is found by what the clip is made of and by the files that it lies in.
"""

import contextlib
import hashlib
import zlib
from collections.abc import Mapping

import msgspec

from recorder.catalog import CatalogEntry
from recorder.edits.clip import Clip
from recorder.edits.clip_reader import ClipReader
from recorder.schema import Header
from teleop.session_folder import SessionFolder

CACHE = "edits.cache.json"


class _Content(msgspec.Struct, frozen=True):
    crc32: int  # of the text of `headers`
    headers: msgspec.Raw


class HeaderCache:
    """Headers of the edited clips of one session."""

    def __init__(self, folder: SessionFolder) -> None:
        self._path = folder.path / CACHE
        self._known = self._read()
        self._used: dict[str, Header] = {}

    def header(self, clip: Clip, recorded: Mapping[str, CatalogEntry]) -> Header:
        """The header of a clip, opened only if it is not known.

        Raises:
            EpisodeError: it must be opened, and cannot be.
        """
        key = _key(clip, recorded)
        if key in self._known:
            self._used[key] = self._known[key]
        else:
            with ClipReader(clip) as episode:
                self._used[key] = episode.header
        return self._used[key]

    def keep(self) -> None:
        """Write down what was used since this was made, and nothing else."""
        if self._used.keys() == self._known.keys():
            return
        text = msgspec.json.encode(self._used)
        content = msgspec.json.encode(_Content(zlib.crc32(text), msgspec.Raw(text)))
        part = self._path.with_name(f".{CACHE}.part")
        with contextlib.suppress(OSError):
            part.write_bytes(content)
            part.replace(self._path)

    def _read(self) -> dict[str, Header]:
        try:
            content = msgspec.json.decode(self._path.read_bytes(), type=_Content)
            if zlib.crc32(content.headers) != content.crc32:
                return {}
            return msgspec.json.decode(content.headers, type=dict[str, Header])
        except (OSError, msgspec.DecodeError):
            return {}


def _key(clip: Clip, recorded: Mapping[str, CatalogEntry]) -> str:
    parts: list[object] = [clip.outcome]
    for piece in clip.pieces:
        entry = recorded[piece.episode]
        parts.append((entry.header, entry.size, piece.start, piece.stop, piece.instruction))
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
