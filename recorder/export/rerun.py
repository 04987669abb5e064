"""Recordings for the rerun viewer: one file per episode, every stream at its own rate."""

from pathlib import Path

from recorder.export.export import Export, ExportOptions
from recorder.export.one_file_each import OneFileEach
from teleop.errors import ConversionError


def open_export(target: Path, options: ExportOptions) -> Export:
    """Open or continue an export into the folder `target`.

    Raises:
        ConversionError: the target is something else, or rerun is not installed.
    """
    try:
        from recorder.export.rerun_file import write_rrd
    except ModuleNotFoundError as error:
        raise ConversionError(
            f"rerun's library '{error.name}' is not installed: run "
            "`pip install 'nudge-teleop[rerun]'` (170 MB)."
        ) from error
    return OneFileEach(target, ".rrd", lambda path, episode: write_rrd(path, episode, options))
