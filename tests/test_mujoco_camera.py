from collections.abc import Iterator

import numpy as np
import pytest

from teleop.cameras.mujoco_camera import MujocoCamera
from teleop.cells.plug.scene import build_model
from teleop.clock import SimClock
from teleop.config import CellConfig
from teleop.interfaces import Camera
from teleop.messages import SceneState, frozen_array
from teleop.robots.mujoco_cell import MujocoCell


@pytest.fixture(scope="module")
def camera() -> Iterator[MujocoCamera]:
    made = MujocoCamera(build_model(), "close_top")
    yield made
    made.close()


def test_it_gives_pictures_of_the_shape_it_promises(camera: MujocoCamera):
    seam: Camera = camera
    image = seam.capture()
    assert seam.name == "close_top"
    assert image.shape == camera.shape == (96, 96, 3)
    assert image.dtype == np.uint8
    assert image.std() > 10.0


def test_it_draws_the_scene_that_was_placed_from_its_positions_alone(camera: MujocoCamera):
    cell = MujocoCell(SimClock(), CellConfig("shifted", 1), 100.0)
    pictures = []
    for episode in (0, 1, 0):
        cell.begin(episode)
        camera.place(cell.scene_state())
        pictures.append(camera.capture())
    assert np.array_equal(pictures[0], pictures[2])
    assert not np.array_equal(pictures[0], pictures[1])


def test_the_scene_of_another_model_is_refused(camera: MujocoCamera):
    with pytest.raises(ValueError, match="3 positions"):
        camera.place(SceneState(0, frozen_array([0.0, 0.0, 0.0])))
