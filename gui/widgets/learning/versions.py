"""The table of policy versions, the newest on top; one is marked as serving."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui import theme
from gui.learner_view import (
    LearnerView,
    error_text,
    loss_of,
    made_text,
    report_of,
    seconds_text,
)
from gui.texts import learning as texts
from teleop.learner_messages import VersionReport

STRATA = {4: "held out", 5: "demonstrations", 6: "rollouts", 7: "corrections"}
ROW = 25
FONT = 13  # of the headings
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


@dataclass(frozen=True)
class Rows:
    """What the table shows."""

    view: LearnerView

    def text(self, report: VersionReport, column: int) -> str:
        """Return one cell."""
        match column:
            case 0:
                mark = "●" if report.version == self.view.serving else "   "
                return f"{mark} v{report.version}"
            case 1:
                return made_text(self.view, report.version)
            case 2:
                return texts.GATE_PASSED if report.accepted else texts.GATE_REFUSED
            case 3:
                return str(len(report.corrections))
            case 8:
                return seconds_text(report.data_age_s)
            case 9:
                return seconds_text(report.seconds_from_handback)
            case _:
                return error_text(loss_of(report, STRATA[column]))


class VersionModel(QAbstractTableModel):
    """The versions of a view as Qt wants them."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._view = LearnerView()

    @property
    def view(self) -> LearnerView:
        """What is shown."""
        return self._view

    def show_view(self, view: LearnerView) -> None:
        """Show other versions, or the same ones with another one serving."""
        self.beginResetModel()
        self._view = view
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._view.versions)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(texts.HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        report = self._view.versions[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return Rows(self._view).text(report, index.column())
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignLeft
                if index.column() > 2:
                    side = Qt.AlignmentFlag.AlignRight
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.FontRole:
                serving = report.version == self._view.serving
                return theme.font(theme.SMALL, bold=serving)
            case Qt.ItemDataRole.ForegroundRole:
                dim = not report.accepted and report.version != self._view.serving
                return QColor(self._look.dim if dim else self._look.text)
            case _:
                return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return texts.HEADINGS[section]
            case Qt.ItemDataRole.ToolTipRole:
                return texts.HINTS[section]
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignLeft if section < 3 else Qt.AlignmentFlag.AlignRight
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case _:
                return None


class VersionTable(QTableView):
    """The table; the row that is chosen follows its version, not its place.

    Signals:
        chosen: the version whose row was clicked.
    """

    chosen = Signal(int)

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown: tuple[object, ...] = ()
        self.versions = VersionModel(look, self)
        self.setModel(self.versions)
        self.setAccessibleName(texts.TABLE_NAME)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.setStyleSheet(
            f"QTableView {{ background: {look.panel}; border: 1px solid {look.line};"
            f" border-radius: 4px; font-size: {theme.SMALL}px; selection-color: {look.text};"
            f" selection-background-color: {look.raised}; outline: 0; }}"
            f"QHeaderView::section {{ background: {look.panel}; color: {look.dim};"
            f" border: 0; border-bottom: 1px solid {look.line}; padding: 3px 5px;"
            f" font-size: {FONT}px; font-weight: bold; }}"
        )
        self.clicked.connect(self._tell)

    def show_view(self, view: LearnerView, chosen: int) -> None:
        """Show the versions of `view`, with the row of `chosen` marked."""
        if report_of(view, chosen) is None:
            chosen = view.versions[0].version if view.versions else -1
        shown = (view.versions, view.serving, chosen)
        if shown == self._shown:
            return
        self._shown = shown
        self.versions.show_view(view)
        for row, report in enumerate(view.versions):
            if report.version == chosen:
                self.selectRow(row)

    def _tell(self, index: QModelIndex) -> None:
        self.chosen.emit(self.versions.view.versions[index.row()].version)
