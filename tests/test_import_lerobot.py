import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
pytest.importorskip("av", reason="PyAV is not installed")

import pyarrow as pa
import pyarrow.parquet as pq

from recorder.export.export import ExportOptions
from recorder.export.lerobot import open_export
from recorder.imports.lerobot import open_dataset
from teleop.errors import ConversionError
from tests.drawn_episode import DrawnEpisode
from tests.lerobot_parts import CAMERA, LENGTHS, actions, shown, write_older
from tests.sample_steps import CAMERAS

CODEC = 6.0  # mean error of a small picture, in 255
TABLE = "data/chunk-000/episode_000001.parquet"
VIDEO = f"videos/chunk-000/{CAMERA}/000001.mp4"


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    export = open_export(
        tmp_path_factory.mktemp("newer") / "out", ExportOptions(cameras=(CAMERAS[0],))
    )
    for number, length in enumerate((20, 40)):
        export.add(f"episode_{number}", DrawnEpisode(length))
    return export.finish()


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_older(tmp_path_factory.mktemp("older") / "set")


@pytest.fixture
def damaged(older: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    return Path(shutil.copytree(older, tmp_path / "set"))


def read_all(root: Path) -> None:
    for episode in open_dataset(root).episodes():
        for images in episode.cameras.values():
            list(images())


def test_what_was_exported_is_read_again_with_the_same_numbers(newer: Path):
    dataset = open_dataset(newer)
    assert len(dataset) == 2
    recorded = DrawnEpisode(40)
    episode = list(dataset.episodes())[1]
    assert (episode.fps, episode.instruction, episode.success) == (30.0, "Plug it in.", True)
    assert episode.stamp_ns is not None
    rows = np.searchsorted(recorded.column("stamp_ns"), episode.stamp_ns)
    np.testing.assert_array_equal(recorded.column("stamp_ns")[rows], episode.stamp_ns)
    twist = episode.arrays["action"].reshape(-1, 2, 7)[..., :6]
    np.testing.assert_array_equal(twist, recorded.column("executed_twist")[rows])
    position = episode.arrays["observation.state"].reshape(-1, 2, 8)[..., :3]
    np.testing.assert_array_equal(position, recorded.column("position")[rows].astype(np.float32))
    images = list(episode.cameras[CAMERAS[0]]())
    wanted = recorded.images(CAMERAS[0], recorded.image_rows(CAMERAS[0])[rows].tolist())
    assert len(images) == len(wanted)
    assert np.abs(np.array(images, float) - wanted).mean() < CODEC
    assert len(list(episode.cameras[CAMERAS[0]]())) == len(images)  # as often as asked for


def test_a_dataset_of_version_2_is_read(older: Path):
    episodes = list(open_dataset(older).episodes())
    assert [len(each.arrays["action"]) for each in episodes] == list(LENGTHS)
    for number, episode in enumerate(episodes):
        assert episode.instruction == f"task {number}"
        assert episode.success is None and episode.stamp_ns is None
        np.testing.assert_array_equal(episode.arrays["action"], actions(number))
        assert list(episode.cameras) == ["top"]
        assert [each.partition(" holds ")[0] for each in episode.left_out] == [
            "observation.images.depth",
            "language_events",
        ]
        assert episode.columns == {"action": ("x", "y", "z")}
        for row, image in enumerate(episode.cameras["top"]()):
            assert isinstance(image, np.ndarray)
            assert image.shape == (16, 32, 3)
            assert abs(float(image.mean()) - shown(number, row).mean()) < CODEC


def cut(name: str, share: float) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        content = (root / name).read_bytes()
        (root / name).write_bytes(content[: int(len(content) * share)])

    return damage


def say(**said: object) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        info = json.loads((root / "meta/info.json").read_text())
        (root / "meta/info.json").write_text(json.dumps(info | said))

    return damage


def describe(key: str, **said: object) -> Callable[[Path], None]:
    def damage(root: Path) -> None:
        info = json.loads((root / "meta/info.json").read_text())
        info["features"][key] |= said
        (root / "meta/info.json").write_text(json.dumps(info))

    return damage


def lose_rows(root: Path) -> None:
    pq.write_table(pq.read_table(root / TABLE).slice(0, 3), root / TABLE)


def swap_video(root: Path) -> None:
    """A camera lost images: its video is shorter than the table."""
    longer, shorter = root / VIDEO.replace("1.mp4", "0.mp4"), root / VIDEO
    shutil.copy(shorter, longer)


def empty_row(root: Path) -> None:
    table = pq.read_table(root / TABLE).to_pydict()
    table["action"][2] = None
    pq.write_table(pa.table(table), root / TABLE)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (cut(TABLE, 0.7), "episode_000001.parquet has no whole footer.*not finalized"),
        (cut(TABLE, 0.0), "no whole footer"),
        (cut(VIDEO, 0.7), "000001.mp4 is damaged"),
        (cut("meta/episodes.jsonl", 0.8), "episodes.jsonl is damaged"),
        (cut("meta/info.json", 0.5), "info.json cannot be read"),
        (lambda root: (root / VIDEO).unlink(), "000001.mp4 is missing"),
        (lambda root: (root / TABLE).unlink(), "episode_000001.parquet is missing"),
        (lambda root: (root / "meta/info.json").unlink(), "no LeRobot dataset"),
        (lose_rows, "3 rows of episode 1, and the list of episodes says 5"),
        (swap_video, "ends after 0.500 s, and the table has a row at 0.600 s"),
        (empty_row, "action has empty rows"),
        (say(total_episodes=3), "says 3 episodes, and meta/episodes lists 2"),
        (say(total_frames=13), "says 13 frames"),
        (say(codebase_version="v1.6"), "version v1.6"),
        (say(fps=0), "fps 0"),
        (say(data_path="../{episode_index:06d}.parquet"), "leads out of the dataset"),
        (say(data_path="{episode_index.real.__class__}"), "is missing"),
        (say(data_path="{other}"), "asks for 'other'"),
        (describe("action", shape=[4]), r"rows of action are \(3,\), and info.json says \(4,\)"),
        (describe(CAMERA, shape=[480, 640, 3]), "images of 32x16, and info.json says 480x640x3"),
    ],
)
def test_a_damaged_dataset_is_refused_by_file_and_reason(
    damaged: Path, damage: Callable[[Path], None], words: str
):
    damage(damaged)
    with pytest.raises(ConversionError, match=words):
        read_all(damaged)


