"""What a LeRobot dataset says of itself: meta/info.json, and where it keeps its files."""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from teleop.errors import ConversionError

INFO = "meta/info.json"
VIDEO, IMAGE, TEXT = "video", "image", "string"
_NUMBERS = re.compile(r"bool|u?int\d+|float\d+")
_NAMED = re.compile(r"\{(\w+)(?::0(\d)d)?\}")


@dataclass(frozen=True)
class Feature:
    """A column or camera as info.json describes it."""

    dtype: str
    shape: tuple[int, ...] = ()
    names: Any = None  # a list of texts, or lists in a mapping
    info: dict[str, Any] | None = None  # of a video
    video_info: dict[str, Any] | None = None  # the same in older datasets

    @property
    def numeric(self) -> bool:
        """Whether its rows are numbers."""
        return bool(_NUMBERS.fullmatch(self.dtype))

    @property
    def depth(self) -> bool:
        """Whether it is a video of distances."""
        said = {**(self.video_info or {}), **(self.info or {})}
        return bool(said.get("video.is_depth_map") or said.get("is_depth_map"))

    def columns(self) -> tuple[str, ...]:
        """A name for each number of a flat row, empty: not said."""
        named = self.names
        if isinstance(named, dict):
            lists = [each for each in named.values() if isinstance(each, list)]
            named = [name for each in lists for name in each]
        if not isinstance(named, list) or self.shape != (len(named),):
            return ()
        return tuple(str(name) for name in named)


@dataclass(frozen=True)
class Info:
    """The part of info.json that reading needs."""

    codebase_version: str
    fps: float
    data_path: str
    features: dict[str, Feature] = field(default_factory=dict[str, Feature])
    video_path: str | None = None
    total_episodes: int = -1  # -1: not said
    total_frames: int = -1
    chunks_size: int = 1000

    def of_kind(self, *dtypes: str) -> tuple[str, ...]:
        """Names of the features of these types, but for videos of distances."""
        return tuple(
            key for key, each in self.features.items() if each.dtype in dtypes and not each.depth
        )

    def numbers(self) -> tuple[str, ...]:
        """Names of the features that are numbers."""
        return tuple(key for key, each in self.features.items() if each.numeric)

    def left_out(self) -> tuple[str, ...]:
        """What of the dataset is not read, a sentence each."""
        known = {*self.numbers(), *self.of_kind(VIDEO, IMAGE, TEXT)}
        return tuple(
            f"{key} holds {'distances' if each.depth else each.dtype}, which is not imported."
            for key, each in self.features.items()
            if key not in known
        )


def read_info(root: Path) -> Info:
    """Read and judge info.json.

    Raises:
        ConversionError: there is none, or it cannot be right.
    """
    path = root / INFO
    try:
        info = msgspec.json.decode(path.read_bytes(), type=Info)
    except (FileNotFoundError, NotADirectoryError):
        raise ConversionError(
            f"{root} is no LeRobot dataset: there is no {INFO}. Name the folder that has it."
        ) from None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ConversionError(
            f"{path} cannot be read ({error}). Fetch the dataset once more."
        ) from error
    if not info.codebase_version.startswith(("v2.", "v3.")):
        raise ConversionError(
            f"{path} is of LeRobot's version {info.codebase_version}; versions 2 and 3 are read. "
            "Convert it with LeRobot's own scripts."
        )
    if not (math.isfinite(info.fps) and 0 < info.fps < 1e5 and info.chunks_size > 0):
        raise ConversionError(
            f"{path} says fps {info.fps} and chunks_size {info.chunks_size}, which cannot be. "
            "Correct it by hand."
        )
    if info.of_kind(VIDEO) and not info.video_path:
        raise ConversionError(
            f"{path} names videos and no video_path. Correct it by hand, or fetch it once more."
        )
    return info


def place(root: Path, template: str, values: dict[str, Any]) -> Path:
    """A file by its template in info.json, such as "data/chunk-{chunk_index:03d}".

    Raises:
        ConversionError: the template names something else, or leads out of the dataset.
    """

    def filled(match: re.Match[str]) -> str:
        name, width = match.groups()
        if name not in values:
            raise ConversionError(
                f"{root / INFO}: the path {template} asks for '{name}', which is not known. "
                "Correct it by hand."
            )
        return str(values[name]).zfill(int(width)) if width else str(values[name])

    name = PurePosixPath(_NAMED.sub(filled, template))
    if name.is_absolute() or ".." in name.parts or "\0" in str(name):
        raise ConversionError(
            f"{root / INFO}: the path {template} leads out of the dataset, and is not followed."
        )
    return root / name
