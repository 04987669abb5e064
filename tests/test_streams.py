from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from teleop.config import EpisodeConfig, SessionConfig
from teleop.device_messages import DeviceReading
from teleop.device_samples import COLUMNS, SampledDevice
from teleop.interfaces import SampleSink
from teleop.lockstep import Lockstep
from teleop.messages import Arm, EpisodeEnded, EpisodeOpened, Mode, Outcome, Step
from teleop.order_messages import Order, OrderKind
from teleop.stream_messages import EventKind, RecordedEvent, SampleBlock
from teleop.streams import Streams
from teleop.takeover_messages import Notice, NoticeKind
from tests.control_parts import make_reading
from tests.sample_steps import make_step

OPENED = EpisodeOpened(4, 0, "Plug the connector in.", ("top",), "plug/near/1")
ENDED = EpisodeEnded(4, 9, Outcome.SUCCESS, "inserted")
P, O, H = Mode.POLICY, Mode.OPERATOR, Mode.HOLD  # noqa: E741
MS = 1_000_000


@dataclass
class Taker:
    """Implements `teleop.interfaces.StepSink` and `SampleSink`."""

    blocks: list[SampleBlock] = field(default_factory=list[SampleBlock])
    events: list[RecordedEvent] = field(default_factory=list[RecordedEvent])
    order: list[str] = field(default_factory=list[str])

    def opened(self, message: EpisodeOpened) -> None:
        self.order.append("opened")

    def step(self, step: Step) -> None:
        self.order.append("step")

    def ended(self, message: EpisodeEnded) -> None:
        self.order.append("ended")

    def samples(self, block: SampleBlock) -> None:
        self.order.append(block.info.name)
        self.blocks.append(block)

    def event(self, event: RecordedEvent) -> None:
        self.events.append(event)

    def told(self, kind: EventKind) -> list[str]:
        return [event.text for event in self.events if event.kind is kind]


class FakeDevice:
    name = "fake"

    def __init__(self) -> None:
        self.reading: DeviceReading | None = None

    def read(self, now_ns: int) -> DeviceReading | None:
        return self.reading

    def close(self) -> None:
        return


@pytest.fixture
def taker() -> Taker:
    return Taker()


def run(streams: Streams, *modes: tuple[Mode, Mode], first: int = 0) -> None:
    for index, each in enumerate(modes, first):
        step = replace(make_step(index), stamp_ns=index * 10 * MS, modes=each, device="puck")
        streams.step(step)


def test_takeovers_and_hand_backs_are_told_per_arm_and_a_hold_is_neither(taker: Taker):
    streams = Streams((), (taker,))
    streams.opened(OPENED)
    run(streams, (P, P), (O, P), (H, P), (O, P), (H, P), (P, P), (P, O))
    told = [(e.kind, e.source, e.stamp_ns) for e in taker.events if e.kind is not EventKind.DEVICE]
    assert told == [
        (EventKind.TAKEOVER, "left", 10 * MS),
        (EventKind.HAND_BACK, "left", 50 * MS),
        (EventKind.TAKEOVER, "right", 60 * MS),
    ]


def test_a_hand_back_says_why_also_when_the_policy_must_plan_first(taker: Taker):
    device = FakeDevice()
    sampled = SampledDevice(device)
    streams = Streams((sampled,), (taker,), lambda: sampled.readings)
    streams.opened(OPENED)

    def read(stamp_ms: int, **more: Any) -> None:
        device.reading = make_reading(stamp_ms * MS, **more)
        sampled.read(0)

    read(1)
    run(streams, (P, P), (O, O))
    read(2, take_presses=(1, 0))
    run(streams, (H, O), (H, O), (P, O))
    streams.ordered(Order(OrderKind.GIVE, Arm.RIGHT))
    run(streams, (P, H), (P, P))
    read(3, take_presses=(1, 0), clutch=(True, False))
    run(streams, (O, P))
    read(4, take_presses=(1, 0))
    run(streams, (P, P), (P, O), (P, P))
    why = [text.partition(": ")[2] for text in taker.told(EventKind.HAND_BACK)]
    assert why == [
        "its button was pressed.",
        "it was ordered.",
        "the clutch was released.",
        "the device was let go.",
    ]


def test_the_operator_of_a_demonstration_takes_nothing_over(taker: Taker):
    streams = Streams((), (taker,))
    streams.opened(replace(OPENED, demonstration=True))
    run(streams, (O, O), (H, O), (O, O))
    assert not taker.told(EventKind.TAKEOVER)


def test_notices_are_kept_within_an_episode_only(taker: Taker):
    streams = Streams((), (taker,))
    notice = Notice(5, NoticeKind.HOLD, Arm.LEFT, "The policy is silent: the arm holds.")
    streams.notice(notice)
    streams.opened(OPENED)
    streams.notice(notice)
    streams.ended(ENDED)
    streams.notice(notice)
    assert taker.told(EventKind.NOTICE) == ["HOLD: The policy is silent: the arm holds."]


def test_each_new_reading_of_the_device_is_sampled_once():
    device = FakeDevice()
    sampled = SampledDevice(device)
    assert sampled.read(0) is None
    sampled.sampling = True
    for stamp_ms in (1, 1, 3, 3, 4):
        device.reading = make_reading(stamp_ms * MS, left=0.5, stops=stamp_ms)
        assert sampled.read(0) is device.reading
    (block,) = sampled.samples()
    assert block.host_ns.tolist() == [1 * MS, 3 * MS, 4 * MS]
    assert block.sequence.tolist() == [0, 1, 2]
    row = dict(zip(COLUMNS, block.data[-1], strict=True))
    assert (row["left_x"], row["right_x"], row["stop_presses"]) == (0.5, 0.0, 4.0)
    assert not sampled.samples()


def test_of_two_pucks_in_one_reading_the_one_that_moves_makes_it_new():
    device = FakeDevice()
    sampled = SampledDevice(device)
    sampled.sampling = True
    for moved_ms in (2, 4):
        device.reading = replace(make_reading(1 * MS), sample_ns=(1 * MS, moved_ms * MS))
        sampled.read(0)
    (block,) = sampled.samples()
    assert block.host_ns.tolist() == [2 * MS, 4 * MS]


def test_the_samples_of_an_episode_reach_its_recorder_before_it_ends(taker: Taker):
    lockstep = Lockstep(SessionConfig(episode=EpisodeConfig(time_limit_s=1.0)), cameras=())
    assert isinstance(taker, SampleSink)
    lockstep.run_demonstration("near", 2, sinks=[taker])
    lockstep.close()
    assert taker.order[-1] == "ended"
    steps = taker.order[taker.order.index("opened") :].count("step")
    by_name: dict[str, list[SampleBlock]] = {}
    for block in taker.blocks:
        by_name.setdefault(block.info.name, []).append(block)
    for name, per_tick in (("wrench_left", 5), ("joints", 5), ("tactile_right", 1), ("device", 1)):
        sequence = np.concatenate([block.sequence for block in by_name[name]])
        assert abs(len(sequence) - per_tick * steps) <= per_tick
        assert np.array_equal(np.diff(sequence), np.ones(len(sequence) - 1))
        stamps = np.concatenate([block.host_ns for block in by_name[name]])
        assert np.all(np.diff(stamps) > 0)
    assert len(by_name["joints"]) <= steps / 4
    assert [event.source for event in taker.events] == ["expert"]


def test_without_anybody_to_take_samples_nothing_is_sampled():
    device = SampledDevice(FakeDevice())
    streams = Streams((device,), ())
    streams.opened(OPENED)
    assert not device.sampling
