"""What the tests of edits, exports and comparisons share: a clip, and a page to stand on."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gui import theme
from gui.actions import Actions
from gui.pages import PageContext, PageWidget
from gui.review.edits.actions import ClipActions
from gui.review.held_session import GoOn, HeldSession
from gui.review.library import Library
from gui.review.parts import PlayerPart
from gui.review.reading_track import track_of
from gui.review.values import ClipTrack, OtherActions
from gui.view import Level
from recorder.edits.clip_reader import open_clip
from recorder.edits.session_views import session_views
from teleop.config import SessionConfig
from teleop.session_folder import SessionFolder
from tests.held_here import read_here


def read_track(folder: SessionFolder, place: int = 0) -> ClipTrack:
    """A clip as the player gets it."""
    clip = session_views(folder).clips[place]
    with open_clip(clip) as episode:
        return track_of(folder, clip, episode)


class LibraryHere(Library):
    """Reads whole sessions in the test's own process."""

    def read_held(self, folder: SessionFolder, go_on: GoOn) -> HeldSession | None:
        return read_here(folder, go_on)


class StillPlayer(PlayerPart):
    """Shows nothing; the test sets the marks."""

    marks: tuple[int, int] | None = None
    others: tuple[OtherActions, ...] = ()

    def selection(self) -> tuple[int, int] | None:
        return self.marks

    def show_other_actions(self, others: tuple[OtherActions, ...]) -> None:
        self.others = others


@dataclass
class Bench:
    """A page with a player and the actions."""

    host: QWidget
    player: StillPlayer
    actions: ClipActions
    said: list[tuple[str, Level]]
    changed: list[str] = field(default_factory=list[str])

    def mark(self, start: int, stop: int) -> None:
        """Set the marks."""
        self.player.marks = (start, stop)
        self.player.selection_changed.emit()

    def begin(self, session: Path) -> None:
        """Bring the page back to how a test expects it, on a session."""
        for sheet in self.actions.sheets:
            sheet.dismiss()
        self.player.marks = None
        self.actions.show_marked(())
        self.actions.show_clip(None, None)
        self.actions.answer.show_text("")
        self.said.clear()
        self.changed.clear()
        self.actions.show_session(session)

    def close(self) -> None:
        """End everything."""
        self.actions.close_part()
        self.host.close()
        self.host.deleteLater()
        QApplication.sendPostedEvents(None, 52)  # DeferredDelete


def nothing(*_: Any) -> None:
    """Nobody listens."""


def make_bench(session: Path) -> Bench:
    """A shown page on `session`."""
    said: list[tuple[str, Level]] = []

    def say(text: str, level: Level) -> None:
        said.append((text, level))

    host = QWidget()
    context = PageContext(
        folder=SessionFolder(session),
        config=SessionConfig(),
        cameras=(),
        look=theme.DARK,
        commands=Actions(host),
        ask=nothing,
        serve=nothing,
        say=say,
        go=nothing,
        library=LibraryHere(host),
    )
    page = PageWidget(context, host)
    player = StillPlayer(context, page)
    actions = ClipActions(context, player, page)
    box = QVBoxLayout(page)
    box.addWidget(player, 1)
    box.addWidget(actions)
    page.resize(900, 700)
    host.resize(900, 700)
    host.show()
    bench = Bench(host, player, actions, said)
    actions.changed.connect(bench.changed.append)
    actions.show_session(session)
    return bench
