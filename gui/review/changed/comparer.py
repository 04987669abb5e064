"""Has comparisons made by a child process, and keeps those that were made."""

import zlib
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from gui.review.export.verb_child import VerbChild
from gui.review.values import ClipTrack
from gui.texts import changed as texts
from teleop.action_comparison import ActionComparison, comparison_in
from teleop.errors import MalformedMessage

KEPT = 24


@dataclass(frozen=True)
class Wanted:
    """A comparison, named by what decides it.

    Attributes:
        revision: changes with the rows and labels of the clip.
    """

    session: str
    clip: str
    revision: int
    versions: tuple[int, ...]


def wanted(track: ClipTrack, versions: tuple[int, ...]) -> Wanted:
    """The comparison of `versions` on a clip as it is now."""
    revision = 0
    for column in (track.rows, track.recording, track.labels):
        revision = zlib.crc32(column.tobytes(), revision)
    return Wanted(track.row.session, track.row.name, revision, versions)


class Comparer(QObject):
    """One comparison at a time; a newer one takes its place.

    Signals:
        compared: a `Wanted` and its `ActionComparison`.
        going: in words, what is done now.
        failed: a `Wanted`, and why in a sentence.
    """

    compared = Signal(object, object)
    going = Signal(str)
    failed = Signal(object, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._known: dict[Wanted, ActionComparison] = {}
        self._under_way: Wanted | None = None
        self._told: list[str] = []
        self._child = VerbChild(self)
        self._child.line.connect(self._take_line)
        self._child.ended.connect(self._take_end)

    def ask(self, what: Wanted) -> None:
        """Have it made, unless it is known or under way."""
        if what in self._known:
            self.compared.emit(what, self._known[what])
        elif what != self._under_way:
            self._under_way, self._told = what, []
            self._child.start(
                "policy", "actions", what.session, what.clip, "--output", "-",
                "--versions", *map(str, what.versions),
            )  # fmt: skip

    def close(self) -> None:
        """End the child. Idempotent."""
        self._under_way = None
        self._child.stop()

    def _take_line(self, line: str) -> None:
        if line.startswith("nudge: "):
            self._told.append(line.removeprefix("nudge: "))
        else:
            self.going.emit(f"{line[:1].upper()}{line[1:]} …")

    def _take_end(self, well: bool, output: bytes) -> None:
        what, self._under_way = self._under_way, None
        if what is None:
            return
        if not well:
            self.failed.emit(what, " ".join(self._told) or texts.DIED)
            return
        try:
            found = comparison_in(output)
        except MalformedMessage as error:
            self.failed.emit(what, texts.NOT_READ.format(why=error))
            return
        self._known[what] = found
        while len(self._known) > KEPT:
            del self._known[next(iter(self._known))]
        self.compared.emit(what, found)
