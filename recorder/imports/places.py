"""Which arrays of a dataset have their place in a step, whole and unchanged."""

from collections.abc import Iterator

from recorder.imports.foreign import ForeignEpisode
from recorder.imports.mapping import ArmPart, Frame, Gripper, Kind, Mapping, Turn
from teleop.messages import Arm


def placed(mapping: Mapping, episode: ForeignEpisode) -> frozenset[str]:
    """Names of the arrays of which every column is kept in the steps as it was.

    Where anything is scaled, turned or cut, the array is also kept as it was, as samples.
    """
    found: dict[str, set[int]] = {}
    for arm in Arm:
        for array, columns in _unchanged(mapping.arm(arm) or ArmPart()):
            rows = episode.arrays.get(array)
            if rows is not None:
                found.setdefault(array, set()).update(columns or range(rows[:1].size))
    return frozenset(
        array for array, columns in found.items() if len(columns) == episode.arrays[array][:1].size
    )


def _unchanged(part: ArmPart) -> Iterator[tuple[str, tuple[int, ...]]]:
    for each in (part.position, part.q, part.dq, part.wrench, part.tactile):
        if each is not None and each.scale == 1.0:
            yield each.array, each.columns
    if part.rotation is not None and part.rotation.order is Turn.WXYZ:
        yield part.rotation.array, part.rotation.columns
    for gripper in (part.gripper, part.opening):
        if gripper is not None and _is_opening(gripper):
            yield gripper.array, (gripper.column,)
    action = part.action
    if action.kind is Kind.TWIST and action.scale == 1.0 and action.frame is Frame.WORLD:
        yield action.array, action.columns


def _is_opening(gripper: Gripper) -> bool:
    return gripper.constant is None and (gripper.open, gripper.closed) == (1.0, 0.0)
