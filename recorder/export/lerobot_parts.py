"""An export to LeRobot under way: finished episodes, each a folder, until they are joined.

`parts/00007/` in the folder of the journal holds table.parquet, KEY.mp4 for each camera, and
part.json. It counts once the journal names its episode; what else is there is written over.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from recorder.export.lerobot_features import Feature
from recorder.export.lerobot_video import VideoFile
from recorder.storage import sync
from teleop.errors import ConversionError

TABLE = "table.parquet"
_PARTS, _OLD_PARTS, _PART = "parts", "parts.joined", "part.json"


@dataclass(frozen=True)
class Plan:
    """What all episodes of a dataset have in common."""

    fps: int
    video: str
    features: tuple[Feature, ...]


@dataclass(frozen=True)
class Part:
    """An episode that waits to be joined.

    Attributes:
        name: by which the export was told of it.
        outcome: how it ended.
        pieces: rows of each stretch without a gap; each becomes an episode of the dataset.
        tasks: the instructions that its rows name by their place here.
        features: of the dataset; the same in all parts.
        videos: by feature.
        image_stats: for each piece, of each camera's feature; as nested lists.
        operator: who was at the devices; empty: nobody was named.
    """

    name: str
    outcome: str
    pieces: tuple[int, ...]
    tasks: tuple[str, ...]
    features: tuple[Feature, ...]
    videos: dict[str, VideoFile]
    image_stats: tuple[dict[str, dict[str, Any]], ...]
    operator: str = ""


@dataclass(frozen=True)
class WaitingPart:
    """A part and where it lies."""

    folder: Path
    part: Part

    def table_bytes(self) -> int:
        """Size of its table's file."""
        return (self.folder / TABLE).stat().st_size


def begin_part(building: Path, number: int) -> Path:
    """An empty folder to write part `number` into."""
    folder = building / _PARTS / f"{number:05d}"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def end_part(folder: Path, part: Part) -> None:
    """Make everything of it reach the disk."""
    (folder / _PART).write_bytes(msgspec.json.encode(part))
    for path in (*folder.iterdir(), folder, folder.parent, folder.parent.parent):
        sync(path)


def read_part(building: Path, number: int) -> WaitingPart:
    """Part `number`, which the journal says is whole.

    Raises:
        ConversionError: it is damaged.
    """
    folder = building / _PARTS / f"{number:05d}"
    try:
        return WaitingPart(folder, msgspec.json.decode((folder / _PART).read_bytes(), type=Part))
    except (OSError, msgspec.MsgspecError) as error:
        raise ConversionError(
            f"{folder} is damaged ({error}). Delete {building} and export once more."
        ) from error


def parts_there(building: Path) -> bool:
    """Whether parts still wait."""
    return (building / _PARTS).exists()


def drop_parts(building: Path) -> None:
    """Remove all parts, which vanish as one."""
    if parts_there(building):
        (building / _PARTS).rename(building / _OLD_PARTS)
    if (building / _OLD_PARTS).exists():
        shutil.rmtree(building / _OLD_PARTS)
