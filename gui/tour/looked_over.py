"""What a machine can see is wrong with a shown window: words that are cut, and empty pictures."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

SPARE = 1  # pixel that rounding may take
OVERLAP = 3  # pixels
BLANK = 0.985  # share of one colour from which a picture counts as empty
CHECKED = (QLabel, QAbstractButton, QComboBox, QLineEdit)


def troubles(window: QWidget) -> list[str]:
    """A line for each visible label, button or field whose words are cut, and for overlaps."""
    shown = [widget for widget in checked(window) if in_sight(window, widget)]
    wrong = [(widget, cut(widget) or outside(window, widget)) for widget in shown]
    return [f"{described(widget)}: {why}" for widget, why in wrong if why] + [
        f"{described(a)} lies over {described(b)}"
        for number, a in enumerate(shown)
        for b in shown[number + 1 :]
        if a.parentWidget() is b.parentWidget() and overlap(a, b)
    ]


def checked(window: QWidget) -> Iterator[QWidget]:
    """Visible children that bear words."""
    for widget in window.findChildren(QWidget):
        if isinstance(widget, CHECKED) and widget.isVisible() and words(widget):
            yield widget


def words(widget: QWidget) -> str:
    """What stands on it."""
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return widget.text() or widget.placeholderText() if isinstance(widget, QLineEdit) else ""


def in_sight(window: QWidget, widget: QWidget) -> bool:
    """Whether its middle is not covered by something else."""
    middle = widget.mapTo(window, widget.rect().center())
    if not window.rect().contains(middle):
        return True  # pushed out of the window: that is to be found
    above: QWidget | None = window.childAt(middle)
    while above is not None:
        if above is widget:
            return True
        above = above.parentWidget()
    return window.childAt(middle) is widget.parentWidget()


def cut(widget: QWidget) -> str:
    """Why its words do not fit it; empty: they do."""
    if isinstance(widget, QLineEdit):
        need = widget.fontMetrics().horizontalAdvance(words(widget)) + 8
        return f"{need} pixels of text in {widget.width()}" if need > widget.width() + SPARE else ""
    if isinstance(widget, QLabel) and widget.wordWrap():
        need = widget.heightForWidth(widget.width())
        return (
            f"{need} pixels high, has {widget.height()}" if need > widget.height() + SPARE else ""
        )
    if isinstance(widget, QPushButton):
        need = widget.fontMetrics().horizontalAdvance(widget.text()) + 6
        return f"{need} pixels of text in {widget.width()}" if need > widget.width() else ""
    need, has = widget.sizeHint(), widget.size()
    if need.width() > has.width() + SPARE:
        return f"{need.width()} pixels wide, has {has.width()}"
    if need.height() > has.height() + SPARE and isinstance(widget, QLabel):
        return f"{need.height()} pixels high, has {has.height()}"
    return ""


def outside(window: QWidget, widget: QWidget) -> str:
    """Why it is not whole in its parents, but for what can be scrolled; empty: it is."""
    seen = QRect(widget.mapTo(window, QPoint()), widget.size())
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            return ""
        if not QRect(parent.mapTo(window, QPoint()), parent.size()).contains(seen):
            return f"reaches out of {type(parent).__name__}"
        if parent is window:
            return ""
        parent = parent.parentWidget()
    return ""


def overlap(a: QWidget, b: QWidget) -> bool:
    """Whether two siblings cover each other."""
    common = a.geometry().intersected(b.geometry())
    return common.width() > OVERLAP and common.height() > OVERLAP


def described(widget: QWidget) -> str:
    """Which one it is."""
    text = " ".join(words(widget).split())
    return f"{type(widget).__name__} “{text[:40]}”"


def blank(picture: QImage) -> bool:
    """Whether nearly all of it is one colour."""
    image = picture.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    _, counts = np.unique(pixels[::4, ::4], return_counts=True)
    return bool(counts.max() > BLANK * counts.sum())
