"""MP4 files of images on a regular grid, and joining them without coding them anew.

Every second image is a whole one, so that any image is found by decoding at most two; there are no
images coded backwards, so that files join end to end.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast
from zlib import crc32

import av
from av.video.stream import VideoStream

from teleop.errors import ConversionError
from teleop.interfaces import Image


@dataclass(frozen=True)
class VideoCode:
    """How videos are coded.

    Attributes:
        encoder: FFmpeg's name of it.
        codec: the name that stands in the dataset.
        options: of the encoder.
    """

    encoder: str
    codec: str
    options: dict[str, str]


CODES: dict[str, VideoCode] = {
    "h264": VideoCode("libx264", "h264", {"preset": "veryfast", "crf": "20", "g": "2", "bf": "0"}),
    "av1": VideoCode("libsvtav1", "av1", {"preset": "12", "crf": "30", "g": "2"}),
}
PIXELS = "yuv420p"
_BT601, _LIMITED = 6, 1  # FFmpeg's codes; players guess by the size of images where none is told


@dataclass(frozen=True)
class VideoFile:
    """A finished video. Files of equal `head` can be joined."""

    frames: int
    size_bytes: int
    head: int


def require_encoder(code: VideoCode) -> None:
    """Raise ConversionError if this installation has no such encoder."""
    if code.encoder not in av.codecs_available:
        raise ConversionError(
            f"The installed PyAV has no encoder {code.encoder}, which {code.codec} video needs; "
            "choose the other video code, or install PyAV's wheel from PyPI."
        )


def write_video(
    path: Path, images: Iterable[Image], size: tuple[int, int], fps: int, code: VideoCode
) -> VideoFile:
    """Code images (H, W, 3) RGB to `path`, scaled to `size`, height and width."""
    count = 0
    os.environ.setdefault("SVT_LOG", "1")  # else SVT-AV1 tells its settings to the terminal
    with av.open(str(path), "w", format="mp4") as output:
        stream = output.add_stream(code.encoder, rate=fps, options=dict(code.options))
        stream = cast(VideoStream, stream)
        stream.height, stream.width = size
        stream.pix_fmt = PIXELS
        stream.codec_context.colorspace, stream.codec_context.color_range = _BT601, _LIMITED
        stream.time_base = stream.codec_context.time_base = Fraction(1, fps)
        for image in images:
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame = frame.reformat(size[1], size[0], PIXELS, interpolation="AREA")
            frame.pts, frame.time_base = count, Fraction(1, fps)
            output.mux(stream.encode(frame))
            count += 1
        output.mux(stream.encode(None))
    with av.open(str(path)) as written:
        head = crc32(written.streams.video[0].codec_context.extradata or b"")
    return VideoFile(count, path.stat().st_size, head)


def join_videos(parts: Sequence[tuple[Path, int]], joined: Path, fps: int) -> None:
    """Put videos end to end into one file.

    Args:
        parts: the files, and how many frames each must have.
        joined: the file to make.
        fps: of all.

    Raises:
        ConversionError: a part does not have its frames.
    """
    before = 0
    with av.open(str(joined), "w", format="mp4") as output:
        copied = None
        for path, frames in parts:
            with av.open(str(path)) as source:
                stream = source.streams.video[0]
                copied = copied or output.add_stream_from_template(stream, opaque=True)
                offset = Fraction(before, fps) / (stream.time_base or Fraction(1, fps))
                count = 0
                for packet in source.demux(stream):
                    if packet.pts is None or packet.dts is None:
                        continue
                    packet.pts += int(offset)
                    packet.dts += int(offset)
                    packet.stream = copied
                    output.mux(packet)
                    count += 1
                if count != frames:
                    raise ConversionError(
                        f"{path} has {count} images instead of {frames}; delete the folder "
                        f"{path.parent} and export once more."
                    )
                before += frames
