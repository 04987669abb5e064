"""A gamepad as a device; what its controls mean is in `pad_state`.

It is read in the tick that asks (see `sdl`), so that each reading is of that very moment.
Unplugged, it keeps its last reading, whose stamp grows old: the arm holds. Plugged in again, or
another one in its place, it resumes by itself. Its profile is that of the model, as SDL tells no
serial number.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import numpy as np

from teleop.device_messages import (
    AT_REST,
    DeviceLevel,
    DeviceProfile,
    DeviceReading,
    DeviceSeen,
    MotionFrame,
    Six,
)
from teleop.devices.calibration import LOOK_S, Refused, judged
from teleop.devices.pad_state import PadState, after_press, looked_at, with_floor
from teleop.devices.profile import off_centre, shaped, size, thresholds
from teleop.devices.profile_saver import ProfileSaver
from teleop.devices.profile_store import devices_folder, read_profile
from teleop.devices.rest import Looks, first_look, looked
from teleop.devices.sdl import PadLook, Sdl
from teleop.messages import NUM_ARMS, Arm, Array, Mode
from teleop.order_messages import Reply

SEARCH_S = 0.5
SERIAL = "gamepad"  # before the first one was found
_NONE_YET = "No gamepad is plugged in; plug one in, and it is used at once."
_GONE = "It is unplugged; its arm holds if it was deflected. It is used again once it is back."
_HOW_TO = "Hold a shoulder or a trigger as clutch; 'back' moves the other arm."


class Pads(Protocol):
    """Where a gamepad's looks come from; `Sdl` outside of tests."""

    name: str
    guid: str

    def find(self) -> bool: ...
    def poll(self) -> PadLook | None: ...
    def close(self) -> None: ...


def _today() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


