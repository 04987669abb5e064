"""The scripted operator at the simulated plug cell."""

from teleop.cells.plug.expert import TwistLimits, expert_twist
from teleop.cells.plug.reading import PlugTruth
from teleop.config import TakeoverConfig
from teleop.devices.scripted import OperatorProfile, ScriptedOperator
from teleop.messages import Arm, Array
from teleop.robots.mujoco_cell import MujocoCell

_LIMITS = TwistLimits()


def plug_operator(
    robot: MujocoCell,
    takeover: TakeoverConfig,
    profile: OperatorProfile | None = None,
    seed: int = 0,
) -> ScriptedOperator:
    """Return a scripted operator who watches `robot` and drives its left arm."""

    def ideal(truth: PlugTruth) -> Array:
        cell = robot.cell
        twists, _ = expert_twist(truth, cell.read(), cell.tool_at_meeting, _LIMITS)
        return twists[Arm.LEFT]

    return ScriptedOperator(robot.truth, ideal, takeover, profile, seed, working=robot.working)
