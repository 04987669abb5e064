"""A progress bar on stderr while many episodes are read; nothing where it is no terminal."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress as Bar

from recorder.catalog import Progress


@contextmanager
def reading_bar(what: str) -> Generator[Progress]:
    """Yield what is told how far the reading has come."""
    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, total: int) -> bool:
            bar.update(task, completed=done, total=total)
            return True

        yield tell
