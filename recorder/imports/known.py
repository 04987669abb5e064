"""What is known of a dataset's arrays without asking: by its format, and by what it says itself.

Only what follows from the file or from the format's own definition is filled in. What differs
between robots or versions stays None, and is asked.
"""

from typing import Any

import msgspec

from recorder.imports.foreign import ForeignDataset, ForeignEpisode
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
from recorder.imports.own import own_driver, own_mapping
from recorder.imports.robomimic import RobomimicDataset
from teleop.messages import Arm

ALOHA_HZ = 50.0  # the recorder's constant DT is 0.02 s
ALOHA_JOINTS = 6
_ISAAC_SCALE = 0.5  # of the Franka stacking tasks whose names say IK-Rel
_JOINTS = {"JOINT_POSITION": Kind.JOINT_POSITION, "JOINT_VELOCITY": Kind.JOINT_VELOCITY}


def known_robomimic(dataset: ForeignDataset, episode: ForeignEpisode, arm: Arm) -> Mapping:
    """Of robosuite's environments by their controller, of Isaac Lab's by their name."""
    own = own_mapping(episode)
    if own is not None:
        return own
    env: dict[str, Any] = dataset.env if isinstance(dataset, RobomimicDataset) else {}
    name = str(env.get("env_name", ""))
    kwargs = env.get("env_kwargs")
    controllers = _controllers(kwargs.get("controller_configs") if isinstance(kwargs, dict) else {})
    if controllers and not name.startswith("Isaac"):
        sides = [arm] if len(controllers) == 1 else [Arm.RIGHT, Arm.LEFT]
        arms = {
            side: _robosuite(episode, place, controller, len(controllers))
            for place, (side, controller) in enumerate(zip(sides, controllers, strict=False))
        }
    else:
        arms = {arm: _isaac(episode, name)}
    return Mapping(left=arms.get(Arm.LEFT), right=arms.get(Arm.RIGHT), driver=_sirius(episode))


def known_aloha(dataset: ForeignDataset, episode: ForeignEpisode, arm: Arm) -> Mapping:
    """Joints and gripper of the left arm, then of the right one; both are always there."""
    del dataset, arm
    mapping = own_mapping(episode)
    if mapping is None:
        said = episode.fps or episode.stamp_ns is not None
        mapping = Mapping(fps=0.0 if said else ALOHA_HZ, left=ArmPart(), right=ArmPart())
    left, right = (_aloha(each, mapping.arm(each), episode) for each in Arm)
    return msgspec.structs.replace(mapping, left=left, right=right)


def known_lerobot(dataset: ForeignDataset, episode: ForeignEpisode, arm: Arm) -> Mapping:
    """Of our own exports all; else only which array the actions are."""
    del dataset
    own = _own_lerobot(episode)
    if own is not None:
        return own
    driver = Driver("intervention", operator=(1.0,)) if "intervention" in episode.arrays else None
    part = ArmPart(action=ActionPart(array="action"))
    if arm is Arm.LEFT:
        return Mapping(left=part, driver=driver)
    return Mapping(right=part, driver=driver)


def _controllers(said: Any) -> list[dict[str, Any]]:
    """One robosuite controller per arm, by either of its versions' ways to say it."""
    if isinstance(said, list):
        return [each for config in said for each in _controllers(config)]
    if not isinstance(said, dict):
        return []
    parts = said.get("body_parts")
    if isinstance(parts, dict):
        found = [parts.get(side) for side in ("right", "left")]
        return [each for each in found if isinstance(each, dict)]
    return [said] if "type" in said else []


def _robosuite(
    episode: ForeignEpisode, robot: int, controller: dict[str, Any], robots: int
) -> ArmPart:
    width = episode.arrays["actions"][:1].size // robots
    first = robot * width
    kind = str(controller.get("type", ""))
    size = 3 if kind == "OSC_POSITION" else 6
    columns = tuple(range(first, first + size))
    if kind in _JOINTS:
        action = ActionPart(_JOINTS[kind], "actions")
    elif kind in ("OSC_POSE", "OSC_POSITION") and width == size + 1:
        delta = controller.get("control_delta", controller.get("input_type", "delta") == "delta")
        action = ActionPart(
            Kind.DELTA_POSE if delta else Kind.ABSOLUTE_POSE,
            "actions",
            columns,
            _output(controller, size) if delta else 1.0,
        )
    else:
        action = ActionPart(array="actions")
    gripper = Gripper("actions", first + width - 1, open=-1.0, closed=1.0)
    pose = f"obs/robot{robot}_eef"
    seen = {f"{pose}_pos", f"{pose}_quat"} <= set(episode.arrays)
    return ArmPart(
        action=action,
        gripper=gripper,
        position=Part(f"{pose}_pos") if seen else None,
        rotation=Orientation(f"{pose}_quat", order=Turn.XYZW) if seen else None,
    )


