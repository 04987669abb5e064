"""Sensitivity and direction of each axis, under the axis' bars."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from gui import theme
from gui.tuning import SENSITIVITY
from gui.widgets.devices.number_field import NumberField
from gui.widgets.devices.six_axes import SixAxes
from gui.widgets.motion import AXES
from gui.widgets.panel import Panel, TextLabel
from teleop.device_messages import DeviceProfile, Flags6, Six

GAP = 10


class AxisGrid(Panel):
    """The six-axis picture with the two settings of each axis below it.

    Signals:
        edited: by the operator, rightly or wrongly.
        finished: Enter was pressed.
    """

    edited = Signal()
    finished = Signal()

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__("Axes · % of full deflection", parent)
        self.bars = SixAxes(look, GAP, self)
        names = [f"of {axis}" for axis in AXES]
        self.sensitivity = tuple(
            NumberField(f"Sensitivity {name}", SENSITIVITY, self) for name in names
        )
        self.flip = tuple(QCheckBox("flip", self) for _ in names)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(3)
        grid.addWidget(self.bars, 0, 1, 1, len(AXES))
        grid.setRowStretch(0, 1)
        grid.addWidget(TextLabel("dim", f"speed {SENSITIVITY.unit}"), 1, 0)
        ends = f"{SENSITIVITY.low:g} to {SENSITIVITY.high:g}"
        grid.addWidget(TextLabel("small", ends), 2, 0)
        grid.addWidget(TextLabel("dim", "direction"), 3, 0)
        for column, (field, box, axis) in enumerate(
            zip(self.sensitivity, self.flip, AXES, strict=True), start=1
        ):
            grid.setColumnStretch(column, 1)
            grid.addWidget(field, 1, column, 2, 1)
            grid.addWidget(box, 3, column, Qt.AlignmentFlag.AlignHCenter)
            box.setAccessibleName(f"Flip {axis}")
            field.edited.connect(self.edited)
            field.returnPressed.connect(self.finished)
            box.clicked.connect(self.edited)
        self.body.addLayout(grid, 1)

    def show_profile(self, profile: DeviceProfile) -> None:
        """Show the settings of `profile`."""
        for field, value in zip(self.sensitivity, profile.sensitivity, strict=True):
            field.show_value(value)
        for box, flipped in zip(self.flip, profile.flip, strict=True):
            box.setChecked(flipped)

    @property
    def problem(self) -> str:
        """What is wrong with the first number that is wrong."""
        return next((f.entry.problem for f in self.sensitivity if f.entry.problem), "")

    @property
    def factors(self) -> Six:
        """The six sensitivities; a wrong one counts as 1."""
        values = [field.entry.value for field in self.sensitivity]
        x, y, z, a, b, c = (1.0 if value is None else value for value in values)
        return x, y, z, a, b, c

    @property
    def flipped(self) -> Flags6:
        """Which axes are turned round."""
        x, y, z, a, b, c = (box.isChecked() for box in self.flip)
        return x, y, z, a, b, c
