"""The child process that plays: reads commands from stdin, ends with them.

It is a process of its own because opening an audio device can take seconds, or hang, and SDL holds
Python's lock meanwhile. It repeats the alarm by itself, so that a window which stalls does not
silence it.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import BinaryIO

# Before pygame is imported: no greeting on stdout, no handlers for signals, no look for a screen.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("SDL_NO_SIGNAL_HANDLERS", "1")
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame

from gui.sound.lines import AlarmOn, Command, Hearing, Play, Say, TryAgain, Volume, line
from gui.sound.lines import read_command as read
from gui.sound.tones import RATE_HZ, pcm
from gui.sound.values import Tone
from gui.sound.voice import Voice, voice_command
from gui.texts.sound import ALARM_LEAST, DUMMY_DRIVER

BUFFER = 1024  # samples, 23 ms
ALARM_CHANNEL = 0
NOWHERE = "dummy"
FOREVER = -1


class Player:
    """The tones, and the device if there is one.

    Args:
        tell: gives an account to the window.
        voice: speaks.
    """

    def __init__(self, tell: Callable[[Hearing], None], voice: Voice, speaks: str) -> None:
        self._tell = tell
        self._voice = voice
        self._speaks = speaks
        self._sounds: dict[Tone, pygame.mixer.Sound] = {}
        self._trouble = ""
        self._volume = Volume(1.0, ALARM_LEAST)
        self._alarm = False

    def open(self) -> None:
        """Open the default audio device unless it is open, and say what came of it."""
        if not self._sounds:
            try:
                pygame.mixer.init(RATE_HZ, -16, 1, BUFFER, allowedchanges=0)
            except pygame.error as error:
                self._trouble = str(error)
            else:
                pygame.mixer.set_reserved(ALARM_CHANNEL + 1)
                self._sounds = {tone: pygame.mixer.Sound(buffer=pcm(tone)) for tone in Tone}
                self._set_volumes()
                self._play_alarm()
        self.account()

    def account(self) -> None:
        """Tell how it is."""
        nowhere = os.environ.get("SDL_AUDIODRIVER") == NOWHERE
        if not self._sounds:
            hearing = Hearing(False, self._trouble, self._speaks)
        elif nowhere:
            hearing = Hearing(False, DUMMY_DRIVER, self._speaks)
        else:
            hearing = Hearing(True, os.environ.get("SDL_AUDIODRIVER", ""), self._speaks)
        self._tell(hearing)

    def obey(self, command: Command) -> None:
        """Do what the window wants; without a device it is remembered, not done."""
        match command:
            case Play(tone):
                if tone is not Tone.ALARM and tone in self._sounds:
                    self._sounds[tone].play()
            case AlarmOn(on):
                if on is not self._alarm:
                    self._alarm = on
                    self._play_alarm()
                self.account()
            case Volume():
                self._volume = command
                self._set_volumes()
            case Say(words):
                self._voice.say(words)
            case TryAgain():
                self.open()

    def _play_alarm(self) -> None:
        if not self._sounds:
            return
        channel = pygame.mixer.Channel(ALARM_CHANNEL)
        if self._alarm:
            channel.play(self._sounds[Tone.ALARM], loops=FOREVER)
        else:
            channel.stop()

    def _set_volumes(self) -> None:
        for tone, sound in self._sounds.items():
            loud = max(self._volume.volume, self._volume.alarm)
            sound.set_volume(loud if tone is Tone.ALARM else self._volume.volume)


def serve(commands: BinaryIO, answers: BinaryIO) -> None:
    """Play what `commands` ask for until they end."""

    def tell(hearing: Hearing) -> None:
        answers.write(line(hearing))
        answers.flush()

    speaks = voice_command()
    with ExitStack() as stack:
        voice = Voice(speaks)
        stack.callback(voice.close)
        stack.callback(pygame.mixer.quit)
        player = Player(tell, voice, speaks[0] if speaks else "")
        player.open()
        for text in commands:
            command = read(text)
            if command is not None:
                player.obey(command)


def main() -> int:
    """Serve the window that started this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the window, which ends this
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        return 1  # the window is gone
    return 0


if __name__ == "__main__":
    sys.exit(main())
