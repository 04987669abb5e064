"""A clip with all that follows from it, made once when it is shown."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from gui.review.player.actions_drawn import Motion, arrows, motions, quick_speed, seconds_ahead
from gui.review.player.line import Line, line_of
from gui.review.player.moments import moments, times_of
from gui.review.player.tiles import Overlay
from gui.review.values import CameraTrack, ClipTrack, OtherActions, Picture
from gui.texts import player as texts
from recorder.labels import Label
from teleop.messages import Arm, Array

SAME_S = 1e-4  # moments nearer than this are one
JUST_NOW_S = 0.75  # an event this long ago is told at the cursor


@dataclass(frozen=True, eq=False)
class Shown:
    """A clip and its derived values.

    Attributes:
        times_s: (T,) of the rows since the first.
        frames_s: by camera: the moments of its images, rising.
        ahead_s: by camera whose place is known: how far its arrows reach.
    """

    track: ClipTrack
    times_s: Array
    line: Line
    quick_m_s: float
    largest_touch: float
    frames_s: dict[str, Array] = field(default_factory=dict[str, Array])
    ahead_s: dict[str, float] = field(default_factory=dict[str, float])

    def row_at(self, at_s: float) -> int:
        """The newest row at a moment."""
        return max(int(np.searchsorted(self.times_s, at_s + 1e-9, side="right")) - 1, 0)

    def stamp_at(self, at_s: float) -> int:
        """Monotonic time of a moment, to the nanosecond at a row."""
        row = self.row_at(at_s)
        return int(self.track.stamps_ns[row]) + round((at_s - float(self.times_s[row])) * 1e9)

    def same_clip(self, other: Self) -> bool:
        """Whether the other is this clip, read anew."""
        one, two = self.track.row, other.track.row
        return (one.session, one.name) == (two.session, two.name)

    def cameras_like(self, other: Self) -> bool:
        """Whether the other has the same cameras."""

        def cameras(shown: Self) -> list[tuple[str, int, int]]:
            return [(each.name, each.width, each.height) for each in shown.track.cameras]

        return cameras(self) == cameras(other)

    def begins(self, other: Self) -> bool:
        """Whether the other's images begin with these, so that their numbers hold."""
        return len(self.track.cameras) == len(other.track.cameras) and all(
            one.name == two.name
            and np.array_equal(one.stamps_ns, two.stamps_ns[: len(one.stamps_ns)])
            for one, two in zip(self.track.cameras, other.track.cameras, strict=True)
        )

    def owns(self, picture: Picture) -> bool:
        """Whether a picture is one of this clip as it is now."""
        row = self.track.row
        if (picture.session, picture.clip) != (row.session, row.name):
            return False
        camera = next((each for each in self.track.cameras if each.name == picture.camera), None)
        return (
            camera is not None
            and 0 <= picture.index < len(camera.stamps_ns)
            and int(camera.stamps_ns[picture.index]) == picture.stamp_ns
        )

    def next_frame_s(self, camera: str, at_s: float, way: int) -> float:
        """The moment of the next (1) or last (-1) image of a camera; of a row if it has none."""
        frames_s = self.frames_s.get(camera, self.times_s)
        if not len(frames_s):
            frames_s = self.times_s
        if way > 0:
            after = int(np.searchsorted(frames_s, at_s + SAME_S, side="right"))
            return float(frames_s[after]) if after < len(frames_s) else self.line.length_s
        before = int(np.searchsorted(frames_s, at_s - SAME_S)) - 1
        return float(frames_s[before]) if before >= 0 else 0.0

    def overlays(self, row: int, others: tuple[OtherActions, ...]) -> dict[str, Overlay]:
        """The actions of a row for each camera."""
        shown = motions(self.track, row, others)
        return {camera.name: self._overlay(camera, shown) for camera in self.track.cameras}

    def _overlay(self, camera: CameraTrack, shown: tuple[Motion, ...]) -> Overlay:
        if camera.model is None:
            return Overlay(None, shown, 1.0, self.quick_m_s)
        seconds = self.ahead_s[camera.name]
        seen = arrows(shown, camera.model, seconds)
        return Overlay(seen, shown, seconds, self.quick_m_s)

    def words(self, row: int, at_s: float) -> tuple[str, str, str]:
        """What is said at the right of the time line: of each arm, and of what happened."""
        last = bisect_right(self.line.marks, at_s + 1e-6, key=lambda mark: mark.at_s) - 1
        told = self.line.marks[last] if last >= 0 else None
        fresh = told.text if told and told.at_s >= at_s - JUST_NOW_S else ""
        left, right = (
            texts.at_arm(
                texts.LABELS.get(Label(int(self.track.labels[row, arm])), ""),
                float(self.track.authority[row, arm]),
            )
            for arm in Arm
        )
        return left, right, texts.at_marks(int(self.track.version[row]), fresh)


def shown_clip(track: ClipTrack) -> Shown:
    """Work out what is shown of a clip; some milliseconds for ten minutes of it."""
    times_s = times_of(track.stamps_ns)
    return Shown(
        track,
        times_s,
        line_of(track),
        quick_speed(track),
        float(np.max(track.tactile, initial=0.0)),
        {
            camera.name: moments(track.stamps_ns, times_s, camera.stamps_ns)
            for camera in track.cameras
        },
        {
            camera.name: seconds_ahead(track, camera.model)
            for camera in track.cameras
            if camera.model is not None
        },
    )