def _output(controller: dict[str, Any], size: int) -> tuple[float, ...] | None:
    """Metres and radians of an action of 1; None where the controller does not say."""
    most, put_in = controller.get("output_max"), controller.get("input_max", 1)
    if isinstance(most, int | float):
        most = [most] * size
    if not (isinstance(most, list) and len(most) == size and isinstance(put_in, int | float)):
        return None
    if put_in == 0 or not all(isinstance(each, int | float) for each in most):
        return None
    return tuple(float(each) / float(put_in) for each in most)


def _isaac(episode: ForeignEpisode, name: str) -> ArmPart:
    """An arm of Isaac Lab; of any other environment only what the arrays are called."""
    action, gripper = ActionPart(array="actions"), None
    if name.startswith("Isaac") and episode.arrays["actions"][:1].size == 7:
        six = tuple(range(6))
        if "IK-Rel" in name:
            action = ActionPart(Kind.DELTA_POSE, "actions", six, _ISAAC_SCALE)
        gripper = Gripper("actions", 6, open=1.0, closed=-1.0)
    elif name.startswith("Isaac") and "IK-Abs" in name:
        action = ActionPart(Kind.ABSOLUTE_POSE, "actions", tuple(range(7)))
        gripper = Gripper("actions", 7, open=1.0, closed=-1.0)
    seen = {"obs/eef_pos", "obs/eef_quat"} <= set(episode.arrays)
    return ArmPart(
        action=action,
        gripper=gripper,
        position=Part("obs/eef_pos") if seen else None,
        # Isaac Lab's newer versions write w last, the older ones first, and the files say neither.
        rotation=Orientation("obs/eef_quat") if seen else None,
    )


def _sirius(episode: ForeignEpisode) -> Driver | None:
    if "action_modes" not in episode.arrays:
        return None
    return Driver("action_modes", demonstration=(-1.0,), operator=(1.0,))


def _aloha(arm: Arm, part: ArmPart | None, episode: ForeignEpisode) -> ArmPart:
    first = int(arm) * (ALOHA_JOINTS + 1)
    joints = tuple(range(first, first + ALOHA_JOINTS))
    last = first + ALOHA_JOINTS
    seen = "observations/qpos" in episode.arrays
    part = part or ArmPart()
    if part.action.kind is None:
        part = msgspec.structs.replace(
            part,
            action=ActionPart(Kind.JOINT_POSITION, "action", joints),
            gripper=Gripper("action", last, open=1.0, closed=0.0),
        )
    return msgspec.structs.replace(
        part,
        q=Part("observations/qpos", joints) if seen else None,
        dq=Part("observations/qvel", joints) if "observations/qvel" in episode.arrays else None,
        opening=Gripper("observations/qpos", last, open=1.0, closed=0.0) if seen else None,
    )


def _own_lerobot(episode: ForeignEpisode) -> Mapping | None:
    needed = {"action", "action.policy", "action.operator", "label", "observation.state"}
    if not needed <= set(episode.arrays):
        return None
    return Mapping(
        left=_own_lerobot_arm(Arm.LEFT, episode),
        right=_own_lerobot_arm(Arm.RIGHT, episode),
        driver=own_driver("label"),
    )


def _own_lerobot_arm(arm: Arm, episode: ForeignEpisode) -> ArmPart:
    def part(array: str, size: int) -> Part | None:
        first = int(arm) * size
        return Part(array, tuple(range(first, first + size))) if array in episode.arrays else None

    action, state = int(arm) * 7, int(arm) * 8
    return ArmPart(
        action=ActionPart(Kind.TWIST, "action", tuple(range(action, action + 6)), 1.0),
        gripper=Gripper("action", action + 6, open=1.0, closed=0.0),
        position=Part("observation.state", tuple(range(state, state + 3))),
        rotation=Orientation("observation.state", tuple(range(state + 3, state + 7)), Turn.WXYZ),
        opening=Gripper("observation.state", state + 7, open=1.0, closed=0.0),
        q=part("observation.joints", 6),
        wrench=part("observation.wrench", 6),
        tactile=part("observation.tactile", 128),
    )
