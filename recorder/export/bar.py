"""The progress bar of an export, on stderr: episodes, megabytes read, time left."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from recorder.export.selection import Chosen


class Bar:
    """Implements `work.Progress`; a context manager.

    Args:
        console: where to draw; on anything but a terminal nothing is drawn.
    """

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[count]}/{task.fields[of]} episodes"),
            TextColumn("{task.completed:.1f}/{task.total:.1f} MB"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("Looking", total=0.0, count=0, of=0)
        self._count = 0

    def begin(self, chosen: tuple[Chosen, ...], there: frozenset[str]) -> None:
        left = [episode for episode in chosen if episode.name not in there]
        self._count = len(chosen) - len(left)
        self._progress.update(
            self._task,
            total=sum(episode.size for episode in left) / 1e6,
            count=self._count,
            of=len(chosen),
        )

    def add(self, episode: Chosen) -> None:
        self._progress.update(self._task, description=episode.name)

    def added(self, episode: Chosen) -> None:
        self._count += 1
        self._progress.update(self._task, advance=episode.size / 1e6, count=self._count)

    def finish(self) -> None:
        self._progress.update(self._task, description="Reading back")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()
