"""Sessions of thousands of episodes: a few are really recorded, the rest are the same files again.

Each has a name and a folder of its own, and its files are hard links. So what reads, copies or
forgets an episode does as much work as if all were distinct; only the disk is spared.
"""

import os
from collections.abc import Callable
from pathlib import Path

from learner.policy import FlowPolicy
from learner.seed import checkpoint_folder
from learner.store import load_checkpoint
from recorder.inline import InlineRecorder
from recorder.schema import WHOLE
from recorder.storage import episode_name
from teleop.config import TakeoverConfig
from teleop.devices.plug_operator import plug_operator
from teleop.lockstep import Lockstep
from teleop.messages import EpisodeSaved
from teleop.session_folder import SessionFolder

Progress = Callable[[float, str], None]


def record_some(
    folder: SessionFolder, count: int, corrected: int, policy: str, seed: int, progress: Progress
) -> list[Path]:
    """Let a policy work in the plug cell with an operator at hand.

    Args:
        folder: where the episodes are recorded.
        count: how many episodes are wanted.
        corrected: how many of them must hold a correction.
        policy: a checkpoint, see `seed.checkpoint_folder`.
        seed: of the scenes.
        progress: told how far it has come.

    Returns:
        Their folders, those with a correction first.
    """
    net, _ = load_checkpoint(checkpoint_folder(policy))
    lockstep = Lockstep(cameras=net.config.cameras)
    with_one: list[Path] = []
    alone: list[Path] = []
    try:
        while len(with_one) < corrected or len(with_one) + len(alone) < count:
            saved: list[EpisodeSaved] = []
            number = len(with_one) + len(alone)
            recorder = InlineRecorder(folder, lockstep.frames, saved.append, flush_s=5.0)
            lockstep.run_episode(
                "shifted",
                seed + number,
                FlowPolicy(net, 0),
                lambda robot: plug_operator(robot, TakeoverConfig()),
                (recorder,),
                episode=number,
            )
            recorder.close()
            (with_one if saved[-1].interventions else alone).append(Path(saved[-1].path))
            progress(min(0.99, number / count), f"{number + 1} recorded")
    finally:
        lockstep.close()
    return [*with_one, *alone][:count]


def multiply(made: list[Path], folder: SessionFolder, count: int) -> int:
    """Make a session of `count` episodes of those `made`, in turn; the bytes of one of each."""
    for number in range(count):
        target = folder.episodes / episode_name(number)
        target.mkdir(parents=True)
        os.link(made[number % len(made)] / WHOLE, target / WHOLE)
    return sum((path / WHOLE).stat().st_size for path in made)
