from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from recorder.export.export import ExportOptions
from recorder.export.wall_time import WallTime
from teleop.errors import ConversionError
from teleop.stream_messages import ClockPair
from tests.drawn_episode import EPOCH_NS, START_NS, DrawnEpisode
from tests.sample_steps import CAMERAS

pytest.importorskip("mcap_protobuf", reason="the extra 'formats' is not installed")
from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory

from recorder.export.mcap import open_export, write_mcap

Topics = dict[str, list[Any]]


def exported(folder: Path, episode: DrawnEpisode, options: ExportOptions | None = None) -> Path:
    export = open_export(folder / "out", options or ExportOptions())
    export.add("episode_00004", episode)
    export.close()
    return export.finish() / "episode_00004.mcap"


def read(path: Path) -> tuple[Topics, list[int]]:
    """Every message as the reader of the format gives it, by topic, and all log times."""
    topics: Topics = {}
    times: list[int] = []
    with path.open("rb") as file:
        decoders = [DecoderFactory()]
        for schema, channel, message in make_reader(file).iter_messages():
            assert schema is not None
            decode = decoders[0].decoder_for(channel.message_encoding, schema)
            content = decode(message.data) if decode else msgspec.json.decode(message.data)
            topics.setdefault(channel.topic, []).append((message, content))
            times.append(message.log_time)
    return topics, times


@pytest.fixture(scope="module")
def episode() -> DrawnEpisode:
    return DrawnEpisode()


@pytest.fixture(scope="module")
def topics(episode: DrawnEpisode, tmp_path_factory: pytest.TempPathFactory) -> Topics:
    return read(exported(tmp_path_factory.mktemp("mcap"), episode))[0]


def test_ticks_come_back_with_the_same_numbers(topics: Topics, episode: DrawnEpisode):
    ticks = [content for _, content in topics["/tick"]]
    for side, arm in enumerate(("left", "right")):
        for name in ("executed_twist", "operator_twist", "proposed_twist", "wrench", "q", "dq"):
            found = np.array([tick[arm][name] for tick in ticks])
            assert np.array_equal(
                found.astype(episode.column(name).dtype), episode.column(name)[:, side]
            )
        assert {tick[arm]["mode"] for tick in ticks} == {"POLICY"}
    assert [tick["stamp_ns"] for tick in ticks] == episode.column("stamp_ns").tolist()
    assert [set(tick["limits_hit"]) for tick in ticks] == [
        set(episode.step(row).limits_hit) for row in range(len(episode))
    ]
    assert ticks[4]["image_seen"] == [1, 1]


def test_jpegs_pass_through_as_they_were_stored(topics: Topics, episode: DrawnEpisode):
    for camera in CAMERAS:
        found = [content.data for _, content in topics[f"/camera/{camera}"]]
        assert found == episode.jpegs(camera)
        assert {content.format for _, content in topics[f"/camera/{camera}"]} == {"jpeg"}


def test_samples_keep_their_rate_numbers_gaps_and_device_stamps(
    topics: Topics, episode: DrawnEpisode
):
    found = topics["/samples/wrench_left"]
    data = np.array([content.data for _, content in found], np.float32)
    assert np.array_equal(data, episode.wrench.data)
    assert [content.sequence for _, content in found] == episode.wrench.sequence.tolist()
    assert [message.sequence for message, _ in found] == episode.wrench.sequence.tolist()
    assert [message.publish_time for message, _ in found] == episode.wrench.device_ns.tolist()
    first, second = CAMERAS
    stamped, unstamped = topics[f"/camera/{first}"][0][0], topics[f"/camera/{second}"][0][0]
    assert stamped.publish_time == START_NS + 7
    assert unstamped.publish_time == unstamped.log_time == EPOCH_NS


