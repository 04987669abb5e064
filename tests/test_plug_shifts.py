from dataclasses import replace

import mujoco
import numpy as np
import pytest

from teleop.cameras.mujoco_camera import MujocoCamera
from teleop.cells.plug.appearance import NOMINAL, apply, some_connectors
from teleop.cells.plug.cameras import CellCamera
from teleop.cells.plug.cell import PlugCell
from teleop.cells.plug.connector import PLUG
from teleop.cells.plug.layout import DISTRIBUTIONS
from teleop.cells.plug.scene import build_model
from teleop.cells.plug.shifts import (
    MOVED_CAMERAS,
    MOVED_M,
    OTHER_PLUG,
    SHIFTS,
    look_of,
    sample_look,
)
from teleop.cells.plug.truth import pin_length_m
from teleop.clock import SimClock
from teleop.config import CellConfig
from teleop.robots.mujoco_cell import MujocoCell

LOOKS = ("connector", "view", "clutter")


@pytest.fixture(scope="module")
def cell() -> PlugCell:
    return PlugCell()


def robot(cell: PlugCell, distribution: str, seed: int = 3) -> MujocoCell:
    made = MujocoCell(SimClock(), CellConfig(distribution, seed), 100.0, cell)
    made.begin(0)
    return made


def geometry(model: mujoco.MjModel) -> dict[str, np.ndarray]:
    names = ("mat_rgba", "cam_pos", "cam_quat", "light_diffuse", "geom_size", "geom_pos")
    more = ("geom_type", "geom_group", "geom_rgba", "geom_rbound", "geom_aabb", "bvh_aabb")
    return {name: np.array(getattr(model, name)) for name in names + more}


def test_every_shift_is_a_distribution_and_only_looks_have_looks():
    assert set(SHIFTS) <= set(DISTRIBUTIONS)
    for name in DISTRIBUTIONS:
        assert (sample_look(name, 0) != NOMINAL) == (name in LOOKS), name


@pytest.mark.parametrize("name", LOOKS)
def test_the_same_scene_has_the_same_look_and_the_next_another(name: str):
    assert sample_look(name, 5) == sample_look(name, 5) == look_of(f"plug/{name}/5")
    assert sample_look(name, 5) != sample_look(name, 6)


def test_a_scene_of_another_task_looks_like_the_cell_as_built():
    for scene in ("", "plug", "plug/view", "plug/view/x", "busybox/view/3", "plug/none/3"):
        assert look_of(scene) == NOMINAL


def test_a_knocked_camera_stays_where_it_is():
    shifts = np.array(
        [[c.shift_m for c in sample_look("view", seed).cameras] for seed in range(30)]
    )
    assert [c.camera for c in sample_look("view", 0).cameras] == list(MOVED_CAMERAS)
    assert np.abs(np.linalg.norm(shifts.mean(axis=0), axis=1) - MOVED_M).max() < 0.001
    assert shifts.std(axis=0).max() < 0.001


def test_the_clutter_is_other_clutter_in_every_scene():
    colours = {thing.rgb for seed in range(10) for thing in sample_look("clutter", seed).clutter}
    assert len(colours) == 10 * len(sample_look("clutter", 0).clutter)


def test_clutter_is_never_where_the_parts_are():
    for seed in range(40):
        for thing in sample_look("clutter", seed).clutter:
            assert thing.at_m[1] > 0.04 or thing.at_m[2] < 0.42 - 0.04


def test_what_was_drawn_is_restored_exactly_at_the_next_episode(cell: PlugCell):
    robot(cell, "near")
    before = geometry(cell.model)
    for name in LOOKS:
        robot(cell, name)
        assert any(not np.array_equal(before[k], v) for k, v in geometry(cell.model).items())
    robot(cell, "near")
    for name, value in geometry(cell.model).items():
        assert np.array_equal(before[name], value), name


def test_clutter_and_moved_cameras_are_nothing_to_the_physics(cell: PlugCell):
    def run(name: str) -> np.ndarray:
        placed = robot(cell, "near")
        apply(cell.model, sample_look(name, 3))
        cell.advance(cell.target, 60)
        return np.array(placed.scene_state().qpos)

    assert np.array_equal(run("near"), run("clutter"))
    assert np.array_equal(run("near"), run("view"))


def test_another_plug_is_another_plug_to_the_physics(cell: PlugCell):
    robot(cell, "connector")
    assert pin_length_m(cell.model, cell.parts) == pytest.approx(OTHER_PLUG.pin_length_m)
    compiled = build_model(OTHER_PLUG)
    for name in ("geom_size", "geom_pos", "geom_type", "geom_rbound", "geom_aabb", "bvh_aabb"):
        assert np.array_equal(getattr(cell.model, name), getattr(compiled, name)), name
    truth = cell.truth()
    assert truth.tip_m[0] - truth.position_m[0] == pytest.approx(OTHER_PLUG.pin_length_m, abs=2e-4)
    robot(cell, "near")
    assert pin_length_m(cell.model, cell.parts) == pytest.approx(PLUG.pin_length_m)


def test_no_plug_for_play_is_the_plug_that_is_measured():
    assert OTHER_PLUG not in some_connectors()
    assert len(set(some_connectors())) == len(some_connectors())


@pytest.mark.parametrize("name", LOOKS)
def test_a_camera_process_draws_the_look_of_the_lockstep(cell: PlugCell, name: str):
    there = MujocoCamera(build_model(), "close_front")
    pictures: list[np.ndarray] = []
    for each in (name, "near"):
        state = robot(cell, each).scene_state()
        there.place(state)
        here = CellCamera(cell.model, "close_front")
        pictures.append(here.render(cell.data).copy())
        here.close()
        assert np.abs(there.capture().astype(int) - pictures[-1]).max() <= 2, each
    there.place(replace(state, name=""))
    there.close()
    assert np.abs(pictures[0].astype(int) - pictures[1]).mean() > 1.0
