"""What the parts of the review page are to each other: base classes, each replaced by one part.

The page owns them and carries what goes between: the browser chooses a clip, the library reads it,
the player shows it, the actions edit it. No part knows where another comes from.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.action_spec import Intent
from gui.pages import PageContext
from gui.review.values import ClipRow, ClipTrack, OtherActions, Picture
from gui.view import View


class PlayerPart(QWidget):
    """Replays one clip: `gui.review.player.widget:PlayerWidget`, made as `(context, parent)`.

    Signals:
        wants_picture: camera and index of an image of the clip that is shown. Of each camera the
            newest request is answered; one that is overtaken by a newer gets no answer.
        moved: the row that is shown now, rising from 0.
        selection_changed: the marks of trimming were moved.
    """

    wants_picture = Signal(str, int)
    moved = Signal(int)
    selection_changed = Signal()

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.context = context

    @property
    def intents(self) -> Mapping[Intent, Callable[[], object]]:
        """Rows of the table of actions that the player does."""
        return {}

    @property
    def row(self) -> int:
        """The row of the clip that is shown, -1: there is no clip."""
        return -1

    def show_clip(self, track: ClipTrack | None) -> None:
        """Show a clip from its first row, paused; None: there is none, and the page says why.

        The clip that is shown already, read anew because it was edited or has grown, stays at its
        place as far as that is left.
        """

    def show_picture(self, picture: Picture) -> None:
        """Show an image of the clip; one that is no longer wanted may be passed over."""

    def show_no_picture(self, camera: str, index: int, trouble: str) -> None:
        """Say in the place of an image why there is none."""

    def show_other_actions(self, others: tuple[OtherActions, ...]) -> None:
        """Draw what other policy versions would have done over the clip; empty: nothing."""

    def selection(self) -> tuple[int, int] | None:
        """First row and the row after the last between the marks; None: nothing is marked."""
        return None

    def go_to(self, row: int) -> None:
        """Show `row` of the clip, paused."""

    def show_view(self, view: View) -> None:
        """What has come in from the running session; about ten times a second while shown."""

    def left(self) -> None:
        """The page is not shown any more: pause."""

    def close_part(self) -> None:
        """End threads, timers and children. Idempotent."""


class ActionsPart(QWidget):
    """Edits, exports, compares: `gui.review.edits.actions:ClipActions`.

    Made as `(context, player, parent)`.

    Signals:
        changed: something was edited in a session, whose folder (a str) comes with it.
    """

    changed = Signal(str)

    def __init__(self, context: PageContext, player: PlayerPart, parent: QWidget) -> None:
        super().__init__(parent)
        self.context = context
        self.player = player

    @property
    def intents(self) -> Mapping[Intent, Callable[[], object]]:
        """Rows of the table of actions that they do."""
        return {}

    def show_session(self, session: Path) -> None:
        """The session whose clips the browser lists."""

    def show_clip(self, row: ClipRow | None, track: ClipTrack | None) -> None:
        """The clip that the player shows; its track comes a moment after its row."""

    def show_marked(self, rows: tuple[ClipRow, ...]) -> None:
        """All clips that are marked in the browser, in the order of their recording."""

    def show_view(self, view: View) -> None:
        """What has come in from the running session; about ten times a second while shown."""

    def close_part(self) -> None:
        """End threads, timers and children. Idempotent."""
