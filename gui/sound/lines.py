"""What the window and the player say to each other: one JSON object a line, over pipes."""

import msgspec

from gui.sound.values import Tone


class Play(msgspec.Struct, frozen=True, tag=True):
    """Play a tone once."""

    tone: Tone


class AlarmOn(msgspec.Struct, frozen=True, tag=True):
    """Repeat the alarm until told otherwise; answered, also where it plays already."""

    on: bool


class Volume(msgspec.Struct, frozen=True, tag=True):
    """Of the tones, 0..1; the alarm's is never below `alarm`."""

    volume: float
    alarm: float


class Say(msgspec.Struct, frozen=True, tag=True):
    """Speak some words, after those before."""

    words: str


class TryAgain(msgspec.Struct, frozen=True, tag=True):
    """Look for an audio device once more; answered."""


Command = Play | AlarmOn | Volume | Say | TryAgain


class Hearing(msgspec.Struct, frozen=True):
    """How the player does.

    Attributes:
        plays: it has a device.
        text: the driver, or why there is no sound.
        voice: the program that speaks; empty: none is installed.
    """

    plays: bool
    text: str
    voice: str = ""


def line(message: Command | Hearing) -> bytes:
    """Return `message` as a line."""
    return msgspec.json.encode(message) + b"\n"


_COMMANDS = msgspec.json.Decoder(Command)
_HEARINGS = msgspec.json.Decoder(Hearing)


def read_command(text: bytes) -> Command | None:
    """Return the command in a line; None: it holds none."""
    try:
        return _COMMANDS.decode(text)
    except msgspec.DecodeError:
        return None


def read_hearing(text: bytes) -> Hearing | None:
    """Return the account in a line; None: it holds none, as what a library prints."""
    try:
        return _HEARINGS.decode(text)
    except msgspec.DecodeError:
        return None
