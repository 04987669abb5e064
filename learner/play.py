"""Frames of play from the simulated cell, for `pretrain`."""

import numpy as np

from learner.model import IMAGE_SIZE
from learner.pretrain import PlaySet, Progress
from teleop.cells.plug.appearance import NOMINAL, apply
from teleop.cells.plug.cameras import CellCamera, pose_scene
from teleop.cells.plug.cell import PlugCell
from teleop.cells.plug.play import Play


def play_frames(count: int, cameras: tuple[str, ...], seed: int, progress: Progress) -> PlaySet:
    """Draw `count` scenes and picture each with every camera, under the look drawn with it."""
    cell = PlugCell()
    play = Play(cell.model)
    views = [CellCamera(cell.model, camera) for camera in cameras]
    rng = np.random.default_rng(seed)
    images = np.empty((count, len(cameras), IMAGE_SIZE, IMAGE_SIZE, 3), np.uint8)
    poses, contacts = np.empty((count, 6), np.float32), np.empty(count, np.bool_)
    for i in range(count):
        scene = play.sample(rng)
        apply(cell.model, scene.appearance)
        pose_scene(cell.model, cell.data, scene.state)
        for k, view in enumerate(views):
            images[i, k] = view.render(cell.data)
        poses[i], contacts[i] = scene.label, scene.contact
        if i % 50 == 49:
            progress((i + 1) / count, f"{i + 1} scenes")
    apply(cell.model, NOMINAL)
    for view in views:
        view.close()
    return PlaySet(images, poses, contacts)
