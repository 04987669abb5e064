"""Choosing a folder in a window of its own that blocks nothing: STOP works meanwhile."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.texts import export as texts
from gui.widgets.own_keys import keeps


class FolderDialog(QFileDialog):
    """Not modal; with the keyboard there, STOP and rollback are left.

    Signals:
        chosen: the folder.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, texts.CHOOSE_TITLE)
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setFileMode(QFileDialog.FileMode.Directory)
        self.setOption(QFileDialog.Option.ShowDirsOnly)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.fileSelected.connect(self.chosen)

    def ask(self, start: Path) -> None:
        """Open it at the nearest folder that is there."""
        there = next((path for path in (start, *start.parents) if path.is_dir()), Path.home())
        self.setDirectory(str(there))
        self.show()
        self.raise_()
        self.activateWindow()

    def event(self, event: QEvent) -> bool:
        return keeps(event) or super().event(event)
