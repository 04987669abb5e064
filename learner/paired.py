"""Two policies on the same scenes, and a share of successes with how far it can be trusted."""

import math
from dataclasses import dataclass

_Z95 = 1.959964  # standard deviations that 95 % lie within


@dataclass(frozen=True)
class Paired:
    """Outcomes of two policies, scene by scene."""

    both: int = 0
    only_first: int = 0
    only_second: int = 0
    neither: int = 0

    @property
    def scenes(self) -> int:
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def first(self) -> int:
        """Successes of the first policy."""
        return self.both + self.only_first

    @property
    def second(self) -> int:
        """Successes of the second policy."""
        return self.both + self.only_second

    def and_scene(self, first: bool, second: bool) -> "Paired":
        """With one scene more."""
        return Paired(
            self.both + (first and second),
            self.only_first + (first and not second),
            self.only_second + (second and not first),
            self.neither + (not first and not second),
        )


def chance_of_worse(paired: Paired) -> float:
    """How often the first policy would lose at least so many scenes if both were equally good.

    The one-sided sign test: scenes with the same outcome say nothing.
    """
    differ = paired.only_first + paired.only_second
    ways = sum(math.comb(differ, lost) for lost in range(paired.only_second, differ + 1))
    return ways / 2**differ


def chance_of_difference(paired: Paired) -> float:
    """The same, whichever of the two loses: the two-sided sign test."""
    differ = paired.only_first + paired.only_second
    fewer = min(paired.only_first, paired.only_second)
    ways = sum(math.comb(differ, lost) for lost in range(fewer + 1))
    return min(1.0, 2.0 * ways / 2**differ)


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Where the true share lies, 95 % of the time (Wilson 1927, "Probable inference")."""
    if trials == 0:
        return 0.0, 1.0
    share, z2 = successes / trials, _Z95**2
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    spread = math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    half = _Z95 * spread / (1 + z2 / trials)
    return max(0.0, centre - half), min(1.0, centre + half)
