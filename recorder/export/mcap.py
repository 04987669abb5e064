"""MCAP: one file per episode, every stream at its own rate, for Foxglove and other players."""

from pathlib import Path

from recorder.export.export import Export, ExportOptions
from recorder.export.one_file_each import OneFileEach
from teleop.errors import ConversionError


def open_export(target: Path, options: ExportOptions) -> Export:
    """Open or continue an export into the folder `target`.

    Raises:
        ConversionError: the target is something else, or a library is missing.
    """
    try:
        from recorder.export.mcap_file import write_mcap
    except ModuleNotFoundError as error:
        raise ConversionError(
            f"MCAP needs the library '{error.name}', which is not installed: run "
            "`pip install 'nudge-teleop[formats]'`."
        ) from error
    return OneFileEach(target, ".mcap", lambda path, episode: write_mcap(path, episode, options))
