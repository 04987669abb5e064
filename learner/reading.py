"""From a clip to its rows, and a name for the state of the files and edits that they come from."""

import hashlib
from pathlib import Path

import msgspec

from learner.admission import require_fit, shown_in
from learner.arena_index import About
from learner.extract import extract_rows
from learner.samples import Samples
from recorder.edits.clip import Clip
from recorder.edits.clip_reader import open_clip
from recorder.episode_paths import segments_of
from recorder.schema import WHOLE

_VERSION = 1  # of what rows are made of an episode; another one has every episode read anew


def source_of(clip: Clip, cameras: tuple[str, ...]) -> str:
    """Changes whenever reading the clip could give other rows; some stats of files."""
    parts: list[object] = [_VERSION, cameras, clip.name, clip.outcome]
    for piece in clip.pieces:
        parts.append((piece.episode, piece.start, piece.stop, piece.relabels, piece.instruction))
        parts += _files_of(piece.path)
    return hashlib.blake2b(msgspec.json.encode(parts), digest_size=12).hexdigest()


def read_clip(
    clip: Clip, cameras: tuple[str, ...], taught: frozenset[bytes]
) -> tuple[Samples, About]:
    """The rows of a clip, and what else is known of it.

    Args:
        clip: what to read.
        cameras: that the policy sees by.
        taught: see `admission.require_fit`.

    Raises:
        EpisodeError: it cannot be read, or is not to be learned from; one sentence with a remedy.
    """
    source = source_of(clip, cameras)
    with open_clip(clip) as episode:
        samples = extract_rows(episode, cameras)
        require_fit(episode, samples, taught)
        header = episode.header
        lasted_ns = max(0, header.ended_ns - header.opened_ns) if header.ended_ns >= 0 else 0
        return samples, About(
            source=source,
            outcome=clip.outcome.value,
            instruction=header.instruction,
            shows=shown_in(episode, samples),
            newest_ns=header.opened_epoch_ns + lasted_ns,
        )


def _files_of(path: Path) -> list[tuple[str, int, int]]:
    """Name, size and time of change of the files that hold an episode."""
    whole = path / WHOLE
    found = [path] if path.suffix == ".h5" else [whole] if whole.is_file() else segments_of(path)
    stats: list[tuple[str, int, int]] = []
    for each in found:
        try:
            stat = each.stat()
        except OSError:
            continue  # segments were just joined; the next look finds the whole file
        stats.append((each.name, stat.st_size, stat.st_mtime_ns))
    return stats
