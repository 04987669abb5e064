"""Rows of Meta-World's episodes in memory; implements `learner.memory.Memory`.

There are no images: what would be encoded is the state itself, under any net. So no method can
train an encoder here, and none is asked to.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from learner.bench_metaworld.episodes import Driver, StateEpisode
from learner.bench_metaworld.states import StateScale, full_actions, inputs_of
from learner.bench_metaworld.tasks import PERIOD_S
from learner.credit import credit
from learner.inputs import ACTION_SIZE, HORIZON, POSE_SIZE
from learner.memory import Index, Memory
from learner.model import PolicyNet
from learner.observe import Float32
from learner.rows import Rows, concatenate
from learner.samples import Stratum
from recorder.labels import Label
from teleop.errors import PolicyError
from teleop.messages import Array, Outcome

PRE_INTERVENTION = 15  # steps before a takeover; what was done in them was wrong


class StateMemory:
    """Grows by whole episodes. Nothing is held out: no gate is asked here, and rows are few.

    Args:
        net: whose action scale the targets are normalised by.
        scale: of the states.
    """

    def __init__(self, net: PolicyNet, scale: StateScale) -> None:
        self._net, self._scale = net, scale
        self._parts: list[Rows] = []
        self._all: Rows | None = None
        self._stratum = np.zeros(0, dtype=np.int8)
        self._episode = np.zeros(0, dtype=np.int64)
        self._names: dict[str, int] = {}

    def demonstrated(self, episode: StateEpisode) -> None:
        """Add a demonstration."""
        strata = np.full(len(episode.states_TS), Stratum.DEMONSTRATION, dtype=np.int8)
        self._add(
            f"demonstration {len(self._names)}",
            episode,
            strata,
            np.ones(len(strata), dtype=np.bool_),
        )

    def worked(self, name: str, episode: StateEpisode) -> None:
        """Add an episode of the policy, with the operator's corrections in it."""
        operator = episode.drivers_T == Driver.OPERATOR
        own = Stratum.ROLLOUT if episode.success else Stratum.EXCLUDED
        strata = np.where(operator, Stratum.CORRECTION, own).astype(np.int8)
        for takeover in np.flatnonzero(np.diff(operator.astype(np.int8)) > 0) + 1:
            before = slice(max(0, takeover - PRE_INTERVENTION), takeover)
            strata[before][~operator[before]] = Stratum.PRE_INTERVENTION
        self._add(name, episode, strata, operator, _credit(episode, operator))

    def where(self, stratum: Stratum) -> Index:
        return np.flatnonzero(self._stratum == stratum)

    def held_out(self) -> Index:
        return np.zeros(0, dtype=np.int64)

    def corrections(self, episodes: tuple[str, ...]) -> Index:
        numbers = [self._names[name] for name in episodes if name in self._names]
        of_them = np.isin(self._episode, numbers)
        return np.flatnonzero(of_them & (self._stratum == Stratum.CORRECTION))

    def rows(self, index: Index) -> Rows:
        if self._all is None:
            self._all = concatenate(self._parts)
            self._parts = [self._all]
        return self._all.take(torch.from_numpy(index))

    def pictured(self, index: Index) -> tuple[Tensor, Rows]:
        raise PolicyError("Meta-World's states hold no images that an encoder could be trained on.")

    def under(self, net: PolicyNet) -> Memory:
        return self

    def _add(
        self,
        name: str,
        episode: StateEpisode,
        strata: NDArray[np.int8],
        teaching: NDArray[np.bool_],
        credit_T: NDArray[np.float32] | float = 1.0,
    ) -> None:
        count = len(episode.states_TS)
        targets, weights = step_chunks(full_actions(episode.actions_T4), teaching)
        weights = (weights.T * credit_T).T
        inputs = inputs_of(self._scale, episode.states_TS, np.full(count, episode.task))
        normal = (torch.from_numpy(targets) - self._net.action_offset_A) / self._net.action_scale_A
        goal = torch.full((count, POSE_SIZE), torch.nan)
        self._parts.append(Rows(inputs, normal, torch.from_numpy(weights), goal))
        self._all = None
        self._stratum = np.concatenate([self._stratum, strata])
        number = self._names.setdefault(name, len(self._names))
        self._episode = np.concatenate([self._episode, np.full(count, number)])


def _credit(episode: StateEpisode, operator_T: NDArray[np.bool_]) -> NDArray[np.float32]:
    stamps_ns = np.arange(len(operator_T)) * round(PERIOD_S * 1e9)
    labels_T = np.where(operator_T, Label.INTERVENTION, Label.ROLLOUT).astype(np.int8)
    outcome = Outcome.SUCCESS if episode.success else Outcome.FAIL
    return credit(stamps_ns, labels_T[:, None], outcome).astype(np.float32)


def step_chunks(actions_TA: Array, teaching_T: NDArray[np.bool_]) -> tuple[Float32, Float32]:
    """The H actions from each step on, and what they weigh: (T, H, A) each.

    A chunk counts as far as whoever made its first step went on driving, and the episode went on.
    """
    count = len(actions_TA)
    targets = np.zeros((count, HORIZON, ACTION_SIZE), dtype=np.float32)
    weights = np.zeros_like(targets)
    same = np.ones(count, dtype=np.bool_)
    for step in range(min(HORIZON, count)):
        left = count - step
        same[:left] &= teaching_T[step:] == teaching_T[:left]
        same[left:] = False
        targets[:left, step] = actions_TA[step:]
        weights[:, step] = same[:, None]
    return targets, weights
