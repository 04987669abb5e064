import numpy as np
import pytest

from teleop.cells.plug.appearance import NOMINAL, apply, sample_appearance
from teleop.cells.plug.cameras import CellCamera
from teleop.cells.plug.cell import PlugCell
from teleop.cells.plug.layout import sample_layout
from teleop.cells.plug.scene import build_model

PREFIXES = ("mat_", "light_", "cam_", "geom_", "body_", "dof_", "actuator_", "opt_")


@pytest.fixture(scope="module")
def cell() -> PlugCell:
    return PlugCell()


def arrays_of(model) -> dict[str, np.ndarray]:
    names = [name for name in dir(model) if name.startswith(PREFIXES)]
    arrays = {name: getattr(model, name) for name in names}
    kept = {k: np.array(v) for k, v in arrays.items() if isinstance(v, np.ndarray)}
    return kept | {"ambient": np.array(model.vis.headlight.ambient)}


def test_nominal_restores_the_model_exactly():
    model = build_model()
    before = arrays_of(model)
    rng = np.random.default_rng(0)
    for _ in range(5):
        apply(model, sample_appearance(rng))
    changed = arrays_of(model)
    assert any(not np.array_equal(before[name], changed[name]) for name in before)
    apply(model, NOMINAL)
    after = arrays_of(model)
    for name, value in before.items():
        assert np.array_equal(value, after[name]), name


def test_the_same_generator_state_gives_the_same_look():
    one, other = np.random.default_rng(4), np.random.default_rng(4)
    assert sample_appearance(one) == sample_appearance(other)
    assert sample_appearance(one) != NOMINAL


def test_looks_do_not_touch_the_physics(cell: PlugCell):
    def run() -> np.ndarray:
        cell.reset(sample_layout("near", 2))
        cell.advance(cell.target, 50)
        return np.array(cell.data.qpos)

    plain = run()
    apply(cell.model, sample_appearance(np.random.default_rng(7)))
    disguised = run()
    apply(cell.model, NOMINAL)
    assert np.array_equal(plain, disguised)


def test_looks_differ_in_the_picture_and_return(cell: PlugCell):
    cell.reset(sample_layout("near", 2))
    camera = CellCamera(cell.model, "close_front")
    plain = camera.render(cell.data).copy()
    apply(cell.model, sample_appearance(np.random.default_rng(1)))
    cell.advance(cell.target, 0)
    disguised = camera.render(cell.data).copy()
    apply(cell.model, NOMINAL)
    cell.advance(cell.target, 0)
    again = camera.render(cell.data).copy()
    camera.close()
    assert np.abs(plain.astype(int) - disguised).mean() > 10
    assert np.array_equal(plain, again)
