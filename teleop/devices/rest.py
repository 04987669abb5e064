"""Calibration of a puck at rest: its offset, and the dead-band that its noise asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

from teleop.devices.puck_reports import AT_REST, Axes, is_centred

_BAND_CAP = 0.05  # deflection; a noisier puck is broken, and a wider band would hide its motion


@dataclass(frozen=True)
class Rest:
    """What a puck reports while nobody touches it."""

    offset: Axes = AT_REST
    band: Axes = AT_REST


def calibrated(looks: Sequence[Axes]) -> Rest:
    """Return the rest that `looks` at an untouched puck show.

    A puck that reports nothing is exactly centred. One that is being pushed is left as it is.
    """
    if not looks or not all(is_centred(look) for look in looks):
        return Rest()
    columns = list(zip(*looks, strict=True))
    offset = [sum(column) / len(column) for column in columns]
    noise = [
        max(abs(value - middle) for value in column)
        for column, middle in zip(columns, offset, strict=True)
    ]
    return Rest(_axes(offset), _axes([min(_BAND_CAP, 2.0 * width) for width in noise]))


def corrected(axes: Axes, rest: Rest) -> Axes:
    """Take the offset off; what lies in the dead-band is zero."""
    moved = [value - middle for value, middle in zip(axes, rest.offset, strict=True)]
    return _axes(
        [0.0 if abs(value) <= band else value for value, band in zip(moved, rest.band, strict=True)]
    )


def _axes(values: Sequence[float]) -> Axes:
    x, y, z, roll, pitch, yaw = values
    return x, y, z, roll, pitch, yaw