def test_the_episodes_after_a_damaged_one_can_still_be_had(damaged: Path):
    cut(TABLE.replace("1.parquet", "0.parquet"), 0.5)(damaged)
    episodes = iter(open_dataset(damaged).episodes())
    with pytest.raises(ConversionError):
        next(episodes)
    assert len(next(episodes).arrays["action"]) == LENGTHS[1]
    assert next(episodes, None) is None


def test_a_recording_that_was_killed_before_it_was_finalized_is_named(newer: Path, tmp_path: Path):
    """LeRobot leaves tables without footer, and no list of episodes."""
    root = Path(shutil.copytree(newer, tmp_path / "set"))
    shutil.rmtree(root / "meta/episodes")
    with pytest.raises(ConversionError, match="was not finalized"):
        read_all(root)


@pytest.mark.parametrize("place", [0.1, 0.4, 0.7])
def test_a_flipped_bit_in_a_table_of_ours_is_noticed(newer: Path, tmp_path: Path, place: float):
    root = Path(shutil.copytree(newer, tmp_path / "set"))
    table = root / "data/chunk-000/file-000.parquet"
    content = bytearray(table.read_bytes())
    content[int(len(content) * place)] ^= 4
    table.write_bytes(content)
    with pytest.raises(ConversionError, match="file-000"):
        read_all(root)
