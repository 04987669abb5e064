"""What is seen while demonstrating: the cameras, both wrists' forces, the countdown over them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import theme
from gui.actions import Intent
from gui.demonstrate.countdown import CountdownOverlay
from gui.demonstrate.force_bars import ForceBars
from gui.pages import PageContext
from gui.widgets.camera_wall import CameraWall

LARGE = (Intent.CAMERA_1, Intent.CAMERA_2, Intent.CAMERA_3, Intent.CAMERA_4)
HIDDEN = (
    Intent.HIDE_CAMERA_1,
    Intent.HIDE_CAMERA_2,
    Intent.HIDE_CAMERA_3,
    Intent.HIDE_CAMERA_4,
)


class Pictures(QWidget):
    """The wall, under it the forces, over it the countdown."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.wall = CameraWall(context.cameras, context.look, self)
        self.overlay = CountdownOverlay(context.look, self.wall)
        self.forces = ForceBars(context.config.limits.soft_force, context.look, self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.GAP)
        box.addWidget(self.wall, 1)
        box.addWidget(self.forces)
        self._box = box
        wall = self.wall
        self._arranging: dict[Intent, Callable[[], None]] = {
            **{each: partial(wall.enlarge_number, n) for n, each in enumerate(LARGE, start=1)},
            **{each: partial(wall.toggle_number, n) for n, each in enumerate(HIDDEN, start=1)},
            Intent.CAMERAS_ROUND: wall.move_round,
            Intent.CAMERAS_SWAP: wall.swap_upper,
        }

    def arranges(self, does: object) -> bool:
        """Do a row of the table that arranges pictures; whether it is one."""
        act = self._arranging.get(does) if isinstance(does, Intent) else None
        if act is not None:
            act()
        return act is not None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._box.activate()
        self.overlay.place()
