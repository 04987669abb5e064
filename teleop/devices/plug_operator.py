"""The scripted operator at the simulated plug cell."""

from teleop.cells.plug.expert import TwistLimits, expert_twist
from teleop.cells.plug.reading import PlugTruth
from teleop.config import TakeoverConfig
from teleop.devices.person import OperatorProfile
from teleop.devices.scripted import ScriptedOperator
from teleop.messages import Arm, Array
from teleop.robots.mujoco_cell import MujocoCell

_LIMITS = TwistLimits()


def plug_operator(
    robot: MujocoCell,
    takeover: TakeoverConfig,
    profile: OperatorProfile | None = None,
    seed: int = 0,
    takeovers: int = 0,
) -> ScriptedOperator:
    """Return a scripted operator who watches `robot` and drives its left arm.

    Args:
        robot: the cell.
        takeover: what a deflection means.
        profile: how good the person is.
        seed: of everything that is random in a person.
        takeovers: how often this person took over in earlier episodes.
    """

    def ideal(truth: PlugTruth) -> Array:
        cell = robot.cell
        twists, _ = expert_twist(truth, cell.read(), cell.tool_at_meeting, _LIMITS)
        return twists[Arm.LEFT]

    return ScriptedOperator(
        robot.truth,
        ideal,
        takeover,
        profile,
        seed,
        working=robot.working,
        takeovers=takeovers,
    )
