"""The stretch of time that a row of pixels shows; shared by the time line and the curves."""

from dataclasses import dataclass, replace

LEFT, RIGHT = 80, 236  # pixels for names and for values at the cursor
STEPS_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)
LABEL_PX = 64  # that a time needs
CLOSEST_S = 0.2


@dataclass(frozen=True)
class TimeAxis:
    """Seconds `begin_s` to `end_s` of a clip on pixels `left` to `left + width`."""

    length_s: float
    begin_s: float
    end_s: float
    left: float = LEFT
    width: float = 1.0

    def x_of(self, at_s: float) -> float:
        """The pixel of a time; it may lie beyond the axis."""
        span = max(self.end_s - self.begin_s, 1e-9)
        return self.left + (at_s - self.begin_s) / span * self.width

    def s_at(self, x: float) -> float:
        """The time at a pixel, within the clip."""
        span = self.end_s - self.begin_s
        found = self.begin_s + (x - self.left) / max(self.width, 1.0) * span
        return min(max(found, 0.0), self.length_s)

    def sized(self, width: float) -> "TimeAxis":
        """On that many pixels."""
        return replace(self, width=max(width, 1.0))

    def zoomed(self, factor: float, around_s: float) -> "TimeAxis":
        """Showing less (factor above 1) or more, with `around_s` where it is."""
        least = min(CLOSEST_S, self.length_s)
        span = min(max((self.end_s - self.begin_s) / factor, least), self.length_s)
        share = (around_s - self.begin_s) / max(self.end_s - self.begin_s, 1e-9)
        return self._begun(around_s - share * span, span)

    def showing(self, at_s: float) -> "TimeAxis":
        """Scrolled so far that `at_s` is in sight; itself if it is."""
        if self.begin_s <= at_s <= self.end_s:
            return self
        span = self.end_s - self.begin_s
        return self._begun(at_s - 0.1 * span if at_s > self.end_s else at_s - 0.9 * span, span)

    def scrolled(self, by_s: float) -> "TimeAxis":
        """Moved along the clip."""
        return self._begun(self.begin_s + by_s, self.end_s - self.begin_s)

    def _begun(self, begin_s: float, span: float) -> "TimeAxis":
        begin = min(max(begin_s, 0.0), max(self.length_s - span, 0.0))
        return replace(self, begin_s=begin, end_s=begin + span)

    def ticks(self) -> tuple[float, tuple[float, ...]]:
        """The step of the marked times, and the times."""
        span = max(self.end_s - self.begin_s, 1e-9)
        room = max(self.width / LABEL_PX, 1.0)
        step = next((each for each in STEPS_S if span / each <= room), STEPS_S[-1])
        first = int(self.begin_s / step)
        count = int(self.end_s / step + 1e-6) - first + 1
        marked = (round((first + number) * step, 6) for number in range(count))
        return step, tuple(each for each in marked if self.begin_s <= each <= self.end_s)


def whole(length_s: float, width: float = 1.0) -> TimeAxis:
    """The axis of a whole clip."""
    return TimeAxis(length_s, 0.0, length_s, width=width)
