"""The parts of the review page, made with it; a sentence in the place of one that is missing."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.pages import PageContext
from gui.review.parts import ActionsPart, PlayerPart
from gui.texts import review as texts
from gui.widgets.panel import TextLabel
from teleop.named_function import named_function

PLAYER = "gui.review.player.widget:PlayerWidget"
ACTIONS = "gui.review.edits.actions:ClipActions"


def make_player(context: PageContext, parent: QWidget) -> PlayerPart:
    """The player, or what says that there is none."""
    try:
        return named_function(PLAYER)(context, parent)
    except ImportError as error:
        part = PlayerPart(context, parent)
        _say(part, texts.NO_PLAYER.format(why=error))
        return part


def make_actions(context: PageContext, player: PlayerPart, parent: QWidget) -> ActionsPart:
    """Edits and exports, or what says that there are none."""
    try:
        return named_function(ACTIONS)(context, player, parent)
    except ImportError as error:
        part = ActionsPart(context, player, parent)
        _say(part, texts.NO_ACTIONS.format(why=error))
        return part


def _say(part: QWidget, text: str) -> None:
    label = TextLabel("dim", text)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    QVBoxLayout(part).addWidget(label)
