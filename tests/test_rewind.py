import numpy as np
import pytest
from numpy.testing import assert_allclose

from teleop.messages import frozen_array
from teleop.rewind import PathPoint, follow, goal_of, way_back
from teleop.se3 import from_rotvec, integrate

SECOND_NS = 1_000_000_000
SPEED = 0.03


def path(count: int = 60, free_until: int = 1000) -> list[PathPoint]:
    """2 mm and 0.005 rad a step, one every 0.1 s."""
    return [
        PathPoint(
            i * SECOND_NS // 10,
            frozen_array([0.002 * i, 0.0, 0.4]),
            frozen_array(from_rotvec(np.array([0.0, 0.0, 0.005 * i]))),
            free=i < free_until,
        )
        for i in range(count)
    ]


def test_the_goal_is_the_newest_free_pose_at_least_a_second_of_the_way_behind():
    points = path()
    assert goal_of(points, points[-1].since_ns) == 49
    assert goal_of(path(free_until=30), points[-1].since_ns) == 29
    assert goal_of(path(free_until=0), points[-1].since_ns) == -1
    assert goal_of(points[-5:], points[-1].since_ns) == -1


def test_the_way_back_passes_the_path_and_ends_at_the_goal():
    points = path()[20:]
    way = way_back(points, 0, SPEED)
    position, quaternion = points[-1].position.copy(), points[-1].quaternion.copy()
    fastest, farthest, now_ns, over = 0.0, 0.0, 0, False
    while not over:
        twist, way, over = follow(way, position, quaternion, now_ns, SPEED)
        fastest = max(fastest, float(np.linalg.norm(twist[:3])))
        position, quaternion = integrate(position, quaternion, twist, 0.01)
        farthest = max(farthest, abs(position[1]), abs(position[2] - 0.4))
        now_ns += 10_000_000
    assert_allclose(position, points[0].position, atol=0.0011)
    assert fastest <= SPEED * 1.0001
    assert farthest < 1e-6
    assert now_ns * 1e-9 == pytest.approx(0.002 * 39 / SPEED, rel=0.25)


def test_a_way_that_is_barred_is_given_up():
    points = path()
    way = way_back(points, 0, SPEED)
    here = points[-1]
    _, _, over = follow(way, here.position, here.quaternion, 5 * SECOND_NS, SPEED)
    assert not over
    twist, _, over = follow(way, here.position, here.quaternion, 60 * SECOND_NS, SPEED)
    assert over
    assert_allclose(twist, 0.0)
