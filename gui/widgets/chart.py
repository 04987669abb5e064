"""The chart of the learner panel: success and intervention rate, operator seconds, versions."""

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import theme
from gui.rates import Rates
from gui.texts import learner as words

BAND = 40  # percent below zero, where the versions are named
LEAST_EPISODES = 12  # the width of the axis before there are more


class LearnerChart(QWidget):
    """Two plots over the same episodes: rates in percent, operator seconds as bars."""

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._shown: Rates | None = None
        self._marks: list[Any] = []
        self.setAccessibleName(words.CHART)
        canvas: Any = pg.GraphicsLayoutWidget(parent=self)
        canvas.setBackground(QColor(look.panel))
        canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        canvas.ci.setContentsMargins(0, 0, 4, 0)
        canvas.ci.setSpacing(2)
        self._rates = canvas.addPlot(row=0, col=0)
        self._seconds = canvas.addPlot(row=1, col=0)
        canvas.ci.layout.setRowStretchFactor(0, 3)
        canvas.ci.layout.setRowStretchFactor(1, 2)
        for plot in (self._rates, self._seconds):
            self._prepare(plot)
        self._seconds.setXLink(self._rates)
        self._rates.getAxis("bottom").setStyle(showValues=False)
        self._rates.getAxis("bottom").setHeight(4)
        self._rates.setYRange(-BAND, 100 + BAND / 2, padding=0)
        self._rates.getAxis("left").setTicks([[(0, "0"), (50, "50"), (100, "100 %")]])
        self._success = self._curve(look.success, Qt.PenStyle.SolidLine, "o")
        self._intervention = self._curve(look.intervention, Qt.PenStyle.DashLine, "s")
        self._bars = pg.BarGraphItem(
            x=[0], height=[0], width=0.7, brush=QColor(look.operator_time), pen=None
        )
        self._seconds.addItem(self._bars)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(canvas)

    @property
    def shown(self) -> Rates | None:
        """What is drawn."""
        return self._shown

    def _prepare(self, plot: Any) -> None:
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(QColor(self._look.line))
            axis.setTextPen(QColor(self._look.dim))
            axis.setStyle(tickFont=theme.font(12), tickLength=-4)
        plot.getAxis("left").setWidth(44)

    def _curve(self, colour: str, style: Qt.PenStyle, symbol: str) -> Any:
        pen = pg.mkPen(QColor(colour), width=2, style=style)
        return self._rates.plot(
            pen=pen, symbol=symbol, symbolSize=6, symbolBrush=QColor(colour), symbolPen=None
        )

    def show_rates(self, rates: Rates) -> None:
        """Draw `rates` if they are others than those drawn."""
        if rates == self._shown:
            return
        self._shown = rates
        episodes = list(rates.episodes)
        self._success.setData(episodes, list(rates.success))
        self._intervention.setData(episodes, list(rates.intervention))
        if episodes:
            self._bars.setOpts(x=episodes, height=list(rates.operator_s), width=0.7)
        first = episodes[0] if episodes else 0
        last = max(episodes[-1] if episodes else 0, first + LEAST_EPISODES)
        self._rates.setXRange(first - 0.5, last + 0.5, padding=0)
        top = float(max(1, math.ceil(max(rates.operator_s, default=0.0))))
        self._seconds.setYRange(0, top, padding=0.08)
        self._seconds.getAxis("left").setTicks([[(0, "0"), (top, f"{top:g} s")]])
        self._mark_versions(rates)

    def _mark_versions(self, rates: Rates) -> None:
        for mark in self._marks:
            self._rates.removeItem(mark)
        self._marks = []
        for episode, version in rates.version_changes:
            line = pg.InfiniteLine(
                pos=episode - 0.5,
                angle=90,
                pen=pg.mkPen(QColor(self._look.dim), width=1, style=Qt.PenStyle.DotLine),
                label=f"v{version}",
                labelOpts={
                    "position": 0.1,
                    "color": QColor(self._look.text),
                    "anchors": [(0, 0.5), (0, 0.5)],
                },
            )
            line.label.setFont(theme.font(12))
            self._rates.addItem(line)
            self._marks.append(line)
