"""A clip that the review's player can show, made without recording anything."""

from dataclasses import replace

import numpy as np

from gui.review.values import CameraTrack, ClipRow, ClipTrack, EventMark, Picture
from recorder.labels import MODES, label_rows
from teleop.camera_model import CameraModel
from teleop.messages import Arm, Mode, Outcome

TICK_NS = 10_000_000
BEGIN_NS = 5_000_000_000
# Looks along the world's y from 2 m before the origin: x to the right, z up.
MODEL = CameraModel(
    "room", 64, 48, 60.0, 60.0, 32.0, 24.0, (0.0, -2.0, 0.0), (0.70710678, -0.70710678, 0.0, 0.0)
)


def clip_row(name: str = "episode_00003", session: str = "/s") -> ClipRow:
    return ClipRow(session, name, 3, 0, 4.0, Outcome.SUCCESS, "inserted", 1, 1.0, (1, 2))


def camera(name: str, count: int, model: CameraModel | None = None) -> CameraTrack:
    """Images every 100 ms, the first 50 ms after the clip's first row."""
    stamps = BEGIN_NS + 50_000_000 + np.arange(count, dtype=np.int64) * 100_000_000
    return CameraTrack(name, 64, 48, stamps, model)


def clip(rows: int = 400, name: str = "episode_00003") -> ClipTrack:
    """Rows of 10 ms: the left arm is taken at 2 s and given back at 3 s; v2 proposes from 1 s."""
    modes = np.full((rows, 2), MODES.index(Mode.POLICY), np.int64)
    modes[200:300, 0] = MODES.index(Mode.OPERATOR)
    stamps = BEGIN_NS + np.arange(rows, dtype=np.int64) * TICK_NS
    executed = np.zeros((rows, 2, 6))
    executed[:, 0, 0] = 0.1
    operator = np.zeros((rows, 2, 6))
    operator[200:300, 0, 2] = 0.05
    limits = [""] * rows
    limits[150:160] = ["left.speed"] * len(limits[150:160])
    return ClipTrack(
        row=clip_row(name),
        stamps_ns=stamps,
        recordings=(name,),
        recording=np.zeros(rows, np.int64),
        rows=np.arange(rows),
        mode_names=tuple(MODES),
        modes=modes,
        labels=label_rows(modes, stamps, np.zeros(rows, np.bool_)),
        authority=(modes == MODES.index(Mode.OPERATOR)).astype(float),
        position=np.zeros((rows, 2, 3)),
        quaternion=np.tile([1.0, 0.0, 0.0, 0.0], (rows, 2, 1)),
        wrench=np.zeros((rows, 2, 6)),
        tactile=np.full((rows, 2, 2, 8, 8), 0.1),
        opening=np.full((rows, 2), 0.4),
        proposed=executed,
        operator=operator,
        executed=executed,
        proposal_valid=np.ones((rows, 2), np.bool_),
        version=np.where(np.arange(rows) < 100, 1, 2),
        novelty=np.zeros((rows, 2)),
        limits=tuple(limits),
        events=(EventMark(0.5, "images_lost", None, "3 images lost"),),
        cameras=(camera("room", 40, MODEL), camera("wrist", 40)),
        soft_limits=(25.0, 5.0),
    )


def without_model(track: ClipTrack) -> ClipTrack:
    """The clip as if nobody knew where its cameras stood."""
    return replace(track, cameras=tuple(replace(each, model=None) for each in track.cameras))


def picture_of(track: ClipTrack, name: str, index: int) -> Picture:
    """That image of the clip; its red tells its number."""
    found = next(each for each in track.cameras if each.name == name)
    pixels = np.full((found.height, found.width, 3), 40, np.uint8)
    pixels[:, :, 0] = index
    row = track.row
    return Picture(row.session, row.name, name, index, int(found.stamps_ns[index]), pixels)


LEFT = Arm.LEFT
