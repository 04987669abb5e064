"""`nudge train`: a base policy from play and scripted demonstrations, on one core."""

import math
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import tyro
from rich.console import Console
from rich.progress import Progress as Bar

from learner.extract import extract
from learner.methods.finetune import FinetuneConfig, fitted_to, head_phase
from learner.methods.fit import Fit
from learner.model import ModelConfig, PolicyNet
from learner.observe import Reference
from learner.pack import save_demonstrations
from learner.play import play_frames
from learner.pretrain import PretrainConfig, Progress, pose_error, pretrain
from learner.replay import Demonstrations
from learner.rows import action_error, encode
from learner.samples import Samples
from learner.seed import DEMONSTRATIONS
from learner.store import Manifest, save_checkpoint
from recorder.inline import InlineRecorder
from recorder.reader import EpisodeReader
from teleop.cli_options import parse
from teleop.config import require
from teleop.errors import ConfigError
from teleop.lockstep import Lockstep
from teleop.messages import EpisodeSaved, Outcome
from teleop.session_folder import SessionFolder

# m/s, rad/s, opening: what one unit of a normalised action is.
ACTION_SCALE = (0.03, 0.03, 0.03, 0.2, 0.2, 0.2, 0.25)
HELD_OUT_SHARE = 0.15
JPEG_QUALITY = 85  # half the size of what is recorded; 2 kB an image


@dataclass(frozen=True)
class TrainOptions:
    """What `nudge train` takes."""

    out: tyro.conf.Positional[Path]
    """folder to write the policy into; must not exist"""
    demos: int = 40
    """scripted demonstrations"""
    distribution: str = "near"
    """the scenes they are given on"""
    play: int = 8000
    """frames of play for the encoder"""
    seed: int = 0
    """of everything random"""
    model: ModelConfig = field(default_factory=ModelConfig)
    pretrain: PretrainConfig = field(default_factory=PretrainConfig)
    finetune: FinetuneConfig = field(default_factory=FinetuneConfig)

    def __post_init__(self) -> None:
        require("demos", self.demos, 4, 10_000, "demonstrations")
        require("play", self.play, 100, 1_000_000, "frames")


@dataclass(frozen=True)
class Taught:
    """Demonstrations and where their tools ended."""

    demonstrations: Demonstrations
    reference: Reference


def collect(
    folder: SessionFolder, options: TrainOptions, cameras: tuple[str, ...], progress: Progress
) -> list[Path]:
    """Record scripted demonstrations; those that fail are given again on the next scene."""
    lockstep = Lockstep(cameras=cameras)
    saved: list[EpisodeSaved] = []
    recorder = InlineRecorder(folder, lockstep.frames, saved.append, flush_s=5.0)
    paths: list[Path] = []
    seed = 500_000 + 10_000 * options.seed
    try:
        while len(paths) < options.demos:
            result = lockstep.run_demonstration(
                options.distribution, seed, (recorder,), episode=seed
            )
            seed += 1
            if result.outcome is Outcome.SUCCESS:
                paths.append(Path(saved[-1].path))
            progress(len(paths) / options.demos, f"{len(paths)} of {options.demos}")
    finally:
        recorder.close()
        lockstep.close()
    return paths


def teach(paths: list[Path], cameras: tuple[str, ...]) -> Taught:
    """Cut rows out of recorded demonstrations; every seventh or so is held out."""
    held_out = max(1, math.ceil(len(paths) * HELD_OUT_SHARE))
    ends = [_final_poses(path) for path in paths]
    reference = Reference.mean_of(np.stack([p for p, _ in ends]), np.stack([q for _, q in ends]))
    parts = [extract(path, cameras) for path in paths]
    demonstrations = Demonstrations(
        Samples.concatenate(parts[held_out:]).compact(JPEG_QUALITY),
        Samples.concatenate(parts[:held_out]).compact(JPEG_QUALITY),
    )
    return Taught(demonstrations, reference)


