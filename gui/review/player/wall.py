"""All cameras of a clip, one large and the others beside it, and what the finger pads felt."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.review.player.tiles import BESIDE_PX, ReplayTile
from gui.review.player.touch_at import TouchAt
from gui.review.values import CameraTrack
from gui.texts import player as texts
from gui.widgets.panel import TextLabel

LEAST_SIDE, LEAST_HEIGHT = 96, 100
TOUCH_PX = 150
TOUCH_IN_A_ROW = 306  # pixels of width
HOLE = 0.75  # how much smaller tiles may be for the sake of a grid without a hole
OTHERS_SHARE = 0.75  # of the large tile's width, at the most
LARGE_SHARE = 0.72  # of the width, at the most, where others stand beside it


class ReplayWall(QWidget):
    """The tiles, and the pads in the last place.

    Signals:
        enlarged: another camera is large; its name.
    """

    enlarged = Signal(str)

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.touch = TouchAt(look, self)
        self.tiles: dict[str, ReplayTile] = {}
        self.large = ""
        self._look = look
        self._none = TextLabel("dim", texts.NO_CAMERAS)
        self._none.setParent(self)
        self.setMinimumHeight(LEAST_HEIGHT)

    def show_cameras(self, cameras: Sequence[CameraTrack]) -> None:
        """Make a tile for each camera; the one that was large stays it, else the widest is.

        The widest is the first, as on the operate view, where people have a camera of their own.
        """
        widest = max(cameras, key=lambda camera: camera.width, default=None)
        for tile in self.tiles.values():
            tile.hide()
            tile.deleteLater()
        self.tiles = {
            camera.name: ReplayTile(camera, number, self._look, self)
            for number, camera in enumerate(
                sorted(cameras, key=lambda camera: camera is not widest), start=1
            )
        }
        if self.large not in self.tiles:
            self.large = widest.name if widest else ""
        for tile in self.tiles.values():
            tile.clicked.connect(self.enlarge)
            tile.show()
        self._none.setVisible(not self.tiles)
        self._arrange()

    def enlarge(self, name: str) -> None:
        """Show that camera large; the large one gives way to the next."""
        names = list(self.tiles)
        if not names:
            return
        at = (names.index(self.large) + 1) % len(names)
        self.large = names[at] if name == self.large else name
        self._arrange()
        self.enlarged.emit(self.large)

    def enlarge_next(self) -> None:
        """Show the next camera large."""
        self.enlarge(self.large)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        self._none.adjustSize()
        self._none.move(self.rect().center() - self._none.rect().center())
        if not self.tiles:
            self.touch.setGeometry(self.width() - TOUCH_PX, 0, TOUCH_PX, self.height())
            return
        large = self.tiles[self.large]
        for tile in self.tiles.values():
            tile.large = tile is large
            tile.update()
        others: list[QWidget] = [t for name, t in self.tiles.items() if name != self.large]
        others.append(self.touch)  # it takes what a low wall leaves beside the pictures
        first, rest = places(
            self.width(),
            self.height(),
            large.camera.width / max(large.camera.height, 1),
            len(others),
            BESIDE_PX if large.camera.model is None else 0.0,
        )
        large.setGeometry(first)
        for widget, place in zip(others, rest, strict=True):
            widget.setGeometry(place)


def places(
    width: int, height: int, aspect: float, others: int, beside: float = 0.0
) -> tuple[QRect, list[QRect]]:
    """Where the large tile and the others go.

    The large one takes what its aspect fills; the others stand beside it in as many columns as
    make them largest. In one row the last of them, the pads, takes what is to spare.
    """
    if not others:
        return QRect(0, 0, width, height), []
    gap = theme.GAP
    first = min(
        round(height * aspect + beside), round(width * LARGE_SHARE), width - gap - LEAST_SIDE
    )
    side = width - first - gap
    sizes: list[tuple[float, int]] = []
    for columns in range(1, others + 1):
        rows = -(-others // columns)
        across = (side - gap * (columns - 1)) / columns
        down = (height - gap * (rows - 1)) / rows
        full = 1.0 if rows * columns == others else HOLE
        sizes.append((full * min(across, down * 4 / 3), columns))
    columns = max(sizes)[1]
    cap = OTHERS_SHARE * max(first, height * 4 / 3)
    rows = -(-others // columns)
    across = min((side - gap * (columns - 1)) / columns, cap)
    spare = width - columns * (across + gap) - first
    last = max(0.0, min(spare, TOUCH_IN_A_ROW - across)) if rows == 1 else 0.0
    first = width - round(columns * (across + gap) + last)
    down = (height - gap * (rows - 1)) / rows
    found: list[QRect] = []
    for number in range(others):
        row, column = divmod(number, columns)
        left = round(first + gap + column * (across + gap))
        wide = across + last if number == others - 1 else across
        found.append(QRect(left, round(row * (down + gap)), round(wide), round(down)))
    return QRect(0, 0, first, height), found
