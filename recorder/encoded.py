"""One image on its way into an episode."""

from dataclasses import dataclass

from teleop.messages import FrameRef
from teleop.stream_messages import NO_STAMP


@dataclass(frozen=True)
class EncodedImage:
    """A camera's image as JPEG, with the name that steps refer to it by."""

    ref: FrameRef
    code: bytes
    shape: tuple[int, int, int]  # (height, width, 3)
    device_ns: int = NO_STAMP
