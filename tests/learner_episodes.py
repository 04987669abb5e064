"""Recorded episodes that the built-in policy could have seen: images of its size, a second long."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from recorder.encoded import EncodedImage
from recorder.image_log import encode_jpeg
from recorder.writer import EpisodeWriter
from teleop.messages import EpisodeOpened, FrameRef, Mode, Outcome, SessionMode, Step
from teleop.session_folder import SessionFolder
from tests.sample_steps import plain_step

CAMERAS = ("close_front", "close_top")
TASK = "Plug it in."
TICK_NS = 10_000_000


def _same(step: Step) -> Step:
    return step


def recorded(
    folder: SessionFolder,
    episode: int,
    *,
    ticks: int = 60,
    instruction: str = TASK,
    cameras: Sequence[str] = CAMERAS,
    demonstration: bool = False,
    size: int = 96,
    outcome: Outcome = Outcome.SUCCESS,
    change: Callable[[Step], Step] = _same,
) -> Path:
    """The middle third is the operator's, or all of it in a demonstration."""
    opened = EpisodeOpened(
        episode, 1_000_000_000, instruction, tuple(cameras), "plug/shifted/1", demonstration
    )
    writer = EpisodeWriter(folder, opened)
    for index in range(ticks):
        driven = demonstration or ticks // 3 <= index < 2 * ticks // 3
        step = plain_step(index, (Mode.POLICY, Mode.OPERATOR if driven else Mode.POLICY))
        ref_of = [FrameRef(name, index + 1, step.stamp_ns) for name in cameras]
        for ref in ref_of:
            writer.image(EncodedImage(ref, _code(size, ref.sequence), (size, size, 3)))
        observation = replace(step.observation, frames=tuple(ref_of), instruction=instruction)
        mode = SessionMode.TELEOP if demonstration else SessionMode.ROLLOUT
        writer.append(
            change(replace(step, episode=episode, observation=observation, session_mode=mode))
        )
    return Path(writer.close(outcome, "inserted", 9_000_000_000).path)


@cache
def _code(size: int, shade: int) -> bytes:
    return encode_jpeg(np.full((size, size, 3), shade % 200, np.uint8))
