"""Reading an episode file: whole episodes, cuts and salvaged ones alike."""

import zlib
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import h5py
import msgspec
import numpy as np
from numpy.typing import NDArray

from recorder.hdf5 import dataset_in, group_in, names_of, rows_in
from recorder.header import read_header
from recorder.image_log import decode_jpeg
from recorder.schema import (
    BYTES,
    COLUMNS,
    CRC32,
    FORMAT,
    FRAME_SEQUENCE,
    FRAME_STAMP,
    IMAGE,
    IMAGES,
    INDEX,
    LABEL,
    STEPS,
    VERSION,
    Header,
    State,
    columns_of,
)
from teleop.errors import EpisodeError, EpisodeIncomplete, SchemaMismatch
from teleop.interfaces import Image
from teleop.messages import (
    Action,
    FrameRef,
    Mode,
    Observation,
    RobotState,
    SessionMode,
    Step,
    frozen_array,
)

_SIGNATURE = b"\x89HDF\r\n\x1a\n"


class EpisodeReader:
    """One episode file, opened for reading. Columns are read once and kept.

    Attributes:
        path: the file.
        header: its attributes.

    Raises:
        EpisodeError: there is no such file.
        SchemaMismatch: the file is something else, or of a later version.
        EpisodeIncomplete: it was never finished, or is cut off.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = open_episode(path)
        self._columns: dict[str, NDArray[Any]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        with ExitStack() as refused:
            refused.callback(self._file.close)
            self.header = check_header(self._file, path)
            if self.header.state is State.RECORDING:
                raise EpisodeIncomplete(
                    f"The episode {path} was never finished; the recorder salvages it when it "
                    "starts the next time."
                )
            self._steps = group_in(self._file, STEPS)
            self._images = group_in(self._file, IMAGES)
            check_lengths(self._steps, path, self.header.steps)
            self._later = _columns_since(version_of(self._file), self.header.steps)
            refused.pop_all()

    def __len__(self) -> int:
        return self.header.steps

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Idempotent."""
        self._file.close()

    def column(self, name: str) -> NDArray[Any]:
        """Return one column of all rows, read-only: a name of `schema.COLUMNS`, or "label"."""
        if name not in self._columns:
            rows = self._later[name] if name in self._later else rows_in(self._steps, name)
            rows.flags.writeable = False
            self._columns[name] = rows
        return self._columns[name]

    def names(self, column: str) -> tuple[str, ...]:
        """What the codes (or the bits) of a coded column stand for."""
        if column not in self._names:
            self._names[column] = names_of(dataset_in(self._steps, column))
        return self._names[column]

    def labels(self) -> NDArray[np.int8]:
        """Return `labels.Label` codes, (N, 2)."""
        return self.column(LABEL)

    def image_rows(self, camera: str) -> NDArray[np.int32]:
        """Return for each step the row of the image that was its newest, -1: none, (N,)."""
        return self.column(IMAGE)[:, self._place(camera)]

    def image_index(self, camera: str) -> NDArray[np.int64]:
        """Return offset, length, stamp_ns and sequence of each kept image, (M, 4)."""
        return rows_in(self._log(camera), INDEX)

    def jpegs(self, camera: str, rows: Sequence[int] | None = None) -> list[bytes]:
        """Return images as they are stored: the given rows of the camera's log, or all.

        Raises:
            EpisodeIncomplete: an image is damaged.
        """
        log = self._log(camera)
        index, sums = rows_in(log, INDEX), rows_in(log, CRC32)
        content = dataset_in(log, BYTES)
        codes: list[bytes] = []
        for row in range(len(index)) if rows is None else rows:
            offset, length = int(index[row, 0]), int(index[row, 1])
            code = np.asarray(content[offset : offset + length]).tobytes()
            if zlib.crc32(code) != int(sums[row]):
                raise EpisodeIncomplete(f"{self.path}: image {row} of camera {camera} is damaged.")
            codes.append(code)
        return codes

    def images(self, camera: str, rows: Sequence[int] | None = None) -> NDArray[np.uint8]:
        """Return decoded images (n, H, W, 3) RGB: the given rows of the camera's log, or all.

        Raises:
            EpisodeIncomplete: an image is damaged.
        """
        images: list[Image] = [decode_jpeg(code) for code in self.jpegs(camera, rows)]
        return np.stack(images) if images else np.zeros((0, 0, 0, 3), np.uint8)

    def step(self, index: int) -> Step:
        """Return row `index` as it was recorded; single precision where the schema says so.

        `limits_hit` comes in the order in which its names first appeared in the episode.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"{self.path} has {len(self)} steps, there is no step {index}")
        at = {column.name: self.column(column.name)[index] for column in COLUMNS}
        state = RobotState(
            stamp_ns=int(at["state_stamp_ns"]),
            **{name: frozen_array(at[name]) for name in _STATE},
            fault=self._name("fault", at),
        )
        modes = [Mode(self.names("modes")[code]) for code in at["modes"]]
        mask = int(at["limits_hit"])
        limits = [name for bit, name in enumerate(self.names("limits_hit")) if mask >> bit & 1]
        return Step(
            episode=self.header.episode,
            session_mode=SessionMode(self._name("session_mode", at)),
            observation=Observation(state, self._refs(index), self._name("instruction", at)),
            device=self._name("device", at),
            operator=_action("operator", at),
            proposed=_action("proposed", at),
            executed=_action("executed", at),
            proposal_valid=(bool(at["proposal_valid"][0]), bool(at["proposal_valid"][1])),
            authority=_pair(at["authority"]),
            modes=(modes[0], modes[1]),
            limits_hit=tuple(limits),
            novelty=_pair(at["novelty"]),
            force_surprise=_pair(at["force_surprise"]),
            observed_ns=int(at["observed_ns"]),
            **{name: int(at[name]) for name in _WHOLE},
        )

    def _refs(self, index: int) -> tuple[FrameRef, ...]:
        sequences, stamps = self.column(FRAME_SEQUENCE)[index], self.column(FRAME_STAMP)[index]
        return tuple(
            FrameRef(camera, int(sequence), int(stamp))
            for camera, sequence, stamp in zip(self.header.cameras, sequences, stamps, strict=True)
            if sequence >= 0
        )

    def _name(self, column: str, at: dict[str, Any]) -> str:
        return self.names(column)[int(at[column])]

    def _log(self, camera: str) -> h5py.Group:
        return group_in(self._images, self.header.cameras[self._place(camera)])

    def _place(self, camera: str) -> int:
        if camera not in self.header.cameras:
            known = ", ".join(self.header.cameras) or "none"
            raise EpisodeError(f"{self.path} has no camera {camera}; it has: {known}.")
        return self.header.cameras.index(camera)


def _action(name: str, at: dict[str, Any]) -> Action:
    return Action(frozen_array(at[f"{name}_twist"]), frozen_array(at[f"{name}_opening"]))


def _pair(values: NDArray[Any]) -> tuple[float, float]:
    return float(values[0]), float(values[1])


_STATE = ("q", "dq", "position", "quaternion", "twist", "wrench", "opening", "tactile")
_WHOLE = (
    "index",
    "stamp_ns",
    "policy_version",
    "chunk_id",
    "chunk_index",
    "device_age_ns",
    "camera_age_ns",
    "inference_ns",
    "late_ns",
)


def open_episode(path: Path, mode: str = "r") -> h5py.File:
    """Open the file, or say why it cannot be one. Raises as `EpisodeReader`."""
    try:
        with path.open("rb") as file:
            signature = file.read(len(_SIGNATURE))
        if signature != _SIGNATURE:
            raise SchemaMismatch(f"{path} is no episode file: it is not HDF5.")
        return h5py.File(path, mode, locking=False if mode == "r" else None)
    except FileNotFoundError:
        raise EpisodeError(f"There is no episode file {path}.") from None
    except PermissionError:
        raise EpisodeError(f"The episode file {path} may not be read by this user.") from None
    except BlockingIOError:  # only when opened for writing: somebody else writes it
        raise
    except (OSError, RuntimeError) as error:
        raise EpisodeIncomplete(
            f"The episode file {path} is cut off or damaged: {error}"
        ) from error


def check_header(file: h5py.File, path: Path) -> Header:
    """Return the header of an episode file. Raises SchemaMismatch if it is none of ours."""
    kind, version = file.attrs.get("format"), file.attrs.get("version")
    if kind != FORMAT or not isinstance(version, np.integer):
        raise SchemaMismatch(f"{path} is an HDF5 file, but no episode of this program.")
    if int(version) > VERSION:
        raise SchemaMismatch(
            f"{path} is of schema version {version}, this program reads up to {VERSION}; update it."
        )
    try:
        return read_header(file)
    except (KeyError, msgspec.ValidationError) as error:
        raise SchemaMismatch(f"{path}: the episode's attributes are not whole: {error}.") from error


def _columns_since(file_version: int, steps: int) -> dict[str, NDArray[Any]]:
    """Zeros for the columns that a file of that version does not have yet."""
    return {
        column.name: np.zeros((steps, *column.shape), column.dtype)
        for column in COLUMNS
        if column.since > file_version
    }


def version_of(file: h5py.File) -> int:
    """The schema version of a file that `check_header` let pass."""
    return int(np.asarray(file.attrs["version"]))


def check_lengths(steps: h5py.Group, path: Path, expected: int) -> None:
    """Raise EpisodeIncomplete unless every column has `expected` rows."""
    columns = columns_of(version_of(steps.file))
    names = [column.name for column in columns] + [FRAME_SEQUENCE, FRAME_STAMP, IMAGE, LABEL]
    for name in names:
        length = dataset_in(steps, name).shape[0]
        if length != expected:
            raise EpisodeIncomplete(f"{path}: {name} has {length} rows instead of {expected}.")
