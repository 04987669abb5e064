from concurrent.futures import wait
from dataclasses import replace

import numpy as np

from teleop.bus import SETTINGS, Publisher, Subscriber
from teleop.config import SafetyLimits, SessionConfig, TakeoverConfig
from teleop.messages import EpisodeEnded, EpisodeOpened, Outcome
from teleop.session_folder import SessionFolder
from teleop.session_record import SessionRecord, read_record, write_record
from teleop.settings_desk import TELL_NS, SettingsDesk
from teleop.settings_live import Configured, changes, in_force
from teleop.stream_messages import EventKind, RecordedEvent, SampleBlock
from teleop.streams import Streams
from teleop.takeover_messages import Notice, NoticeKind

PLAIN = SessionConfig()
SLOWER = replace(PLAIN, limits=replace(PLAIN.limits, linear_speed=0.1))
CONFIGURED = Configured(5, SLOWER, changes(PLAIN, SLOWER))


class Kept:
    """Implements `teleop.interfaces.SampleSink`."""

    def __init__(self) -> None:
        self.events: list[RecordedEvent] = []

    def samples(self, block: SampleBlock) -> None:
        assert np.size(block.data)

    def event(self, event: RecordedEvent) -> None:
        self.events.append(event)


def test_a_restarted_process_reads_the_settings_that_are_in_force(session_dir):
    folder = SessionFolder(session_dir)
    record = SessionRecord(PLAIN, "now")
    write_record(folder, record)
    taken: list[TakeoverConfig] = []
    kept: list[Configured] = []
    with (
        Publisher(folder.endpoint("control")) as publisher,
        Subscriber([folder.endpoint("control")], [SETTINGS]) as listener,
    ):
        desk = SettingsDesk(folder, record, publisher, kept.append, taken.append)
        listener.poll(0.05)
        desk.configured(CONFIGURED)
        desk.round(lambda: in_force(SLOWER), 7)
        desk.round(lambda: in_force(SLOWER), 8)
        desk.round(lambda: in_force(SLOWER), 7 + TELL_NS)
        told = listener.poll(1.0)
        desk.close()
    assert read_record(folder).config == SLOWER
    assert (kept, taken) == ([CONFIGURED], [PLAIN.takeover])
    assert [message.stamp_ns for _, message in told] in ([7, 7 + TELL_NS], [7 + TELL_NS])
    assert told[-1][1].settings.limits == SafetyLimits(linear_speed=0.1)
    assert desk.trouble == ""


def test_settings_that_a_full_disk_does_not_take_are_told(session_dir):
    folder = SessionFolder(session_dir / "gone")
    with Publisher(SessionFolder(session_dir).endpoint("control")) as publisher:
        record = SessionRecord(PLAIN, "now")
        desk = SettingsDesk(folder, record, publisher, lambda _: None, lambda _: None)
        desk.configured(CONFIGURED)
        desk.close()
        assert desk._written is not None
        wait([desk._written])
    assert "could not be written" in desk.trouble


def test_an_episode_keeps_every_change_also_one_that_came_before_it_was_opened():
    kept = Kept()
    streams = Streams((), (kept,))
    streams.configured(CONFIGURED)
    streams.opened(EpisodeOpened(0, 9, "Plug.", (), "scene"))
    streams.notice(Notice(9, NoticeKind.SETTINGS, None, "Set: …"))
    streams.configured(replace(CONFIGURED, stamp_ns=11))
    streams.ended(EpisodeEnded(0, 12, Outcome.SUCCESS, "inserted"))
    streams.opened(EpisodeOpened(1, 20, "Plug.", (), "scene"))
    assert [(event.stamp_ns, event.kind) for event in kept.events] == [
        (5, EventKind.SETTINGS),
        (11, EventKind.SETTINGS),
    ]
    assert kept.events[0].text == "limits.linear_speed 0.15 m/s → 0.1 m/s"
