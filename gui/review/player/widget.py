"""The player: cameras above, the time line under them, curves on the same axis below."""

import time
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.pages import PageContext
from gui.review.parts import PlayerPart
from gui.review.player.clip_curves import ClipCurves
from gui.review.player.clock import ReplayClock
from gui.review.player.pictures import PATIENCE_NS, ClipPictures
from gui.review.player.runs import BEFORE_CORRECTION_S, next_change
from gui.review.player.shown import Shown, shown_clip
from gui.review.player.time_axis import whole
from gui.review.player.timeline import TimeLine
from gui.review.player.transport import Transport
from gui.review.player.trim import marked, rows_between
from gui.review.player.wall import ReplayWall
from gui.review.values import ClipTrack, OtherActions, Picture
from gui.texts import player as texts

TICK_MS = 33
ZOOM = 1.5
WALL_SHARE, CURVES_SHARE = 5, 7  # of the height


class PlayerWidget(PlayerPart):
    """One clip, replayed. It never waits for an image: a tile says that it is being read."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        look = context.look
        self._look = look
        self._shown: Shown | None = None
        self._clock = ReplayClock()
        self._pictures = ClipPictures(self.wants_picture.emit)
        self._others: tuple[OtherActions, ...] = ()
        self._trim: tuple[float, float] | None = None
        self._row = -1
        self.wall = ReplayWall(look, self)
        self.transport = Transport(context.commands, look, self)
        self.line = TimeLine(look, self)
        self.curves = ClipCurves(look, self)
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        # A paused replay asks again for what never came: a reader may have died with it.
        self._again = QTimer(self, interval=PATIENCE_NS // 1_000_000 + TICK_MS, singleShot=True)
        self._again.timeout.connect(self._show_pictures)
        self._connect()
        self._place()

    def _connect(self) -> None:
        self.line.scrubbed.connect(self._pause_at)
        self.line.chosen.connect(self._play_correction)
        self.line.trimmed.connect(self._set_trim_to)
        self.line.axis_changed.connect(lambda: self.curves.show_axis(self.line.axis))
        self.curves.scrubbed.connect(self._pause_at)
        self.curves.wheeled.connect(self.line.wheelEvent)
        self.curves.chosen.connect(self._show_choice)
        self.wall.enlarged.connect(lambda: self._show_moment())

    def _place(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.GAP)
        box.addWidget(self.wall, WALL_SHARE)
        box.addWidget(self.transport)
        box.addWidget(self.line)
        box.addWidget(self.curves, CURVES_SHARE)

    @property
    def intents(self) -> Mapping[Intent, Callable[[], object]]:
        return {
            Intent.REPLAY: partial(self._toggle, 1),
            Intent.REPLAY_BACKWARDS: partial(self._toggle, -1),
            Intent.REPLAY_SLOWER: partial(self._gear, -1),
            Intent.REPLAY_FASTER: partial(self._gear, 1),
            Intent.FRAME_BACK: partial(self._step_frame, -1),
            Intent.FRAME_ON: partial(self._step_frame, 1),
            Intent.SECOND_BACK: partial(self._step, -1.0),
            Intent.SECOND_ON: partial(self._step, 1.0),
            Intent.CHANGE_BACK: partial(self._step_change, -1),
            Intent.CHANGE_ON: partial(self._step_change, 1),
            Intent.CLIP_START: partial(self._pause_at, 0.0),
            Intent.CLIP_END: partial(self._pause_at, float("inf")),
            Intent.MARK_IN: partial(self._mark, begin=True),
            Intent.MARK_OUT: partial(self._mark, begin=False),
            Intent.CLEAR_MARKS: partial(self._set_trim_to, None),
            Intent.ZOOM_IN: partial(self._zoom, ZOOM),
            Intent.ZOOM_OUT: partial(self._zoom, 1 / ZOOM),
            Intent.REPLAY_CAMERA: self.wall.enlarge_next,
            Intent.REPLAY_ARM: self.curves.show_other_arm,
            Intent.REPLAY_TURNING: self.curves.show_other_kind,
        }

    @property
    def row(self) -> int:
        return self._row

    @property
    def at_s(self) -> float:
        """The replayed moment, seconds since the clip's first row."""
        return self._clock.at(time.monotonic_ns())

    @property
    def playing(self) -> bool:
        """Whether it runs, on or back."""
        return self._clock.playing

    def show_clip(self, track: ClipTrack | None) -> None:
        before, now_ns = self._shown, time.monotonic_ns()
        self._shown = shown_clip(track) if track is not None and len(track.stamps_ns) else None
        new = self._shown
        same = before is not None and new is not None and before.same_clip(new)
        self._pictures.forget(asked_only=bool(before and new and same and before.begins(new)))
        length_s = new.line.length_s if new else 0.0
        self._clock = (
            self._clock.reaching(length_s, now_ns)
            if same
            else ReplayClock(length_s, gear=self._clock.gear)
        )
        axis = self.line.axis
        if not same or axis.length_s != length_s:
            axis = whole(length_s)
        if not same:
            self._others = ()
            self._set_trim_to(None)
        elif self._trim is not None:
            self._set_trim_to((min(self._trim[0], length_s), min(self._trim[1], length_s)))
        if not (before and new and same and before.cameras_like(new)):
            self.wall.show_cameras(new.track.cameras if new else ())
        self._row = -1
        self.wall.touch.show_largest(new.largest_touch if new else 0.0)
        self._run()
        if new:
            self.line.show_line(new.line, axis)
            self._show_curves()
        self._show_moment()

    def show_picture(self, picture: Picture) -> None:
        shown = self._shown
        if shown is None or not shown.owns(picture):
            return
        self._pictures.take(picture)
        self._show_pictures(picture.camera)

    def show_no_picture(self, camera: str, index: int, trouble: str) -> None:
        self._pictures.take_trouble(camera, index, trouble)
        self._show_pictures(camera)

    def show_other_actions(self, others: tuple[OtherActions, ...]) -> None:
        self._others = others
        self._show_curves()
        self._row = -1
        self._show_moment()

    def selection(self) -> tuple[int, int] | None:
        if self._shown is None or self._trim is None:
            return None
        return rows_between(self._shown.times_s, self._trim)

    def go_to(self, row: int) -> None:
        if self._shown is not None:
            last = len(self._shown.times_s) - 1
            self._pause_at(float(self._shown.times_s[min(max(row, 0), last)]))

    def left(self) -> None:
        self._clock = self._clock.paused(time.monotonic_ns())
        self._run()

    def close_part(self) -> None:
        self._timer.stop()
        self._again.stop()

    def _toggle(self, way: int) -> None:
        if self._shown is not None:
            self._clock = self._clock.toggled(time.monotonic_ns(), way)
            self._run()

    def _gear(self, by: int) -> None:
        self._clock = self._clock.geared(by, time.monotonic_ns())
        self._show_moment()

    def _pause_at(self, at_s: float) -> None:
        self._clock = self._clock.set_to(at_s, time.monotonic_ns())
        self._run()

    def _play_correction(self, begin_s: float) -> None:
        now_ns = time.monotonic_ns()
        start_s = max(begin_s - BEFORE_CORRECTION_S, 0.0)
        self._clock = self._clock.set_to(start_s, now_ns).toggled(now_ns)
        self._run()

    def _step(self, seconds: float) -> None:
        self._pause_at(self.at_s + seconds)

    def _step_frame(self, way: int) -> None:
        """To the next image of the large camera; to the next row where there are no images."""
        if self._shown is not None:
            self._pause_at(self._shown.next_frame_s(self.wall.large, self.at_s, way))

    def _step_change(self, way: int) -> None:
        if self._shown is not None:
            found = next_change(self._shown.line.changes_s, self.at_s, way)
            if found is not None:
                self._pause_at(found)

    def _zoom(self, factor: float) -> None:
        if self._shown is not None:
            self.line.show_axis(self.line.axis.zoomed(factor, self.at_s))

    def _mark(self, *, begin: bool) -> None:
        if self._shown is not None:
            length_s = self._shown.line.length_s
            self._set_trim_to(marked(self._trim, self.at_s, length_s, begin=begin))

    def _set_trim_to(self, trim: tuple[float, float] | None) -> None:
        if trim == self._trim:
            return
        self._trim = trim
        self.line.show_trim(trim)
        self.transport.show_selection(trim)
        self.selection_changed.emit()

    def _show_choice(self) -> None:
        self.transport.show_words(Intent.REPLAY_ARM, int(self.curves.arm))
        self.transport.show_words(Intent.REPLAY_TURNING, self.curves.kind)

    def _show_curves(self) -> None:
        self.curves.show_clip(self._shown, self._others, self.line.axis)

    def _run(self) -> None:
        """Let the timer run while something moves, and show where it stands."""
        if self._clock.playing and not self._timer.isActive():
            self._timer.start()
        elif not self._clock.playing:
            self._timer.stop()
        self.transport.show_words(Intent.REPLAY, int(self._clock.playing))
        self.line.setAccessibleDescription(
            texts.clock(self.at_s, self._clock.length_s, self._clock.speed)
        )
        self._show_moment()

    def _tick(self) -> None:
        now_ns = time.monotonic_ns()
        if self._clock.ended(now_ns):
            self._clock = self._clock.paused(now_ns)
            self._run()
            return
        self._show_moment()

    def _show_moment(self) -> None:
        shown = self._shown
        if shown is None:
            self.wall.touch.show_touch(None)
            return
        at_s = self.at_s
        row = shown.row_at(at_s)
        if row != self._row:
            self._row = row
            overlays = shown.overlays(row, self._others)
            for name, tile in self.wall.tiles.items():
                tile.show_overlay(overlays[name])
            self.wall.touch.show_touch(np.asarray(shown.track.tactile[row], np.float64))
            self.curves.show_row(row)
            self.moved.emit(row)
        self.line.show_moment(at_s, shown.words(row, at_s), self._clock.speed)
        self._show_pictures()

    def _show_pictures(self, only: str = "") -> None:
        """Show the picture of every camera, or of one, and ask for what is needed next."""
        shown, now_ns = self._shown, time.monotonic_ns()
        if shown is None:
            return
        at_ns = shown.stamp_at(self._clock.at(now_ns))
        speed = self._clock.speed if self._clock.playing else 0.0
        for camera in shown.track.cameras:
            if only and camera.name != only:
                continue
            tile = self.wall.tiles[camera.name]
            picture, right = self._pictures.at(camera, at_ns)
            trouble = self._pictures.trouble(camera, at_ns)
            if picture is not None and not trouble:
                tile.show_picture(picture, (at_ns - picture.stamp_ns) / 1e9)
            else:
                tile.show_none(trouble, early=right)
            self._pictures.ask(camera, at_ns, speed, now_ns)
        if self._pictures.waiting and not self._again.isActive():
            self._again.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._look.window))
