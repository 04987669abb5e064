import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from teleop.bus import (
    CHUNK,
    EPISODE_ENDED,
    EPISODE_OPENED,
    FRAME,
    KEYS,
    SAMPLES,
    STATE,
    Inbox,
    Outbox,
    Publisher,
    Subscriber,
)
from teleop.bus_ends import BusChunks, BusFrames, BusSteps
from teleop.device_messages import KeysHeld
from teleop.messages import (
    ActionChunk,
    Arm,
    EpisodeEnded,
    EpisodeOpened,
    FrameRef,
    Observation,
    Outcome,
    frozen_array,
)
from teleop.operator_devices import WindowKeys
from teleop.stream_messages import WRENCH_STREAMS, SampleBlock, StreamInfo
from tests.control_parts import make_state
from tests.sample_steps import make_step

OPENED = EpisodeOpened(4, 1, "Plug the connector in.", ("top",), "plug/near/1")
ENDED = EpisodeEnded(4, 9, Outcome.SUCCESS, "inserted")


@dataclass
class Wire:
    publisher: Publisher
    subscriber: Subscriber

    def until_heard(self, topic, message) -> None:  # pyright: ignore[reportMissingParameterType]
        """Send until it arrives: a subscription takes a moment."""
        deadline = time.monotonic() + 5.0
        while time.monotonic() < deadline:
            self.publisher.send(topic, message)
            if self.subscriber.poll(0.02):
                return
        raise AssertionError("nothing arrived")


@pytest.fixture
def wire(session_dir: Path) -> Iterator[Wire]:
    endpoint = f"ipc://{session_dir}/peer"
    with Publisher(endpoint) as publisher, Subscriber([endpoint], [CHUNK, FRAME, KEYS]) as other:
        yield Wire(publisher, other)


def test_steps_are_shown_to_all_but_only_those_of_an_episode_are_recorded(session_dir: Path):
    shown, kept = f"ipc://{session_dir}/control", f"ipc://{session_dir}/steps"
    topics = (STATE, EPISODE_OPENED, EPISODE_ENDED)
    with (
        Publisher(shown) as publisher,
        Subscriber([shown], topics) as onlooker,
        Inbox(kept, topics) as inbox,
        Outbox(kept) as outbox,
    ):
        sink = BusSteps(publisher, outbox)
        between, within = (replace(make_step(7), episode=number) for number in (-1, 4))
        deadline = time.monotonic() + 5.0
        while not onlooker.poll(0.02):
            sink.step(between)
            assert time.monotonic() < deadline
        sink.opened(OPENED)
        sink.step(within)
        sink.step(between)
        sink.ended(ENDED)
        got = inbox.poll(2.0)
        while len(got) < 3:
            got += inbox.poll(2.0)
        seen = onlooker.poll(2.0)
    assert [topic for topic, _ in got] == [EPISODE_OPENED, STATE, EPISODE_ENDED]
    assert got[1][1].episode == 4
    assert {topic for topic, _ in seen} >= {EPISODE_OPENED, STATE}


def test_wrenches_between_the_steps_are_shown_to_all_and_every_sample_is_recorded(
    session_dir: Path,
):
    shown, kept = f"ipc://{session_dir}/control", f"ipc://{session_dir}/steps"
    ten = np.arange(10, dtype=np.int64)
    wrench, joints = (
        SampleBlock(StreamInfo(name, (6,)), ten, ten, ten, np.zeros((10, 6), np.float32))
        for name in (WRENCH_STREAMS[0], "joints")
    )
    with (
        Publisher(shown) as publisher,
        Subscriber([shown], [SAMPLES]) as onlooker,
        Inbox(kept, [SAMPLES]) as inbox,
        Outbox(kept) as outbox,
    ):
        sink = BusSteps(publisher, outbox)
        deadline = time.monotonic() + 5.0
        sink.samples(joints)
        while not (seen := onlooker.poll(0.02)):
            sink.samples(wrench)
            assert time.monotonic() < deadline
        recorded = inbox.poll(2.0)
    assert {block.info.name for _, block in seen} == {WRENCH_STREAMS[0]}
    assert recorded[0][1].info.name == "joints"


def test_the_newest_chunk_is_handed_over_once(wire: Wire):
    chunk = ActionChunk(1, 0, 5, 5, 10, frozen_array([[[0.0] * 6] * 2]), frozen_array([[0, 0]]), 1)
    wire.until_heard(CHUNK, chunk)
    wire.publisher.send(CHUNK, replace(chunk, chunk_id=2))
    wire.publisher.send(CHUNK, replace(chunk, chunk_id=3))
    time.sleep(0.05)
    source = BusChunks(wire.subscriber)
    seen = Observation(make_state(), (), "")
    newest = source.exchange(seen)
    assert newest is not None
    assert newest.chunk_id == 3
    assert source.exchange(seen) is None


def test_a_policy_that_plans_on_old_observations_is_told_about(wire: Wire):
    chunk = ActionChunk(1, 0, 5, 5, 10, frozen_array([[[0.0] * 6] * 2]), frozen_array([[0, 0]]), 1)
    wire.until_heard(CHUNK, chunk)
    source = BusChunks(wire.subscriber)
    seen = Observation(make_state(), (), "")
    troubles: list[bool] = []
    for number, age_ms in enumerate([100, 240, 330, 240, 100]):
        observed_ns = seen.state.stamp_ns - age_ms * 1_000_000
        wire.publisher.send(CHUNK, replace(chunk, chunk_id=number + 2, observation_ns=observed_ns))
        while source.exchange(seen) is None:
            time.sleep(0.005)
        troubles.append("plans on what was 0." in source.trouble)
    assert troubles == [False, False, True, True, False]


def test_a_camera_that_is_silent_keeps_its_last_image(wire: Wire):
    wire.until_heard(FRAME, FrameRef("top", 1, 10))
    frames = BusFrames(wire.subscriber)
    for camera, sequence in (("top", 2), ("front", 8), ("front", 9)):
        wire.publisher.send(FRAME, FrameRef(camera, sequence, 10 * sequence))
    time.sleep(0.05)
    assert {(ref.camera, ref.sequence) for ref in frames()} == {("top", 2), ("front", 9)}
    assert {(ref.camera, ref.sequence) for ref in frames()} == {("top", 2), ("front", 9)}


def test_images_of_the_scene_before_are_named_no_more(wire: Wire):
    wire.until_heard(FRAME, FrameRef("top", 1, 10))
    frames = BusFrames(wire.subscriber)
    wire.publisher.send(FRAME, FrameRef("top", 2, 20))
    time.sleep(0.05)
    assert len(frames()) == 1
    frames.opened(replace(OPENED, stamp_ns=25))
    assert frames() == ()
    wire.publisher.send(FRAME, FrameRef("top", 3, 30))
    time.sleep(0.05)
    assert [ref.sequence for ref in frames()] == [3]


def test_the_windows_keys_become_a_reading(wire: Wire):
    wire.until_heard(KEYS, KeysHeld(1, Arm.RIGHT, ()))
    keys = WindowKeys(wire.subscriber)
    wire.publisher.send(KEYS, KeysHeld(20, Arm.RIGHT, ("D",), stop_presses=0))
    time.sleep(0.05)
    reading = keys.read(30)
    assert reading is not None
    assert reading.stamp_ns == 20
    assert reading.deflection[Arm.RIGHT, 0] > 0.2
    assert not reading.deflection[Arm.LEFT].any()
