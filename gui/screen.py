"""The operate screen: places the widgets and hands a view's values to them. It decides nothing."""

from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.actions import ACTIONS, Actions
from gui.pages import PAGES, PageContext, PageWidget
from gui.sound.values import Alarm
from gui.texts import shell
from gui.view import ArmView, HelpView, Lead, View
from gui.widgets.alarms import AlarmBar
from gui.widgets.authority import AlertFrame, AuthorityBanner, most_alert
from gui.widgets.camera_wall import CameraWall
from gui.widgets.episodes import EpisodeBar
from gui.widgets.forces import ForcePanel
from gui.widgets.key_map import KeyMap
from gui.widgets.middle import Middle
from gui.widgets.motion import MotionPanel
from gui.widgets.notice_list import NoticeList
from gui.widgets.notice_stack import TOP
from gui.widgets.page_stack import PageStack
from gui.widgets.page_tabs import PageTabs
from gui.widgets.preflight import PreflightPanel
from gui.widgets.status import StatusLines
from gui.widgets.takeover import TakeoverRow
from gui.widgets.toast import Toast
from gui.widgets.touch import TouchPanel
from teleop.config import SessionConfig
from teleop.messages import Arm

SLOW_EVERY = 3  # views between updates of text: 8 a second
CURVES_EVERY = 2  # views between updates of curves: 12 a second
COLUMNS = (26, 48, 26)  # shares of the width: left arm, cameras and learner, right arm
BELOW_HEAD = 52  # pixels of a page's first row, which notices leave free


