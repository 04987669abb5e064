"""What is seen while demonstrating: the cameras, both wrists' forces, the countdown over them."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.demonstrate.countdown import CountdownOverlay
from gui.demonstrate.force_bars import ForceBars
from gui.pages import PageContext
from gui.widgets.camera_wall import CameraWall


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

    def arranges(self, does: object) -> bool:
        """Do a row of the table that arranges pictures; whether it is one."""
        act = self.wall.intents.get(does) if isinstance(does, Intent) else None
        if act is not None:
            act()
        return act is not None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._box.activate()
        self.overlay.place()
