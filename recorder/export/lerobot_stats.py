"""Statistics of an episode's columns and images, and of a whole dataset, as LeRobot keeps them.

Joining means and deviations of parts: Chan, Golub and LeVeque 1979. Quantiles of a dataset are the
mean of the episodes' quantiles, weighted by their rows, which is how LeRobot joins them too.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Stats = dict[str, Floats]  # by name, each of a row's shape; "count" (1,)

QUANTILES = {"q01": 0.01, "q10": 0.10, "q50": 0.50, "q90": 0.90, "q99": 0.99}
NAMES = ("min", "max", "mean", "std", "count", *QUANTILES)
_LONGEST = 150  # px; larger images are thinned out


def column_stats(values: NDArray[np.generic]) -> Stats:
    """Statistics of (n, d) numbers over their n > 0 rows, each (d,)."""
    numbers = values.astype(np.float64)
    stats = {
        "min": numbers.min(axis=0),
        "max": numbers.max(axis=0),
        "mean": numbers.mean(axis=0),
        "std": numbers.std(axis=0),
        "count": np.array([len(numbers)], np.float64),
    }
    quantiles = np.quantile(numbers, list(QUANTILES.values()), axis=0)
    return stats | dict(zip(QUANTILES, quantiles, strict=True))


class ImageStats:
    """Statistics of images by channel, in 0 to 1; takes the memory of three histograms."""

    def __init__(self) -> None:
        self._counts = np.zeros((3, 256), np.int64)
        self._images = 0

    def add(self, image: NDArray[np.uint8]) -> None:
        """Count an image, (H, W, 3)."""
        stride = max(max(image.shape[:2]) // _LONGEST, 1)
        thinned = image[::stride, ::stride]
        for channel in range(3):
            plane = np.ascontiguousarray(thinned[..., channel]).ravel()
            self._counts[channel] += np.bincount(plane, minlength=256)
        self._images += 1

    def stats(self) -> Stats:
        """Each (3, 1, 1)."""
        levels = np.arange(256) / 255.0
        share = self._counts / self._counts.sum(axis=1, keepdims=True)
        mean = share @ levels
        seen = self._counts > 0
        stats = {
            "min": levels[seen.argmax(axis=1)],
            "max": levels[255 - seen[:, ::-1].argmax(axis=1)],
            "mean": mean,
            "std": np.sqrt(np.maximum(share @ levels**2 - mean**2, 0.0)),
        }
        up_to = np.cumsum(share, axis=1)
        for name, quantile in QUANTILES.items():
            stats[name] = levels[(up_to >= quantile - 1e-12).argmax(axis=1)]
        shaped = {name: values.reshape(3, 1, 1) for name, values in stats.items()}
        return shaped | {"count": np.array([self._images], np.float64)}


def joined_pair(one: Stats, other: Stats) -> Stats:
    """Statistics of the rows of both."""
    count = one["count"] + other["count"]
    first, second = float((one["count"] / count)[0]), float((other["count"] / count)[0])
    apart = other["mean"] - one["mean"]
    variance = first * one["std"] ** 2 + second * other["std"] ** 2 + first * second * apart**2
    stats = {name: first * one[name] + second * other[name] for name in ("mean", *QUANTILES)}
    return stats | {
        "min": np.minimum(one["min"], other["min"]),
        "max": np.maximum(one["max"], other["max"]),
        "std": np.sqrt(variance),
        "count": count,
    }
