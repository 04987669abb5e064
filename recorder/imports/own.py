"""Our own exports, found again: they carry beside the other format's numbers what was recorded."""

from collections.abc import Mapping as Named
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recorder.imports.foreign import ForeignEpisode
from recorder.imports.mapping import (
    ActionPart,
    ArmPart,
    Driver,
    Gripper,
    Kind,
    Mapping,
    Orientation,
    Part,
    Turn,
)
from recorder.labels import Label
from teleop.messages import Arm

# What stands before the names of what only this program records, in robomimic's and ALOHA's files.
PREFIXES = ("nudge_", "nudge/")
OUTCOMES = {"SUCCESS": True, "FAIL": False}


def own_stamps(arrays: Named[str, NDArray[Any]]) -> NDArray[np.int64] | None:
    """The stamps that were recorded, None: there are none."""
    for prefix in PREFIXES:
        stamps = arrays.get(f"{prefix}stamp_ns")
        if stamps is not None and stamps.ndim == 1 and stamps.dtype == np.int64:
            return stamps if (np.diff(stamps) > 0).all() else None
    return None


def own_mapping(episode: ForeignEpisode) -> Mapping | None:
    """The mapping of an export of ours, None: it is somebody else's."""
    for prefix in PREFIXES:
        needed = {f"{prefix}{name}" for name in ("executed_twist", "executed_opening", "label")}
        if needed <= set(episode.arrays):
            return Mapping(
                left=_arm(prefix, Arm.LEFT, episode),
                right=_arm(prefix, Arm.RIGHT, episode),
                driver=own_driver(f"{prefix}label"),
            )
    return None


def own_driver(array: str) -> Driver:
    """Who drove, by an array (N, 2) of codes of `Label`."""
    return Driver(
        array,
        columns=(0, 1),
        demonstration=(float(Label.DEMONSTRATION),),
        operator=(float(Label.INTERVENTION),),
        hold=(float(Label.HOLD),),
    )


def _arm(prefix: str, arm: Arm, episode: ForeignEpisode) -> ArmPart:
    six = tuple(range(6 * arm, 6 * arm + 6))

    def part(column: str, shown: str, size: int) -> Part | None:
        """A column under its own name, both arms in it, or robomimic's, one arm each."""
        if f"{prefix}{column}" in episode.arrays:
            return Part(f"{prefix}{column}", tuple(range(size * arm, size * arm + size)))
        name = f"obs/robot{int(arm)}_{shown}"
        return Part(name) if name in episode.arrays else None

    pose = part("quaternion", "eef_quat", 4)
    order = Turn.WXYZ if pose and pose.array.startswith(PREFIXES) else Turn.XYZW
    opening = part("opening", "gripper_qpos", 1)
    return ArmPart(
        action=ActionPart(Kind.TWIST, f"{prefix}executed_twist", six, 1.0),
        gripper=Gripper(f"{prefix}executed_opening", int(arm), open=1.0, closed=0.0),
        position=part("position", "eef_pos", 3),
        rotation=Orientation(pose.array, pose.columns, order) if pose else None,
        opening=Gripper(opening.array, (opening.columns or (0,))[0], open=1.0, closed=0.0)
        if opening
        else None,
        q=part("q", "joint_pos", 6),
        dq=part("dq", "joint_vel", 6),
        wrench=part("wrench", "wrench", 6),
        tactile=part("tactile", "tactile", 128),
    )
