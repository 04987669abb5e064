"""The progress bar of an import: episodes, rows, time left."""

from rich.console import Console

from recorder.episodes_bar import EpisodesBar


class Bar(EpisodesBar):
    """Told how far an import is.

    Args:
        console: where to draw.
        total: how many episodes there are.
    """

    def __init__(self, console: Console, total: int) -> None:
        counts = "{task.completed}/{task.total} episodes, {task.fields[rows]} rows"
        super().__init__(console, counts, total=total, rows=0)
        self._rows = 0

    def begin(self, name: str) -> None:
        """The next episode."""
        self.show(name)

    def told(self, rows: int) -> None:
        """How many rows of it are written."""
        self.show(rows=self._rows + rows)

    def done(self, rows: int) -> None:
        """It is in the session, or refused."""
        self._rows += rows
        self.show(advance=1, rows=self._rows)
