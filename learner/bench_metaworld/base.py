"""The base policy of one seed: taught by few demonstrations of four tasks, so that it often fails.

How many demonstrations and steps were chosen once, on the first seed, so that its mean success over
the tasks is about .53, FlowDAgger's base; then nothing was tuned on Meta-World any more.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_model, save_model
from torch import Tensor

from learner.bench_metaworld.episodes import StateEpisode, demonstrate
from learner.bench_metaworld.memory import StateMemory
from learner.bench_metaworld.states import StateScale, new_net
from learner.bench_metaworld.tasks import FULL_SPEED, TASKS
from learner.bench_metaworld.world import World
from learner.methods.fit import Fit, Phase
from learner.methods.losses import flow_loss, with_noise
from learner.model import PolicyNet
from learner.samples import Stratum

SCENES_APART = 1000  # of two seeds
_DEMONSTRATIONS, _SHAKE = 10_000, 0.05  # first scene; m/s
_STEPS, _BATCH, _RATE, _NOISE = 1000, 128, 1e-3, 0.03
_TRIES = 300  # steps that the expert is given


@dataclass(frozen=True)
class Base:
    """What a run starts from."""

    net: PolicyNet
    scale: StateScale
    demonstrations: tuple[StateEpisode, ...]

    def memory(self) -> StateMemory:
        """A new one that holds the demonstrations."""
        memory = StateMemory(self.net, self.scale)
        for episode in self.demonstrations:
            memory.demonstrated(episode)
        return memory


def make_base(world: World, seed: int, counts: tuple[int, ...], path: Path) -> Base:
    """Demonstrate and train, or take the weights at `path`, which is written.

    Args:
        world: to demonstrate in.
        seed: of scenes, hands and training.
        counts: demonstrations of each task.
        path: a file of weights.
    """
    random = np.random.default_rng(seed)
    episodes: list[StateEpisode] = []
    for task in range(len(TASKS)):
        scene, found = _DEMONSTRATIONS + SCENES_APART * seed, 0
        while found < counts[task]:
            episode = demonstrate(world, task, scene, _TRIES, _SHAKE, random)
            scene += 1
            if episode.success:  # the expert itself fails at times
                episodes.append(episode)
                found += 1
    states = np.concatenate([episode.states_TS for episode in episodes])
    actions = np.concatenate([episode.actions_T4 for episode in episodes])
    net = new_net(np.clip(actions, -FULL_SPEED, FULL_SPEED), seed)
    base = Base(net, StateScale.of(states), tuple(episodes))
    if path.exists():
        load_model(net, path)
        return base
    trained = _train(net, base.memory(), seed)
    net.load_state_dict(trained.state_dict())
    unfinished = path.with_suffix(".part")
    save_model(net, str(unfinished))
    unfinished.replace(path)
    return base


def _train(net: PolicyNet, memory: StateMemory, seed: int) -> PolicyNet:
    index = memory.where(Stratum.DEMONSTRATION)

    def loss(candidate: PolicyNet, generator: torch.Generator) -> Tensor:
        drawn = torch.randint(len(index), (_BATCH,), generator=generator)
        rows = memory.rows(index[drawn.numpy()])
        noisy = with_noise(rows.inputs, _NOISE, generator)
        return flow_loss(candidate, replace(rows, inputs=noisy), 0.5, generator)

    fit = Fit(net, (Phase("head", _STEPS, loss, {"head": _RATE}, average=0.999),), seed)
    while not fit.finished:
        fit.step()
    return fit.net
