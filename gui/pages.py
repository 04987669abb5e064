"""The pages of the window: what each is told and what it may ask for. The table of them is `PAGES`.

A page lies over the middle of the window. Banner, settings of the arms, episode buttons and STOP
stay in sight and keep working, so that no page can get between the operator and the robot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.action_spec import Group, Intent
from gui.actions import Actions
from gui.review.library import Library
from gui.theme import Theme
from gui.view import Level, View
from teleop.config import SessionConfig
from teleop.named_function import named_function
from teleop.order_messages import Order, OrderKind
from teleop.session_folder import SessionFolder


class Page(StrEnum):
    """What is shown in the middle; OPERATE is the cameras and arms under all pages."""

    OPERATE = "Operate"
    LEARN = "Learn"
    REVIEW = "Review"
    DEMONSTRATE = "Demonstrate"
    SET_UP = "Set up"


@dataclass(frozen=True)
class PageContext:
    """What a page is made with.

    Attributes:
        folder: the session that the window is open on; it need not run, nor hold anything.
        config: its settings when the window was opened.
        cameras: names in the order of their keys.
        look: colours.
        commands: the table of actions as Qt actions.
        ask: send an order to control; the answer is shown to the operator.
        serve: have a policy version served.
        say: show a sentence to the operator.
        go: show another page.
        library: has episodes read; no page opens one itself.
        admits: whether an order would go out now; if not, the operator is shown what is in its way.
    """

    folder: SessionFolder
    config: SessionConfig
    cameras: tuple[str, ...]
    look: Theme
    commands: Actions
    ask: Callable[[Order], None]
    serve: Callable[[int], None]
    say: Callable[[str, Level], None]
    go: Callable[[Page], None]
    library: Library
    admits: Callable[[Order], bool] = lambda order: True


class PageWidget(QWidget):
    """One page. It is made when it is first opened, and told of views only while it is shown."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.context = context
        # Without it everything that it covers would be painted under it, every frame of a camera.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self.context.look.window))

    @property
    def intents(self) -> Mapping[Intent, Callable[[], object]]:
        """Rows of the table of actions that this page does; they open it where it is not shown."""
        return {}

    @property
    def told_over(self) -> QWidget:
        """What notices and answers lie over while this page is shown."""
        return self

    def answers(self, does: OrderKind | Intent) -> bool:
        """Do a row of the table in a way of this page's own while it is shown; whether it did.

        False: the window does it as ever. STOP and HOLD are never to be kept from it.
        """
        return False

    def show_view(self, view: View) -> None:
        """Show what has come in; about ten times a second."""

    def show_picture(
        self, camera: str, pixels: NDArray[np.uint8], stamp_ns: int, now_ns: int
    ) -> None:
        """Show a camera's newest picture, as `gui.widgets.cameras.CameraTile.show_frame` has it."""

    def opened(self) -> None:
        """It is shown now."""

    def left(self) -> None:
        """Another page is shown now."""

    def close_page(self) -> None:
        """End threads, timers and children. Idempotent; the window is closing."""


@dataclass(frozen=True)
class PageSpec:
    """A row of `PAGES`.

    Attributes:
        page: what it is.
        intent: the action that opens it, and closes it again.
        target: `module:class` of its `PageWidget`; imported when first opened.
        group: heading in the table of actions whose rows are the page's own `intents`; they open
            it where it is not shown.
    """

    page: Page
    intent: Intent
    target: str
    group: Group | None = None

    def make(self, context: PageContext, parent: QWidget) -> PageWidget:
        """The page itself."""
        return named_function(self.target)(context, parent)


PAGES = (
    PageSpec(Page.LEARN, Intent.LEARNING, "gui.widgets.learning.page:LearningPage"),
    PageSpec(Page.REVIEW, Intent.REVIEW, "gui.review.page:ReviewPage", Group.REVIEW),
    PageSpec(
        Page.DEMONSTRATE,
        Intent.DEMONSTRATION,
        "gui.demonstrate.page:DemonstratePage",
        Group.DEMONSTRATE,
    ),
    PageSpec(Page.SET_UP, Intent.SET_UP, "gui.setup.page:SetUpPage", Group.SETTINGS),
)

# The action of each tab. A page without a row in `PAGES` says that it is missing.
TABS: dict[Page, Intent] = {
    Page.OPERATE: Intent.OPERATE,
    Page.LEARN: Intent.LEARNING,
    Page.REVIEW: Intent.REVIEW,
    Page.DEMONSTRATE: Intent.DEMONSTRATION,
    Page.SET_UP: Intent.SET_UP,
}
