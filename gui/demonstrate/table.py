"""The operators' table: a line each, a bar for what succeeded of what was tried. Painted.

Where there is no room for every line, the last one says how many are missing; below the table the
last demonstrations stand, as many as there is room for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.demonstrate.tally import OperatorRow
from gui.texts import demonstrate as words

LINE = 24
LEAST_LINES = 3
NUMBER_WIDTHS = (62, 68, 68, 66)  # success, median, driven, discards
NAME_SHARE = 0.45  # of what the numbers leave
RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True)
class Section:
    """Some rows under a heading; instead of none there is a word why."""

    title: str
    rows: tuple[OperatorRow, ...]
    empty: str = words.NO_DEMONSTRATIONS


class OperatorTable(QWidget):
    """Sections under each other, with common columns."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._sections: tuple[Section, ...] = ()
        self._last: tuple[str, ...] = ()
        self.setAccessibleName(words.TABLE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def sections(self) -> tuple[Section, ...]:
        """What is drawn."""
        return self._sections

    def show_sections(self, sections: Sequence[Section], last: Sequence[str] = ()) -> None:
        """Draw `sections`, and below them the `last` demonstrations, if they are others."""
        if (tuple(sections), tuple(last)) == (self._sections, self._last):
            return
        self._sections, self._last = tuple(sections), tuple(last)
        told = (*map(_told, self._sections), *self._last)
        self.setAccessibleDescription("; ".join(told))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(380, LINE * len(self._lines()))

    def minimumSizeHint(self) -> QSize:
        return QSize(360, LINE * LEAST_LINES)

    def _lines(self) -> list[Section | OperatorRow | str]:
        """What stands below each other."""
        lines: list[Section | OperatorRow | str] = []
        for section in self._sections:
            lines += (section, *section.rows) if section.rows else (_empty(section),)
        return lines

    def fitting(self) -> list[Section | OperatorRow | str]:
        """The same, as far as there is room."""
        lines, room = self._lines(), max(1, self.height() // LINE)
        if len(lines) > room:
            return [*lines[: room - 1], words.more(len(lines) - room + 1)]
        if self._last and room > len(lines) + 1:
            lines += (words.LAST, *self._last[: room - len(lines) - 1])
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even where painting fails, or Qt would crash
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max((row.episodes for part in self._sections for row in part.rows), default=1)
        for number, line in enumerate(self.fitting()):
            top = number * LINE
            bold = isinstance(line, Section) or line == words.LAST
            painter.setFont(theme.font(theme.SMALL, bold=bold))
            if isinstance(line, Section):
                self._paint_cells(painter, top, (line.title, *words.HEADS[1:]), self._look.dim)
            elif isinstance(line, OperatorRow):
                self._paint_row(painter, top, line, max(1, most))
            else:
                painter.setPen(QColor(self._look.dim if bold else self._look.text))
                text = painter.fontMetrics().elidedText(
                    line, Qt.TextElideMode.ElideRight, self.width()
                )
                painter.drawText(QRectF(0, top, self.width(), LINE), LEFT, text)

    def _paint_row(self, painter: QPainter, top: int, row: OperatorRow, most: int) -> None:
        self._paint_cells(painter, top, cells_of(row), self._look.text)
        left = self._name_width() + 8
        track = QRectF(left, top + 7, self.width() - sum(NUMBER_WIDTHS) - left, LINE - 14)
        painter.setPen(Qt.PenStyle.NoPen)
        for count, colour in (
            (row.episodes, self._look.line),
            (row.successes, self._look.success),
        ):
            bar = QRectF(track)
            bar.setWidth(track.width() * count / most)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(bar, 3, 3)

    def _paint_cells(
        self, painter: QPainter, top: int, cells: tuple[str, ...], colour: str
    ) -> None:
        painter.setPen(QColor(colour))
        right, metrics = self.width(), painter.fontMetrics()
        for width, text in zip(reversed(NUMBER_WIDTHS), reversed(cells[1:]), strict=True):
            painter.drawText(QRectF(right - width, top, width, LINE), RIGHT, text)
            right -= width
        wide = right if colour == self._look.dim else self._name_width()
        name = metrics.elidedText(cells[0], Qt.TextElideMode.ElideRight, wide)
        painter.drawText(QRectF(0, top, wide, LINE), LEFT, name)

    def _name_width(self) -> int:
        return round(NAME_SHARE * (self.width() - sum(NUMBER_WIDTHS)))


def cells_of(row: OperatorRow) -> tuple[str, ...]:
    """A row as it is written."""
    return (
        row.operator or words.NOBODY,
        f"{row.successes}/{row.episodes}",
        words.length(row.median_s) if row.episodes else "—",
        words.length(row.operator_s),
        str(row.discards),
    )


def _empty(section: Section) -> str:
    return words.nothing_in(section.title, section.empty)


def _told(section: Section) -> str:
    lines = (
        words.told_row(
            row.operator or words.NOBODY, row.episodes, row.successes,
            words.length(row.median_s), words.length(row.operator_s), row.discards,
        )
        for row in section.rows
    )  # fmt: skip
    return f"{section.title}: {', '.join(lines)}" if section.rows else _empty(section)
