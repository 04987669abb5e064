"""The review page: sessions and their clips on the left, the player on the right."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gui import theme
from gui.actions import Intent
from gui.pages import PageContext, PageWidget
from gui.review.absent import make_actions, make_player
from gui.texts import review as texts
from gui.view import View
from gui.widgets.panel import TextLabel

SHARES = (30, 70)  # of the width: browser, player


class ReviewPage(PageWidget):
    """The browser with the actions under it, and the player or a sentence in its place."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self.setAccessibleName(texts.TITLE)
        self.player = make_player(context, self)
        self.actions_part = make_actions(context, self.player, self)
        self.sentence = TextLabel("dim", texts.NOTHING_CHOSEN)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stage = QStackedWidget(self)
        self.browser = QLabel(self)
        self._place()

    @property
    def intents(self) -> Mapping[Intent, Callable[[], object]]:
        return {**self.player.intents, **self.actions_part.intents}

    def _place(self) -> None:
        self.stage.addWidget(self.sentence)
        self.stage.addWidget(self.player)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.browser, 1)
        column.addWidget(self.actions_part)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.stage)
        self.splitter.setCollapsible(1, False)
        for index, share in enumerate(SHARES):
            self.splitter.setStretchFactor(index, share)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.GAP, 4, theme.GAP, 4)
        box.addWidget(self.splitter)

    def show_view(self, view: View) -> None:
        self.player.show_view(view)
        self.actions_part.show_view(view)

    def left(self) -> None:
        self.player.left()

    def close_page(self) -> None:
        self.player.close_part()
        self.actions_part.close_part()
