"""A wall clock that can be stepped for one session: a small library, preloaded to its processes.

The machine's own clock would be stepped for every other program too. libfaketime will not do: it
makes `time.sleep` fail with EINVAL in Python (0.9.10 with 3.11), and time spaces of the kernel have
no wall clock. The library is harsher than a true step: a wait until a wall time that a program asks
for after the step is wrong by all of it for as long as it lasts.
"""

from pathlib import Path

from teleop.drills.preloaded import Setting, compiled, preloading

SOURCE = Path(__file__).with_name("wall_clock.c")


class WallClock:
    """The wall clock of every process that is started with `environment`.

    Args:
        folder: where the library and its setting go.

    Raises:
        SetupError: there is no compiler for the library.
    """

    def __init__(self, folder: Path) -> None:
        library = compiled(SOURCE, folder, "The wall clock was not stepped")
        path = folder / "clock"
        self._setting = Setting(path, 1)
        self.environment = {**preloading(library), "NUDGE_CLOCK": str(path)}

    def be_wrong_by(self, seconds: int) -> None:
        """Step the clock to so much after the true time."""
        self._setting.take(seconds)
