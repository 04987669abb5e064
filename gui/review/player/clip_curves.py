"""The curves of a clip, of the chosen arm and kind; all of them where there is room."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.review.player.curves import CurveView
from gui.review.player.lanes import WHOLE, Kind, lanes_of, next_kind
from gui.review.player.shown import Shown
from gui.review.player.time_axis import TimeAxis
from gui.review.values import OtherActions
from teleop.messages import Arm


class ClipCurves(CurveView):
    """Curves that choose their lanes.

    Signals:
        chosen: another arm or kind is shown.
    """

    chosen = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.arm = Arm.LEFT
        self.kind = Kind.MOTION
        self._shown: Shown | None = None
        self._others: tuple[OtherActions, ...] = ()
        self._fitted = 0  # lanes that had room when they were chosen
        self.resized.connect(self._fit)

    def show_clip(
        self, shown: Shown | None, others: tuple[OtherActions, ...], axis: TimeAxis
    ) -> None:
        """Show a clip, and other versions' actions with it; None: nothing."""
        self._shown, self._others = shown, others
        self.axis = axis
        self._choose_lanes()

    def show_other_arm(self) -> None:
        """Show the actions of the other arm."""
        self.arm = Arm.RIGHT if self.arm is Arm.LEFT else Arm.LEFT
        self._choose_lanes()
        self.chosen.emit()

    def show_other_kind(self) -> None:
        """Show the next kind of curves."""
        self.kind = next_kind(self.kind, self.room)
        self._choose_lanes()
        self.chosen.emit()

    def _fit(self) -> None:
        if self._fitted == self.room:
            return
        if self.room >= WHOLE:
            self.kind = self.kind.commanded
        self._choose_lanes()
        self.chosen.emit()

    def _choose_lanes(self) -> None:
        self._fitted = self.room
        if self._shown is None:
            return
        lanes = lanes_of(
            self._shown.track,
            self.arm,
            self.look,
            kind=self.kind,
            room=self.room,
            others=self._others,
        )
        self.show_lanes(self._shown.times_s, lanes, self.axis)
