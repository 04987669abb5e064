"""Reading a LeRobot dataset back after it was written, before it gets its name."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pyarrow.parquet as pq

from recorder.export.journal import Entry
from recorder.export.lerobot_features import ACTION
from recorder.export.lerobot_parts import Plan
from recorder.export.lerobot_tables import EPISODE, columns_of, numpy_column, videos_of
from teleop.errors import ConversionError


def check_dataset(building: Path, plan: Plan, entries: Sequence[Entry]) -> None:
    """Compare what lies in `building` with what was computed.

    Raises:
        ConversionError: rows, an action or images differ.
    """
    action = next(feature for feature in columns_of(plan) if feature.key == ACTION)
    tables = [
        pq.read_table(path, columns=[ACTION, EPISODE], page_checksum_verification=True)
        for path in sorted((building / "data").glob("*/*.parquet"))
    ]
    actions = np.concatenate([numpy_column(table, action) for table in tables])
    start = 0
    for entry in entries:
        end = start + sum(entry.rows)
        same = end <= len(actions) and all(
            tuple(float(value) for value in actions[row]) == expected
            for row, expected in ((start, entry.first), (end - 1, entry.last))
        )
        if not same:
            raise ConversionError(
                f"Episode {entry.name} in {building} is not what was written. Delete that folder "
                "and export once more."
            )
        start = end
    for feature in videos_of(plan):
        files = sorted((building / "videos" / feature.key).glob("*/*.mp4"))
        lengths = [len(table) for table in tables]
        for path, length in zip(files, lengths, strict=True):
            with av.open(str(path)) as video:
                frames = video.streams.video[0].frames
            if frames != length:
                raise ConversionError(
                    f"{path} has {frames} images for {length} rows. Delete {building} and export "
                    "once more."
                )
