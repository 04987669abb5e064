"""Images of LeRobot datasets, one after the other: from a video by their times, or from a table."""

import io
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from recorder.imports.foreign import ForeignImage
from teleop.errors import ConversionError
from teleop.interfaces import Image

_LARGEST = 64 << 20  # pixels of one image
_JPEG = b"\xff\xd8\xff"


@contextmanager
def _video(path: Path) -> Generator[InputContainer]:
    """An opened video; what is wrong with it is told in one sentence."""
    try:
        with av.open(str(path), "r") as container:
            if not container.streams.video:
                raise ConversionError(f"{path} has no video in it. Fetch it once more.")
            stream = container.streams.video[0]
            code = cast(VideoCodecContext | None, stream.codec_context)
            if code is None:
                raise ConversionError(
                    f"{path} is damaged, or of a video code that the installed PyAV does not know. "
                    "Fetch it once more, or have LeRobot code it anew."
                )
            if not 0 < code.width * code.height <= _LARGEST:
                raise ConversionError(
                    f"{path} has images of {code.width}x{code.height}, which is not believed. "
                    "Fetch it once more."
                )
            yield container
    except FileNotFoundError:
        raise ConversionError(
            f"{path} is missing, though the dataset names it. Fetch the dataset once more, with "
            "its videos."
        ) from None
    except (FFmpegError, OSError, UnicodeDecodeError) as error:
        raise ConversionError(
            f"{path} is damaged or was never finished ({error}). Fetch it once more."
        ) from error


def check_video(path: Path, size: tuple[int, ...], end_s: float, half_s: float) -> None:
    """Look whether a video can have the images that are wanted of it; decodes none.

    Args:
        path: of the video.
        size: what the dataset says of its images' shape, in any order.
        end_s: time of the last image in it.
        half_s: half the time between images.

    Raises:
        ConversionError: it is missing, damaged, of another size or too short.
    """
    with _video(path) as container:
        stream = container.streams.video[0]
        if size and not {stream.height, stream.width} <= set(size):
            raise ConversionError(
                f"{path} has images of {stream.width}x{stream.height}, and info.json says "
                f"{'x'.join(map(str, size))}. Correct info.json, or fetch the dataset once more."
            )
        if stream.duration is not None and stream.time_base is not None:
            length_s = float(stream.duration * stream.time_base)
            if end_s > length_s + half_s:
                raise ConversionError(_too_short(path, length_s, end_s))


def _too_short(path: Path, length_s: float, end_s: float) -> str:
    return (
        f"{path} ends after {length_s:.3f} s, and the table has a row at {end_s:.3f} s in it: "
        "images were lost when it was recorded, or the file was cut off. Fetch it once more, or "
        "take the episode out of the dataset."
    )


def video_images(path: Path, times_s: NDArray[np.float64], half_s: float) -> Iterator[Image]:
    """The image nearest to each time, (H, W, 3) RGB.

    Args:
        path: of the video.
        times_s: (N,), rising.
        half_s: the farthest that an image may be from its time.

    Raises:
        ConversionError: there is no image at a time, or one is damaged.
    """
    if not len(times_s):
        return
    with _video(path) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        stream.codec_context.options = {"err_detect": "explode"}
        if times_s[0] > half_s and stream.time_base is not None:
            container.seek(int(max(times_s[0] - half_s, 0) / stream.time_base), stream=stream)
        wanted = 0
        before: tuple[float, Image] | None = None
        for frame in container.decode(stream):
            if frame.pts is None or frame.is_corrupt:
                raise ConversionError(f"{path} has a damaged image. Fetch it once more.")
            if frame.time < times_s[wanted] - half_s:
                continue
            now = frame.time, _pixels(frame)
            while wanted < len(times_s) and times_s[wanted] <= now[0] + 1e-6:
                yield _nearest(path, times_s[wanted], half_s, before, now)
                wanted += 1
            before = now
            if wanted == len(times_s):
                return
        while wanted < len(times_s):
            if before is None or times_s[wanted] - before[0] > half_s:
                raise ConversionError(_too_short(path, before[0] if before else 0.0, times_s[-1]))
            yield before[1]
            wanted += 1


def _pixels(frame: av.VideoFrame) -> Image:
    return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def _nearest(
    path: Path,
    time_s: float,
    half_s: float,
    before: tuple[float, Image] | None,
    now: tuple[float, Image],
) -> Image:
    near = before if before and time_s - before[0] < now[0] - time_s else now
    if abs(near[0] - time_s) > half_s:
        raise ConversionError(
            f"{path} has no image at {time_s:.3f} s, where the table has a row. Images were lost "
            "when it was recorded; take the episode out of the dataset."
        )
    return near[1]


def table_images(path: Path, name: str, rows: list[Any]) -> Iterator[ForeignImage]:
    """Images that lie in the table itself, as PNG or JPEG; the latter are passed on as they are.

    Args:
        path: of the table, for messages.
        name: of the column.
        rows: its values.

    Raises:
        ConversionError: one is not there, or is damaged.
    """
    for row in rows:
        code = row.get("bytes") if isinstance(row, dict) else row
        if not isinstance(code, bytes):
            raise ConversionError(
                f"{path}: {name} names images in other files, which are not read. Embed them with "
                "LeRobot's own tools."
            )
        if code.startswith(_JPEG):
            yield code
            continue
        try:
            with av.open(io.BytesIO(code), "r") as container:
                yield _pixels(next(container.decode(container.streams.video[0])))
        except (FFmpegError, OSError, StopIteration, IndexError) as error:
            raise ConversionError(
                f"{path}: an image of {name} is damaged ({error}). Fetch it once more."
            ) from error
