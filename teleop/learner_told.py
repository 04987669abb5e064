"""What the learner told of corrections, kept beside its versions: a window opened later shows it.

    policies/told.jsonl     one line for each report and note, the newest last

A line that a crash cut short is passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from teleop.learner_messages import CoachNote, CorrectionReport

TOLD = "told.jsonl"


@dataclass(frozen=True)
class _Line:
    correction: CorrectionReport | None = None
    note: CoachNote | None = None


def keep_told(policies: Path, message: CorrectionReport | CoachNote) -> None:
    """Add a line; a power cut may take the last ones.

    Raises:
        OSError: it cannot be written.
    """
    line = _Line(note=message) if isinstance(message, CoachNote) else _Line(correction=message)
    with (policies / TOLD).open("ab") as file:
        file.write(msgspec.json.encode(line, enc_hook=_as_list) + b"\n")


def told_since(policies: Path, start: int) -> tuple[tuple[CorrectionReport | CoachNote, ...], int]:
    """What was told from byte `start` on, and the byte after the last whole line."""
    try:
        with (policies / TOLD).open("rb") as file:
            file.seek(start)
            content = file.read()
    except OSError:
        return (), start
    whole = content.rfind(b"\n") + 1
    return tuple(_messages(content[:whole])), start + whole


def _messages(content: bytes) -> Iterator[CorrectionReport | CoachNote]:
    for line in content.splitlines():
        try:
            found = msgspec.json.decode(line, type=_Line, dec_hook=_as_array)
        except msgspec.DecodeError:
            continue
        message = found.correction or found.note
        if message is not None:
            yield message


def _as_list(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise NotImplementedError(f"{type(value).__name__} cannot be kept")


def _as_array(kind: Any, value: Any) -> Any:
    found = np.asarray(value, float)
    found.setflags(write=False)
    return found
