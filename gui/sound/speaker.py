"""The window's ear: takes views, has tones and alarms played, knows whether they were heard."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.action_spec import Intent
from gui.sound.alarms import AlarmLog, acknowledged, followed
from gui.sound.audible import Audible
from gui.sound.causes import RUNNING
from gui.sound.changes import Heard, heard
from gui.sound.child import SoundChild
from gui.sound.lines import AlarmOn, Hearing, Play, Say, TryAgain, Volume
from gui.sound.settings import SoundSettings, keep_settings, read_settings, settings_file
from gui.sound.values import Alarm, AlarmKind, Cause, Tone, sounding
from gui.texts import sound as texts
from gui.view import View
from teleop.errors import SetupError

TEST_MS = 2200  # of the alarm, in the sound test: one burst
STEP = 0.1  # of the volume


class Speaker(QObject):
    """Turns views into sounds. Without `start` it is silent, as for a picture of the window.

    Signals:
        changed: `audible`, `trouble` or `settings` are others.
        said: a sentence for the operator.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(self, parent: QObject, kept: Path | None = None) -> None:
        super().__init__(parent)
        self._kept = kept or settings_file()
        self.settings = read_settings(self._kept)
        self._heard = Heard()
        self._alarm = False
        self._ran = False
        self._own = AlarmLog()
        self._answer = Audible.UNTESTED
        self._testing = QTimer(self, singleShot=True, interval=TEST_MS)
        self._testing.timeout.connect(self._end_test)
        self.child = SoundChild(self)
        self.child.told.connect(self._take_hearing)

    def start(self) -> None:
        """Start the player."""
        self._send_volume()
        self.child.start()

    def close(self) -> None:
        """End the player. Idempotent."""
        self._testing.stop()
        self.child.close()

    @property
    def audible(self) -> Audible:
        """Whether the operator hears what is played."""
        return self._answer if self.child.hearing.plays else Audible.NO_SOUND

    @property
    def trouble(self) -> str:
        """Why there is no sound; empty: there is."""
        return "" if self.child.hearing.plays else self.child.hearing.text

    @property
    def intents(self) -> dict[Intent, Callable[[], object]]:
        """Rows of the table of actions that are done here."""
        return {
            Intent.SOUND_TEST: self.test,
            Intent.SOUND_HEARD: partial(self.answer, True),
            Intent.SOUND_NOT_HEARD: partial(self.answer, False),
            Intent.QUIETER: partial(self.louder, -STEP),
            Intent.LOUDER: self.louder,
            Intent.TONES: self.toggle_chatter,
            Intent.VOICE: self.toggle_voice,
        }

    def follow(self, view: View) -> None:
        """Play what is new in `view`, and the alarm while one sounds."""
        self._heard, sounds = heard(self._heard, view)
        if self.settings.chatter:
            for tone in sounds.tones:
                self.child.send(Play(tone))
        if self.settings.voice:
            for words in sounds.words:
                self.child.send(Say(words))
        self._ran = view.episode.session_mode in RUNNING
        self._own = AlarmLog()
        self._set_alarm(sounding(view.alarms))

    def cut_off(self, now_ns: int) -> tuple[Alarm, ...]:
        """Nothing is known any more: return the alarms of that, where something ran before."""
        self._heard = Heard()
        cause = Cause(AlarmKind.SILENT, None, texts.CUT_OFF)
        self._own = followed(self._own, [cause] if self._ran else [], now_ns)
        self._set_alarm(sounding(self._own.alarms))
        return self._own.alarms

    def acknowledge(self) -> None:
        """Silence the alarm of a window that is cut off; the console does so for all others."""
        self._own = acknowledged(self._own)

    def test(self) -> None:
        """Play a tone and a burst of the alarm, and ask whether they were heard."""
        self.child.send(TryAgain())
        self.child.send(Play(Tone.TO_OPERATOR))
        self.child.send(AlarmOn(True))
        self._testing.start()
        self._answer = Audible.ASKED
        self.changed.emit()

    def answer(self, was_heard: bool) -> None:
        """The operator says whether the test was heard."""
        self._answer = Audible.HEARD if was_heard else Audible.NOT_HEARD
        self.changed.emit()

    def choose(self, settings: SoundSettings) -> None:
        """Take other settings, and keep them."""
        self.settings = settings
        self._send_volume()
        try:
            keep_settings(self._kept, settings)
        except SetupError as error:
            self.said.emit(str(error))
        self.changed.emit()

    def toggle_chatter(self) -> None:
        """Tones on or off; alarms stay."""
        self.choose(replace(self.settings, chatter=not self.settings.chatter))
        self.said.emit(texts.CHATTER_ON if self.settings.chatter else texts.CHATTER_OFF)

    def toggle_voice(self) -> None:
        """Words on or off."""
        self.choose(replace(self.settings, voice=not self.settings.voice))
        on = texts.VOICE_ON if self.child.hearing.voice else texts.NO_VOICE
        self.said.emit(on if self.settings.voice else texts.VOICE_OFF)

    def louder(self, by: float = STEP) -> None:
        """Change the volume, and let it be heard."""
        volume = round(min(1.0, max(0.0, self.settings.volume + by)), 2)
        self.choose(replace(self.settings, volume=volume))
        self.child.send(Play(Tone.DONE))
        self.said.emit(texts.volume_told(volume))

    def _set_alarm(self, on: bool) -> None:
        if on is not self._alarm:
            self._alarm = on
            self.child.send(AlarmOn(on))

    @Slot()
    def _end_test(self) -> None:
        self.child.send(AlarmOn(self._alarm))

    def _send_volume(self) -> None:
        self.child.send(Volume(self.settings.volume, texts.ALARM_LEAST))

    @Slot(object)
    def _take_hearing(self, hearing: Hearing) -> None:
        if not hearing.plays:
            self._answer = Audible.UNTESTED
        self.changed.emit()
