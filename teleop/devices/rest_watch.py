"""What is known of one puck's rest: first guess, calibration, drift. Fed by the thread that reads.

The attributes are replaced whole, so that any thread may look at them.
"""

import threading
from dataclasses import replace
from datetime import datetime

from teleop.device_messages import AT_REST, DeviceProfile, Six
from teleop.devices.calibration import FIRST_LOOK_S, LOOK_S, Refused, first_guess, judged
from teleop.devices.drift import Drift, is_at_rest, watched
from teleop.devices.profile import off_centre, shaped, thresholds
from teleop.devices.rest import Looks, first_look, looked

CENTRED = 0.08  # of full deflection; nearer than this to its rest it counts as let go
_LOOK_NS = 20_000_000  # looking for a drift more often would tell nothing new


class RestWatch:
    """Measures one puck, and shapes its axes by what it knows.

    Attributes:
        profile: as set up and kept.
        effective: the same; of a puck that was never calibrated, with its first guess.
        enter: see `profile.thresholds`.
        leave: see `profile.thresholds`.
        drift: of the idle puck; None: it was not looked at yet.
        done: of a running calibration, 0..1; -1: none is running.
        refusal: why the last calibration was refused; empty: it was not.
    """

    def __init__(self, profile: DeviceProfile) -> None:
        self.profile = self.effective = profile
        self.enter, self.leave = thresholds(profile)
        self.drift: Drift | None = None
        self.done = -1.0
        self.refusal = ""
        self._asked = False
        self._looks: Looks | None = None  # of the calibration, or of the first guess
        self._guess_until_ns = 0
        self._looked_ns = 0
        self._changing = threading.Lock()  # of the profile: one thread tunes, another calibrates

    def opened(self, now_ns: int) -> None:
        """Begin anew: the puck was plugged in, when nobody is expected to push it yet."""
        self.drift = self._looks = None
        if self.done >= 0.0:
            self._refuse("Not calibrated: it was unplugged meanwhile; calibrate it again.")
        never = not self.profile.calibrated
        self._guess_until_ns = now_ns + int(FIRST_LOOK_S * 1e9) if never else 0

    def tune(self, profile: DeviceProfile) -> DeviceProfile:
        """Use `profile` from now on, with what was measured here; return what is to be kept."""
        with self._changing:
            mine, rest = self.profile, self.effective
            if profile.calibrated <= mine.calibrated:  # of two dates the later one counts
                profile = replace(
                    profile, offset=mine.offset, noise=mine.noise, calibrated=mine.calibrated
                )
            guess = replace(profile, offset=rest.offset, noise=rest.noise)
            self.profile = profile
            self._use(profile if profile.calibrated else guess)
        return profile

    def calibrate(self) -> None:
        """Ask for a calibration, which begins at the next look. From any thread."""
        self._asked, self.done, self.refusal = True, 0.0, ""

    def look(self, raw: Six, now_ns: int) -> DeviceProfile | None:
        """Look once; returns a profile that is to be kept when a calibration is finished."""
        if self._asked:
            self._asked, self._looks = False, first_look(raw, now_ns)
            self._guess_until_ns = 0
        if self.done >= 0.0 and self._looks is not None:
            return self._calibrating(raw, self._looks, now_ns)
        if self._guess_until_ns:
            self._guess(raw, now_ns)
        elif now_ns - self._looked_ns >= _LOOK_NS:
            self._looked_ns = now_ns
            off = off_centre(raw, self.effective)
            self.drift = watched(self.drift, off, self.effective.noise, now_ns)
        return None

    def is_centred(self, raw: Six) -> bool:
        """Whether it is let go: near where it was calibrated, or where it has wandered to."""
        off = off_centre(raw, self.effective)
        return max(map(abs, off)) < CENTRED or is_at_rest(self.drift, off)

    def deflection(self, raw: Six) -> Six:
        """What the operator means by `raw`; nothing while it stands at a wandered centre."""
        if self.drift is not None and is_at_rest(self.drift, off_centre(raw, self.effective)):
            return AT_REST
        return shaped(raw, self.effective)

    def _calibrating(self, raw: Six, looks: Looks, now_ns: int) -> DeviceProfile | None:
        looks = self._looks = looked(looks, raw)
        self.done = min(1.0, (now_ns - looks.since_ns) / (LOOK_S * 1e9))
        if self.done < 1.0:
            return None
        date = datetime.now().astimezone().isoformat(timespec="seconds")
        with self._changing:
            result = judged(looks, self.profile, date)
            if isinstance(result, Refused):
                self._refuse(result.reason)
                return None
            self.done, self._looks, self.drift = -1.0, None, None
            self.profile = result
            self._use(result)
        return result

    def _guess(self, raw: Six, now_ns: int) -> None:
        looks = self._looks = (
            first_look(raw, now_ns) if self._looks is None else looked(self._looks, raw)
        )
        if now_ns >= self._guess_until_ns:
            self._guess_until_ns, self._looks = 0, None
            self._use(first_guess(looks, self.profile))

    def _refuse(self, reason: str) -> None:
        self.done, self.refusal, self._looks = -1.0, reason, None

    def _use(self, profile: DeviceProfile) -> None:
        self.effective = profile
        self.enter, self.leave = thresholds(profile)
