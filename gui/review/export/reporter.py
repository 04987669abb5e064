"""Has the shift's report written by a child process, and says where it is."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from gui.review.export.verb_child import VerbChild
from gui.texts import report as texts
from recorder.report import Reported


class Reporter(QObject):
    """One report at a time.

    Signals:
        said: what became of it, and whether it was written.
    """

    said = Signal(str, bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._told: list[str] = []
        self._child = VerbChild(self)
        self._child.line.connect(self._told.append)
        self._child.ended.connect(self._take_end)

    def write(self, *sessions: Path) -> None:
        """Write the report on a session, or on several as one shift."""
        if self._child.running:
            self.said.emit(texts.UNDER_WAY, False)
            return
        self._told.clear()
        self.said.emit(texts.WRITING, True)
        self._child.start("report", *map(str, sessions), "--json")

    def close(self) -> None:
        """End the child. Idempotent."""
        self._child.stop()

    def _take_end(self, well: bool, output: bytes) -> None:
        if well:
            done = msgspec.json.decode(output, type=Reported)
            self.said.emit(texts.written(done.path), True)
        else:
            why = " ".join(line.removeprefix("nudge: ") for line in self._told[-3:])
            self.said.emit(texts.failed(why), False)
