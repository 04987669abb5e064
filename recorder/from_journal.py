"""The segment that a crash left as a journal."""

from dataclasses import replace
from pathlib import Path

from recorder.batch import Batch
from recorder.journal import read_journal
from recorder.layout import Layout
from recorder.rows_so_far import RowsSoFar
from recorder.schema import Header
from recorder.segment_writer import SegmentFileWriter
from teleop.errors import EpisodeIncomplete


def segment_from_journal(source: Path, target: Path) -> Header:
    """Write what a journal holds into the segment `target`; return its header.

    What codes stand for goes on from the segments before.

    Raises:
        EpisodeIncomplete: nothing in it is whole.
        OSError, RuntimeError: the disk cannot be written.
    """
    head, entries = read_journal(source)
    if not entries:
        raise EpisodeIncomplete(f"{source.name} holds nothing.")
    layout = Layout(head.header.cameras)
    layout.know(head.names)
    batch, rows = Batch(), RowsSoFar()
    for entry in entries:
        batch += entry.batch
    rows.add(batch.steps)
    header = rows.sums(replace(entries[-1].header, segment=head.header.segment))
    made = SegmentFileWriter(target, layout)
    try:
        made.write(batch)
        made.finish(header)
    except (OSError, RuntimeError):
        made.abandon()
        raise
    except (ValueError, TypeError, OverflowError) as error:  # a journal of somebody else's making
        made.abandon()
        raise EpisodeIncomplete(f"{source.name} holds rows that are none: {error}") from error
    return header
