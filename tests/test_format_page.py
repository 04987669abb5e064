"""docs/format.md is true: its tables are the schema's, and its program reads an episode."""

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from recorder.consolidate import consolidate
from recorder.reader import EpisodeReader
from recorder.schema import COLUMNS, FORMAT, VERSION, Coding, Header
from recorder.writer import EpisodeWriter
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from teleop.stream_messages import EventKind, RecordedEvent, SampleBlock, StreamInfo
from tests.sample_files import feed
from tests.sample_steps import correction, opening

PAGE = (Path(__file__).parent.parent / "docs" / "format.md").read_text()


def table_after(mark: str) -> list[list[str]]:
    lines = PAGE[PAGE.index(mark) :].splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("|"))
    rows: list[list[str]] = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_the_table_of_columns_is_that_of_the_schema():
    told = [row[:6] for row in table_after("<!-- columns")]
    known = [
        [
            f"`{each.name}`",
            each.dtype,
            str(each.shape) if each.shape else "",
            each.unit,
            str(each.coding),
            str(each.since),
        ]
        for each in COLUMNS
    ]
    assert told == known


def test_every_name_that_is_known_before_stands_in_the_table():
    meanings = {row[0].strip("`"): row[6] for row in table_after("<!-- columns")}
    for column in COLUMNS:
        if column.coding is Coding.NAME:
            assert all(str(name) in meanings[column.name] for name in column.names)


def test_the_table_of_the_header_is_that_of_the_schema():
    told = [row[0].strip("`") for row in table_after("### The header")]
    assert told == ["format", "version", *(field.name for field in fields(Header))]
    assert f"`{FORMAT}`" in PAGE and f"version {VERSION}" in PAGE.splitlines()[0]


def test_every_kind_of_event_is_named():
    section = PAGE[PAGE.index("### Events") : PAGE.index("### Labels")]
    assert [kind for kind in EventKind if f"`{kind}`" not in section] == []


def program() -> Callable[[Path], tuple[Any, ...]]:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    space: dict[str, Any] = {}
    exec(compile(code, "format.md", "exec"), space)
    return space["read_episode"]


def test_the_program_on_the_page_reads_segments_and_whole_episodes(tmp_path: Path):
    touch = StreamInfo("touch", (2, 3), "N")
    writer = EpisodeWriter(SessionFolder(tmp_path), opening(), segment_s=0.1, flush_s=0.05)
    steps = correction(12, 12, 12)
    for number in range(4):
        count = np.arange(number * 5, number * 5 + 5)
        data = np.random.default_rng(number).standard_normal((5, 2, 3)).astype(np.float32)
        writer.samples(SampleBlock(touch, count, count * 1000, count, data))
        writer.event(RecordedEvent(number, EventKind.NOTICE, f"Notice {number}: größer."))
        feed(writer, steps[number * 9 : number * 9 + 9])
    writer.close(Outcome.FAIL, "dropped", 9)
    assert len(list(writer.path.glob("seg_*"))) > 1
    read = program()
    in_segments = read(writer.path)
    same_as_the_reader(writer.path, in_segments)
    consolidate(writer.path)
    same_as_the_reader(writer.path, read(writer.path))


def same_as_the_reader(path: Path, told: tuple[Any, ...]) -> None:
    header, columns, streams, images, events, clock = told
    with EpisodeReader(path) as episode:
        assert header["outcome"] == episode.header.outcome == "FAIL"
        assert header["uid"] == episode.header.uid
        for column in COLUMNS:
            expected = episode.column(column.name)
            if column.coding is Coding.NAME:
                expected = np.array(episode.names(column.name), object)[expected]
            np.testing.assert_array_equal(columns[column.name], expected)
        for camera in episode.header.cameras:
            assert images[camera] == episode.jpegs(camera)
            sequence = streams[camera]["sequence"]
            np.testing.assert_array_equal(sequence, episode.image_table(camera).sequence)
        samples = episode.samples("touch")
        np.testing.assert_array_equal(streams["touch"]["data"], samples.data)
        np.testing.assert_array_equal(streams["touch"]["t_dev_ns"], samples.device_ns)
        assert [event["text"] for event in events] == [each.text for each in episode.events()]
        assert clock.tolist() == [[c.monotonic_ns, c.realtime_ns] for c in episode.clock()]