def test_poses_joints_and_touch_are_the_recorded_ones(topics: Topics, episode: DrawnEpisode):
    pose = topics["/ee/right"][7][1].pose
    state = episode.step(7).observation.state
    assert [pose.position.x, pose.position.y, pose.position.z] == state.position[1].tolist()
    turn = pose.orientation
    assert [turn.w, turn.x, turn.y, turn.z] == state.quaternion[1].tolist()
    moved = topics["/tf"][7][1].transforms[0]
    assert moved.child_frame_id == "left_ee"
    assert moved.translation.y == state.position[0, 1]
    joints = topics["/joints"][7][1].joints
    assert [joint.position for joint in joints] == state.q.ravel().tolist()
    assert joints[6].name == "right_1"
    touch = np.array([content.data for _, content in topics["/tick/tactile"]], np.float32)
    assert np.array_equal(touch, episode.column("tactile").reshape(len(episode), -1))


def test_events_are_in_the_log_and_whole_beside_it(topics: Topics):
    told = [content for _, content in topics["/log"]]
    assert [each.message for each in told] == ["Right arm.", "samples_lost"]
    assert told[1].level > told[0].level
    assert topics["/events"][1][1]["numbers"] == {"samples": 2.0}


def test_messages_lie_in_the_order_of_time(tmp_path: Path, episode: DrawnEpisode):
    path = exported(tmp_path, episode)
    times = read(path)[1]
    assert times == sorted(times)
    with path.open("rb") as file:
        header = {each.name: each.metadata for each in make_reader(file).iter_metadata()}
    assert header["nudge_episode"]["outcome"] == "SUCCESS"
    assert header["nudge_clock_monotonic_to_realtime_ns"][str(START_NS)] == str(EPOCH_NS)


def test_a_number_that_is_none_is_null(tmp_path: Path):
    episode = DrawnEpisode(2)
    episode.column("wrench")[1, 0, 2] = np.nan
    ticks = read(exported(tmp_path, episode))[0]["/tick"]
    assert ticks[1][1]["left"]["wrench"][2] is None


def test_chosen_cameras_alone_are_exported(tmp_path: Path):
    path = exported(tmp_path, DrawnEpisode(2), ExportOptions(cameras=(CAMERAS[1],)))
    cameras = [topic for topic in read(path)[0] if topic.startswith("/camera/")]
    assert cameras == [f"/camera/{CAMERAS[1]}"]


def test_a_camera_that_is_not_there_is_told(tmp_path: Path, episode: DrawnEpisode):
    with pytest.raises(ConversionError, match="has no camera attic; it has: "):
        write_mcap(tmp_path / "a", episode, ExportOptions(cameras=("attic",)))


def test_an_export_goes_on_where_it_was_killed(tmp_path: Path):
    episode = DrawnEpisode(2)
    exported(tmp_path, episode)
    part = tmp_path / "out" / "episode_00005.mcap.part"
    part.write_bytes(b"half")
    again = open_export(tmp_path / "out", ExportOptions())
    assert again.done() == {"episode_00004"}
    again.add("episode_00005", episode)
    assert again.done() == {"episode_00004", "episode_00005"}
    assert not part.exists()


def test_a_folder_of_something_else_is_refused(tmp_path: Path):
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(ConversionError, match=r"holiday\.jpg"):
        open_export(tmp_path, ExportOptions())
    with pytest.raises(ConversionError, match="another folder"):
        open_export(tmp_path / "holiday.jpg", ExportOptions())


def test_wall_time_follows_drift_but_no_step_of_the_clock():
    second = 1_000_000_000
    drifts = WallTime([ClockPair(0, EPOCH_NS), ClockPair(second, EPOCH_NS + second + 2000)])
    assert drifts.one(second // 2) == EPOCH_NS + second // 2 + 1000
    assert drifts.one(3 * second) == EPOCH_NS + 3 * second + 2000
    stepped = WallTime([ClockPair(0, EPOCH_NS), ClockPair(second, EPOCH_NS - 3600 * second)])
    assert stepped.one(2 * second) == EPOCH_NS + 2 * second
