"""Made-up histories for the properties of the safety filter: any input, sane or not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from teleop.config import SafetyLimits
from teleop.interfaces import Kinematics
from teleop.messages import Action, Array, RobotState, frozen_array
from teleop.safety import Filtered, SafetyState, filter_motion
from teleop.se3 import from_rotvec, multiply
from tests.control_parts import START, UPRIGHT, make_state

DT = 0.01
TICKS = 25  # a script; each is a state that the filter is shown
SANE_SCALES = (0.0, 1e-3, 0.03, 0.1, 0.3, 2.0)
SCALES = (*SANE_SCALES, 5e-324, 1e-310, 1e-12, 1e5, 1e150, 1e308)
POISONS = (np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324, 1e7)


@dataclass(frozen=True)
class Tick:
    """What happens in one tick; `seed` fills in the numbers."""

    seed: int
    scale: float  # of the asked twist
    offset: float  # m; how far the arms are measured from where they are commanded to be
    force: float  # N
    follows: bool  # the arms are where they were commanded to be, before `offset`
    reanchor: tuple[bool, bool]
    poison: float | None = None  # a number that is put anywhere
    place: int = 0  # among the numbers of request and measurement


@dataclass(frozen=True)
class Seen:
    """One call of the filter."""

    before: SafetyState
    asked: Action
    robot: RobotState
    reanchor: tuple[bool, bool]
    done: Filtered


_flags = st.sampled_from([(False, False)] * 6 + [(True, False), (False, True), (True, True)])
_poisons = st.one_of(st.just(None), st.just(None), st.sampled_from(POISONS))


def scripts(sane: bool = False, ticks: int = TICKS) -> st.SearchStrategy[list[Tick]]:
    """Histories of `ticks` ticks; sane ones hold nothing but ordinary numbers."""
    tick = st.builds(
        Tick,
        st.integers(0, 2**32 - 1),
        st.sampled_from(SANE_SCALES if sane else SCALES),
        st.sampled_from((0.0, 0.0, 0.002, 0.008, 0.03)),
        st.sampled_from((0.0, 0.0, 10.0, 30.0, 60.0)),
        st.booleans(),
        _flags,
        st.just(None) if sane else _poisons,
        st.integers(0, 47),
    )
    return st.lists(tick, min_size=ticks, max_size=ticks)


def numbers_of(tick: Tick, state: SafetyState) -> tuple[Action, RobotState]:
    """Make the request and the measurement of a tick."""
    rng = np.random.default_rng(tick.seed)
    twist = rng.uniform(-1.0, 1.0, (2, 6)) * tick.scale * rng.integers(0, 2, (2, 6))
    opening = rng.uniform(-0.5, 1.5, 2)
    position = (state.position if tick.follows else START) + rng.uniform(
        -1, 1, (2, 3)
    ) * tick.offset
    turn = from_rotvec(rng.uniform(-1, 1, (2, 3)) * 10 * tick.offset)
    quaternion = multiply(turn, state.quaternion if tick.follows else UPRIGHT)
    wrench = rng.uniform(-1, 1, (2, 6)) * tick.force * np.repeat([1.0, 0.2], 3)
    if tick.poison is not None:
        held = [twist, opening, position, quaternion, wrench]
        flat = np.concatenate([values.ravel() for values in held])
        flat[tick.place % flat.size] = tick.poison
        ends = np.cumsum([values.size for values in held])
        twist, opening, position, quaternion, wrench = (
            part.reshape(values.shape)
            for part, values in zip(np.split(flat, ends[:-1]), held, strict=True)
        )
    action = Action(frozen_array(twist), frozen_array(opening))
    return action, make_state(0, position, quaternion, wrench)


def play(
    script: list[Tick], limits: SafetyLimits, kinematics: Kinematics | None = None
) -> Iterator[Seen]:
    """Run the filter over a script from rest."""
    state = SafetyState.at_rest(make_state(), (0.2, 0.8))
    for tick in script:
        asked, robot = numbers_of(tick, state)
        if kinematics is not None:
            spread = np.random.default_rng(tick.seed).uniform(-0.3, 0.3, (2, 6))
            robot = replace(robot, q=frozen_array(HOME_Q + spread))
        done = filter_motion(state, asked, robot, tick.reanchor, DT, limits, kinematics)
        yield Seen(state, asked, robot, tick.reanchor, done)
        state = done.state


HOME_Q: Array = frozen_array(
    [[2.98, -1.57, -1.73, -2.97, -1.73, 0.0], [0.17, -1.57, 1.76, -0.15, 1.73, 1.57]]
)


def halves(values: Array) -> Array:
    """Lengths (2, 2) of the linear and the angular half of (2, 6)."""
    return np.linalg.norm(values.reshape(2, 2, 3), axis=2)


def sensible(values: Array) -> bool:
    return bool(np.isfinite(values).all() and np.abs(values).max() < 1e6)
