"""All camera tiles: one large, the others in a column beside it; the operator chooses the order."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.action_spec import Intent
from gui.texts import cameras as words
from gui.widgets.camera_order import Cameras, arranged, moved_round, restored, swapped, toggled
from gui.widgets.cameras import TAG_HEIGHT, CameraTile
from gui.widgets.panel import TextLabel
from gui.window_memory import CameraPlaces

SHARED_ASPECT = 4 / 3
NAMED = 118  # pixels of a small picture's width that a camera's name needs
_LARGE = (Intent.CAMERA_1, Intent.CAMERA_2, Intent.CAMERA_3, Intent.CAMERA_4)
_HIDDEN = (
    Intent.HIDE_CAMERA_1,
    Intent.HIDE_CAMERA_2,
    Intent.HIDE_CAMERA_3,
    Intent.HIDE_CAMERA_4,
)


class CameraWall(QWidget):
    """The tiles in their places.

    Args:
        names: cameras in the order of their numbers; the first is shown large.
        look: colours.
        parent: widget.
    """

    def __init__(self, names: Sequence[str], look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.tiles = {
            name: CameraTile(name, number, look, self) for number, name in enumerate(names, start=1)
        }
        self._now = Cameras(tuple(names), names[0] if names else "")
        self.hidden_ones = TextLabel("small", name=words.HIDDEN)
        self.hidden_ones.setParent(self)
        for tile in self.tiles.values():
            tile.clicked.connect(self.enlarge)
            tile.dropped.connect(self._drop)
        self._arrange()

    @property
    def intents(self) -> dict[Intent, Callable[[], None]]:
        """Rows of the table of actions that arrange these pictures."""
        return {
            **{each: partial(self.enlarge_number, n) for n, each in enumerate(_LARGE, start=1)},
            **{each: partial(self.toggle_number, n) for n, each in enumerate(_HIDDEN, start=1)},
            Intent.CAMERAS_ROUND: self.move_round,
            Intent.CAMERAS_SWAP: self.swap_upper,
        }

    @property
    def large(self) -> str:
        """The name of the camera that is shown large."""
        return self._now.large

    @property
    def places(self) -> CameraPlaces:
        """How the pictures are arranged, to be remembered."""
        return CameraPlaces(self._now.large, self._now.order, tuple(sorted(self._now.hidden)))

    def restore(self, places: CameraPlaces) -> None:
        """Arrange the pictures as it is remembered; names that are not here are passed over."""
        self._become(restored(self._now, places.large, places.order, places.hidden))

    def enlarge(self, name: str) -> None:
        """Show `name` large; the one that is large already goes back to the first."""
        self._become(arranged(self._now, next(iter(self.tiles), ""), name))

    def enlarge_number(self, number: int) -> None:
        """Show the camera of that number, from 1, large."""
        name = self._named(number)
        if name:
            self.enlarge(name)

    def toggle_number(self, number: int) -> None:
        """Hide the camera of that number, from 1, or show it; one stays in any case."""
        name = self._named(number)
        if name:
            self._become(toggled(self._now, name))

    def move_round(self) -> None:
        """Let the small pictures go round by one."""
        self._become(moved_round(self._now))

    def swap_upper(self) -> None:
        """Let the two upper small pictures change places."""
        column = self._now.column
        if len(column) > 1:
            self._become(swapped(self._now, column[0], column[1]))

    def grow_old(self, now_ns: int) -> None:
        """Count the ages of all pictures on."""
        for tile in self.tiles.values():
            tile.grow_old(now_ns)

    def _named(self, number: int) -> str:
        names = list(self.tiles)
        return names[number - 1] if 1 <= number <= len(names) else ""

    def _drop(self, name: str, at: QPoint) -> None:
        """A picture that is let go over another one changes places with it."""
        under = self.childAt(self.mapFromGlobal(at))
        if isinstance(under, CameraTile) and under.name != name:
            self._become(swapped(self._now, name, under.name))

    def _become(self, now: Cameras) -> None:
        self._now = now
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        if not self.tiles:
            return
        numbers = {name: number for number, name in enumerate(self.tiles, start=1)}
        away = [name for name in self.tiles if name in self._now.hidden]
        self.hidden_ones.show_text(words.hidden([(numbers[name], name) for name in away]))
        self.hidden_ones.setVisible(bool(away))
        for name, tile in self.tiles.items():
            tile.setVisible(name not in self._now.hidden)
        self._place(self.height() - (TAG_HEIGHT if away else 0))

    def _place(self, height: int) -> None:
        gap, width = theme.GAP, self.width()
        self.hidden_ones.setGeometry(0, height, width, TAG_HEIGHT)
        others = [self.tiles[name] for name in self._now.column]
        large = self.tiles[self._now.large]
        if not others:
            large.setGeometry(0, 0, width, height)
            return
        each = (height - gap * (len(others) - 1)) / len(others)
        spare = width - gap - height * SHARED_ASPECT  # what a 4:3 picture leaves
        side = round(min(max(spare, each * 0.9), max(each * 1.5, NAMED), width * 0.4))
        large.setGeometry(0, 0, width - gap - side, height)
        for row, tile in enumerate(others):
            top, bottom = round(row * (each + gap)), round(row * (each + gap) + each)
            tile.setGeometry(width - side, top, side, bottom - top)
