"""The learner's memory on disk: rows of one size, their images, and features under each encoder.

    learner/index         a line for each revision of an episode, see arena_index.py
    learner/rows          records, see record.py
    learner/images        JPEG codes end to end
    learner/features-1a2b3c4d     under the encoder of that digest, see feature_file.py

It is a cache of the episode files: it can be deleted while no learner runs, and what a crash tore
is read from them again. Rows never move and no number is given twice while it is open, so that a
fit may go on with rows that were replaced or forgotten meanwhile.
"""

import logging
from pathlib import Path
from typing import cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from learner.arena_index import About, Entry, Index, runs_of
from learner.feature_file import FeatureFile
from learner.growing_file import GrowingFile
from learner.record import Records, record_type, records_of, revision_of
from learner.samples import Jpegs, Samples

log = logging.getLogger(__name__)

_ENCODERS = 6  # whose features are kept: the base's, the served one's, those of candidates


class Arena:
    """Rows of episodes and demonstrations, by number.

    Args:
        folder: made if it is not there; None, or in use by another process: nothing is kept.
        cameras: that the policy sees by; an arena of others is begun anew.
        feature_size: of the encoders'.
    """

    def __init__(self, folder: Path | None, cameras: tuple[str, ...], feature_size: int) -> None:
        self._folder = folder
        self._cameras = cameras
        self._feature_size = feature_size
        self._type = record_type(len(cameras))
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        index_file = self._file("index")
        if folder is not None and not index_file.claim():
            log.warning("%s is in use by another process; this one keeps nothing there", folder)
            self._folder = None
            index_file = self._file("index")
        self._rows = self._file("rows")
        self._images = self._file("images")
        kind = f"{self._type.itemsize} {','.join(cameras)}"
        self._index = Index(index_file, kind, self._holds)
        self._features: dict[int, FeatureFile] = {}
        if self._index.begun_anew:
            self._rows.truncate(0)
            self._images.truncate(0)
        if self._index.begun_anew or self._index.torn:
            # Rows to come get the numbers of the lost ones, whose features must not be theirs.
            self._remove(self._feature_files("*"))
        newest_last = sorted(self._feature_files("*"), key=lambda path: path.stat().st_mtime_ns)
        self._remove(newest_last[:-_ENCODERS])

    def close(self) -> None:
        """Idempotent."""
        for file in (self._rows, self._images, *self._features.values(), self._index):
            file.close()

    def entry(self, name: str) -> Entry | None:
        """The newest entry of an episode; a forgotten one has no revision."""
        return self._index.newest.get(name)

    def revision(self, name: str, revision: str) -> Entry | None:
        """An earlier revision of an episode, if it is still kept."""
        return self._index.revisions.get((name, revision))

    def add(self, name: str, samples: Samples, about: About) -> Entry:
        """Keep the rows of an episode, in place of earlier ones of that name."""
        records = records_of(samples, len(self._cameras))
        images = b"".join(code for row in samples.jpeg_NK for code in row)
        revision = revision_of(records, images) if len(records) else ""
        same = self._index.revisions.get((name, revision))
        if same is not None:
            return self._note(msgspec.structs.replace(same, about=about))
        first = -(-self._rows.size // self._type.itemsize)
        records["jpeg"] += self._images.append(images)
        self._rows.write(first * self._type.itemsize, records.tobytes())
        return self._note(
            Entry(
                name,
                revision,
                first,
                len(records),
                runs_of(samples.stratum_N),
                self._images.size,
                about,
            )
        )

    def forget(self, name: str) -> None:
        """Note that nothing is to be learned from an episode any more."""
        if self._index.newest.get(name, Entry(name)) != Entry(name):
            self._index.append(Entry(name))

    def records(self, index: NDArray[np.int64]) -> Records:
        """The records of rows."""
        size = self._type.itemsize
        content = b"".join(self._rows.read(row * size, size) for row in index.tolist())
        return np.frombuffer(content, self._type)

    def jpegs(self, records: Records) -> Jpegs:
        """The images of records."""
        places = cast(list[list[int]], records["jpeg"].tolist())
        lengths = cast(list[list[int]], records["length"].tolist())
        return tuple(
            tuple(self._images.read(a, n) for a, n in zip(starts, sizes, strict=True))
            for starts, sizes in zip(places, lengths, strict=True)
        )

    def features(self, digest: int) -> FeatureFile:
        """Features under the encoder of that digest; those not asked for longest are let go."""
        found = self._features.pop(digest, None)
        if found is None:
            path = None if self._folder is None else self._folder / f"features-{digest:08x}"
            found = FeatureFile(path, self._feature_size)
        self._features[digest] = found
        while len(self._features) > _ENCODERS:
            oldest = next(iter(self._features))
            # Whoever still reads it goes on; it is gone from the disk when the last one ends.
            del self._features[oldest]
            self._remove(self._feature_files(f"{oldest:08x}"))
        return found

    def _feature_files(self, name: str) -> list[Path]:
        return [] if self._folder is None else list(self._folder.glob(f"features-{name}"))

    @staticmethod
    def _remove(paths: list[Path]) -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    def _note(self, entry: Entry) -> Entry:
        if self._index.newest.get(entry.name) == entry:
            return entry
        if self._folder is not None:
            self._images.sync()
            self._rows.sync()
        self._index.append(entry)
        return entry

    def _holds(self, entry: Entry) -> bool:
        rows = (entry.first + entry.count) * self._type.itemsize
        return rows <= self._rows.size and entry.images_end <= self._images.size

    def _file(self, name: str) -> GrowingFile:
        return GrowingFile(None if self._folder is None else self._folder / name)
