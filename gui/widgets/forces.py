"""The wrench at one wrist: magnitude against its limit, and the three components."""

import numpy as np
from PySide6.QtWidgets import QStackedLayout, QWidget

from gui import theme
from gui.min_max import MinMaxHistory
from gui.texts import arms as words
from gui.view import ArmView, WrenchSamples
from gui.widgets.panel import Panel, TextLabel
from gui.widgets.strip import SHARE_OF_WARNING, Curve, Lane, Strip
from teleop.config import SafetyLimits
from teleop.messages import Arm, Array

# Channels of the history: the wrench, then the magnitudes of force and torque.
FORCE, TORQUE = 6, 7
LEAST_FORCE = 2.0  # N, the smallest axis of the components
LEAST_TORQUE = 1.0  # Nm
TORQUE_LIMIT = 0.0  # none is set in the safety filter


def with_magnitudes(wrenches: Array) -> Array:
    """Return (N, 8): the wrenches (N, 6) with |force| and |torque| behind them."""
    force = np.linalg.norm(wrenches[:, :3], axis=1)
    torque = np.linalg.norm(wrenches[:, 3:], axis=1)
    return np.column_stack((wrenches, force, torque))


def force_level(newtons: float, limit: float) -> str:
    """Return the level of a force: a warning from 70 % of the limit on, an error beyond it."""
    if newtons >= limit:
        return "error"
    return "warning" if newtons >= SHARE_OF_WARNING * limit else ""


class ForcePanel(Panel):
    """Force or torque of one arm's wrist."""

    def __init__(self, arm: Arm, limit: float, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(words.wrist_force(arm.name.title()), parent)
        self._arm = arm
        self._limit = limit
        self._history = MinMaxHistory(8)
        self.value = TextLabel("value", "—", name=words.force(arm.name.title()))
        self.title_row.addWidget(self.value)
        self.strips = (
            Strip(_lanes(FORCE, 0, "N", limit, LEAST_FORCE, look), self._history, look, self),
            Strip(
                _lanes(TORQUE, 3, words.NM, TORQUE_LIMIT, LEAST_TORQUE, look),
                self._history,
                look,
                self,
            ),
        )
        self._stack = QStackedLayout()
        for strip in self.strips:
            self._stack.addWidget(strip)
        self.body.addLayout(self._stack, 1)

    @property
    def torque_shown(self) -> bool:
        """Whether torque is shown in place of force."""
        return self._stack.currentIndex() == 1

    def show_torque(self, torque: bool) -> None:
        """Show torque, or force."""
        self._stack.setCurrentIndex(int(torque))
        kind = "torque" if torque else "force"
        self.title.show_text(words.wrist(self._arm.name, kind.upper()))

    def show_limits(self, limits: SafetyLimits) -> None:
        """Draw the limits that are in force."""
        self._limit = limits.soft_force
        self.strips[0].show_limit(limits.soft_force)
        self.strips[1].show_limit(limits.soft_torque)

    def add(self, samples: WrenchSamples) -> None:
        """Take new samples into the curves."""
        if len(samples.stamps_ns):
            self._history.add(samples.stamps_ns, with_magnitudes(samples.values))

    def show_arm(self, view: ArmView, now_ns: int) -> None:
        """Draw the curves again, with the newest values."""
        self._history.move_to(now_ns)
        newest = None if view.wrench is None else with_magnitudes(view.wrench[None])[0]
        if newest is None:
            self.value.show_text("—")
            self.value.show_level("")
        elif self.torque_shown:
            self.value.show_text(words.nm(newest[TORQUE]))
            self.value.show_level("")
        else:
            self.value.show_text(f"{newest[FORCE]:.1f} N")
            self.value.show_level(force_level(float(newest[FORCE]), self._limit))
        self.strips[int(self.torque_shown)].show_newest(newest)


def _lanes(
    magnitude: int, first: int, unit: str, limit: float, floor: float, look: theme.Theme
) -> tuple[Lane, ...]:
    symbol = "F" if unit == "N" else "M"
    return (
        Lane((Curve(magnitude, f"|{symbol}|", look.magnitude),), 0.42, limit, floor, False, unit),
        Lane(
            (
                Curve(first, "x", look.x),
                Curve(first + 1, "y", look.y),
                Curve(first + 2, "z", look.z),
            ),
            0.58,
            0.0,
            floor,
            True,
            unit,
        ),
    )
