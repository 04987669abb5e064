"""A progress bar on stderr for work on episode after episode."""

from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


class EpisodesBar:
    """A context manager; on anything but a terminal nothing is drawn.

    Args:
        console: where to draw.
        texts: what stands behind the bar, in rich's words.
        total: how much there is to do; the time left is reckoned by it.
        fields: what `texts` tell beside that, at the beginning.
    """

    def __init__(self, console: Console, *texts: str, total: float, **fields: Any) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            *(TextColumn(text) for text in texts),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("Looking", total=total, **fields)

    def show(
        self,
        description: str | None = None,
        *,
        total: float | None = None,
        advance: float | None = None,
        **fields: Any,
    ) -> None:
        """Change what is told; what is not given stays."""
        self._progress.update(
            self._task, description=description, total=total, advance=advance, **fields
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
