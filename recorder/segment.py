"""One segment of an episode while it grows; once finished it never changes again."""

from pathlib import Path

from recorder.batch import Batch
from recorder.journal import Entry, Journal, JournalHead
from recorder.layout import Layout
from recorder.originals import SCRATCH
from recorder.schema import Header
from recorder.segment_writer import SegmentFileWriter
from recorder.storage import part_of, publish


class Segment:
    """What came since the last segment was finished, in memory and in a journal.

    Args:
        path: what it is called when it is finished; until then the journal has that name's `.part`.
        header: its first attributes.
        layout: the streams and codes of the episode so far; what first appears in this segment is
            added to it when it is finished.

    Raises:
        OSError: it cannot be written.
    """

    def __init__(self, path: Path, header: Header, layout: Layout) -> None:
        self.began_ns = -1  # stamp of the first hand-over
        self.filled = False
        self._part = part_of(path)
        self._layout = layout
        self._batch = Batch()
        self._file: SegmentFileWriter | None = None
        self._made = path.with_name(path.name + SCRATCH)
        self._journal = Journal(self._part, JournalHead(header, layout.names()))

    def write(self, batch: Batch, header: Header) -> None:
        """Hand everything in it to the file system, so that a crash does not cost it.

        Raises:
            OSError: it could not be written; the journal is as before.
        """
        self._journal.add(Entry(header, batch))
        if not self.filled:
            self.began_ns, self.filled = batch.stamp_ns(), True
        self._batch += batch

    def finish(self, header: Header, path: Path) -> None:
        """Make the file, whole and for good, and delete the journal.

        A header without a segment's number makes it a whole episode: labels are added.

        Raises:
            OSError, RuntimeError: it cannot be written. Then only `abandon` may be called; the
                journal has everything.
        """
        self._file = SegmentFileWriter(self._made, self._layout)
        self._file.write(self._batch)
        self._file.finish(header)
        publish(self._made, path)
        self._journal.close()
        self._part.unlink()

    def abandon(self) -> None:
        """Never touch its files again, after a write that failed; the journal stays."""
        if self._file is not None:
            self._file.abandon()
        self._journal.close()
