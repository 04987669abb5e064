"""The seam of the exporters: one value under way per target, episodes added one by one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from recorder.episode_data import EpisodeData
from teleop.config import SafetyLimits

_NOMINAL = SafetyLimits()


@dataclass(frozen=True)
class ExportOptions:
    """What all formats can be told; each ignores what it has no use for."""

    fps: float = 30.0
    """rows a second, taken from the control ticks; a format with native rates ignores it"""
    cameras: tuple[str, ...] = ()
    """cameras to export; all if not given"""
    size: int = 0
    """images are scaled to a square of this many pixels; 0: as they are"""
    raw: bool = False
    """images as arrays also where the format can hold JPEG"""
    video: Literal["h264", "av1"] = "h264"
    """how a format with videos codes them: av1 takes a third of the space and a third more time"""
    linear_speed: float = _NOMINAL.linear_speed
    """m/s; what 1 stands for where a format wants actions in [-1, 1]"""
    angular_speed: float = _NOMINAL.angular_speed
    """rad/s; likewise"""


class Export(Protocol):
    """An export under way into one target.

    Killed at any moment, it can be opened again and goes on with the episodes that are missing.
    """

    def done(self) -> frozenset[str]:
        """Names of the episodes that are in the target whole, also from an earlier run."""
        ...

    def add(self, name: str, episode: EpisodeData) -> None:
        """Write one episode, whole or not at all.

        Args:
            name: unique in the target, and fit for a file's name.
            episode: stays open until this returns.

        Raises:
            ConversionError: the format cannot hold it; the target stays as it was.
        """
        ...

    def finish(self) -> Path:
        """Write what makes the dataset complete, read it back; return what to open it by.

        Raises:
            ConversionError: what is read back is not what was written.
        """
        ...

    def close(self) -> None:
        """Let the files go. Idempotent; without `finish` the target stays unfinished."""
        ...


# Opens or continues an export at a target path.
# Raises ConversionError: the target is something else, or a library is missing.
OpenExport = Callable[[Path, ExportOptions], Export]


@dataclass(frozen=True)
class ExportFormat:
    """A row of the table of formats.

    Attributes:
        name: what the user types.
        target: `module:function` of an `OpenExport`, imported only when used.
        summary: one line for the help page.
        suffix: of the file it makes, empty: a folder.
        needs: modules beyond the default installation.
        extra: the optional dependencies of this program that bring them.
        fps: rows a second unless the user says otherwise, 0: every stream at its own rate.
    """

    name: str
    target: str
    summary: str
    suffix: str = ""
    needs: tuple[str, ...] = ()
    extra: str = "formats"
    fps: float = 30.0


FORMATS: tuple[ExportFormat, ...] = (
    ExportFormat(
        "robomimic",
        "recorder.export.robomimic:open_export",
        "one HDF5 file, with the intervention labels of Sirius and IWR",
        ".hdf5",
    ),
    ExportFormat(
        "aloha",
        "recorder.export.aloha:open_export",
        "one HDF5 file per episode, for ACT",
        fps=50.0,
    ),
    ExportFormat(
        "busybox",
        "recorder.export.aloha:open_busybox",
        "the BusyBox recorder's layout of ALOHA's HDF5",
        fps=50.0,
    ),
    ExportFormat(
        "lerobot",
        "recorder.export.lerobot:open_export",
        "LeRobotDataset v3, parquet and MP4",
        needs=("pyarrow", "av"),
    ),
    ExportFormat(
        "mcap",
        "recorder.export.mcap:open_export",
        "MCAP for Foxglove, every stream at its own rate",
        needs=("mcap", "mcap_protobuf", "foxglove_schemas_protobuf"),
        fps=0.0,
    ),
    ExportFormat(
        "rerun",
        "recorder.export.rerun:open_export",
        "recordings for the rerun viewer",
        needs=("rerun",),
        extra="rerun",
        fps=0.0,
    ),
)
