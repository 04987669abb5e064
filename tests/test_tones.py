"""The tones themselves, as numbers."""

import numpy as np
import pytest

from gui.sound.tones import FADE_S, RATE_HZ, pcm, waveform
from gui.sound.values import Tone

CHATTER = [tone for tone in Tone if tone is not Tone.ALARM]


def loudness(tone: Tone) -> float:
    """Root mean square of the loudest tenth of a second."""
    window = RATE_HZ // 10
    sums = np.cumsum(np.concatenate((np.zeros(window), waveform(tone) ** 2)))
    return float(np.sqrt((sums[window:] - sums[:-window]).max() / window))


@pytest.mark.parametrize("tone", list(Tone))
def test_no_tone_clips_and_each_begins_and_ends_softly(tone: Tone):
    wave = waveform(tone)
    assert np.abs(wave).max() < 1.0
    edge = round(0.1 * FADE_S * RATE_HZ)
    assert np.abs(wave[:edge]).max() < 0.2 * np.abs(wave).max()
    assert np.abs(wave[-edge:]).max() < 0.2 * np.abs(wave).max()
    assert len(pcm(tone)) == 2 * len(wave)


@pytest.mark.parametrize("tone", CHATTER)
def test_the_alarm_is_much_louder_than_any_chatter(tone: Tone):
    assert loudness(Tone.ALARM) > 2.0 * loudness(tone)


@pytest.mark.parametrize("tone", CHATTER)
def test_chatter_is_short(tone: Tone):
    assert len(waveform(tone)) / RATE_HZ <= 0.5


def test_the_alarm_leaves_a_rest_in_which_one_can_talk():
    quiet = np.abs(waveform(Tone.ALARM)[-round(0.8 * RATE_HZ) :])
    assert quiet.max() == 0.0


def test_the_alarm_has_more_overtones_than_any_chatter():
    def spread(tone: Tone) -> int:
        spectrum = np.abs(np.fft.rfft(waveform(tone)))
        hz = np.fft.rfftfreq(len(waveform(tone)), 1 / RATE_HZ)
        return int(np.sum(spectrum[hz > 1600] > 0.02 * spectrum.max()))

    assert all(spread(Tone.ALARM) > 10 * max(1, spread(tone)) for tone in CHATTER)


def first_and_last_hz(tone: Tone) -> tuple[float, float]:
    wave = waveform(tone)
    length = round(0.06 * RATE_HZ)
    found: list[float] = []
    for part in (wave[:length], wave[-length:]):
        spectrum = np.abs(np.fft.rfft(part, 8 * length))
        found.append(float(np.fft.rfftfreq(8 * length, 1 / RATE_HZ)[spectrum.argmax()]))
    return found[0], found[1]


def test_up_is_the_operator_and_down_is_the_policy():
    low, high = first_and_last_hz(Tone.TO_OPERATOR)
    assert high > 1.3 * low
    high, low = first_and_last_hz(Tone.TO_POLICY)
    assert high > 1.3 * low
