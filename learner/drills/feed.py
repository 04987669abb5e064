"""A made-up session for the drill: a small policy, demonstrations, and corrections in an order.

When an episode comes follows from the log of fits alone, never from time: a learner that is killed
meets the same session again. Some come while a full fit is made, some when all is quiet, and at the
end one of them is taken back.
"""

from dataclasses import dataclass

import numpy as np
import simplejpeg
import torch

from learner.fit_log import Cause, FitLog
from learner.gate_checks import GateConfig
from learner.inputs import ACTION_SIZE, HORIZON
from learner.learner import Learner
from learner.learner_config import LearnerConfig
from learner.lineage import Lineage
from learner.manifest import Manifest
from learner.methods.finetune import FinetuneConfig
from learner.methods.method import Speed
from learner.model import ModelConfig, PolicyNet
from learner.observe import MAX_WORDS
from learner.replay import Demonstrations
from learner.samples import Samples, Stratum
from learner.schedule import Due
from learner.store import PolicyStore

EPISODES = 5
TAKEN_BACK = "episode_00001"
_MODEL = ModelConfig(channels=(8, 8, 8, 8), strides=(2, 2, 2, 1), trunk=16, hidden=32)
_FITS = FinetuneConfig(
    head_steps=40, refit_steps=80, encoder_steps=12, last_steps=30, batch=32, encoder_batch=8
)
# The drill is not about the gate; some candidates are refused all the same.
_GATE = GateConfig(held_out_share=9.0, lost_share=1.0, explained=-2.0, contradicted=-2.0)


@dataclass(frozen=True)
class Session:
    """What does not change in the drill."""

    net: PolicyNet
    manifest: Manifest
    demonstrations: Demonstrations
    config: LearnerConfig


def made_up(seed: int) -> Session:
    """The same for the same seed."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)  # pyright: ignore[reportUnknownMemberType]
        net = PolicyNet(_MODEL).eval()
    manifest = Manifest(
        version=0,
        parent=-1,
        method="base",
        provisional=False,
        accepted=True,
        reason="",
        corrections=(),
        demonstrations=2,
        updates=0,
        fit_s=0.0,
        seconds_from_handback=-1.0,
        created_ns=0,
        model=_MODEL,
    )
    demonstrations = Demonstrations(
        rows(24, seed, 0.3, Stratum.DEMONSTRATION), rows(8, seed + 1, 0.3, Stratum.DEMONSTRATION)
    )
    config = LearnerConfig(finetune=_FITS, gate=_GATE, seed=seed, checkpoint_s=0.1)
    return Session(net, manifest, demonstrations, config)


def prepare(store: PolicyStore, session: Session) -> None:
    """Version 0, served."""
    store.publish(session.net, session.manifest)
    store.promote(0, "start")


def correction(number: int, seed: int) -> tuple[str, Samples]:
    """An episode and its rows."""
    return f"episode_{number:05d}", rows(10, 100 * seed + number, -0.4, Stratum.CORRECTION)


def arrived(log: FitLog, quiet: bool) -> tuple[int, bool]:
    """How many episodes there are by now, and whether one of them was taken back.

    Args:
        log: what was fitted so far.
        quiet: there is nothing to do with those that the log names.
    """
    records = [record for _, record in sorted(log.records.items())]
    named = {name for each in records for name in each.begun.corrections}
    named |= {name for each in records for line in each.widened for name in line.corrections}
    count = len(named)
    taken_back = any(each.begun.cause is Cause.TAKEN_BACK for each in records)
    if taken_back or count >= EPISODES:
        return EPISODES, taken_back or quiet
    during = count % 2 == 1 and bool(records) and records[-1].begun.speed is Speed.FULL
    return count + (quiet or during), False


def play(learner: Learner, store: PolicyStore, seed: int) -> None:
    """Work through the session to its end, in slices of one step."""
    forgotten = False
    given = 0
    while True:
        log = learner.outlook.log
        settled = Lineage(learner.outlook.served.manifests, log.records).unfinished() == []
        quiet = settled and learner.running is None and (given > 0 or not log.records)
        quiet = quiet and (not given or learner.due() == Due())
        count, taken_back = arrived(log, quiet)
        if quiet and forgotten and count == EPISODES:
            return
        while given < count:
            learner.ingest(*correction(given, seed))
            given += 1
        if taken_back and not forgotten:
            learner.forget(TAKEN_BACK)
            forgotten = True
        learner.work(lambda: True)


def rows(count: int, seed: int, action: float, stratum: Stratum) -> Samples:
    """Rows of bright and dark images and an action that goes with them."""
    rng = np.random.default_rng(seed)
    bright = rng.uniform(60, 190, count).astype(np.uint8)
    codes = tuple(
        (simplejpeg.encode_jpeg(np.full((96, 96, 3), value, np.uint8), quality=90),) * 2
        for value in bright
    )
    target = action * (bright / 255.0).astype(np.float32)
    moved = np.sign(action) * 0.002 * np.arange(count) + 0.01 * rng.random()
    return Samples(
        jpeg_NK=codes,
        position_N23=np.broadcast_to(moved[:, None, None], (count, 2, 3)).copy(),
        quaternion_N24=np.tile([1.0, 0.0, 0.0, 0.0], (count, 2, 1)),
        opening_N2=np.zeros((count, 2)),
        wrench_NW26=np.zeros((count, 8, 2, 6), np.float32),
        tactile_N2288=np.zeros((count, 2, 2, 8, 8), np.float32),
        words_NM=np.ones((count, MAX_WORDS), np.int64),
        target_NHA=np.broadcast_to(target[:, None, None], (count, HORIZON, ACTION_SIZE)).astype(
            np.float32
        ),
        weight_NHA=np.ones((count, HORIZON, ACTION_SIZE), np.float32),
        stratum_N=np.full(count, stratum, np.int8),
        goal_N6=np.full((count, 6), np.nan, np.float32),
    )
