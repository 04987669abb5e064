"""The progress bar of an export: episodes, megabytes read, time left."""

from rich.console import Console

from recorder.episodes_bar import EpisodesBar
from recorder.export.selection import Chosen


class Bar(EpisodesBar):
    """Implements `work.Progress`.

    Args:
        console: where to draw.
    """

    def __init__(self, console: Console) -> None:
        counts = "{task.fields[count]}/{task.fields[of]} episodes"
        megabytes = "{task.completed:.1f}/{task.total:.1f} MB"
        super().__init__(console, counts, megabytes, total=0.0, count=0, of=0)
        self._count = 0

    def begin(self, chosen: tuple[Chosen, ...], there: frozenset[str]) -> None:
        left = [episode for episode in chosen if episode.name not in there]
        self._count = len(chosen) - len(left)
        self.show(
            total=sum(episode.size for episode in left) / 1e6, count=self._count, of=len(chosen)
        )

    def add(self, episode: Chosen) -> None:
        self.show(episode.name)

    def added(self, episode: Chosen) -> None:
        self._count += 1
        self.show(advance=episode.size / 1e6, count=self._count)

    def finish(self) -> None:
        self.show("Reading back")
