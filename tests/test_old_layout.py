"""Episodes of versions 1 and 2 read with the numbers that their own reader gave."""

import zlib
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from recorder.labels import Label
from recorder.reader import EpisodeReader
from recorder.schema import COLUMNS
from teleop.errors import EpisodeIncomplete
from teleop.messages import FrameRef, Mode
from teleop.stream_messages import ClockPair
from tests.old_files import VERSIONS, old_content, old_file

CUT = "episode_00004_cut_1.h5"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["episode_00004.h5", CUT])
def test_an_old_file_reads_with_the_numbers_it_was_written_with(
    tmp_path: Path, version: int, name: str
):
    known = old_content(version, cut=name == CUT)
    with EpisodeReader(old_file(tmp_path, version, name)) as episode:
        found = asdict(episode.header)
        found["cameras"] = list(found["cameras"])
        assert found | known["header"] == found
        assert found["uid"] == "episode_00004-1763800000000000000"
        for column in (each for each in COLUMNS if each.name in known["columns"]):
            assert (
                zlib.crc32(episode.column(column.name).tobytes()) == known["columns"][column.name]
            )
        assert episode.column("position")[0].tolist() == known["position_0"]
        assert episode.labels().tolist() == known["labels"]
        assert episode.labels()[5, 1] == Label.INTERVENTION
        for camera in episode.header.cameras:
            assert episode.image_rows(camera).tolist() == known["image_rows"][camera]
            assert [zlib.crc32(code) for code in episode.jpegs(camera)] == known["images"][camera]
            table = episode.image_table(camera)
            index = np.stack([table.length, table.host_ns, table.sequence], axis=1)
            assert index.tolist() == [row[1:] for row in known["image_index"][camera]]
        for row, limits in enumerate(known["limits_hit"]):
            assert set(episode.step(row).limits_hit) == set(limits)
        refs = tuple(FrameRef(*each) for each in known["frames_5"])
        assert episode.step(5).observation.frames == refs
        assert episode.step(5).modes == (Mode.POLICY, Mode.OPERATOR)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_came_later_reads_as_a_default(tmp_path: Path, version: int):
    with EpisodeReader(old_file(tmp_path, version)) as episode:
        assert (episode.column("observed_ns") == -1).all()
        assert (episode.column("seen_sequence") == -1).all()
        assert episode.step(3).seen == ()
        assert episode.streams == () and episode.events() == ()
        assert episode.clock() == (ClockPair(1_000_000_000, 1_763_800_000_000_000_000),)
        assert episode.names("modes") == tuple(Mode)
        assert episode.header.segment == -1
        assert not episode.column("novelty").any()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_part_of_an_old_version_was_never_finished(tmp_path: Path, version: int):
    with pytest.raises(EpisodeIncomplete, match="never finished"):
        EpisodeReader(old_file(tmp_path, version, "episode_00004.h5.part"))
