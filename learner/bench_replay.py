"""`nudge bench replay`: what the learner's memory costs in a session of thousands of episodes."""

import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import Progress as Bar

from learner.many_episodes import multiply, record_some
from learner.replay_run import Measured, Plan
from learner.seed import BASE
from teleop.cli_options import parse
from teleop.config import require
from teleop.errors import SetupError
from teleop.session_folder import SessionFolder


@dataclass(frozen=True)
class ReplayOptions:
    """What `nudge bench replay` takes."""

    json: bool = False
    """print one JSON object and nothing else on stdout"""
    episodes: int = 2000
    """in the long session"""
    few: int = 20
    """in the short one it is compared with"""
    distinct: int = 8
    """episodes that are really recorded; the others are hard links to them"""
    working: int = 4000
    """rows that a fit with cached features may draw"""
    batches_s: float = 6.0
    """how long batches of each kind are drawn from each session"""
    policy: str = BASE
    """whose encoder and demonstrations are used"""
    seed: int = 0
    """of the recorded scenes"""
    folder: Path = Path(tempfile.gettempdir())
    """where to put the sessions meanwhile; a few gigabytes"""

    def __post_init__(self) -> None:
        require("few", self.few, 1, 100_000, "episodes")
        require("episodes", self.episodes, self.few, 100_000, "episodes")
        require("distinct", self.distinct, 2, 1000, "episodes")


@dataclass(frozen=True)
class ReplayResult:
    """The figures; a second start reads the arena, the first one the episode files."""

    startup_s: float  # of the memory, of a session the arena knows
    process_startup_s: float  # the same from the start of the process, imports included
    process_startup_cpu_s: float  # of it, which does not depend on what else runs
    resident_mib: float
    peak_mib: float
    head_batches_hz_few: float  # of 64 rows with cached features
    head_batches_hz: float
    head_ratio: float
    encoder_batches_hz_few: float  # of 32 rows with images
    encoder_batches_hz: float
    encoder_ratio: float
    first_read_ms: float  # an episode that no arena knows
    encode_working_set_s: float  # after a fit with another encoder
    episodes: int
    episodes_few: int
    rows: int
    left_out: int
    episode_mb: float  # mean size of the files
    arena_mb: float


def measure(options: ReplayOptions, folder: Path, console: Console) -> ReplayResult:
    """Make the sessions, remember them once, and again in a process of its own."""
    with Bar(console=console) as bar:
        task = bar.add_task("recording", total=1.0)
        made = record_some(
            SessionFolder(folder / "made"),
            options.distinct,
            max(1, options.distinct // 2),
            options.policy,
            options.seed,
            lambda share, text: bar.update(task, completed=share, description=text),
        )
    many, few = SessionFolder(folder / "many"), SessionFolder(folder / "few")
    size = multiply(made, many, options.episodes)
    multiply(made, few, options.few)
    sessions = (str(few.path), str(many.path))
    with console.status(f"reading {options.episodes} episodes for the first time"):
        first = _run(options, folder, (str(few.path),), 0.0)
        first = _run(options, folder, (str(many.path),), 0.0)
    with console.status("starting again, with the arena"):
        alone = _run(options, folder, (str(many.path),), options.batches_s)
    with console.status("drawing batches from both sessions in turns"):
        both = _run(options, folder, sessions, options.batches_s)
    arena = sum(path.stat().st_size for path in (many.path / "learner").iterdir())
    (few_head, many_head), (few_encoder, many_encoder) = (
        both.head_batches_hz,
        both.encoder_batches_hz,
    )
    return ReplayResult(
        startup_s=round(alone.opened[0].open_s, 2),
        process_startup_s=round(alone.process_s, 2),
        process_startup_cpu_s=round(alone.cpu_s, 2),
        resident_mib=round(alone.resident_mib, 1),
        peak_mib=round(alone.peak_mib, 1),
        head_batches_hz_few=few_head,
        head_batches_hz=many_head,
        head_ratio=round(many_head / few_head, 3),
        encoder_batches_hz_few=few_encoder,
        encoder_batches_hz=many_encoder,
        encoder_ratio=round(many_encoder / few_encoder, 3),
        first_read_ms=round(1e3 * first.opened[0].open_s / options.episodes, 1),
        encode_working_set_s=round(first.opened[0].prepare_s, 1),
        episodes=both.opened[1].episodes,
        episodes_few=both.opened[0].episodes,
        rows=both.opened[1].rows,
        left_out=both.opened[1].left_out,
        episode_mb=round(1e-6 * size / len(made), 2),
        arena_mb=round(1e-6 * arena, 1),
    )


def _run(
    options: ReplayOptions, folder: Path, sessions: tuple[str, ...], batches_s: float
) -> Measured:
    plan = folder / "plan.json"
    plan.write_bytes(
        msgspec.json.encode(
            Plan(sessions, options.policy, time.monotonic_ns(), options.working, batches_s)
        )
    )
    done = subprocess.run(
        [sys.executable, "-m", "learner.replay_run", str(plan)],
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise SetupError(
            f"The measured process ended with {done.returncode}: "
            f"{done.stderr.decode(errors='replace').strip()[-500:]}"
        )
    return msgspec.json.decode(done.stdout, type=Measured)


def main(arguments: list[str]) -> int:
    """Run the bench and print its figures."""
    options = parse(
        ReplayOptions,
        arguments,
        prog="nudge bench replay",
        description="Start-up, memory and batches a second of the learner's memory of a long "
        "session.",
    )
    with tempfile.TemporaryDirectory(prefix="nudge-replay-", dir=options.folder) as temporary:
        result = measure(options, Path(temporary), Console(stderr=True))
    if options.json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        for name, value in asdict(result).items():
            sys.stdout.write(f"{name:24} {value}\n")
    return 0
