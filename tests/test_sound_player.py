"""The player as a real process: SDL plays into a file, into nothing, or finds no device at all."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gui.sound.lines import (
    AlarmOn,
    Command,
    Hearing,
    Play,
    TryAgain,
    Volume,
    line,
    read_command,
    read_hearing,
)
from gui.sound.tones import RATE_HZ, waveform
from gui.sound.values import Tone
from gui.sound.voice import Voice, voice_command

PATIENCE_S = 10.0


class Playing:
    """A player that writes what it plays into a file, many times faster than one could hear it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.file = folder / "played.raw"
        disk = {
            "SDL_AUDIODRIVER": "disk",
            "SDL_DISKAUDIOFILE": str(self.file),
            "SDL_DISKAUDIODELAY": "1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gui.sound.player"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | disk | environment,
        )

    def hear(self) -> Hearing:
        """The player's next account."""
        assert self.process.stdout is not None
        found = read_hearing(self.process.stdout.readline())
        assert found is not None
        return found

    def tell(self, *commands: Command | bytes) -> None:
        assert self.process.stdin is not None
        for command in commands:
            self.process.stdin.write(command if isinstance(command, bytes) else line(command))
        self.process.stdin.flush()

    def played_s(self) -> float:
        return self.file.stat().st_size / 2 / RATE_HZ if self.file.exists() else 0.0

    def play_on(self, seconds: float) -> None:
        """Let it play so much more."""
        wanted, deadline = self.played_s() + seconds, time.monotonic() + PATIENCE_S
        while self.played_s() < wanted:
            assert time.monotonic() < deadline
            time.sleep(0.002)

    def end(self) -> np.ndarray:
        """End it as the window does; the waveform that was played, in -1..1."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.stdout.close()
        assert self.process.wait(PATIENCE_S) == 0
        whole = self.file.stat().st_size // 2 * 2 if self.file.exists() else 0
        return (
            np.frombuffer(self.file.read_bytes()[:whole], "<i2") / 32768 if whole else np.empty(0)
        )


def test_the_player_plays_tones_and_repeats_the_alarm_until_told_otherwise(tmp_path: Path):
    playing = Playing(tmp_path)
    assert playing.hear() == Hearing(True, "disk", playing_voice())
    playing.tell(Volume(0.5, 0.6), Play(Tone.DONE), b"nonsense\n", b'{"type":"Play","tone":"?"}\n')
    playing.play_on(1.0)
    quiet_until = round(playing.played_s() * RATE_HZ)
    playing.tell(AlarmOn(True))
    assert playing.hear().plays
    playing.play_on(10.0)
    playing.tell(AlarmOn(False), TryAgain())
    playing.hear()
    playing.hear()
    playing.play_on(1.0)
    stopped = round((playing.played_s() - 0.5) * RATE_HZ)
    wave = playing.end()
    before, alarm, after = wave[: quiet_until - 4000], wave[quiet_until:stopped], wave[stopped:]
    assert 0.05 < np.abs(before).max() < 0.15  # half of a soft tone
    assert np.abs(alarm).max() == pytest.approx(0.6 * np.abs(waveform(Tone.ALARM)).max(), abs=0.02)
    bursts = np.abs(alarm).reshape(-1)[: len(alarm) // RATE_HZ * RATE_HZ].reshape(-1, RATE_HZ)
    assert np.sum(bursts.max(axis=1) > 0.3) >= 4  # it came again and again
    assert after.size == 0 or np.abs(after[RATE_HZ // 4 :]).max() < 0.01


def playing_voice() -> str:
    return (voice_command() or ("",))[0]


def test_without_a_device_the_player_says_so_and_lives(tmp_path: Path):
    playing = Playing(tmp_path, SDL_AUDIODRIVER="alsa", ALSA_CONFIG_PATH="/nowhere/alsa.conf")
    first = playing.hear()
    assert not first.plays and first.text
    playing.tell(Play(Tone.DONE), AlarmOn(True), TryAgain())
    assert [playing.hear().plays for _ in range(2)] == [False, False]
    assert playing.end().size == 0


@pytest.mark.slow
def test_sdl_playing_to_nowhere_does_not_count_as_sound(tmp_path: Path):
    playing = Playing(tmp_path, SDL_AUDIODRIVER="dummy")
    hearing = playing.hear()
    assert (hearing.plays, hearing.text) == (False, "SDL plays to nowhere (its dummy driver)")
    playing.end()


def test_lines_that_hold_no_message_are_passed_over():
    assert read_command(b"{}\n") is None
    assert read_hearing(b"ALSA lib conf.c\n") is None
    assert read_command(line(Volume(0.5, 0.6))) == Volume(0.5, 0.6)


def test_a_voice_is_used_where_one_is_installed():
    assert voice_command(lambda name: None) == ()
    assert voice_command(lambda name: name)[0] == "spd-say"
    assert voice_command(lambda name: name if name == "espeak-ng" else None)[0] == "espeak-ng"


def speaker(folder: Path, script: str) -> tuple[tuple[str, ...], Path]:
    said = folder / "said"
    program = folder / "speak"
    program.write_text(f'#!/bin/sh\n{script}\necho "$1" >> {said}\n')
    program.chmod(0o755)
    return (str(program),), said


def test_words_are_spoken_one_after_the_other_and_never_twice_in_a_row(tmp_path: Path):
    command, said = speaker(tmp_path, "sleep 0.05")
    voice = Voice(command)
    taken = [voice.say(words) for words in ("one", "one", "two", "three", "four")]
    assert taken == [True, False, True, True, False]
    deadline = time.monotonic() + PATIENCE_S
    while not said.exists() or len(said.read_text().split()) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    voice.close()
    assert said.read_text().split() == ["one", "two", "three"]


def test_a_voice_that_hangs_does_not_keep_the_player_from_ending(tmp_path: Path):
    voice = Voice(speaker(tmp_path, "exec sleep 60")[0])
    voice.say("one")
    time.sleep(0.02)
    began = time.monotonic()
    voice.close()
    assert time.monotonic() - began < 2.0


def test_a_voice_that_was_removed_breaks_nothing():
    voice = Voice(("/nowhere/speak",))
    assert voice.say("one")
    voice.close()
    assert not voice.say("two")
