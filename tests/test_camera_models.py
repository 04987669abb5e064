"""The simulated cell's cameras as pinholes, against MuJoCo's own pictures; kept with an episode."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import mujoco
import numpy as np

from recorder.camera_models import camera_models
from recorder.reader import EpisodeReader
from recorder.writer import EpisodeWriter
from teleop.camera_model import CameraModel
from teleop.cells.plug.appearance import apply
from teleop.cells.plug.camera_models import models_of_scene
from teleop.cells.plug.cameras import CAMERAS
from teleop.cells.plug.scene import build_model
from teleop.cells.plug.shifts import look_of
from teleop.messages import Outcome
from teleop.se3 import Array, rotate
from teleop.session_folder import SessionFolder
from tests.sample_files import feed
from tests.sample_steps import CAMERAS as SAMPLE_CAMERAS
from tests.sample_steps import correction, opening

BALL_PX = 4.0


def point_at(seen: CameraModel, pixel: Array, depth: float) -> Array:
    """The world point at that depth behind a pixel."""
    ray = np.array([(pixel[0] - seen.cx) / seen.fx, (pixel[1] - seen.cy) / seen.fy, 1.0])
    return np.asarray(seen.position) + rotate(np.asarray(seen.quaternion), ray * depth)


def drawn_at(model: mujoco.MjModel, data: mujoco.MjData, seen: CameraModel, place: Array) -> Array:
    """The middle of a small ball at `place` in the picture that MuJoCo draws, (2,) pixels."""
    radius = BALL_PX * float(np.linalg.norm(place - np.asarray(seen.position))) / seen.fx
    nothing = mujoco.MjvOption()
    nothing.geomgroup[:] = 0
    nothing.sitegroup[:] = 0
    pictures: list[Array] = []
    with closing(mujoco.Renderer(model, seen.height, seen.width)) as renderer:
        for ball in (False, True):
            renderer.update_scene(data, seen.name, nothing)
            scene = renderer.scene
            if ball:
                mujoco.mjv_initGeom(
                    scene.geoms[scene.ngeom],
                    mujoco.mjtGeom.mjGEOM_SPHERE,
                    np.full(3, radius),
                    place,
                    np.eye(3).ravel(),
                    np.array([1.0, 0.0, 0.0, 1.0], np.float32),
                )
                scene.ngeom += 1
            pictures.append(renderer.render().astype(float))
    rows, columns = np.nonzero(np.abs(pictures[1] - pictures[0]).max(axis=2) > 20)
    return np.array([columns.mean() + 0.5, rows.mean() + 0.5])


def test_a_ball_is_drawn_where_the_camera_model_says():
    model = build_model()
    data = mujoco.MjData(model)
    for scene in ("plug/near/3", "plug/view/5"):
        apply(model, look_of(scene))
        mujoco.mj_forward(model, data)
        for seen in models_of_scene(scene):
            spec = CAMERAS[seen.name]
            depth = 0.6 * float(np.linalg.norm(np.subtract(spec.look_at, spec.eye)))
            pixel = np.array([seen.width * 0.75, seen.height * 0.8])
            place = point_at(seen, pixel, depth)
            assert np.abs(seen.pixels([place])[0] - pixel).max() < 1e-6
            assert np.abs(drawn_at(model, data, seen, place) - pixel).max() < 0.7


def test_the_moved_cameras_stand_elsewhere_and_all_others_where_they_were():
    near, view = models_of_scene("plug/near/3"), models_of_scene("plug/view/5")
    moved = [a.name for a, b in zip(near, view, strict=True) if a != b]
    assert moved == ["close_front", "close_top"]
    assert models_of_scene("meta/reach/1") == ()


def test_an_episode_keeps_where_its_cameras_stood(tmp_path: Path):
    stood = CameraModel(SAMPLE_CAMERAS[0], 64, 48, 60, 60, 32, 24, (0, 1, 2), (1, 0, 0, 0))
    opened = replace(opening(), camera_models=(stood,), scene="plug/near/1")
    writer = EpisodeWriter(SessionFolder(tmp_path), opened)
    feed(writer, correction(3, 3, 3))
    writer.close(Outcome.SUCCESS, "inserted", 10)
    with EpisodeReader(writer.path) as episode:
        assert camera_models(episode.header) == {stood.name: stood}
        damaged = replace(episode.header, camera_models=("{}", "no JSON"))
        assert camera_models(damaged) == {}


def test_older_episodes_of_the_cell_have_models_by_their_scene_and_others_have_none(tmp_path: Path):
    writer = EpisodeWriter(SessionFolder(tmp_path), opening())
    feed(writer, correction(3, 3, 3))
    writer.close(Outcome.SUCCESS, "inserted", 10)
    with EpisodeReader(writer.path) as episode:
        header = replace(
            episode.header, cameras=("operator", "close_top"), scene="plug/view/5", source=""
        )
    by_name = {model.name: model for model in models_of_scene("plug/view/5")}
    assert camera_models(header) == {name: by_name[name] for name in header.cameras}
    assert camera_models(replace(header, scene="elsewhere/1")) == {}
    assert camera_models(replace(header, source="aloha.hdf5")) == {}
