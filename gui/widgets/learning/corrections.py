"""Every correction as a card: what it changed, and whether you would still be needed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gui import theme
from gui.learner_view import episode_text
from gui.texts import learning as texts
from gui.widgets.learning.change_picture import ChangePicture, opening_text, styles
from gui.widgets.panel import Panel, TextLabel
from teleop.learner_messages import CorrectionReport

HEAD = 60  # pixels of the panel above and below the cards
WORDS = 2 * 19 + 14  # pixels of a card beside its picture
SHOWN = 12  # cards; older corrections are in the session's report


def card_title(report: CorrectionReport) -> str:
    """Return which correction it is."""
    name = episode_text(report.episode)
    return f"{name} · {report.arm.name.lower()} arm · {report.duration_s:.1f} s"


def verdict_text(report: CorrectionReport) -> str:
    """Return whether the version would have needed the operator."""
    if report.still_needed:
        return texts.STILL_NEEDED.format(version=report.version)
    return texts.NOT_NEEDED.format(version=report.version)


class ChangeCard(QFrame):
    """One correction."""

    def __init__(self, report: CorrectionReport, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setStyleSheet(
            f"QFrame#card {{ background: {look.window}; border: 1px solid {look.line};"
            f" border-radius: 6px; }}"
        )
        self.report = report
        title = TextLabel("small", card_title(report))
        self.verdict = TextLabel("text", verdict_text(report), name=texts.VERDICT_NAME)
        ink = look.text if report.still_needed else look.good
        self.verdict.setStyleSheet(f"color: {ink}; font-weight: bold; font-size: {theme.SMALL}px")
        self.picture = ChangePicture(report, look, self)
        box = QVBoxLayout(self)
        box.setContentsMargins(9, 3, 9, 5)
        box.setSpacing(2)
        box.addWidget(title)
        box.addWidget(self.picture)
        box.addWidget(self.verdict)
        opening = opening_text(report.old, report.operator, report.new)
        if opening:
            title.show_text(f"{title.text()} · {opening}")
        box.addStretch(1)

    def fit_height(self, height: int) -> None:
        """Be no higher than `height` pixels."""
        self.picture.fit_height(height - WORDS)


class ChangeList(Panel):
    """The cards in a row, the newest on the left."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(texts.CORRECTIONS, parent)
        self._look = look
        self._shown: tuple[CorrectionReport, ...] = ()
        self.cards: list[ChangeCard] = []
        self.count = TextLabel("small", "", name=texts.SETTLED_NAME)
        self.count.hide()
        for text, (colour, _, _) in zip(texts.LEGEND, styles(look), strict=True):
            legend = TextLabel("title", text)
            legend.setStyleSheet(f"color: {colour}")
            self.title_row.addWidget(legend)
        self.empty = TextLabel("dim", texts.NOTHING_CORRECTED)
        self.empty.setWordWrap(True)
        inner = QWidget(self)
        self._row = QHBoxLayout(inner)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(texts.CORRECTIONS_NAME)
        self.body.addWidget(self.count)
        self.body.addWidget(self.empty, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.area, 1)
        self.area.hide()

    def show_changes(
        self, changes: tuple[CorrectionReport, ...], *, of_before: bool = False
    ) -> None:
        """Show `changes`, the newest first.

        Args:
            changes: what came of them.
            of_before: whether versions learned from corrections, whatever is known of them.
        """
        self.empty.show_text(texts.NOT_KEPT if of_before else texts.NOTHING_CORRECTED)
        if changes == self._shown:
            return
        self._shown = changes
        for card in self.cards:
            self._row.removeWidget(card)
            card.deleteLater()
        self.cards = [ChangeCard(each, self._look, self) for each in changes[:SHOWN]]
        for place, card in enumerate(self.cards):
            self._row.insertWidget(place, card)
        self._fit_cards()
        self.empty.setVisible(not changes)
        self.area.setVisible(bool(changes))
        settled = sum(not each.still_needed for each in changes)
        self.count.show_text(f"{settled} of {len(changes)} learned")
        self.count.setVisible(bool(changes))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_cards()

    def _fit_cards(self) -> None:
        bar = self.area.horizontalScrollBar().sizeHint().height()
        for card in self.cards:
            card.fit_height(self.height() - HEAD - bar)
