"""What the bridge has made, handed to the parts of the window; and that nothing comes any more."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from gui.bridge import Bridge
from gui.screen import Screen
from gui.sound.speaker import Speaker
from gui.texts.authority import cut_off
from gui.view import View
from gui.widgets.devices.dialog import DevicesDialog
from teleop.config import SessionConfig

WATCH_MS = 80
BRIDGE_SILENCE_S = 0.4


class Showing(QObject):
    """Takes views and pictures from the bridge; a bridge that is silent is told as such.

    Args:
        bridge: makes them.
        screen: shows them.
        speaker: lets them be heard.
        devices: shows devices, and the settings that are in force.
        config: the settings that `devices` shows already.
        others: who else follows every view.
        parent: the window.

    Attributes:
        newest: the newest view; None: none has come.
    """

    def __init__(
        self,
        bridge: Bridge,
        screen: Screen,
        speaker: Speaker,
        devices: DevicesDialog,
        config: SessionConfig,
        others: tuple[Callable[[View], None], ...],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.newest: View | None = None
        self._bridge, self._screen, self._speaker = bridge, screen, speaker
        self._devices, self._config, self._others = devices, config, others
        self._came_ns = time.monotonic_ns()
        self._watch = QTimer(self, interval=WATCH_MS)
        self._watch.timeout.connect(self._look_after_bridge)
        bridge.view_ready.connect(self._take_view)
        bridge.picture_ready.connect(self._take_picture)

    def start(self) -> None:
        """Look after the bridge from now on."""
        self._watch.start()

    def stop(self) -> None:
        """The window closes."""
        self._watch.stop()

    @Slot()
    def _take_view(self) -> None:
        view = self._bridge.take_view()
        if view is None:
            return
        self._came_ns = time.monotonic_ns()
        self.newest = view
        self._screen.show_view(view)
        self._speaker.follow(view)
        for follow in self._others:
            follow(view)
        self._devices.show_devices(view.devices, view.made_ns)
        if view.config is not None and view.config is not self._config:
            self._config = view.config
            self._devices.show_config(view.config)

    @Slot(str)
    def _take_picture(self, camera: str) -> None:
        picture = self._bridge.take_picture(camera)
        if picture is not None:
            ref, pixels = picture
            self._screen.show_picture(camera, pixels, ref.stamp_ns, time.monotonic_ns())

    @Slot()
    def _look_after_bridge(self) -> None:
        """Take what a lost signal left lying; show that nothing is known if there is nothing."""
        self._take_view()
        for camera in self._screen.wall.tiles:
            self._take_picture(camera)
        now_ns = time.monotonic_ns()
        silent_s = (now_ns - self._came_ns) / 1e9
        if silent_s > BRIDGE_SILENCE_S:
            self._screen.show_nothing_known(cut_off(silent_s), now_ns)
            self._screen.show_alarms(self._speaker.cut_off(now_ns))
