"""Which of Meta-World's tasks are measured, and what travels between its environment and ours.

Yu et al. 2019, "Meta-World: a benchmark and evaluation for multi-task and meta reinforcement
learning"; version 3 of its tasks. Nothing here imports more than the standard library.
"""

from dataclasses import dataclass

PERIOD_S = 0.0125  # of one step: 5 physics steps of 2.5 ms
LARGEST_MOVE = 0.01  # m that an action of one moves the hand's target in a step
FULL_SPEED = LARGEST_MOVE / PERIOD_S  # m/s
STATE_SIZE = 39  # numbers of an observation: hand, gripper, two objects, now and before; goal
_SCENES = 10_000_000  # apart, the scenes of two tasks


@dataclass(frozen=True)
class TaskName:
    """One task.

    Attributes:
        name: in Meta-World, without its version.
        expert: the class of its scripted policy.
        instruction: what the policy is told.
    """

    name: str
    expert: str
    instruction: str


TASKS = (
    TaskName("assembly", "SawyerAssemblyV3Policy", "put the ring over the post"),
    TaskName("peg-insert-side", "SawyerPegInsertionSideV3Policy", "insert the peg into the box"),
    TaskName("hammer", "SawyerHammerV3Policy", "hammer the nail in"),
    TaskName("door-lock", "SawyerDoorLockV3Policy", "lock the door"),
)


def episode_of(task: int, scene: int) -> int:
    """The number of an episode: which task, and the seed of its scene."""
    return task * _SCENES + scene


def scene_of(episode: int) -> tuple[int, int]:
    """The inverse of `episode_of`."""
    return divmod(episode, _SCENES)
