"""The life of an alarm: raised, silenced, over. Pure; time comes in as an argument.

It ends when its cause is gone *and* the operator has acknowledged it, in either order. A cause that
comes back after that is a new alarm. Both delays keep an alarm worth listening to: one tick without
a chunk raises nothing, and what flickers is one alarm, not twenty.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gui.sound.values import Alarm, AlarmKind, Cause

# A cause must have stood this long; a fault does not wait.
ON_NS: dict[AlarmKind, int] = {
    AlarmKind.FAULT: 0,
    AlarmKind.SILENT: 300_000_000,
    AlarmKind.POLICY: 200_000_000,
    AlarmKind.CAMERA: 200_000_000,
    AlarmKind.DEVICE: 200_000_000,
    AlarmKind.RECORDER: 1_000_000_000,
}
OFF_NS = 2_000_000_000  # gone for so long, it is over


@dataclass(frozen=True)
class AlarmLog:
    """All alarms that are not over, and the causes that are not old enough yet.

    Attributes:
        alarms: in the order they were raised.
        coming: causes, and since when each stands.
    """

    alarms: tuple[Alarm, ...] = ()
    coming: tuple[tuple[Cause, int], ...] = ()


def followed(log: AlarmLog, causes: Iterable[Cause], now_ns: int) -> AlarmLog:
    """Return `log` after the causes that stand at `now_ns`."""
    standing = {cause.key: cause for cause in causes}
    alarms = [_updated(alarm, standing.get(alarm.cause.key), now_ns) for alarm in log.alarms]
    kept = [alarm for alarm in alarms if not _is_over(alarm, now_ns)]
    raised = {alarm.cause.key for alarm in kept}
    since = {cause.key: at_ns for cause, at_ns in log.coming}
    coming: list[tuple[Cause, int]] = []
    for key, cause in standing.items():
        if key in raised:
            continue
        began_ns = since.get(key, now_ns)
        if now_ns - began_ns >= ON_NS[cause.kind]:
            kept.append(Alarm(cause, began_ns, now_ns))
        else:
            coming.append((cause, began_ns))
    return AlarmLog(tuple(kept), tuple(coming))


def acknowledged(log: AlarmLog) -> AlarmLog:
    """Return `log` after the operator has silenced what there is."""
    return replace(log, alarms=tuple(replace(alarm, acknowledged=True) for alarm in log.alarms))


def _updated(alarm: Alarm, cause: Cause | None, now_ns: int) -> Alarm:
    if cause is None:
        return replace(alarm, stands=False)
    return replace(alarm, cause=cause, stands=True, stood_ns=now_ns)


def _is_over(alarm: Alarm, now_ns: int) -> bool:
    gone = not alarm.stands and now_ns - alarm.stood_ns >= OFF_NS
    return gone and alarm.acknowledged
