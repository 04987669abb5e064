"""The middle of the operate view: pictures, what is told, the learner. None lies over another."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import theme
from gui.learner_view import CoachLine
from gui.view import NoticesView
from gui.widgets.camera_wall import CameraWall
from gui.widgets.learner import LearnerPanel
from gui.widgets.learning.notes import CoachBar
from gui.widgets.notice_stack import NoticeStack

SHARES = (68, 32)  # of the height: pictures, learner
LEAST_PICTURES = 160  # pixels that what is told leaves them
PLACE = 1  # of the notices, under the pictures


class Middle(QWidget):
    """What is told takes its room from the pictures, and coaching waits for it.

    Where calls for help would leave too little of the pictures, the learner gives way to them.

    Attributes:
        notices: over a page while one is shown; here otherwise.
    """

    def __init__(self, wall: CameraWall, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.wall = wall
        self.notices = NoticeStack(look, self)
        self.coach = CoachBar(look, self)
        self.learner = LearnerPanel(look, self)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme.GAP)
        self._box.addWidget(self.wall, SHARES[0])
        self._box.addWidget(self.notices)
        self._box.addWidget(self.coach)
        self._box.addWidget(self.learner, SHARES[1])

    def take_notices(self) -> None:
        """Give the notices their place here again."""
        self.notices.lies_over = False
        if self._box.indexOf(self.notices) < 0:
            self._box.insertWidget(PLACE, self.notices)
        self._fit()

    def show_told(self, notices: NoticesView, notes: tuple[CoachLine, ...]) -> None:
        """Show what control tells, and the oldest note where it tells nothing."""
        if self.notices.show_notices(notices):
            self._fit()
        self.coach.show_notes(notes, waits=bool(notices.calls or notices.fresh))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self.notices.lies_over:
            self.learner.show()
            return
        room = self.height() - LEAST_PICTURES - theme.GAP
        beside_learner = room - self.learner.minimumSizeHint().height() - theme.GAP
        urgent = self.notices.calls_height(self.width())
        self.learner.setVisible(urgent <= beside_learner)
        self.notices.fit(self.width(), beside_learner if urgent <= beside_learner else room)
