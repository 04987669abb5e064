"""What control tells of takeovers and devices, without control: two pucks that somebody moves."""

import math
from dataclasses import dataclass, field, replace

from teleop.bus import DEVICES, NOTICE, TAKEOVER, Publisher
from teleop.device_messages import (
    DeviceLevel,
    DeviceProfile,
    DeviceSeen,
    DevicesSeen,
    Six,
)
from teleop.messages import Arm, Mode, SessionMode
from teleop.order_messages import Order, OrderKind, Reply
from teleop.takeover_messages import Notice, TakeoverStatus

CALIBRATION_S = 1.0  # three in truth; nobody waits for it here
OFFSET: Six = (0.01, -0.012, 0.004, 0.0, 0.008, -0.002)
NOISE: Six = (0.012, 0.010, 0.02, 0.008, 0.009, 0.011)
ORDERED = "It holds as ordered: give it back (G) or drive it."
NEVER = "It was never calibrated: press Calibrate and let it go for three seconds."


def fake_profiles() -> dict[str, DeviceProfile]:
    """Two pucks: one calibrated, one new."""
    left = DeviceProfile(
        "A1", "SpaceMouse Compact", Arm.LEFT, curve=1.6, offset=OFFSET, noise=NOISE,
        calibrated="2026-11-20T09:12:00",
    )  # fmt: skip
    right = DeviceProfile("B7", "SpaceMouse Wireless", Arm.RIGHT)
    return {"A1": left, "B7": right}


def fake_raw(t_s: float, phase: float) -> Six:
    """A hand that moves a puck about."""
    x, y, z, a, b, c = (
        0.55 * math.sin(0.7 * (k + 1) * t_s + phase + k) * (1.0 if k < 3 else 0.6) for k in range(6)
    )
    return x, y, z, a, b, c


@dataclass
class FakeTakeover:
    """Reports what was ordered, as control does.

    Attributes:
        authority: of each arm.
        trouble: what is wrong with every device.
        mute: tell nothing, like a control process of an older kind.
        deaf: grant orders and never report that they were obeyed.
    """

    authority: list[float] = field(default_factory=lambda: [1.0, 0.3])
    risk: tuple[float, float] = (0.35, 0.7)
    budget: float = 20.0
    alerts: int = 3
    hold_reason: tuple[str, str] = (ORDERED, ORDERED)
    stop_reason: str = "by order"
    profiles: dict[str, DeviceProfile] = field(default_factory=fake_profiles)
    notices: list[Notice] = field(default_factory=list[Notice])
    trouble: str = ""  # of each device; empty: none
    mute: bool = False
    deaf: bool = False
    calibrating: dict[str, float] = field(default_factory=dict[str, float])

    def obey(self, order: Order) -> Reply:
        """Answer the orders that concern takeovers and devices."""
        arms = (0, 1) if order.arm is None else (order.arm,)
        if order.kind is OrderKind.AUTHORITY and not self.deaf:
            for arm in arms:
                self.authority[arm] = order.value
        elif order.kind is OrderKind.HELP_BUDGET and not self.deaf:
            self.budget = order.value
        elif order.kind is OrderKind.CALIBRATE:
            if order.text not in self.profiles:
                return Reply(False, f"There is no device {order.text}.")
            self.calibrating[order.text] = 0.0
        elif order.kind is OrderKind.TUNE and order.profile is not None:
            self.profiles[order.profile.serial] = order.profile
        return Reply(True)

    def tell(
        self,
        control: Publisher,
        now_ns: int,
        t_s: float,
        modes: tuple[Mode, Mode],
        session_mode: SessionMode,
    ) -> None:
        """Publish everything once; meant for ten times a second."""
        if self.mute:
            return
        holds = [self.hold_reason[arm] if modes[arm] is Mode.HOLD else "" for arm in (0, 1)]
        stopped = self.stop_reason if session_mode is SessionMode.STOPPED else ""
        left, right = self.authority
        status = TakeoverStatus(
            now_ns, (left, right), (True, True), (holds[0], holds[1]), stopped,
            self.risk, self.budget, self.alerts,
        )  # fmt: skip
        while self.notices:
            control.send(NOTICE, replace(self.notices.pop(0), stamp_ns=now_ns))
        self._calibrate()
        control.send(DEVICES, DevicesSeen(now_ns, self.seen(t_s)))
        control.send(TAKEOVER, status)  # last: whoever has seen it has the rest too

    def seen(self, t_s: float) -> tuple[DeviceSeen, ...]:
        """Return both pucks, `t_s` seconds into a hand's play."""
        return tuple(
            self._one(profile, fake_raw(t_s, number))
            for number, profile in enumerate(self.profiles.values())
        )

    def _one(self, profile: DeviceProfile, raw: Six) -> DeviceSeen:
        x, y, z, a, b, c = (
            math.copysign(abs(value) ** profile.curve * factor, -value if flipped else value)
            for value, factor, flipped in zip(raw, profile.sensitivity, profile.flip, strict=True)
        )
        fine = bool(profile.calibrated)
        return DeviceSeen(
            profile.serial,
            profile.name,
            DeviceLevel.OK if fine else DeviceLevel.WARNING,
            self.trouble or ("Calibrated, its centre has hardly wandered." if fine else NEVER),
            profile.arm,
            raw,
            (x, y, z, a, b, c),
            0.006 if fine else 0.03,
            self.calibrating.get(profile.serial, -1.0),
            profile,
        )

    def _calibrate(self) -> None:
        for serial, done in list(self.calibrating.items()):
            self.calibrating[serial] = done + 0.1 / CALIBRATION_S
            if self.calibrating[serial] >= 1.0:
                del self.calibrating[serial]
                self.profiles[serial] = replace(
                    self.profiles[serial],
                    offset=OFFSET,
                    noise=NOISE,
                    calibrated="2026-11-22T14:00:00",
                )
