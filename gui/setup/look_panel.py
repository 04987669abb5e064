"""Sounds and look: what they are now, and the actions that change them."""

from PySide6.QtWidgets import QGridLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import Actions, spec_of
from gui.setup.fields import EnterButton
from gui.sound.settings import read_settings, settings_file
from gui.texts import setup as words
from gui.widgets.panel import Panel, TextLabel

ROWS: tuple[tuple[str, str, tuple[Intent, ...]], ...] = (
    (words.VOLUME, words.VOLUME_MEANS, (Intent.QUIETER, Intent.LOUDER)),
    (words.TONES, words.TONES_MEANS, (Intent.TONES,)),
    (words.VOICE, words.VOICE_MEANS, (Intent.VOICE,)),
    (words.SOUND, words.SOUND_MEANS, (Intent.SOUND_TEST,)),
    (words.LOOK, words.LOOK_MEANS, (Intent.LOOK,)),
    (words.SIZE, words.SIZE_MEANS, (Intent.SMALLER, Intent.LARGER)),
    (words.SCREEN, words.SCREEN_MEANS, (Intent.FULL_SCREEN,)),
)


class LookPanel(Panel):
    """A row for each: name, what it is now, buttons with their keys."""

    def __init__(self, commands: Actions, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(words.SOUND_AND_LOOK, parent)
        self._look = look
        self.values: dict[str, TextLabel] = {}
        self.buttons: dict[Intent, EnterButton] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(2, 1)
        for row, (name, meaning, intents) in enumerate(ROWS):
            self.values[name] = TextLabel("value", name=name)
            grid.addWidget(TextLabel("text", name), 2 * row, 0)
            grid.addWidget(self.values[name], 2 * row, 1)
            for column, intent in enumerate(intents):
                spec = spec_of(intent)
                button = EnterButton(f"{spec.text}  {spec.key}", self)
                button.setAccessibleDescription(spec.hint)
                button.clicked.connect(commands[intent].trigger)
                button.clicked.connect(self.look_again)
                grid.addWidget(button, 2 * row, 3 + column)
                self.buttons[intent] = button
            told = TextLabel("dim", meaning)
            told.setWordWrap(True)
            grid.addWidget(told, 2 * row + 1, 0, 1, 5)
            grid.setRowMinimumHeight(2 * row + 1, 20)
        self.body.addLayout(grid)

    def look_again(self) -> None:
        """Show what they are now."""
        sound = read_settings(settings_file())
        said = {
            words.VOLUME: words.volume(sound.volume),
            words.TONES: words.SWITCHES[sound.chatter],
            words.VOICE: words.SWITCHES[sound.voice],
            words.LOOK: words.DARK if self._look is theme.DARK else words.LIGHT,
            words.SIZE: words.scale(self.devicePixelRatioF()),
        }
        for name, text in said.items():
            self.values[name].show_text(text)
