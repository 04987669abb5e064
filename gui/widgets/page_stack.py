"""Shows one page at a time over the middle of the window, or none."""

import logging
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.action_spec import Intent
from gui.actions import ACTIONS
from gui.pages import TABS, Page, PageContext, PageSpec, PageWidget
from gui.texts.shell import NOT_MADE, page_missing
from teleop.errors import NudgeError

LOG = logging.getLogger("nudge.gui")


class MissingPage(PageWidget):
    """Stands for a page that cannot be opened, and says why."""

    def __init__(self, page: Page, why: str, context: PageContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self.setAutoFillBackground(True)
        told = QLabel(page_missing(page, why), self)
        told.setProperty("role", "value")
        told.setAlignment(Qt.AlignmentFlag.AlignCenter)
        told.setWordWrap(True)
        QVBoxLayout(self).addWidget(told)


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
        """What opens the pages, and what they do themselves."""

        def opens(page: Page) -> Callable[[], object]:
            return lambda: self.toggle(page)

        def own(page: Page, does: Intent) -> Callable[[], object]:
            return lambda: self._do(page, does)

        table = {intent: opens(page) for page, intent in TABS.items()}
        for spec in self._specs.values():
            for row in ACTIONS:
                if isinstance(row.does, Intent) and row.group is spec.group:
                    table[row.does] = own(spec.page, row.does)
        return table

    def _do(self, page: Page, does: Intent) -> None:
        self.show(page)
        act = self.made(page).intents.get(does)
        if act is not None:
            act()

    def made(self, page: Page) -> PageWidget:
        """The page, made if it is not yet.

        A page whose code is missing or broken becomes a page that says so: it must not take the
        window of a moving robot with it.
        """
        if page not in self._made:
            widget = self._make(page)
            widget.hide()
            widget.setGeometry(self._place)
            self._made[page] = widget
        return self._made[page]

    def _make(self, page: Page) -> PageWidget:
        spec = self._specs.get(page)
        if spec is None:
            return MissingPage(page, NOT_MADE, self._context, self._host)
        try:
            return spec.make(self._context, self._host)
        except (ImportError, AttributeError, NudgeError) as error:
            LOG.error("page %s cannot be opened", page, exc_info=error)
            return MissingPage(page, str(error), self._context, self._host)

    def show(self, page: Page) -> None:
        """Show `page`; OPERATE: none."""
        if page is self.page:
            return
        before = self.shown
        after = None if page is Page.OPERATE else self.made(page)
        self.page = page
        spec = self._specs.get(page)
        self._context.commands.show_group(spec.group if spec else None)
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
