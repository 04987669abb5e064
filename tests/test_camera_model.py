"""Where a calibrated camera sees a point."""

import numpy as np
import pytest

from teleop.camera_model import CameraModel

# Looks along the world's x; its x is the world's -y, its y the world's -z.
AHEAD = CameraModel(
    "ahead", 640, 480, 500.0, 500.0, 320.0, 240.0, (1, 0, 0), (0.5, -0.5, 0.5, -0.5)
)


def test_a_point_straight_ahead_is_in_the_middle_and_others_beside_it():
    seen = AHEAD.pixels([(3.0, 0.0, 0.0), (3.0, -0.4, 0.0), (3.0, 0.0, 0.4)])
    assert seen == pytest.approx(np.array([(320, 240), (420, 240), (320, 140)]))


def test_a_point_behind_the_camera_is_nowhere():
    assert np.isnan(AHEAD.pixels([(0.5, 0.0, 0.0)])).all()
