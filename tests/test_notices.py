from dataclasses import replace

from teleop.device_messages import AT_REST, DeviceLevel, DeviceProfile, DeviceSeen
from teleop.holds import SENTENCES, Hold
from teleop.messages import Arm, SessionMode
from teleop.notices import Standing, Throttle, changes, device_changes
from teleop.refusals import Refusal
from teleop.takeover_messages import NoticeKind

FINE = Standing(SessionMode.ROLLOUT, "", (Hold.NONE, Hold.NONE))
PUCK = DeviceSeen(
    "0001", "SpaceMouse", DeviceLevel.OK, "It is still.", Arm.LEFT, AT_REST, AT_REST, 0.0, -1.0,
    DeviceProfile("0001"),
)  # fmt: skip
TICK_NS = 5_000_000


def held(left: Hold, right: Hold = Hold.NONE) -> Standing:
    return replace(FINE, holds=(left, right))


def test_nothing_changed_nothing_told():
    assert changes(FINE, FINE, 7) == ()


def test_a_stop_is_told_with_its_reason():
    stopped = Standing(SessionMode.STOPPED, "by order", (Hold.STOPPED, Hold.STOPPED))
    (notice,) = changes(FINE, stopped, 7)
    assert (notice.kind, notice.arm, notice.stamp_ns) == (NoticeKind.STOPPED, None, 7)
    assert "by order" in notice.text


def test_a_hold_that_nobody_ordered_is_told_when_it_begins_and_when_it_is_over():
    silent = held(Hold.STALE_DEVICE)
    (begun,) = changes(FINE, silent, 7)
    assert (begun.kind, begun.arm) == (NoticeKind.HOLD, Arm.LEFT)
    assert begun.text == SENTENCES[Hold.STALE_DEVICE]
    (over,) = changes(silent, FINE, 8)
    assert (over.kind, over.arm) == (NoticeKind.RESUMED, Arm.LEFT)


def test_a_camera_is_told_to_be_back_also_before_the_policy_has_planned():
    (over,) = changes(held(Hold.STALE_CAMERA), held(Hold.NO_CHUNK_YET), 8)
    assert over.kind is NoticeKind.RESUMED


def test_what_was_ordered_or_is_always_so_is_not_told():
    assert changes(FINE, held(Hold.ORDERED, Hold.NO_CHUNK_YET), 7) == ()


def test_both_arms_for_the_same_reason_are_told_of_once():
    (notice,) = changes(FINE, held(Hold.STALE_CHUNK, Hold.STALE_CHUNK), 7)
    assert notice.arm is None


def test_a_hold_that_becomes_final_is_told_again():
    (notice,) = changes(held(Hold.STALE_CHUNK), held(Hold.POLICY_DROPPED_OUT), 7)
    assert "give it back" in notice.text


def test_a_puck_that_is_held_against_a_refusal_does_not_flood():
    throttle, refused = Throttle(), (Refusal(Arm.LEFT, "Centre it once."),)
    told = [throttle.refused(refused, tick * TICK_NS) for tick in range(2000)]
    assert sum(map(len, told)) == 1
    later_ns = 2000 * TICK_NS + 1_000_000_000
    assert len(throttle.refused(refused, later_ns)) == 1


def test_a_hold_that_flickers_is_told_once_a_second():
    throttle, count = Throttle(), 0
    for tick in range(0, 600, 2):
        now_ns = tick * TICK_NS
        count += len(throttle.passed(changes(FINE, held(Hold.STALE_CHUNK), now_ns)))
        count += len(throttle.passed(changes(held(Hold.STALE_CHUNK), FINE, now_ns + TICK_NS)))
    assert count == 6


def test_a_device_that_goes_comes_back_or_drifts_is_told_of():
    gone = replace(PUCK, level=DeviceLevel.ERROR, text="It was unplugged.")
    drifting = replace(PUCK, level=DeviceLevel.WARNING, text="It drifts.")
    assert device_changes((), (PUCK,), 7) == ()
    kinds = NoticeKind.DEVICE, NoticeKind.RESUMED, NoticeKind.DEVICE
    turns = (PUCK, gone), (gone, PUCK), (PUCK, drifting)
    for (before, after), kind in zip(turns, kinds, strict=True):
        (notice,) = device_changes((before,), (after,), 7)
        assert notice.kind is kind
        assert after.text in notice.text
    assert "gone" in device_changes((PUCK,), (), 7)[0].text
    assert device_changes((gone,), (gone,), 7) == ()
