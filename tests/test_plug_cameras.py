import mujoco
import numpy as np
import pytest

from teleop.cells.plug.cameras import CAMERAS, CellCamera, pose_scene, scene_state
from teleop.cells.plug.cell import PlugCell
from teleop.cells.plug.geometry import LEFT
from teleop.cells.plug.layout import sample_layout
from teleop.cells.plug.scene import build_model


@pytest.fixture(scope="module")
def cell() -> PlugCell:
    built = PlugCell()
    built.reset(sample_layout("near", 1))
    return built


@pytest.mark.parametrize("name", list(CAMERAS))
def test_every_camera_draws_a_picture_of_its_size(cell: PlugCell, name: str):
    camera = CellCamera(cell.model, name)
    picture = camera.render(cell.data)
    camera.close()
    assert picture.shape == (CAMERAS[name].height, CAMERAS[name].width, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 10


@pytest.mark.parametrize("name", ["close_front", "close_top"])
def test_a_close_up_resolves_a_millimetre(cell: PlugCell, name: str):
    model, data = cell.model, mujoco.MjData(cell.model)
    camera = CellCamera(model, name)
    state = scene_state(cell.data)
    pose_scene(model, data, state)
    before = camera.render(data).astype(int)
    across = 2 if name == "close_front" else 1
    state[cell.parts.object_qpos[LEFT][across]] += 0.001
    pose_scene(model, data, state)
    changed = np.abs(camera.render(data) - before).max(axis=2) > 40
    camera.close()
    assert changed.sum() >= 15


def test_another_process_draws_the_same_picture_from_the_state(cell: PlugCell):
    here, there = CellCamera(cell.model, "close_top"), build_model()
    elsewhere = CellCamera(there, "close_top")
    data = mujoco.MjData(there)
    pose_scene(there, data, scene_state(cell.data))
    same = np.array_equal(here.render(cell.data), elsewhere.render(data))
    here.close()
    elsewhere.close()
    assert same


def test_a_fine_picture_is_smoother_than_a_quick_one(cell: PlugCell):
    quick, fine = (CellCamera(cell.model, "overhead", fine=fine) for fine in (False, True))
    colours = [
        len(np.unique(camera.render(cell.data).reshape(-1, 3), axis=0)) for camera in (quick, fine)
    ]
    quick.close()
    fine.close()
    assert colours[1] > colours[0]
