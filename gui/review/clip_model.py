"""The clips as Qt's views want them, with their small pictures."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QImage, QPixmap

from gui.review.clip_filter import Filter, filtered
from gui.review.reading_messages import ThumbnailMade
from gui.review.values import ClipRow
from gui.texts import review as texts

KEPT = 600  # small pictures, some 25 MB
ROW_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class ClipModel(QAbstractListModel):
    """The clips of one session that pass a filter.

    Attributes:
        rows: all of them, in no order.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[ClipRow, ...] = ()
        self._shown: list[ClipRow] = []
        self._filter = Filter()
        self._pictures: dict[str, QPixmap | None] = {}  # None: there is none to be had
        self._troubles: dict[ClipRow, str] = {}  # found while they were opened

    @property
    def shown(self) -> tuple[ClipRow, ...]:
        """Those that pass the filter, in their order."""
        return tuple(self._shown)

    @property
    def pictures(self) -> Mapping[str, QPixmap | None]:
        """The small pictures that have come, by the clips' names."""
        return self._pictures

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self._shown):
            return None
        row = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return texts.short_name(row)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return texts.clip_sentence(row)
            case Qt.ItemDataRole.DecorationRole:
                return self._pictures.get(row.name)
            case _ if role == ROW_ROLE:
                return row
            case _:
                return None

    def forget(self) -> None:
        """Another session comes."""
        self._pictures.clear()
        self._troubles.clear()
        self.show_rows(())

    def show_rows(self, rows: tuple[ClipRow, ...]) -> None:
        """Show these clips, as far as they pass the filter."""
        troubles = self._troubles
        if troubles:
            rows = tuple(
                replace(row, trouble=troubles[row]) if row in troubles else row for row in rows
            )
        self.rows = rows
        self._arrange()

    def show_filter(self, wanted: Filter) -> None:
        """Show others of the clips, or in another order."""
        self._filter = wanted
        self._arrange()

    def place_of(self, name: str) -> int:
        """Where a clip is shown, -1: it is not."""
        return next((at for at, row in enumerate(self._shown) if row.name == name), -1)

    @Slot(object)
    def take_picture(self, made: ThumbnailMade) -> None:
        """Show the small picture of a clip."""
        height, width, _ = made.pixels.shape
        image = QImage(made.pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._keep(made.clip, QPixmap.fromImage(image))

    def take_no_picture(self, clip: str) -> None:
        """Say that a clip has no picture."""
        self._keep(clip, None)

    def take_trouble(self, clip: str, trouble: str) -> None:
        """Say what is wrong with a clip, until it is listed with something else about it."""
        for row in self.rows:
            if row.name == clip and not row.trouble:
                self._troubles[row] = trouble
        self.show_rows(self.rows)

    def _keep(self, clip: str, picture: QPixmap | None) -> None:
        self._pictures.pop(clip, None)
        self._pictures[clip] = picture
        if len(self._pictures) > KEPT:
            del self._pictures[next(iter(self._pictures))]
        at = self.place_of(clip)
        if at >= 0:
            self.dataChanged.emit(self.index(at), self.index(at))

    def _arrange(self) -> None:
        """Reset only where other clips are shown than before: a view keeps its place else."""
        shown = filtered(self.rows, self._filter)
        names = [row.name for row in shown]
        before = [row.name for row in self._shown]
        if names == before:
            if shown != self._shown:
                self._shown = shown
                self.dataChanged.emit(self.index(0), self.index(len(shown) - 1))
        elif before and names[: len(before)] == before:
            self.beginInsertRows(NOWHERE, len(before), len(names) - 1)
            self._shown = shown
            self.endInsertRows()
        else:
            self.beginResetModel()
            self._shown = shown
            self.endResetModel()
