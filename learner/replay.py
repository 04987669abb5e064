"""What the learner remembers: demonstrations, and this session's corrections and rollouts.

The episode files and their edits are the truth; this is a cache over them, in an arena on disk.
What there was of an episode at a hand-back is replaced by the whole of it, since both bear the same
name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace
from torch import Tensor

from learner.arena import Arena
from learner.arena_index import About, Entry
from learner.memory import Index
from learner.model import PolicyNet
from learner.rows import Rows
from learner.samples import Samples, Stratum
from learner.view import View, feature_size
from teleop.errors import EpisodeIncomplete, SchemaMismatch

TRAIN, HELD_OUT = "demonstrations/train", "demonstrations/held_out"


@dataclass(frozen=True)
class Demonstrations:
    """Split by episode: what is held out is never trained on."""

    train: Samples
    held_out: Samples


class Replay:
    """Implements `learner.memory.Memory` over what there is now, under one encoder.

    Args:
        folder: where to keep it; None: nowhere.
        demonstrations: kept beside every episode.
        net: whose encoder sees the rows.
        blend: the demonstrations were made in simulation; they are the synthetic stratum once the
            session has others, see `MixConfig.synthetic`.

    Raises:
        SchemaMismatch: the demonstrations are of another number of cameras.
    """

    def __init__(
        self,
        folder: Path | None,
        demonstrations: Demonstrations,
        net: PolicyNet,
        *,
        blend: bool = False,
    ) -> None:
        self._arena = Arena(folder, net.config.cameras, feature_size(net))
        self._net = net
        self._blend = blend
        self._train = self._kept(TRAIN, demonstrations.train)
        self._held_out = self._kept(HELD_OUT, demonstrations.held_out)
        self._episodes: dict[str, Entry] = {}
        self._now: View | None = None

    @classmethod
    def of(cls, demonstrations: Demonstrations, net: PolicyNet) -> "Replay":
        """A memory of the demonstrations alone, kept nowhere."""
        return cls(None, demonstrations, net)

    def close(self) -> None:
        """Let another process have the folder; views can be used no more. Idempotent."""
        self._arena.close()

    @property
    def view(self) -> View:
        """What there is now; it stays as it is whatever comes."""
        if self._now is None:
            self._now = self._view(self._episodes)
        return self._now

    def snapshot(self, revisions: Mapping[str, str]) -> View:
        """What there was when these were the revisions (`View.revisions`).

        Raises:
            EpisodeIncomplete: one of them is no longer kept.
        """
        episodes: dict[str, Entry] = {}
        for name, revision in revisions.items():
            if not revision:  # without rows
                continue
            entry = self._arena.revision(name, revision)
            if entry is None:
                raise EpisodeIncomplete(
                    f"Revision {revision} of {name} is no longer in the learner's memory; the next "
                    "fit begins with what there is now."
                )
            episodes[name] = entry
        return self._view(episodes)

    def known(self, name: str, source: str) -> bool:
        """Take an episode as it was kept in an earlier run; False if it must be read."""
        entry = self._arena.entry(name)
        if entry is None or not source or entry.about.source != source:
            return False
        self._put(entry)
        return True

    def ingest(self, episode: str, samples: Samples, about: About | None = None) -> int:
        """Take an episode's rows, in place of earlier ones; the number of correction rows."""
        kept = samples.select(samples.stratum_N != Stratum.EXCLUDED)
        entry = self._arena.add(episode, kept, about or About())
        self._put(entry)
        return entry.rows_of(Stratum.CORRECTION)

    def forget(self, episode: str) -> None:
        """Leave an episode out of every later fit."""
        if self._episodes.pop(episode, None) is not None:
            self._arena.forget(episode)
            self._now = None

    def entry(self, episode: str) -> Entry | None:
        """What is kept of an episode; None: nothing."""
        return self._episodes.get(episode)

    def episodes(self) -> dict[str, Entry]:
        """What is kept of each episode, by name."""
        return dict(self._episodes)

    def corrected(self) -> list[str]:
        """Names of the episodes that hold corrections, ascending."""
        return self.view.corrected()

    def where(self, stratum: Stratum) -> Index:
        return self.view.where(stratum)

    def held_out(self) -> Index:
        return self.view.held_out()

    def corrections(self, episodes: tuple[str, ...]) -> Index:
        return self.view.corrections(episodes)

    def rows(self, index: Index) -> Rows:
        return self.view.rows(index)

    def pictured(self, index: Index) -> tuple[Tensor, Rows]:
        return self.view.pictured(index)

    def under(self, net: PolicyNet) -> View:
        return self.view.under(net)

    def _put(self, entry: Entry) -> None:
        self._episodes.pop(entry.name, None)
        if entry.count:
            self._episodes[entry.name] = entry
        self._now = None

    def _view(self, episodes: Mapping[str, Entry]) -> View:
        train = episodes.get(TRAIN, self._train)
        held_out = episodes.get(HELD_OUT, self._held_out)
        ordered = [episodes[name] for name in sorted(episodes.keys() - {TRAIN, HELD_OUT})]
        real = any(entry.rows_of(Stratum.DEMONSTRATION) for entry in ordered)
        if self._blend and real:
            train = replace(train, runs=((int(Stratum.SYNTHETIC), 0, train.count),))
        return View(self._arena, self._net, held_out, (train, *ordered))

    def _kept(self, name: str, samples: Samples) -> Entry:
        cameras = self._net.config.cameras
        if any(len(codes) != len(cameras) for codes in samples.jpeg_NK):
            raise SchemaMismatch(
                f"The demonstrations show {len(samples.jpeg_NK[0])} cameras, the policy sees by "
                f"{len(cameras)} ({', '.join(cameras)}); make a policy and its demonstrations "
                "together with `nudge train`."
            )
        return self._arena.add(name, samples, About())
