"""What a mapping leaves open for a dataset. While anything is open nothing is imported."""

from collections.abc import Iterator
from dataclasses import dataclass

from recorder.imports.foreign import ForeignEpisode
from recorder.imports.mapping import (
    TURN_SIZE,
    ActionPart,
    ArmPart,
    Gripper,
    Kind,
    Mapping,
    Orientation,
    Part,
    RobotModel,
)
from teleop.messages import NUM_ARMS, Arm

_USED = (Kind.TWIST, Kind.DELTA_POSE, Kind.ABSOLUTE_POSE)
TOOL_AXES = 6
TAXELS = 128  # two pads of 8 by 8
MOST_JOINTS = 6  # an episode has room for six joints an arm; more stay a stream of samples


@dataclass(frozen=True)
class Question:
    """Something that nobody said yet.

    Attributes:
        key: of the mapping file, such as "right.action.scale".
        text: what is asked, in a sentence.
    """

    key: str
    text: str


def questions(mapping: Mapping, episode: ForeignEpisode) -> tuple[Question, ...]:
    """Everything that is open, or that does not fit the dataset; empty: it can be imported."""
    return tuple(_open(mapping, episode))


def _open(mapping: Mapping, episode: ForeignEpisode) -> Iterator[Question]:
    if not (mapping.fps or episode.fps or episode.stamp_ns is not None):
        yield Question("fps", "How many rows a second are these? The dataset does not say.")
    if mapping.left is None and mapping.right is None:
        yield Question("right", "Which array holds the actions, and of which arm?")
    for arm in Arm:
        part = mapping.arm(arm)
        if part is not None:
            yield from _of_arm(arm.name.lower(), part, episode)
    if mapping.driver is not None:
        driver = mapping.driver
        yield from _of_columns("driver", driver.array, driver.columns, episode, (1, NUM_ARMS))
    for camera in mapping.cameras:
        if camera not in episode.cameras:
            known = ", ".join(episode.cameras) or "none"
            yield Question(f"cameras.{camera}", f"There is no such camera; there are: {known}.")
    names = [mapping.cameras.get(camera, camera) for camera in episode.cameras]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Question("cameras", f"Two cameras would be called '{name}'.")


def _of_arm(side: str, part: ArmPart, episode: ForeignEpisode) -> Iterator[Question]:
    yield from _of_action(side, part, episode)
    if part.gripper is None:
        yield Question(
            f"{side}.gripper",
            "Which column is the gripper, and its values open and closed? For none: constant = 1.0",
        )
    for name, gripper in (("gripper", part.gripper), ("opening", part.opening)):
        if gripper is not None:
            yield from _of_gripper(f"{side}.{name}", gripper, episode)
    if (part.position is None) != (part.rotation is None):
        yield Question(f"{side}.position", "Position and rotation are needed both, or neither.")
    if part.model is not None:
        yield from _of_model(f"{side}.model", part, part.model)
    if part.position is not None:
        yield from _of_part(f"{side}.position", part.position, episode, (3,))
    if part.rotation is not None:
        yield from _of_rotation(f"{side}.rotation", part.rotation, episode)
    joints = tuple(range(1, MOST_JOINTS + 1))
    for name, found, sizes in (("q", part.q, joints), ("dq", part.dq, joints)):
        if found is not None:
            yield from _of_part(f"{side}.{name}", found, episode, sizes)
    for name, found, size in (
        ("wrench", part.wrench, TOOL_AXES),
        ("tactile", part.tactile, TAXELS),
    ):
        if found is not None:
            yield from _of_part(f"{side}.{name}", found, episode, (size,))


