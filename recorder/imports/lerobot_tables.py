"""Parquet tables of LeRobot datasets as arrays, each damage told as a sentence."""

# pyarrow brings no types.
# pyright: reportUnknownParameterType=false

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from teleop.errors import ConversionError

_LARGEST = 4 << 30  # bytes of one table in memory


def open_table(path: Path) -> pq.ParquetFile:
    """Open a parquet file.

    Raises:
        ConversionError: it is not there, or is damaged.
    """
    try:
        return pq.ParquetFile(path, page_checksum_verification=True)
    except FileNotFoundError:
        raise ConversionError(
            f"{path} is missing, though the dataset names it. Fetch the dataset once more."
        ) from None
    except (OSError, pa.ArrowException, ValueError) as error:
        raise ConversionError(
            f"{path} has no whole footer ({_first_line(error)}): its recording was not finalized, "
            "or it was cut off. LeRobot cannot read it either; fetch or record it once more."
        ) from error


def read_columns(
    file: pq.ParquetFile, path: Path, names: Sequence[str], groups: Sequence[int] | None = None
) -> pa.Table:
    """Read columns of these row groups, or of all.

    Raises:
        ConversionError: a column is missing or damaged, or too large to be true.
    """
    chosen = range(file.metadata.num_row_groups) if groups is None else groups
    missing = sorted(set(names) - set(file.schema_arrow.names))
    if missing:
        raise ConversionError(
            f"{path} has no column {', '.join(missing)}, which the dataset names. Fetch it once "
            "more."
        )
    size = sum(file.metadata.row_group(group).total_byte_size for group in chosen)
    if not 0 <= size <= _LARGEST:
        raise ConversionError(
            f"{path} says that it unpacks to {size / 1e9:.0f} GB, which is not believed. Fetch it "
            "once more."
        )
    try:
        return file.read_row_groups(list(chosen), columns=list(names), use_threads=False)
    except (OSError, pa.ArrowException, ValueError, MemoryError) as error:
        raise ConversionError(
            f"{path} is damaged ({_first_line(error)}). Fetch it once more."
        ) from error


def as_array(column: pa.ChunkedArray, path: Path, name: str) -> NDArray[Any]:
    """A column of numbers, also of lists of numbers, (N, ...).

    Raises:
        ConversionError: rows are empty, of different lengths, or no numbers.
    """
    values = column.combine_chunks()
    shape: list[int] = [len(values)]
    while _is_list(values.type):
        if values.null_count:
            break
        inner = values.flatten()
        width = len(inner) // len(values) if len(values) else 0
        if not pa.types.is_fixed_size_list(values.type):
            lengths = np.diff(values.offsets.to_numpy())
            if (lengths != width).any():
                raise ConversionError(
                    f"{path}: rows of {name} are of different lengths. Leave that feature out of "
                    f"{path.name} and info.json, or fetch the dataset once more."
                )
        shape.append(width)
        values = inner
    if values.null_count:
        raise ConversionError(f"{path}: {name} has empty rows. Fetch the dataset once more.")
    kind = values.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
        raise ConversionError(
            f"{path}: {name} holds {kind}, no numbers as info.json says. Correct info.json by hand."
        )
    return values.to_numpy(zero_copy_only=False).reshape(shape)


def _is_list(kind: pa.DataType) -> bool:
    return (
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0].rstrip(".")[:200]
