"""What stands against a change of settings now, and what a change makes of the arms. Pure."""

from dataclasses import replace

import numpy as np

from teleop.config import TakeoverConfig
from teleop.messages import Mode, RobotState
from teleop.ownership import RUNNING, ArbiterState, ArmState
from teleop.settings_live import Standing


def standing_of(state: ArbiterState, pace: tuple[float, float], robot: RobotState) -> Standing:
    """Return what a change is judged by.

    Args:
        state: whose the arms are. A hold that ends by itself, such as for a late chunk, is no rest.
        pace: share of the policy's speed that each arm may keep.
        robot: what was measured.
    """
    running = state.session_mode in RUNNING
    left, right = (arm.owner for arm in state.arms)
    driven = (Mode.OPERATOR, Mode.REWIND)
    forces = np.linalg.norm(robot.wrench[:, :3], axis=1)
    return Standing(
        at_rest=not running or (left is Mode.HOLD and right is Mode.HOLD),
        operated=(running and left in driven, running and right in driven),
        asking=(running and pace[0] < 1.0, running and pace[1] < 1.0),
        force=(float(forces[0]), float(forces[1])),
    )


def taken_by_rules_of(
    state: ArbiterState, before: TakeoverConfig, after: TakeoverConfig
) -> ArbiterState:
    """Return the arms as they go on by `after`.

    A device must be seen let go once before it takes an arm: what was less than a push before must
    not become one because the threshold moved.
    """

    def again(arm: ArmState) -> ArmState:
        authority = arm.authority if after.authority == before.authority else after.authority
        return replace(arm, armed=False, beyond=0, authority=authority)

    left, right = state.arms
    return replace(state, arms=(again(left), again(right)))
