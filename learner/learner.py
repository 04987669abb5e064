"""The learner: finished episodes in, gated versions out.

The same object serves the learner process and the lockstep bench.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import torch

from learner.cached_replay import CachedReplay
from learner.gate import GateConfig, GateErrors, judge
from learner.manifest import GateResult, Manifest
from learner.methods.finetune import FinetuneConfig, Progress, copy_net, fit_encoder, fit_head
from learner.model import PolicyNet
from learner.monitor import file_name, save_monitor
from learner.monitor_fit import fit_monitor
from learner.replay import Demonstrations
from learner.rows import action_error
from learner.samples import Samples
from learner.store import PolicyStore


@dataclass(frozen=True)
class LearnerConfig:
    """How to learn, and what may be served."""

    finetune: FinetuneConfig = field(default_factory=FinetuneConfig)
    gate: GateConfig = field(default_factory=GateConfig)
    seed: int = 0


@dataclass(frozen=True)
class Published:
    """A new version in the store."""

    manifest: Manifest
    loss_demonstrations: float
    loss_corrections: float


def _always() -> bool:
    return True


def _silent(share: float, loss: float) -> None:
    del share, loss


class Learner:
    """Owns the replay and the nets; the store is the only way out."""

    def __init__(
        self,
        store: PolicyStore,
        demonstrations: Demonstrations,
        config: LearnerConfig,
        wall_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        torch.manual_seed(config.seed)  # pyright: ignore[reportUnknownMemberType]
        self._generator = torch.Generator().manual_seed(config.seed)
        self._store = store
        self._config = config
        self._wall_ns = wall_ns
        self._base, self._base_manifest = store.load(min(store.versions()))
        self._net, self._manifest = store.load(store.serving())
        # A learner that was restarted knows from the serving version what was learned before.
        self._past = frozenset(self._manifest.corrections)
        self._learned: dict[str, int] = {}  # episode to its correction rows that were learned
        self._rows: dict[str, int] = {}
        self.replay = CachedReplay.of(demonstrations, self._net)
        self._held_out_base = action_error(self._base, self.replay.held_out)

    @property
    def serving(self) -> Manifest:
        return self._manifest

    @property
    def corrections(self) -> int:
        return len(self.replay.corrected())

    def ingest(self, episode: str, samples: Samples) -> bool:
        """Take the rows of the episode of that name, in place of what was known of it.

        Returns:
            Whether it holds corrections that no version has learned yet.
        """
        rows = self.replay.ingest(episode, samples)
        self._rows[episode] = rows
        if episode in self._past:
            self._learned.setdefault(episode, rows)
        return rows > self._learned.get(episode, 0)

    def forget(self, episode: str) -> None:
        """An episode was discarded: no later fit sees it."""
        self.replay.forget(episode)

    def update_head(
        self, handback_age_s: Callable[[], float], progress: Progress = _silent
    ) -> Published:
        """A provisional version: the serving head, a second further on everything so far."""
        started = time.monotonic()
        candidate = copy_net(self._net)
        finetune = self._config.finetune
        updates = fit_head(
            candidate, self.replay.mix(), finetune.head_steps, finetune, self._generator, progress
        )
        return self._publish(candidate, self.replay, "head", updates, started, handback_age_s)

    def fit_full(
        self, progress: Progress = _silent, keep_going: Callable[[], bool] = _always
    ) -> Published | None:
        """Refit the base head on everything, then encoder and head together.

        None if told to stop midway.
        """
        started = time.monotonic()
        finetune = self._config.finetune
        candidate = copy_net(self._base)
        replay = self.replay
        fit_head(
            candidate,
            replay.mix(),
            finetune.refit_steps,
            finetune,
            self._generator,
            lambda share, loss: progress(0.4 * share, loss),
            keep_going,
        )
        if keep_going():
            fit_encoder(
                candidate,
                lambda: replay.draw(32, finetune.correction_share, self._generator),
                finetune.encoder_steps,
                finetune,
                lambda share, loss: progress(0.4 + 0.6 * share, loss),
                keep_going,
            )
        # With an encoder of its own the candidate sees everything anew.
        seen = replay.under(candidate, keep_going) if keep_going() else None
        if seen is None:
            return None
        updates = finetune.refit_steps + finetune.encoder_steps
        monitor = fit_monitor(candidate, seen.train, seen.held_out)
        save_monitor(self._store.path(0).with_name(file_name(candidate)), monitor)
        return self._publish(candidate, seen, "full", updates, started, lambda: -1.0)

    def _publish(
        self,
        candidate: PolicyNet,
        replay: CachedReplay,
        method: str,
        updates: int,
        started: float,
        handback_age_s: Callable[[], float],
    ) -> Published:
        gate, loss_demonstrations, loss_corrections = self._judge(candidate, replay)
        corrected = self.replay.corrected()
        manifest = replace(
            self._base_manifest,
            version=self._store.next_version(),
            parent=self._manifest.version if method == "head" else self._base_manifest.version,
            method=method,
            provisional=method == "head",
            accepted=gate.accepted,
            reason=gate.reason,
            corrections=tuple(corrected),
            updates=updates,
            fit_s=time.monotonic() - started,
            seconds_from_handback=handback_age_s(),
            created_ns=self._wall_ns(),
            gate=gate,
        )
        self._store.publish(candidate, manifest)
        self._learned.update({name: self._rows[name] for name in corrected})
        if gate.accepted:
            self._store.promote(manifest.version)
            self._net, self._manifest, self.replay = candidate, manifest, replay
        return Published(manifest, loss_demonstrations, loss_corrections)

    def _judge(self, candidate: PolicyNet, replay: CachedReplay) -> tuple[GateResult, float, float]:
        corrected = replay.corrected()
        earlier = [name for name in corrected if name in self._learned]
        new = [name for name in corrected if name not in self._learned]

        def error(net: PolicyNet, source: CachedReplay, episodes: list[str]) -> float:
            rows = source.corrections(episodes)
            return float("nan") if rows is None else action_error(net, rows)

        held_out = action_error(candidate, replay.held_out)
        errors = GateErrors(
            held_out_base=self._held_out_base,
            held_out_serving=action_error(self._net, self.replay.held_out),
            held_out=held_out,
            earlier_serving=error(self._net, self.replay, earlier),
            earlier=error(candidate, replay, earlier),
            new_serving=error(self._net, self.replay, new),
            new=error(candidate, replay, new),
        )
        return judge(errors, self._config.gate), held_out, error(candidate, replay, corrected)
