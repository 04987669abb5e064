"""`nudge drill learner`: kill it at random moments of training and publishing, and compare.

A made-up session is learned once undisturbed, then again and again by processes that are killed
with SIGKILL. Versions, weights, loss curves and moves of the serving pointer must be the same bit
by bit, and after every kill each version that is there must be whole.
"""

import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import Progress as Bar

from learner.drills.child import work
from learner.drills.compare import differences, unloadable
from learner.drills.feed import made_up, prepare
from learner.running_fit import CHECKPOINTS
from learner.store import PolicyStore
from teleop.cli_options import parse
from teleop.config import require
from teleop.errors import SessionError

KILLS_A_SESSION = 5
LONGEST_S = 300.0  # of one process


@dataclass(frozen=True)
class LearnerDrillOptions:
    """How often, and how to print it."""

    kills: int = 20
    """in all"""
    seed: int = 0
    """of the session and of the moments"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""
    keep: Path | None = None
    """keep the files in this folder; else they are removed"""

    def __post_init__(self) -> None:
        require("kills", self.kills, 1, 10_000, "")


@dataclass(frozen=True)
class LearnerDrill:
    """What `--json` prints."""

    kills: int
    sessions: int  # that were killed several times each
    versions: int  # of each
    loss_curves: int  # of each
    with_checkpoint: int  # kills that left a checkpoint of a running fit
    half_written: int  # kills that left a version or checkpoint half written
    unloadable: tuple[str, ...]  # versions that could not be loaded after a kill
    differences: tuple[str, ...]  # to the undisturbed run
    undisturbed_s: float
    seconds: float


class Drill:
    """Starts and kills."""

    def __init__(self, options: LearnerDrillOptions, base: Path) -> None:
        self._options = options
        self._base = base
        self._random = random.Random(options.seed)
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["learner.drills.child"])
        self._checkpoints = self._halves = 0
        self._unloadable: list[str] = []

    def run(self, bar: Bar) -> LearnerDrill:
        """All of it."""
        began_s = time.monotonic()
        task = bar.add_task("undisturbed", total=self._options.kills)
        calm = self._folder("undisturbed")
        calm_began_s = time.monotonic()
        process, working_s = self._start(calm)
        self._end(process)
        took_s = time.monotonic() - working_s
        kills = sessions = 0
        found: list[str] = []
        while kills < self._options.kills:
            folder = self._folder(f"killed_{sessions:02d}")
            wanted = min(KILLS_A_SESSION, self._options.kills - kills)
            bar.update(task, description=f"session {sessions + 1}")
            kills += self._session(folder, wanted, took_s, lambda: bar.advance(task))
            sessions += 1
            found += [
                f"session {sessions}: {each}"
                for each in differences(calm / "policies", folder / "policies")
            ]
        return LearnerDrill(
            kills=kills,
            sessions=sessions,
            versions=len(PolicyStore(calm / "policies").versions()),
            loss_curves=len((calm / "policies" / "losses.jsonl").read_bytes().splitlines()),
            with_checkpoint=self._checkpoints,
            half_written=self._halves,
            unloadable=tuple(self._unloadable),
            differences=tuple(found),
            undisturbed_s=round(working_s - calm_began_s + took_s, 1),
            seconds=round(time.monotonic() - began_s, 1),
        )

    def _session(self, folder: Path, wanted: int, took_s: float, killed: Callable[[], None]) -> int:
        """Learn one session to its end, killed on the way; how often it was."""
        kills = 0
        while kills < wanted:
            process, _ = self._start(folder)
            process.join(self._random.uniform(0.0, 2.0 * took_s / (wanted + 1)))
            if process.exitcode is not None:
                break
            process.kill()
            process.join()
            kills += 1
            killed()
            self._look(folder / "policies")
        process, _ = self._start(folder)
        self._end(process)
        return kills

    def _look(self, policies: Path) -> None:
        self._unloadable += unloadable(policies)
        left = list((policies / CHECKPOINTS).glob("*"))
        self._checkpoints += any(path.suffix == ".safetensors" for path in left)
        partial = any(path.suffix == ".part" for path in left)
        self._halves += partial or any(policies.glob(".*.part"))

    def _folder(self, name: str) -> Path:
        folder = self._base / name
        prepare(PolicyStore(folder / "policies"), made_up(self._options.seed))
        return folder

    def _start(self, folder: Path) -> tuple[ForkServerProcess, float]:
        """A process, and when it began to work."""
        ready, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=work, args=(str(folder), self._options.seed, theirs), daemon=True
        )
        process.start()
        theirs.close()
        if not ready.poll(LONGEST_S):
            process.kill()
            raise SessionError("The learner did not begin to work; is the machine overloaded?")
        return process, time.monotonic()

    def _end(self, process: ForkServerProcess) -> None:
        """Wait for it.

        Raises:
            SessionError: it does not come to an end, or ended badly.
        """
        process.join(LONGEST_S)
        if process.exitcode != 0:
            process.kill()
            raise SessionError(
                f"The learner did not come to its end (exit code {process.exitcode}); its log is "
                "above."
            )


def main(arguments: list[str]) -> int:
    """Run the drill; return 0 if nothing differed, else 1."""
    options = parse(
        LearnerDrillOptions, arguments, prog="nudge drill learner", description=__doc__ or ""
    )
    say = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="nudge-drill-") as folder, Bar(console=say) as bar:
        base = options.keep or Path(folder)
        found = Drill(options, base.absolute()).run(bar)
    for sentence in (*found.unloadable, *found.differences):
        say.print(sentence, markup=False, soft_wrap=True)
    if options.json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        for name, value in asdict(found).items():
            sys.stdout.write(f"{name:18} {value}\n")
    return 1 if found.unloadable or found.differences else 0
