"""How the recorder does, as its sign of life tells it: one level, one sentence. Pure."""

from dataclasses import dataclass

from recorder.live.disk_watch import NEARLY_FULL_S, DiskState, room_text
from recorder.live.losses import Burst, sentence
from teleop.stream_messages import EventKind

BUSY_SHARE = 0.5  # of the queue: from here on it is told that the disk falls behind


@dataclass(frozen=True)
class Condition:
    """What is wrong.

    Attributes:
        trouble: why nothing is recorded, until that is over.
        bursts: what is being lost.
        since: the time of day at which the losses began.
        disk: how it does.
        queue_share: how full the backlog is.
        silent: streams and cameras that give nothing any more.
        note: something else to tell for a while, such as what was salvaged.
        lost_steps: of the open episode or, between two, of the last one.
    """

    disk: DiskState
    trouble: str = ""
    bursts: tuple[Burst, ...] = ()
    since: str = ""
    queue_share: float = 0.0
    silent: tuple[str, ...] = ()
    note: str = ""
    lost_steps: int = 0


def told(condition: Condition) -> tuple[str, str]:
    """The level and the text of a sign of life; the gravest comes first."""
    errors: list[str] = []
    warnings: list[str] = []
    if condition.trouble:
        errors.append(condition.trouble)
    if condition.disk.stuck_s:
        waits = f"The disk has not answered for {condition.disk.stuck_s:.0f} s"
        errors.append(f"{waits}; {100 * condition.queue_share:.0f} % of the queue is full.")
    if losses := sentence(condition.bursts, condition.since):
        grave = any(burst.loss.kind is EventKind.STEPS_LOST for burst in condition.bursts)
        (errors if grave else warnings).append(losses)
    elif condition.lost_steps:
        warnings.append(f"{condition.lost_steps} steps of this episode were not recorded.")
    if condition.disk.room_s < NEARLY_FULL_S and not condition.trouble:
        warnings.append(room_text(condition.disk))
    if condition.queue_share > BUSY_SHARE and not condition.disk.stuck_s:
        warnings.append(
            f"The disk falls behind: {100 * condition.queue_share:.0f} % of the queue is full."
        )
    if condition.disk.slow and not condition.disk.stuck_s:
        warnings.append(condition.disk.slow)
    if condition.silent:
        warnings.append(f"Nothing comes any more from {', '.join(condition.silent)}.")
    if condition.note:
        warnings.append(condition.note)
    level = "error" if errors else "warning" if warnings else "ok"
    return level, " ".join(errors + warnings)
