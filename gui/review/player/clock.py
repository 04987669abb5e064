"""Where a replay stands, as a value; the time of now comes in as an argument."""

from dataclasses import dataclass, replace

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
NORMAL = SPEEDS.index(1.0)


@dataclass(frozen=True)
class ReplayClock:
    """A clock that can be stopped, set, slowed and turned round.

    Attributes:
        length_s: it stops there, and at 0.
        anchor_s: where it stood at `anchor_ns`.
        anchor_ns: monotonic time.
        gear: place in `SPEEDS`.
        way: 1 on, -1 back.
    """

    length_s: float = 0.0
    anchor_s: float = 0.0
    anchor_ns: int = 0
    gear: int = NORMAL
    way: int = 1
    playing: bool = False

    @property
    def speed(self) -> float:
        """Seconds of the clip in a second; below 0 backwards."""
        return self.way * SPEEDS[self.gear]

    def at(self, now_ns: int) -> float:
        """Seconds since the clip's first row at monotonic time `now_ns`."""
        passed = self.speed * (now_ns - self.anchor_ns) / 1e9 if self.playing else 0.0
        return min(max(self.anchor_s + passed, 0.0), self.length_s)

    def ended(self, now_ns: int) -> bool:
        """Whether it plays against an end of the clip."""
        return self.playing and self.at(now_ns) == (self.length_s if self.way > 0 else 0.0)

    def toggled(self, now_ns: int, way: int = 1) -> "ReplayClock":
        """Paused if it plays that way, else playing it; from an end it begins at the other one."""
        if self.playing and self.way == way:
            return self.paused(now_ns)
        at_s = self.at(now_ns)
        first, last = (0.0, self.length_s) if way > 0 else (self.length_s, 0.0)
        start = first if at_s == last else at_s
        return replace(self, anchor_s=start, anchor_ns=now_ns, way=way, playing=True)

    def paused(self, now_ns: int) -> "ReplayClock":
        """Standing where it is."""
        return replace(self, anchor_s=self.at(now_ns), anchor_ns=now_ns, playing=False)

    def set_to(self, at_s: float, now_ns: int, *, playing: bool = False) -> "ReplayClock":
        """Elsewhere."""
        moved = replace(self, anchor_s=at_s, anchor_ns=now_ns, playing=playing)
        return replace(moved, anchor_s=min(max(at_s, 0.0), self.length_s))

    def geared(self, by: int, now_ns: int) -> "ReplayClock":
        """Faster (1) or slower (-1), without a jump."""
        gear = min(max(self.gear + by, 0), len(SPEEDS) - 1)
        return replace(self, anchor_s=self.at(now_ns), anchor_ns=now_ns, gear=gear)

    def reaching(self, length_s: float, now_ns: int) -> "ReplayClock":
        """The same place in a clip of another length."""
        at_s = min(self.at(now_ns), length_s)
        return replace(self, length_s=length_s, anchor_s=at_s, anchor_ns=now_ns)
