"""The operators of a session: one person a scene, and one memory of who was wrong when."""

from dataclasses import dataclass
from typing import Final

from teleop.config import TakeoverConfig
from teleop.devices.person import WORSE, OperatorProfile
from teleop.devices.plug_operator import plug_operator
from teleop.devices.scripted import ScriptedOperator
from teleop.robots.mujoco_cell import MujocoCell

PROFILES: Final = {"good": OperatorProfile(), "worse": WORSE}


@dataclass
class People:
    """Makes the operator of each episode; delays, wander and wrong starts are drawn anew.

    Attributes:
        operator: a name in `PROFILES`.
        seed: of the session.
    """

    operator: str
    seed: int
    _number: int = 0
    _last: ScriptedOperator | None = None

    def next(self, robot: MujocoCell) -> ScriptedOperator:
        """The operator of the next episode; takeovers count on from the one before."""
        self._number += 1
        before = self._last.takeovers if self._last is not None else 0
        self._last = plug_operator(
            robot,
            TakeoverConfig(),
            PROFILES[self.operator],
            seed=1000 * self.seed + self._number,
            takeovers=before,
        )
        return self._last
