"""The page Set up: every setting of a session with its unit, range and meaning.

What may change in flight is sent as one order and counts once control says so; what may not counts
from the next session on, by a preset. Nothing wrong is ever sent or saved.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import spec_of
from gui.pages import PageContext, PageWidget
from gui.pedal_keys import keys_file
from gui.setup.apply_bar import ApplyBar
from gui.setup.device_panel import DevicePanel
from gui.setup.draft import Draft
from gui.setup.fields import EnterButton, PlainList, WordField
from gui.setup.form import SettingsForm
from gui.setup.key_panel import KeyPanel
from gui.setup.look_panel import LookPanel
from gui.setup.preset_panel import PresetPanel
from gui.setup.sections import PARTS, Part, settings_in
from gui.setup.sections import spec_of as part_spec
from gui.texts import setup as words
from gui.view import View
from gui.widgets.panel import TextLabel
from teleop.cells.plug.layout import DISTRIBUTIONS
from teleop.config import SessionConfig
from teleop.presets import presets_folder

CAMERAS = ("close_front", "close_top", "overhead", "operator")  # of the cell
LIST_WIDTH = 236
FIND_WIDTH = 300


class SetUpPage(PageWidget):
    """Parts on the left, the rows of one on the right, what the changes come to below."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._look = context.look
        self.draft = Draft(context.config)
        self._part = Part.ROBOT
        self.setAccessibleName(words.TITLE)
        self.parts = PlainList(self)
        self.parts.setObjectName("parts")
        self.parts.addItems([spec.part.value for spec in PARTS])
        self.parts.setFixedWidth(LIST_WIDTH)
        self.parts.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.parts.setAccessibleName(words.SECTIONS)
        self.parts.currentRowChanged.connect(self._choose)
        self.search = WordField(words.FIND, self)
        self.search.setPlaceholderText(f"{words.FIND}  {spec_of(Intent.FIND_SETTING).key}")
        self.search.setToolTip(words.FIND_HINT)
        self.search.setFixedWidth(FIND_WIDTH)
        self.search.textChanged.connect(self._seek)
        self.title = TextLabel("value", "")
        self.about = TextLabel("dim", "")
        self.about.setWordWrap(True)
        self.reset_part = EnterButton(words.RESET_SECTION, self)
        self.reset_part.clicked.connect(self._reset_part)
        known = {"cameras": CAMERAS, "cell.distribution": tuple(DISTRIBUTIONS)}
        self.presets = PresetPanel(presets_folder(), self)
        self.presets.hide()
        self.presets.loaded.connect(self._load)
        self.devices = DevicePanel(context.commands[Intent.DEVICES], self)
        self.devices.hide()
        above: Mapping[Part, Callable[[QWidget], QWidget]] = {
            Part.PRESETS: partial(_under, self.presets),
            Part.DEVICES: partial(_under, self.devices),
            Part.KEYS: partial(KeyPanel, context.commands, keys_file()),
            Part.LOOK: partial(LookPanel, context.commands, context.look),
        }
        self.form = SettingsForm(known, above, self)
        self.form.edited.connect(self._edited)
        self.form.reset_wanted.connect(self._reset)
        self.bar = ApplyBar(context.look, self)
        self.bar.apply_wanted.connect(self._apply)
        self.bar.drop_wanted.connect(self._drop)
        self._place()
        self.parts.setCurrentRow([spec.part for spec in PARTS].index(self._part))
        self._show_draft()

    def _place(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(self.title)
        titles.addWidget(self.about)
        head.addLayout(titles, 1)
        head.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.reset_part, 0, Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        right.setSpacing(theme.GAP)
        right.addLayout(head)
        right.addWidget(self.form, 1)
        right.addWidget(self.bar)
        box = QHBoxLayout(self)
        box.setContentsMargins(theme.GAP, 4, theme.GAP, 4)
        box.setSpacing(12)
        box.addWidget(self.parts)
        box.addLayout(right, 1)

    @property
    def intents(self) -> Mapping[Intent, Callable[[], object]]:
        return {
            Intent.FIND_SETTING: self._begin_search,
            Intent.APPLY_SETTINGS: self.bar.begin,
            Intent.SAVE_PRESET: self._begin_save,
            Intent.NEXT_PART: partial(self._step, 1),
            Intent.PART_BEFORE: partial(self._step, -1),
        }

    def opened(self) -> None:
        self.presets.look()

    def left(self) -> None:
        for child in self.findChildren(QWidget):
            if child.hasFocus():  # else what is hidden goes on having the keyboard
                child.clearFocus()

    def show_view(self, view: View) -> None:
        self.devices.show_devices(view.devices)
        if view.config is not None:
            told = as_told(view.config, view)
            self.bar.show_silence(view.episode.session_mode is None)
            if told != self.draft.in_force:
                self.draft = self.draft.told(told)
                self._show_draft()

    @Slot(int)
    def _choose(self, row: int) -> None:
        self._part = PARTS[row].part
        if self.search.text():
            self.search.clear()
        else:
            self._show_part()

    def _show_part(self) -> None:
        spec = part_spec(self._part)
        self.title.show_text(spec.part.value)
        self.about.show_text(spec.about)
        self.reset_part.setVisible(bool(spec.paths))
        self.form.show_part(self._part, self.draft)
        self._look_again()

    def _look_again(self) -> None:
        panel = self.form.extra(Part.LOOK)
        if isinstance(panel, LookPanel) and self._part is Part.LOOK:
            panel.look_again()

    @Slot(str)
    def _seek(self, text: str) -> None:
        if not text.strip():
            self._show_part()
            return
        self.title.show_text(words.found(self.form.show_found(text, self.draft)))
        self.about.show_text(words.FIND_HINT)
        self.reset_part.hide()

    def _begin_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _begin_save(self) -> None:
        self.search.clear()
        self.parts.setCurrentRow([spec.part for spec in PARTS].index(Part.PRESETS))
        self.presets.begin_save()

    def _step(self, by: int) -> None:
        self.parts.setCurrentRow((self.parts.currentRow() + by) % len(PARTS))

    @Slot(str)
    def _edited(self, path: str) -> None:
        self.draft = self.form.rows[path].read(self.draft)
        for other in self.draft.problems:  # a range may depend on the value just typed
            if other != path and other in self.form.rows:
                self.draft = self.form.rows[other].read(self.draft)
        self._show_draft()

    @Slot(str)
    def _reset(self, path: str) -> None:
        row = self.form.rows[path]
        self.draft = self.draft.with_wish(path, row.setting.default)
        self._show_draft()

    @Slot()
    def _reset_part(self) -> None:
        for setting in settings_in(self._part):
            self.draft = self.draft.with_wish(setting.path, setting.default)
        self._show_draft()

    @Slot(object)
    def _load(self, config: SessionConfig) -> None:
        self.draft = self.draft.with_config(config)
        self._show_draft()

    @Slot(bool)
    def _apply(self, confirmed: bool) -> None:
        if self.draft.right:
            for order in self.draft.orders(confirmed=confirmed):
                self.context.ask(order)

    @Slot()
    def _drop(self) -> None:
        self.draft = Draft(self.draft.in_force)
        self._show_draft()

    def _show_draft(self) -> None:
        self.form.show_draft(self.draft)
        self.bar.show_draft(self.draft)
        self.presets.show_draft(self.draft)
        for row, spec in enumerate(PARTS):
            paths = {setting.path for setting in settings_in(spec.part)}
            changed = len(paths & set(self.draft.wishes))
            wrong = len(paths & set(self.draft.problems))
            text = words.count_text(spec.part.value, changed, wrong)
            item = self.parts.item(row)
            if item.text() != text:
                item.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._look.window))


def as_told(config: SessionConfig, view: View) -> SessionConfig:
    """Return `config` with what has an order of its own, as control tells it."""
    return replace(
        config,
        instruction=view.episode.instruction or config.instruction,
        operator=config.operator if view.operator is None else view.operator,
    )


def _under(panel: QWidget, parent: QWidget) -> QWidget:
    panel.setParent(parent)
    return panel
