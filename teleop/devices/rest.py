"""What six axes do while nobody touches them: how far they spread, and about what middle."""

from dataclasses import dataclass

from teleop.device_messages import Six
from teleop.devices.profile import as_six


@dataclass(frozen=True)
class Looks:
    """Some looks at the axes since `since_ns`: enough to know their middle and their spread."""

    since_ns: int
    count: int
    total: Six
    low: Six
    high: Six

    @property
    def middle(self) -> Six:
        """The mean of the looks."""
        return as_six([value / self.count for value in self.total])

    @property
    def spread(self) -> Six:
        """From the lowest to the highest."""
        return as_six([high - low for low, high in zip(self.low, self.high, strict=True)])

    @property
    def noise(self) -> Six:
        """The farthest from the middle."""
        return as_six(
            [
                max(high - middle, middle - low)
                for low, middle, high in zip(self.low, self.middle, self.high, strict=True)
            ]
        )


def first_look(axes: Six, now_ns: int) -> Looks:
    """Begin to look."""
    return Looks(now_ns, 1, axes, axes, axes)


def looked(looks: Looks, axes: Six) -> Looks:
    """Return the looks with one more."""
    return Looks(
        looks.since_ns,
        looks.count + 1,
        as_six([total + value for total, value in zip(looks.total, axes, strict=True)]),
        as_six(list(map(min, looks.low, axes))),
        as_six(list(map(max, looks.high, axes))),
    )
