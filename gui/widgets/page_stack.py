"""Shows one page at a time over the middle of the window, or none."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from gui.actions import Intent
from gui.pages import Page, PageContext, PageSpec, PageWidget


class PageStack(QObject):
    """The pages that have been opened so far, as children of `host`.

    Signals:
        changed: a page or none was opened.
    """

    changed = Signal()

    def __init__(self, specs: Sequence[PageSpec], context: PageContext, host: QWidget) -> None:
        super().__init__(host)
        self._specs = {spec.page: spec for spec in specs}
        self._context = context
        self._host = host
        self._made: dict[Page, PageWidget] = {}
        self._place = QRect()
        self.page = Page.OPERATE

    @property
    def shown(self) -> PageWidget | None:
        """The page over the operate view, if there is one."""
        return self._made.get(self.page)

    @property
    def intents(self) -> dict[Intent, Callable[[], object]]:
        """What opens the pages."""

        def opens(page: Page) -> Callable[[], object]:
            return lambda: self.toggle(page)

        return {spec.intent: opens(page) for page, spec in self._specs.items()}

    def made(self, page: Page) -> PageWidget:
        """The page, made if it is not yet."""
        if page not in self._made:
            widget = self._specs[page].make(self._context, self._host)
            widget.hide()
            widget.setGeometry(self._place)
            self._made[page] = widget
        return self._made[page]

    def show(self, page: Page) -> None:
        """Show `page`; OPERATE: none."""
        if page is self.page:
            return
        before = self.shown
        after = None if page is Page.OPERATE else self.made(page)
        self.page = page
        if before is not None:
            before.hide()
            before.left()
        if after is not None:
            after.show()
            after.raise_()
            after.opened()
        self.changed.emit()

    def toggle(self, page: Page) -> None:
        """Show `page`, or none if it is shown."""
        self.show(Page.OPERATE if page is self.page else page)

    def place(self, rect: QRect) -> None:
        """Where pages lie."""
        self._place = rect
        for widget in self._made.values():
            widget.setGeometry(rect)

    def close(self) -> None:
        """End what the pages run."""
        for widget in self._made.values():
            widget.close_page()
