"""Corrections made in lockstep on the plug cell, recorded once and kept."""

from collections.abc import Callable
from pathlib import Path

from learner.extract import extract
from learner.model import PolicyNet
from learner.policy import FlowPolicy
from learner.samples import Samples, Stratum
from recorder.inline import InlineRecorder
from teleop.config import TakeoverConfig
from teleop.devices.plug_operator import plug_operator
from teleop.lockstep import Lockstep
from teleop.messages import EpisodeSaved
from teleop.session_folder import SessionFolder

EPISODES_EACH = 6  # tried for every correction that is wanted; a base that never fails gives none

Progress = Callable[[int, int], None]  # corrections so far, wanted


def corrected_episodes(
    folder: SessionFolder,
    net: PolicyNet,
    distributions: tuple[str, ...],
    wanted: int,
    first_seed: int,
    progress: Progress,
) -> dict[str, Samples]:
    """The corrected episodes in the folder, after as many as are missing were recorded.

    Args:
        folder: where they lie, or are to lie.
        net: the policy that is corrected; nothing is learned meanwhile.
        distributions: of the scenes, in turn.
        wanted: so many.
        first_seed: of the scenes.
        progress: told after each episode.
    """
    done = sorted(folder.episodes.glob("episode_*"))
    found = {path.name: _read(path, net) for path in done}
    corrected = {name: part for name, part in found.items() if _has_corrections(part)}
    if len(corrected) < wanted:
        corrected |= _record(
            folder, net, distributions, wanted - len(corrected), (first_seed, len(done)), progress
        )
    return dict(sorted(corrected.items())[:wanted])


def _record(
    folder: SessionFolder,
    net: PolicyNet,
    distributions: tuple[str, ...],
    wanted: int,
    start: tuple[int, int],
    progress: Progress,
) -> dict[str, Samples]:
    folder.episodes.mkdir(parents=True, exist_ok=True)
    lockstep, policy = Lockstep(), FlowPolicy(net, 0)
    corrected: dict[str, Samples] = {}
    first_seed, first = start
    try:
        for number in range(first, first + EPISODES_EACH * wanted):
            path = _episode(folder, lockstep, policy, distributions, first_seed, number)
            samples = _read(path, net)
            if _has_corrections(samples):
                corrected[path.name] = samples
            progress(len(corrected), wanted)
            if len(corrected) == wanted:
                break
    finally:
        lockstep.close()
    return corrected


def _episode(
    folder: SessionFolder,
    lockstep: Lockstep,
    policy: FlowPolicy,
    distributions: tuple[str, ...],
    first_seed: int,
    number: int,
) -> Path:
    saved: list[EpisodeSaved] = []
    recorder = InlineRecorder(folder, lockstep.frames, saved.append, flush_s=5.0)
    try:
        lockstep.run_episode(
            distributions[number % len(distributions)],
            first_seed + number,
            policy,
            lambda robot: plug_operator(robot, TakeoverConfig(), seed=first_seed + number),
            (recorder,),
            episode=number,
        )
    finally:
        recorder.close()
    return Path(next(message.path for message in saved if message.final))


def _read(path: Path, net: PolicyNet) -> Samples:
    return extract(path, net.config.cameras)


def _has_corrections(samples: Samples) -> bool:
    return bool((samples.stratum_N == Stratum.CORRECTION).any())
