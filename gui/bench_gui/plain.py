"""The same pictures and forces in pyqtgraph's plain ImageItem and PlotDataItem, and nothing else.

They get them from the same bridge, at the same moments, on as many pixels as the window has for
them: four pictures, and four plots of three curves over the last ten seconds, set anew as often as
the window draws its own. There is no banner, no touch, no text, no chart: what is measured is less
than a window.
"""

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from gui.app import camera_order
from gui.bench_gui.meter import Meter
from gui.bench_gui.producer import SAMPLE_HZ
from gui.bench_gui.window import (
    SETTLED_MOST_S,
    SETTLED_SHARE,
    SIZE,
    WARM_UP_S,
    print_result,
)
from gui.bridge import Bridge
from gui.screen import CURVES_EVERY
from teleop.config import SessionConfig
from teleop.lifetime import Lifetime
from teleop.session_folder import SessionFolder

SPAN_S = 10
METER = Meter()


class TimedImage(pg.ImageItem):
    """An image item that says when it has been painted."""

    camera = ""
    stamp_ns = 0

    def paint(self, painter: Any, *rest: Any) -> None:
        super().paint(painter, *rest)
        if self.stamp_ns:
            METER.painted(self.camera, self.stamp_ns)


class PlainWindow(QObject):
    """Images above, curves below."""

    def __init__(self, folder: SessionFolder, config: SessionConfig, seconds: float) -> None:
        super().__init__()
        names = camera_order(config.cameras)
        self._canvas: Any = pg.GraphicsLayoutWidget()
        self._canvas.setGeometry(0, 0, *SIZE)
        self._images: dict[str, TimedImage] = {}
        for column, camera in enumerate(names):
            box = self._canvas.addViewBox(row=0, col=column, lockAspect=True, invertY=True)
            image = TimedImage(axisOrder="row-major")
            image.camera = camera
            box.addItem(image)
            self._images[camera] = image
        self._values = np.zeros((SPAN_S * SAMPLE_HZ, 12), np.float32)
        self._time = np.arange(-len(self._values), 0) / SAMPLE_HZ
        self._curves: list[Any] = []
        for column in range(4):
            plot: Any = self._canvas.addPlot(row=1, col=column)
            plot.setXRange(-SPAN_S, 0, padding=0)
            plot.setYRange(-10, 10)
            self._curves += [plot.plot(pen=pg.mkPen(pg.intColor(n), width=1)) for n in range(3)]
        self._canvas.show()
        self._views = 0
        self._seconds = seconds
        self._began_s = time.monotonic()
        self._measuring = False
        self._lifetime = Lifetime()
        self._timer = QTimer(self, interval=200)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._bridge = Bridge(folder, names, config, self)
        self._bridge.view_ready.connect(self._take_view)
        self._bridge.picture_ready.connect(self._take_picture)
        self._bridge.start()

    @Slot()
    def _take_view(self) -> None:
        view = self._bridge.take_view()
        if view is None:
            return
        self._views += 1
        count = min(len(samples.stamps_ns) for samples in view.samples)
        if count:
            fresh = np.hstack([samples.values[-count:] for samples in view.samples])
            self._values = np.roll(self._values, -count, axis=0)
            self._values[-count:] = fresh[-len(self._values) :]
        if self._views % CURVES_EVERY == 0:
            for channel, curve in enumerate(self._curves):
                curve.setData(self._time, self._values[:, channel])

    @Slot(str)
    def _take_picture(self, camera: str) -> None:
        picture = self._bridge.take_picture(camera)
        if picture is not None:
            ref, pixels = picture
            self._images[camera].stamp_ns = ref.stamp_ns
            self._images[camera].setImage(pixels, autoLevels=False, levels=None)

    @Slot()
    def _look(self) -> None:
        for camera in self._images:
            self._take_picture(camera)
        elapsed_s = time.monotonic() - self._began_s
        if not self._measuring and elapsed_s > WARM_UP_S:
            self._measuring = True
            self._began_s = time.monotonic()
            METER.start()
        elif self._measuring:
            if elapsed_s > min(SETTLED_SHARE * self._seconds, SETTLED_MOST_S):
                METER.settled()
            if elapsed_s > self._seconds:
                print_result({"operate": asdict(METER.stop())})
                self._end()
        if self._lifetime.over():
            self._end()

    def _end(self) -> None:
        self._timer.stop()
        self._bridge.close()
        self._canvas.close()
        QApplication.quit()


def main() -> None:
    """Measure on the session folder named first, for so many seconds."""
    app = QApplication(["plain"])
    window = PlainWindow(SessionFolder(Path(sys.argv[1])), SessionConfig(), float(sys.argv[2]))
    app.exec()
    window.deleteLater()


if __name__ == "__main__":
    main()
