import os

from teleop.heartbeat import Heartbeat
from teleop.messages import Health

SECOND_NS = 1_000_000_000


def test_the_first_sign_is_at_once_and_then_about_once_a_second_with_the_rate():
    sent: list[Health] = []
    heartbeat = Heartbeat("control", sent.append)
    for tick in range(201):
        heartbeat.beat(5 * SECOND_NS + tick * SECOND_NS // 100)
    assert [sign.stamp_ns // SECOND_NS for sign in sent] == [5, 6, 7]
    assert sent[0].pid == os.getpid()
    assert abs(sent[1].numbers["rate_hz"] - 100.0) < 1.0


def test_a_round_without_work_does_not_count_towards_the_rate():
    sent: list[Health] = []
    heartbeat = Heartbeat("camera_top", sent.append)
    for tick in range(101):
        heartbeat.beat(SECOND_NS + tick * SECOND_NS // 100, worked=tick % 4 == 0)
    assert 24.0 <= sent[-1].numbers["rate_hz"] <= 26.0


def test_trouble_is_told_at_once_and_so_is_its_end():
    sent: list[Health] = []
    heartbeat = Heartbeat("recorder", sent.append)
    for tick, level in enumerate(["ok", "ok", "error", "error", "error", "ok", "ok"]):
        heartbeat.beat(5 * SECOND_NS + tick * 10_000_000, level=level, text=level)
    assert [(sign.stamp_ns // 10_000_000 - 500, sign.level) for sign in sent] == [
        (0, "ok"),
        (2, "error"),
        (5, "ok"),
    ]
