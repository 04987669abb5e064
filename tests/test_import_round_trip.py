"""Out by our exporters, in by our importers: the same numbers."""

import os
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from recorder.export.export import ExportOptions
from recorder.imports import work
from recorder.imports.verb import main
from recorder.reader import EpisodeReader
from teleop.messages import Outcome
from tests.drawn_episode import DrawnEpisode
from tests.sample_steps import CAMERAS

EXACT = ("executed_twist", "position", "quaternion", "wrench", "tactile", "q")
STRETCH = 4  # mean difference of 8 bits that coding once more may make


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk_or_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr(work, "preflight", lambda target, path: None)


def plain(count: int = 12) -> DrawnEpisode:
    """A demonstration with values that every format can hold."""
    episode = DrawnEpisode(count)
    episode.header = replace(episode.header, demonstration=True)
    episode.column("modes")[:] = 1
    twist = np.clip(episode.column("executed_twist"), -0.1, 0.1)
    episode.column("executed_twist")[:] = twist
    turn = episode.column("quaternion")
    episode.column("quaternion")[:] = turn / np.linalg.norm(turn, axis=-1, keepdims=True)
    for name in ("executed_opening", "opening"):
        episode.column(name)[:] = np.abs(np.sin(episode.column(name)))
    return episode


def round_trip(folder: Path, name: str, suffix: str, episode: DrawnEpisode) -> EpisodeReader:
    exporter = import_module(f"recorder.export.{'aloha' if name == 'busybox' else name}")
    opening = exporter.open_busybox if name == "busybox" else exporter.open_export
    export = opening(folder / f"out{suffix}", ExportOptions(fps=100.0))
    export.add("episode_00004", episode)
    path = export.finish()
    export.close()
    assert main([name, str(path), str(folder / "session")]) == 0
    return EpisodeReader(folder / "session" / "episodes" / "episode_00000")


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("robomimic", ".hdf5"),
        ("aloha", ""),
        pytest.param("busybox", "", marks=pytest.mark.slow),
    ],
)
def test_an_export_comes_back_with_the_same_numbers(tmp_path: Path, name: str, suffix: str):
    episode = plain()
    with round_trip(tmp_path, name, suffix, episode) as back:
        assert len(back) == len(episode)
        for column in EXACT:
            precision = 1e-6 if (name, column) == ("busybox", "q") else 1e-12
            there = back.column(column)
            if column == "quaternion":  # the same rotation
                there = there * np.sign(np.vecdot(there, episode.column(column)))[..., None]
            np.testing.assert_allclose(there, episode.column(column), rtol=0, atol=precision)
        for column in ("executed_opening", "opening"):
            if (name, column) != ("busybox", "opening"):
                np.testing.assert_allclose(back.column(column), episode.column(column), atol=1e-12)
        stamps = episode.column("stamp_ns")
        assert np.array_equal(np.diff(back.column("stamp_ns")), np.diff(stamps))
        assert np.array_equal(back.labels(), np.ones((len(episode), 2)))
        assert back.header.outcome is Outcome.SUCCESS
        assert back.header.instruction == "Plug it in."
        streams = {each.name for each in back.streams}
        assert not streams & {"nudge_executed_twist", "nudge.executed_twist", "nudge.position"}
        assert streams & {"nudge_label", "nudge.label"}
        assert back.header.demonstration


@pytest.mark.slow
def test_jpegs_pass_through_aloha_both_ways(tmp_path: Path):
    episode = plain(6)
    with round_trip(tmp_path, "aloha", "", episode) as back:
        rows = episode.image_rows(CAMERAS[0]).tolist()
        assert back.jpegs(CAMERAS[0]) == episode.jpegs(CAMERAS[0], rows)


@pytest.mark.slow
def test_images_through_robomimic_differ_by_one_coding_only(tmp_path: Path):
    episode = plain(6)
    with round_trip(tmp_path, "robomimic", ".hdf5", episode) as back:
        there = back.images(f"{CAMERAS[0]}_image").astype(int)
        here = episode.images(CAMERAS[0], episode.image_rows(CAMERAS[0]).tolist())
        assert np.abs(there - here).mean() < STRETCH


@pytest.mark.slow
def test_corrections_come_back_as_corrections(tmp_path: Path):
    episode = DrawnEpisode(30)
    episode.column("executed_twist")[:] *= 0.01
    turn = episode.column("quaternion")
    episode.column("quaternion")[:] = turn / np.linalg.norm(turn, axis=-1, keepdims=True)
    episode.column("modes")[10:20, 1] = 1  # the operator has the right arm
    with round_trip(tmp_path, "robomimic", ".hdf5", episode) as back:
        assert not back.header.demonstration
        assert back.header.interventions == 1
        assert np.array_equal(back.labels(), episode.labels())


@pytest.mark.slow
def test_a_lerobot_dataset_comes_back_in_single_precision(tmp_path: Path):
    pytest.importorskip("pyarrow", reason="the extra 'formats' is not installed")
    pytest.importorskip("av", reason="the extra 'formats' is not installed")
    episode = plain()
    episode.header = replace(episode.header, outcome=Outcome.UNLABELLED)
    with round_trip(tmp_path, "lerobot", "", episode) as back:
        assert back.header.outcome is Outcome.UNLABELLED
        for column in ("executed_twist", "position", "q", "wrench", "tactile"):
            there, here = back.column(column), episode.column(column)
            np.testing.assert_allclose(there, here.astype(np.float32), rtol=1e-6, atol=1e-9)
        assert np.array_equal(back.labels(), np.ones((len(episode), 2)))
