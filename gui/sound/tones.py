"""The tones, made from numbers: no files. Waveforms are float64 in -1..1, shape (samples,).

Chatter is soft, short and nearly a sine. The alarm is another thing altogether: loud, rough with
harmonics, in bursts of three and two pulses as alarms of medical monitors are, with a rest after
them so that one can think and talk.
"""

from dataclasses import dataclass

import numpy as np

from gui.sound.values import Tone
from teleop.messages import Array

RATE_HZ = 44_100
FADE_S = 0.008  # in and out, or the ear hears a click
PEAK = 0.95  # nothing is louder: room for what a mixer adds


@dataclass(frozen=True)
class Note:
    """One sine with its overtones; a frequency of 0 is a rest."""

    hz: float
    seconds: float


@dataclass(frozen=True)
class Recipe:
    """How a tone is made.

    Attributes:
        notes: one after the other.
        peak: of the waveform, 0..1.
        overtones: strength of the multiples 2, 3, ... of each frequency.
    """

    notes: tuple[Note, ...]
    peak: float
    overtones: tuple[float, ...] = (0.15,)


SOFT = 0.25
PULSE = (Note(880.0, 0.13), Note(0.0, 0.07))
LAST_PULSE = (Note(988.0, 0.20), Note(0.0, 0.20))
REST = Note(0.0, 0.85)
RECIPES: dict[Tone, Recipe] = {
    Tone.TO_OPERATOR: Recipe((Note(523.3, 0.07), Note(784.0, 0.11)), SOFT),
    Tone.TO_POLICY: Recipe((Note(784.0, 0.07), Note(523.3, 0.11)), SOFT),
    Tone.TO_HOLD: Recipe((Note(392.0, 0.16),), SOFT),
    Tone.DONE: Recipe((Note(1046.5, 0.05), Note(0.0, 0.03), Note(1318.5, 0.09)), 0.8 * SOFT),
    Tone.CALL: Recipe((Note(659.3, 0.10), Note(0.0, 0.06)) * 3, SOFT),
    Tone.ALARM: Recipe(
        (*PULSE, *PULSE, *LAST_PULSE, *PULSE, *LAST_PULSE, REST), PEAK, (0.8, 0.7, 0.5, 0.4, 0.3)
    ),
}


def waveform(tone: Tone) -> Array:
    """Return the tone in -1..1, shape (samples,), at `RATE_HZ`."""
    recipe = RECIPES[tone]
    wave = np.concatenate([_note(note, recipe.overtones) for note in recipe.notes])
    return wave * (recipe.peak / np.abs(wave).max())


def pcm(tone: Tone) -> bytes:
    """Return the tone as signed 16 bit samples, one channel, at `RATE_HZ`."""
    return np.round(waveform(tone) * 32767.0).astype("<i2").tobytes()


def _note(note: Note, overtones: tuple[float, ...]) -> Array:
    time_s = np.arange(round(note.seconds * RATE_HZ)) / RATE_HZ
    if note.hz == 0.0:
        return np.zeros_like(time_s)
    strengths = (1.0, *overtones)
    wave = np.zeros_like(time_s)
    for multiple, strength in enumerate(strengths, start=1):
        wave += strength * np.sin(2.0 * np.pi * multiple * note.hz * time_s)
    edge_s = np.minimum(time_s, note.seconds - time_s)
    return wave * np.clip(edge_s / FADE_S, 0.0, 1.0)
