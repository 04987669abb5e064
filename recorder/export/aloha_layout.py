"""What differs between ALOHA's files: as ACT reads them, and as the BusyBox recorder writes."""

import re
from dataclasses import dataclass
from typing import Literal

from recorder.export.export import ExportOptions


@dataclass(frozen=True)
class AlohaLayout:
    """How the files of one export are laid out.

    Attributes:
        fps: rows a second.
        raw: images as arrays, not as JPEG.
        size: of the images, 0: as they are.
        dtype: of actions and joints.
        aligned: the action of a row belongs to that row. ACT knows it by the attribute `sim`;
            without, it takes that of the row before, against the delay of ALOHA's arms. Here that
            would be where the joints are already.
        times: with wall times, and a base that stands still.
        folders: a folder for each kind of task, and manifest.json beside them.
    """

    fps: float
    raw: bool
    size: int
    dtype: Literal["f4", "f8"]
    aligned: bool
    times: bool
    folders: bool


def aloha(options: ExportOptions) -> AlohaLayout:
    """ALOHA as ACT, and with JPEG as ACT++ and Mobile ALOHA, read it."""
    return AlohaLayout(
        options.fps, options.raw, options.size, "f8", aligned=True, times=False, folders=False
    )


def busybox(options: ExportOptions) -> AlohaLayout:
    """A session of the BusyBox recorder: single precision, wall times, a folder a task."""
    return AlohaLayout(
        options.fps, options.raw, options.size, "f4", aligned=False, times=True, folders=True
    )


_TASKS = (  # as the BusyBox recorder calls the folders of its instructions
    (re.compile(r"pull .*wire", re.IGNORECASE), "PullWire"),
    (re.compile(r"insert .*wire", re.IGNORECASE), "InsertWire"),
    (re.compile(r"push .*button", re.IGNORECASE), "PushButton"),
    (re.compile(r"move .*slider", re.IGNORECASE), "MoveSlider"),
    (re.compile(r"turn .*knob", re.IGNORECASE), "TurnKnob"),
    (re.compile(r"flip .*switch", re.IGNORECASE), "FlipSwitch"),
    (re.compile(r"(move|rotate) .*box", re.IGNORECASE), "MoveBox"),
)


def task_folder(instruction: str) -> str:
    """The folder of an instruction: the BusyBox's own name, or the first words as one."""
    for pattern, name in _TASKS:
        if pattern.match(instruction):
            return name
    words = re.findall(r"[A-Za-z0-9]+", instruction)[:4]
    return "".join(word.capitalize() for word in words) or "Task"
