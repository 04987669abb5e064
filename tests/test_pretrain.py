import numpy as np
import torch

from learner.model import Encoder
from learner.play import play_frames
from learner.pretrain import PlaySet, PretrainConfig, pose_error, pretrain
from tests.learner_data import SMALL


def silent(share: float, text: str) -> None:
    del share, text


def spots(count: int, seed: int) -> PlaySet:
    """A bright spot whose place in both images is the pose."""
    rng = np.random.default_rng(seed)
    place = rng.integers(10, 86, (count, 2))
    images = np.zeros((count, 2, 96, 96, 3), np.uint8)
    for image, (x, y) in zip(images, place, strict=True):
        image[:, y - 5 : y + 5, x - 5 : x + 5] = 255
    pose = np.zeros((count, 6), np.float32)
    pose[:, 1:3] = (place - 48) * 0.0003
    return PlaySet(images, pose, place[:, 0] > 48)


def test_the_encoder_learns_to_read_where_things_are():
    torch.manual_seed(0)
    encoder = Encoder(SMALL)
    unseen = spots(40, seed=1)
    before = pose_error(encoder, unseen).lateral_mm
    pretrain(encoder, spots(200, seed=0), PretrainConfig(steps=60, batch=32), 0, silent)
    assert pose_error(encoder, unseen).lateral_mm < 0.4 * before


def test_frames_of_play_are_the_same_for_the_same_seed_and_show_something():
    one, other = (play_frames(3, ("close_front", "close_top"), 7, silent) for _ in range(2))
    assert np.array_equal(one.pose_N6, other.pose_N6)
    assert np.abs(one.images_NKHWC.astype(int) - other.images_NKHWC).max() <= 1
    assert one.images_NKHWC.std(axis=(2, 3, 4)).min() > 5
