"""From nudge to override: how the operator's motion and the policy's make one. Pure.

At authority a the arm moves by (1 - a) of what the policy proposes, plus the operator's twist
within a cap that grows from the nudge's to the full scale. At 1 it is exactly the operator's.
"""

import numpy as np

from teleop.config import TakeoverConfig
from teleop.messages import Array


def shared_twist(
    authority: float, operator: Array, policy: Array | None, config: TakeoverConfig
) -> Array:
    """Return the twist (6,) of one arm.

    Args:
        authority: the operator's, 0 to 1.
        operator: twist (6,) that the device asks for.
        policy: twist (6,) that is proposed; None: nothing valid.
        config: the full scale and the nudge's caps.
    """
    if authority >= 1.0:
        return operator
    linear = config.nudge_linear + authority * (config.linear_scale - config.nudge_linear)
    angular = config.nudge_angular + authority * (config.angular_scale - config.nudge_angular)
    halves = operator.reshape(2, 3)
    size = np.sqrt(np.vecdot(halves, halves))
    factor = np.minimum(1.0, np.array([linear, angular]) / np.maximum(size, 1e-12))
    nudge = (halves * factor[:, None]).reshape(6)
    return nudge if policy is None else (1.0 - authority) * policy + nudge