def _final_poses(path: Path) -> tuple[np.ndarray, np.ndarray]:
    with EpisodeReader(path) as episode:
        return episode.column("position")[-1], episode.column("quaternion")[-1]


def prepare(net: PolicyNet, reference: Reference) -> None:
    """Set the constants that the head is trained with."""
    net.reference_position.copy_(torch.tensor(reference.position))
    net.reference_quaternion.copy_(torch.tensor(reference.quaternion))
    net.action_scale_A.copy_(torch.tensor(ACTION_SCALE * 2))


def fit_base(
    net: PolicyNet, demonstrations: Demonstrations, options: TrainOptions, progress: Progress
) -> float:
    """Fit the head on the demonstrations; returns the error on the held-out ones."""
    rows = encode(net, demonstrations.train)
    config = options.finetune
    net.head.reading.load_state_dict(net.encoder.state_dict(), strict=False)

    def loss(net: PolicyNet, generator: torch.Generator) -> torch.Tensor:
        drawn = torch.randint(len(rows), (config.batch,), generator=generator)
        return fitted_to(net, rows.take(drawn), config, generator)

    phase = head_phase("base", config.base_steps, loss, config, reading=False)
    fit = Fit(net, (phase,), options.seed)
    while not fit.finished:
        last = fit.step()
        progress(fit.done / fit.steps, f"loss {last:.3f}")
    return action_error(net, encode(net, demonstrations.held_out))


def train(options: TrainOptions, folder: SessionFolder, console: Console) -> Manifest:
    """All of it, with progress; writes the policy folder."""
    started = time.monotonic()
    torch.manual_seed(options.seed)
    net = PolicyNet(options.model)
    cameras = options.model.cameras
    with _bar(console, "play") as progress:
        play = play_frames(options.play, cameras, options.seed, progress)
    held_out = play_frames(300, cameras, options.seed + 1, lambda share, text: None)
    with _bar(console, "encoder") as progress:
        pretrain(net.encoder, play, options.pretrain, options.seed, progress)
    seen = pose_error(net.encoder, held_out)
    console.print(
        f"encoder: {seen.lateral_mm:.2f} mm across, {seen.axial_mm:.2f} mm along, "
        f"{seen.degrees:.2f} degrees (median, unseen play)"
    )
    with _bar(console, "demonstrations") as progress:
        paths = collect(folder, options, cameras, progress)
    taught = teach(paths, cameras)
    prepare(net, taught.reference)
    with _bar(console, "head") as progress:
        error = fit_base(net, taught.demonstrations, options, progress)
    manifest = Manifest(
        version=0,
        parent=-1,
        method="base",
        provisional=False,
        accepted=True,
        reason=f"base policy, error {error:.3f} on held-out demonstrations",
        corrections=(),
        demonstrations=options.demos,
        updates=options.finetune.base_steps,
        fit_s=time.monotonic() - started,
        seconds_from_handback=-1.0,
        created_ns=time.time_ns(),
        model=options.model,
    )
    save_checkpoint(options.out, net, manifest)
    save_demonstrations(options.out / DEMONSTRATIONS, taught.demonstrations)
    console.print(f"{manifest.reason}; {manifest.fit_s:.0f} s in all; written to {options.out}")
    return manifest


@contextmanager
def _bar(console: Console, name: str) -> Generator[Callable[[float, str], None]]:
    with Bar(console=console) as bar:
        task = bar.add_task(name, total=1.0)

        def report(share: float, text: str) -> None:
            bar.update(task, completed=share, description=f"{name}: {text}")

        yield report


def main(arguments: list[str]) -> int:
    """Train a base policy."""
    options = parse(
        TrainOptions,
        arguments,
        prog="nudge train",
        description="Make a base policy for the plug cell from play and scripted demonstrations.",
    )
    if options.out.exists():
        raise ConfigError(f"'{options.out}' exists already; name another folder or remove it.")
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="nudge-train-") as temporary:
        train(options, SessionFolder(Path(temporary)), Console(stderr=True))
    return 0
