"""What the operator is told at once: pure, from how things stood and how they stand."""

from dataclasses import dataclass

from teleop.device_messages import DeviceLevel, DeviceSeen
from teleop.holds import EXPECTED, SENTENCES, Hold
from teleop.messages import Arm, SessionMode
from teleop.refusals import Refusal
from teleop.takeover_messages import Notice, NoticeKind

AGAIN_NS = 1_000_000_000  # the same text is told at most this often

_OVER: dict[Hold, str] = {
    Hold.STALE_CHUNK: "The policy plans again, and drives on.",
    Hold.STALE_CAMERA: "The camera is back.",
    Hold.STALE_DEVICE: "The device is back, and the operator drives on.",
    Hold.STALE_VIEW: "There is a picture again, and the operator drives on.",
    Hold.NOT_CENTRED: "The device was let go, and the operator drives on.",
}


@dataclass(frozen=True)
class Standing:
    """How things stand, as far as a change of it is told."""

    session_mode: SessionMode = SessionMode.IDLE
    stop_reason: str = ""
    holds: tuple[Hold, Hold] = (Hold.IDLE, Hold.IDLE)


def changes(before: Standing, after: Standing, now_ns: int) -> tuple[Notice, ...]:
    """Return what there is to tell of a change: a stop, a hold that began, one that is over."""
    if after == before:
        return ()
    found: list[Notice] = []
    if after.session_mode is SessionMode.STOPPED and before.session_mode is not after.session_mode:
        text = f"Stopped: {after.stop_reason}. Release the stop when it is safe to go on."
        found.append(Notice(now_ns, NoticeKind.STOPPED, None, text))
    told = [_of_hold(before.holds[arm], after.holds[arm]) for arm in Arm]
    if told[0] == told[1] and told[0] is not None:
        found.append(Notice(now_ns, told[0][0], None, told[0][1]))
    else:
        found += [Notice(now_ns, what[0], arm, what[1]) for arm in Arm if (what := told[arm])]
    return tuple(found)


def _of_hold(before: Hold, after: Hold) -> tuple[NoticeKind, str] | None:
    if after is before:
        return None
    if after not in EXPECTED:
        return NoticeKind.HOLD, SENTENCES[after]
    over = _OVER.get(before, "") if after in (Hold.NONE, Hold.NO_CHUNK_YET) else ""
    return (NoticeKind.RESUMED, over) if over else None


def device_changes(
    before: tuple[DeviceSeen, ...], after: tuple[DeviceSeen, ...], now_ns: int
) -> tuple[Notice, ...]:
    """Return what there is to tell of devices: gone, back, drifting."""
    levels = {device.serial: device.level for device in before}
    there = {device.serial for device in after}
    found = [
        Notice(now_ns, _of_level(device.level), device.arm, f"{device.name}: {device.text}")
        for device in after
        if device.level is not levels.get(device.serial, DeviceLevel.OK)
    ]
    found += [
        Notice(now_ns, NoticeKind.DEVICE, device.arm, f"{device.name} is gone.")
        for device in before
        if device.serial not in there
    ]
    return tuple(found)


def _of_level(level: DeviceLevel) -> NoticeKind:
    return NoticeKind.RESUMED if level is DeviceLevel.OK else NoticeKind.DEVICE


class Throttle:
    """Lets the same text about the same arm pass once a second."""

    def __init__(self) -> None:
        self._passed: dict[tuple[Arm | None, str], int] = {}

    def refused(self, refusals: tuple[Refusal, ...], now_ns: int) -> tuple[Notice, ...]:
        """Return the refusals to tell; a puck that is held is told of when it is first refused.

        A refusal that goes on from tick to tick is not told of again before it has stopped for
        a second.
        """
        return tuple(
            Notice(now_ns, NoticeKind.REFUSED, refusal.arm, refusal.reason)
            for refusal in refusals
            if self._is_new((refusal.arm, refusal.reason), now_ns, keep=True)
        )

    def passed(self, notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
        """Return those whose text was not told within the last second."""
        return tuple(
            notice
            for notice in notices
            if self._is_new((notice.arm, notice.text), notice.stamp_ns, keep=False)
        )

    def _is_new(self, key: tuple[Arm | None, str], now_ns: int, keep: bool) -> bool:
        last_ns = self._passed.get(key)
        new = last_ns is None or now_ns - last_ns >= AGAIN_NS
        if new or keep:
            self._passed[key] = now_ns
        if len(self._passed) > 100:  # texts with numbers in them must not pile up
            self._passed = {k: ns for k, ns in self._passed.items() if now_ns - ns < AGAIN_NS}
        return new