class ArmColumn(QWidget):
    """Everything about one arm, on that arm's side of the window."""

    def __init__(self, arm: Arm, config: SessionConfig, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.force = ForcePanel(arm, config.limits.soft_force, look, self)
        self.touch = TouchPanel(arm, look, self)
        self.motion = MotionPanel(arm, config.takeover.enter, look, self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.GAP)
        for panel, stretch in ((self.force, 5), (self.touch, 4), (self.motion, 3)):
            box.addWidget(panel, stretch)

    def show_curves(self, view: ArmView, now_ns: int) -> None:
        """Show what is followed by eye."""
        self.force.show_arm(view, now_ns)
        self.touch.show_arm(view)
        self.motion.show_deflection(view)


class Screen(AlertFrame):
    """All widgets of the operate view, in the frame of the most alert arm's colour.

    Args:
        context: settings, cameras (the first is shown large), actions and colours.
        parent: the window.
    """

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(parent)
        config, look, commands = context.config, context.look, context.commands
        self._views = 0
        self._config: SessionConfig | None = None  # as told
        self._chosen = Arm.LEFT
        self.banner = AuthorityBanner(self)
        self.alarms = AlarmBar(look, self)
        self.takeover = TakeoverRow(config.help.second, look, self)
        self.tabs = PageTabs(commands, look, self)
        self.wall = CameraWall(context.cameras, look, self)
        self.arms = (
            ArmColumn(Arm.LEFT, config, look, self),
            ArmColumn(Arm.RIGHT, config, look, self),
        )
        self.middle = Middle(self.wall, look, self)
        self.learner, self.coach = self.middle.learner, self.middle.coach
        self.notices = self.middle.notices
        self.episodes = EpisodeBar(commands, look, self)
        self.status = StatusLines(look, self)
        self.toast = Toast(look, self.tabs)
        self.tabs.middle.addWidget(self.toast, 1)
        self.notice_list = NoticeList(look, self)
        self.pages = PageStack(PAGES, context, self)
        self.pages.changed.connect(self._page_changed)
        self.preflight = PreflightPanel(commands, look, self)
        self.preflight.changed.connect(self._page_changed)
        self.key_map = KeyMap(look, self)
        self.key_map.dismissed.connect(self.key_map.hide)
        self._place()
        self._add_menu(commands)

    def _place(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        grid.setSpacing(theme.GAP)
        parts = self.arms[Arm.LEFT], self.middle, self.arms[Arm.RIGHT]
        for column, (part, stretch) in enumerate(zip(parts, COLUMNS, strict=True)):
            grid.addWidget(part, 0, column)
            grid.setColumnStretch(column, stretch)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(theme.GAP, 0, theme.GAP, 2)
        bottom.setSpacing(4)
        bottom.addWidget(self.episodes)
        bottom.addWidget(self.status)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.FRAME, theme.FRAME, theme.FRAME, theme.FRAME)
        box.setSpacing(theme.GAP)
        box.addWidget(self.banner)
        box.addWidget(self.takeover)
        box.addWidget(self.tabs)
        box.addWidget(self.alarms)
        box.addLayout(grid, 1)
        box.addLayout(bottom)

    def _add_menu(self, commands: Actions) -> None:
        menu = QMenu(self)
        for group, specs in groupby(ACTIONS, key=lambda spec: spec.group):
            part = menu.addMenu(group.value)
            part.addActions([commands[spec.does] for spec in specs if not spec.held])
        button = QToolButton(self.tabs)
        button.setText(shell.MENU)
        button.setShortcut("F10")
        button.setAccessibleName(shell.MENU_NAME)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        self.tabs.end.addWidget(button)

    def choose(self, arm: Arm) -> None:
        """Mark `arm` as the one that the keys concern, with the next view."""
        self._chosen = arm

    def show_view(self, view: View) -> None:
        """Hand `view` to the widgets: what alarms at once, text eight times a second."""
        self._views += 1
        if view.config is not None and view.config is not self._config:
            self._follow(view.config)
        self._show_arms(view.arms, view.made_ns)
        self.show_alarms(view.alarms)
        self.middle.show_told(view.notices, view.learner.notes_unseen)
        for column, samples in zip(self.arms, view.samples, strict=True):
            column.force.add(samples)
        for column, arm in zip(self.arms, view.arms, strict=True):
            if self._views % CURVES_EVERY == 0:
                column.show_curves(arm, view.made_ns)
        if self._views % SLOW_EVERY == 1:
            self.wall.grow_old(view.made_ns)
            for column, arm in zip(self.arms, view.arms, strict=True):
                column.motion.show_speeds(arm)
            self.episodes.show_episode(view, self._chosen)
            self.status.show_vitals(view.vitals)
            self.learner.show_learner(view.learner, view.episode.finished)
            if self.pages.shown is not None:
                self.pages.shown.show_view(view)
            self.takeover.show_help(view.help, view.made_ns)
            self.notice_list.show_log(view.notices.log, view.made_ns)

    def _follow(self, config: SessionConfig) -> None:
        """Draw the limits and thresholds that are in force."""
        self._config = config
        for column in self.arms:
            column.force.show_limits(config.limits)
            column.motion.bars.show_enter(config.takeover.enter)
        self.takeover.show_second(config.help.second)

    def show_nothing_known(self, reason: str, now_ns: int) -> None:
        """Show that nothing is known any more, and why."""
        self.wall.grow_old(now_ns)
        self._show_arms(
            (ArmView(Arm.LEFT, Lead.NO_DATA, reason), ArmView(Arm.RIGHT, Lead.NO_DATA, reason)),
            now_ns,
        )
        self.takeover.show_help(HelpView(), now_ns)

    def show_alarms(self, alarms: tuple[Alarm, ...]) -> None:
        """Show what alarms; the pictures give way, sliders and buttons stay where they are."""
        layout = self.layout()
        if self.alarms.show_alarms(alarms) and layout is not None:
            layout.activate()
            self._place_overlays()

    def _show_arms(self, arms: tuple[ArmView, ArmView], now_ns: int) -> None:
        self.takeover.show_arms(arms, self._chosen, now_ns)
        self.banner.show_arms(arms, self._chosen)
        self.show_lead(most_alert((arms[0].lead, arms[1].lead)))

    def show_picture(
        self, camera: str, pixels: NDArray[np.uint8], stamp_ns: int, now_ns: int
    ) -> None:
        """Show a camera's picture."""
        self.wall.tiles[camera].show_frame(pixels, stamp_ns, now_ns)
        if self.pages.shown is not None:
            self.pages.shown.show_picture(camera, pixels, stamp_ns, now_ns)

    def toggle_torque(self) -> None:
        """Switch the curves of both wrists between force and torque."""
        for column in self.arms:
            column.force.show_torque(not column.force.torque_shown)

    def toggle_key_map(self) -> None:
        """Show the keys of the page that is shown, then all others, then none."""
        own = (spec.group for spec in PAGES if spec.page is self.pages.page)
        self.key_map.step(next(own, None))
        self.key_map.raise_()
        self._place_overlays()

    @Slot()
    def _page_changed(self) -> None:
        """What is told must be seen over a page too."""
        self.tabs.show_page(self.pages.page)
        page = self.preflight if self.preflight.isVisible() else self.pages.shown
        host = page.told_over if isinstance(page, PageWidget) else page or self
        shown = not self.notices.isHidden()
        if host is self:
            self.middle.take_notices()
        else:
            self.notices.lie_over(host, BELOW_HEAD if host is page else TOP)
        self.notices.setVisible(shown)
        self._place_overlays()

    def toggle_notices(self) -> None:
        """Show or hide the list of all notices."""
        self.notice_list.setVisible(not self.notice_list.isVisible())
        self._place_overlays()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._place_overlays()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for half in self.banner.halves:
            half.updateGeometry()
        self._place_overlays()

    def _place_overlays(self) -> None:
        """The pages cover neither the banner nor the buttons: who drives stays in sight."""
        top, bottom = self.banner.geometry().bottom() + 1, self.episodes.geometry().top()
        self.key_map.setGeometry(0, top, self.width(), bottom - top)
        above = self.tabs if self.alarms.isHidden() else self.alarms
        below = above.geometry().bottom() + 1
        middle = QRect(theme.FRAME, below, self.width() - 2 * theme.FRAME, bottom - below)
        self.pages.place(middle)
        self.preflight.setGeometry(middle)
        self.notice_list.place(QRect(self.wall.mapTo(self, QPoint()), self.wall.size()))
        self.notices.place()