def _of_action(side: str, part: ArmPart, episode: ForeignEpisode) -> Iterator[Question]:
    action, key = part.action, f"{side}.action"
    if action.kind is None:
        yield Question(f"{key}.kind", f"What are the actions? One of: {', '.join(Kind)}.")
    elif action.kind in _USED:
        sizes = (TOOL_AXES,)
        if action.kind is not Kind.TWIST:
            sizes = (3 + TURN_SIZE[action.rotation], 3)
        yield from _of_columns(key, action.array, action.columns, episode, sizes)
        yield from _of_scale(key, action)
        if action.frame == "ee" and not part.has_poses:
            yield Question(f"{side}.rotation", "Actions in the tool's axes need its orientation.")
    elif action.kind is not Kind.NONE and not part.has_poses:
        yield Question(
            f"{key}.kind",
            f"From '{action.kind}' the motion of the tool follows only where tool poses are "
            f"known: say which arrays are {side}.position and {side}.rotation, or name a model of "
            f"the robot ({side}.model), or import rows whose actions are never learned from by "
            "kind = 'none' (--without-actions).",
        )


def _of_model(key: str, part: ArmPart, model: RobotModel) -> Iterator[Question]:
    if part.position is not None or part.rotation is not None:
        yield Question(key, "Tool poses come from arrays or from a model, not from both.")
    if part.q is None:
        yield Question(key, "A model needs the joint positions, q.")
    elif part.q.columns and len(part.q.columns) != len(model.joints):
        yield Question(
            f"{key}.joints", f"{len(model.joints)} joints, and {len(part.q.columns)} columns of q."
        )


def _of_scale(key: str, action: ActionPart) -> Iterator[Question]:
    if action.scale is None and action.kind is not Kind.ABSOLUTE_POSE:
        unit = "m/s and rad/s" if action.kind is Kind.TWIST else "m and rad"
        yield Question(f"{key}.scale", f"What does 1 in the actions stand for, in {unit}?")
    elif isinstance(action.scale, tuple):
        sizes = (3,) if action.kind is Kind.ABSOLUTE_POSE else (3, TOOL_AXES)
        if len(action.scale) not in sizes:
            yield Question(f"{key}.scale", f"Needs one number, or {_or(sizes)}.")


def _of_gripper(key: str, gripper: Gripper, episode: ForeignEpisode) -> Iterator[Question]:
    if gripper.constant is not None:
        return
    yield from _of_columns(key, gripper.array, (gripper.column,), episode, (1,))
    if gripper.open is None or gripper.closed is None:
        yield Question(key, "Which value is open, which is closed?")
    elif gripper.open == gripper.closed:
        yield Question(key, "Open and closed are the same value.")


def _of_rotation(key: str, part: Orientation, episode: ForeignEpisode) -> Iterator[Question]:
    if part.order is None:
        yield Question(f"{key}.order", f"How is it written? One of: {', '.join(TURN_SIZE)}.")
    sizes = (3, 4, 6) if part.order is None else (TURN_SIZE[part.order],)
    yield from _of_columns(key, part.array, part.columns, episode, sizes)


def _of_part(
    key: str, part: Part, episode: ForeignEpisode, sizes: tuple[int, ...]
) -> Iterator[Question]:
    yield from _of_columns(key, part.array, part.columns, episode, sizes)
    if isinstance(part.scale, tuple) and len(part.scale) not in sizes:
        yield Question(f"{key}.scale", f"Needs one number, or {_or(sizes)}.")


def _of_columns(
    key: str,
    array: str,
    columns: tuple[int, ...],
    episode: ForeignEpisode,
    sizes: tuple[int, ...],
) -> Iterator[Question]:
    rows = episode.arrays.get(array)
    if rows is None:
        yield Question(f"{key}.array", f"There is no array '{array}'." if array else "Which array?")
        return
    width = rows[:1].size
    outside = [column for column in columns if not 0 <= column < width]
    if outside:
        yield Question(f"{key}.columns", f"'{array}' has columns 0 to {width - 1}.")
        return
    count = len(columns) or width
    if count not in sizes:
        yield Question(f"{key}.columns", f"These are {count} columns; {_or(sizes)} are needed.")


def _or(sizes: tuple[int, ...]) -> str:
    return " or ".join(map(str, sorted(set(sizes))))
