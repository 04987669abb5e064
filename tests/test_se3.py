"""The axioms that rotations and poses must obey, over random batches of both arms."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose

from teleop.se3 import (
    Array,
    conjugate,
    difference,
    from_rotvec,
    integrate,
    length,
    multiply,
    rotate,
    to_rotvec,
)

finite = st.floats(-2.0, 2.0, allow_subnormal=False)
vectors = hnp.arrays(np.float64, (2, 3), elements=finite)
rotvecs = vectors.map(lambda v: v * np.minimum(1.0, 3.0 / np.maximum(length(v), 1e-9)))
quaternions = rotvecs.map(from_rotvec)
twists = hnp.arrays(np.float64, (2, 6), elements=finite)


@given(quaternions, quaternions, quaternions)
def test_the_product_of_rotations_is_associative_and_of_unit_length(a: Array, b: Array, c: Array):
    assert_allclose(multiply(multiply(a, b), c), multiply(a, multiply(b, c)), atol=1e-12)
    assert_allclose(length(multiply(a, b)), 1.0, atol=1e-12)


@given(quaternions, vectors)
def test_the_conjugate_undoes_a_rotation(q: Array, v: Array):
    assert_allclose(rotate(conjugate(q), rotate(q, v)), v, atol=1e-12)
    assert_allclose(multiply(q, conjugate(q)), [[1, 0, 0, 0]] * 2, atol=1e-12)


@given(quaternions, quaternions, vectors)
def test_a_product_rotates_by_its_second_factor_first(a: Array, b: Array, v: Array):
    assert_allclose(rotate(multiply(a, b), v), rotate(a, rotate(b, v)), atol=1e-12)


@given(quaternions, vectors)
def test_a_rotation_keeps_lengths(q: Array, v: Array):
    assert_allclose(length(rotate(q, v)), length(v), atol=1e-12)


@given(rotvecs)
def test_a_rotation_vector_survives_the_way_through_a_quaternion(v: Array):
    assert_allclose(to_rotvec(from_rotvec(v)), v, atol=1e-9)


@given(quaternions)
def test_both_signs_of_a_quaternion_are_the_same_short_rotation(q: Array):
    assert_allclose(to_rotvec(-q), to_rotvec(q), atol=1e-9)
    assert (length(to_rotvec(q)) <= np.pi + 1e-9).all()


def test_a_quarter_turn_about_z_takes_x_to_y():
    turn = from_rotvec(np.array([0.0, 0.0, np.pi / 2]))
    assert_allclose(rotate(turn, np.array([1.0, 0.0, 0.0])), [0, 1, 0], atol=1e-12)


@given(vectors, quaternions, vectors, quaternions)
def test_moving_along_the_difference_leads_to_the_target(
    pa: Array, qa: Array, pb: Array, qb: Array
):
    position, quaternion = integrate(pa, qa, difference(pb, qb, pa, qa), 1.0)
    assert_allclose(position, pb, atol=1e-9)
    assert_allclose(to_rotvec(multiply(quaternion, conjugate(qb))), 0.0, atol=1e-6)


@given(vectors, quaternions, twists)
def test_the_difference_of_a_small_step_is_the_step(p: Array, q: Array, twist: Array):
    position, quaternion = integrate(p, q, twist, 0.01)
    assert_allclose(difference(position, quaternion, p, q), twist * 0.01, atol=1e-9)


@given(vectors, quaternions)
def test_a_zero_twist_leaves_the_pose(p: Array, q: Array):
    position, quaternion = integrate(p, q, np.zeros((2, 6)), 0.01)
    assert_allclose(position, p)
    assert_allclose(quaternion, q, atol=1e-12)


def test_each_arm_is_its_own():
    rotvec = np.array([[0.1, 0.2, 0.3], [-0.4, 0.0, 1.0]])
    both = from_rotvec(rotvec)
    for arm in range(2):
        assert_allclose(both[arm], from_rotvec(rotvec[arm]))