class Gamepad:
    """Implements `teleop.interfaces.Device` and `Tunable`. Needs no pad to be there.

    Args:
        folder: of the profiles; None: the user's own.
        asked: whether a gamepad was asked for, so that having none is told.
        pads: where looks come from.
        today: the date and time of a calibration.

    Raises:
        SetupError: SDL cannot be started.
    """

    def __init__(
        self,
        folder: Path | None = None,
        asked: bool = True,
        pads: Pads | None = None,
        today: Callable[[], str] = _today,
    ) -> None:
        self._folder = devices_folder() if folder is None else folder
        self._saver = ProfileSaver(self._folder)
        self._pads = Sdl() if pads is None else pads
        self._asked = asked
        self._today = today
        self._state = PadState()
        self._here = False
        self._search_ns = 0
        self._reading: DeviceReading | None = None
        self._looks: Looks | None = None  # of a calibration that is under way
        self._refusal = ""  # of the last calibration
        self._trouble = ""  # with the file of the profile
        self._use(DeviceProfile(SERIAL, "Gamepad"))

    @property
    def name(self) -> str:
        return "gamepad"

    def read(self, now_ns: int) -> DeviceReading | None:
        if not self._here and now_ns >= self._search_ns:
            self._search_ns = now_ns + round(SEARCH_S * 1e9)
            if self._pads.find():
                self._begin()
        look = self._pads.poll() if self._here else None
        if look is None:
            if self._looks is not None:
                self._refusal = "Not calibrated: it was unplugged meanwhile; calibrate it again."
            self._here, self._looks = False, None
            return self._reading
        for button in look.pressed:
            centred = size(self._deflection) <= self._leave
            fixed = self._profile.arm is not None
            self._state = after_press(self._state, button, centred, fixed)
        before, self._state = self._state, looked_at(self._state, look.axes, look.held)
        if self._state.raw is not before.raw:
            self._deflection = shaped(self._state.raw, self._profile)
        if self._looks is not None:
            self._calibrate(self._looks, now_ns)
        self._reading = self._reading_at(now_ns)
        return self._reading

    def close(self) -> None:
        self._here = False
        self._search_ns = 1 << 63
        self._pads.close()
        self._saver.close()

    def seen(self, now_ns: int) -> tuple[DeviceSeen, ...]:
        if self._reading is None and not self._asked:
            return ()
        level, text = self._told()
        rest = off_centre(self._state.raw, self._profile)
        done = -1.0
        if self._looks is not None:
            done = min(1.0, (now_ns - self._looks.since_ns) * 1e-9 / LOOK_S)
        return (
            DeviceSeen(
                serial=self._profile.serial,
                name=self._profile.name,
                level=level,
                text=text,
                arm=self._state.arm,
                raw=self._state.raw,
                deflection=self._deflection if self._here else AT_REST,
                drift=max(map(abs, rest)) if self._deflection == AT_REST else 0.0,
                calibrating=done,
                profile=self._profile,
            ),
        )

    def tune(self, profile: DeviceProfile) -> Reply:
        mine = self._profile
        if profile.serial != mine.serial or mine.serial == SERIAL:
            return Reply(False, f"No gamepad has the serial '{profile.serial}'.")
        if profile.arm not in (None, self._state.arm) and self._is_held():
            return Reply(False, "Let the gamepad go before it gets another arm.")
        if profile.calibrated <= mine.calibrated:  # of two dates the later one counts
            rest = (mine.offset, mine.noise, mine.calibrated)
            profile = replace(profile, offset=rest[0], noise=rest[1], calibrated=rest[2])
        self._use(profile)
        self._saver.save(self._profile)
        return Reply(True)

    def calibrate(self, serial: str, now_ns: int) -> Reply:
        if not self._here or serial != self._profile.serial:
            return Reply(False, f"No gamepad with the serial '{serial}' is plugged in.")
        self._looks, self._refusal = first_look(self._state.raw, now_ns), ""
        return Reply(True)

    def show(self, modes: tuple[Mode, Mode]) -> None:
        """Nothing: SDL reaches no light of a pad through pygame."""

    def _told(self) -> tuple[DeviceLevel, str]:
        if not self._here:
            return DeviceLevel.ERROR, _NONE_YET if self._reading is None else _GONE
        warning = self._refusal or self._saver.trouble or self._trouble
        return (DeviceLevel.WARNING, warning) if warning else (DeviceLevel.OK, _HOW_TO)

    def _begin(self) -> None:
        """Take the pad that was found, with the profile of its model."""
        kept = read_profile(self._folder, f"pad {self._pads.guid}", self._pads.name)
        self._here, self._trouble = True, kept.trouble
        self._use(kept.profile)

    def _use(self, profile: DeviceProfile) -> None:
        self._profile = with_floor(profile)
        self._enter, self._leave = thresholds(self._profile)
        self._deflection: Six = shaped(self._state.raw, self._profile)
        if profile.arm is not None:
            self._state = replace(self._state, arm=profile.arm)

    def _is_held(self) -> bool:
        return self._here and (self._state.clutch or size(self._deflection) > self._leave)

    def _calibrate(self, looks: Looks, now_ns: int) -> None:
        if now_ns - looks.since_ns < LOOK_S * 1e9:
            self._looks = looked(looks, self._state.raw)
            return
        self._looks = None
        found = judged(looks, self._profile, self._today())
        if isinstance(found, Refused):
            self._refusal = found.reason
        else:
            self._use(found)
            self._saver.save(self._profile)

    def _reading_at(self, now_ns: int) -> DeviceReading:
        state, arm = self._state, self._state.arm
        rows = np.zeros((NUM_ARMS, 6))
        rows[arm] = self._deflection
        rows.flags.writeable = False
        deflection: Array = rows
        clutch = (state.clutch and arm is Arm.LEFT, state.clutch and arm is Arm.RIGHT)
        enter, leave, frame = [0.0, 0.0], [0.0, 0.0], [MotionFrame(), MotionFrame()]
        enter[arm], leave[arm], frame[arm] = self._enter, self._leave, self._profile.frame
        return DeviceReading(
            now_ns,
            self.name,
            deflection,
            clutch=clutch,
            gripper_presses=state.gripper,
            take_presses=state.take,
            rewind_presses=state.rewind,
            stop_presses=state.stop,
            frame=(frame[0], frame[1]),
            enter=(enter[0], enter[1]),
            leave=(leave[0], leave[1]),
        )
