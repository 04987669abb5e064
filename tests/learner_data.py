"""Small made-up training data for the learner's tests."""

import numpy as np
import simplejpeg
import torch

from learner.model import ACTION_SIZE, HORIZON, ModelConfig, PolicyNet
from learner.samples import Samples, Stratum
from learner.store import Manifest

SMALL = ModelConfig(channels=(8, 8, 8, 8), strides=(2, 2, 2, 1), trunk=16, hidden=32)


def small_net(seed: int = 0) -> PolicyNet:
    torch.manual_seed(seed)
    return PolicyNet(SMALL).eval()


def manifest(version: int, **changes: object) -> Manifest:
    values: dict[str, object] = {
        "version": version,
        "parent": -1,
        "method": "base",
        "provisional": False,
        "accepted": True,
        "reason": "",
        "corrections": (),
        "demonstrations": 3,
        "updates": 0,
        "fit_s": 0.0,
        "seconds_from_handback": -1.0,
        "created_ns": 0,
        "model": SMALL,
    }
    return Manifest(**(values | changes))  # pyright: ignore[reportArgumentType]


def samples(
    count: int, seed: int = 0, stratum: Stratum = Stratum.DEMONSTRATION, action: float | None = None
) -> Samples:
    """Rows whose action is a function of the image: its brightness, or `action` everywhere."""
    rng = np.random.default_rng(seed)
    brightness = rng.uniform(-1.0, 1.0, count)
    images = np.clip(128 + 100 * brightness, 0, 255).astype(np.uint8)
    jpeg = tuple(
        tuple(
            simplejpeg.encode_jpeg(np.full((96, 96, 3), value, np.uint8), quality=90)
            for _ in range(2)
        )
        for value in images
    )
    wanted = brightness if action is None else np.full(count, action)
    target = np.repeat(wanted, HORIZON * ACTION_SIZE).reshape(count, HORIZON, ACTION_SIZE)
    return Samples(
        jpeg_NK=jpeg,
        position_N23=np.zeros((count, 2, 3)),
        quaternion_N24=np.tile([1.0, 0.0, 0.0, 0.0], (count, 2, 1)),
        opening_N2=np.zeros((count, 2)),
        wrench_NW26=np.zeros((count, 8, 2, 6), np.float32),
        tactile_N2288=np.zeros((count, 2, 2, 8, 8), np.float32),
        words_NM=np.ones((count, 16), np.int64),
        target_NHA=target.astype(np.float32),
        weight_NHA=np.ones((count, HORIZON, ACTION_SIZE), np.float32),
        stratum_N=np.full(count, stratum, np.int8),
        goal_N6=np.full((count, 6), np.nan, np.float32),
    )
