"""When a person who watches the plug cell steps in, and when they let go. Pure functions.

A person sees that the pins rest on the face and do not go deeper, that the plug is jammed, or that
nothing gets nearer at all; they let go when the pins are well inside the holes.
"""

import math
from dataclasses import dataclass

from teleop.cells.plug.reading import PlugTruth
from teleop.chunks import NEVER

FACE_M = 0.004  # tips this near the face count as at it
DEEPER_M = 0.0005  # what a person sees as going deeper
NEARER_M = 0.002  # what a person sees as coming nearer
TURN_M = 0.03  # m that a rad of tilt counts for: about the lever of the plug's head
ON_TRACK_DEPTH_M = 0.004
ON_TRACK_TILT_RAD = 0.06
SCENE_CHANGE_M = 0.012  # no motion is that fast between two looks: the scene was set up anew


@dataclass(frozen=True)
class Patience:
    """How long each kind of failure is watched before it is one, in s."""

    stuck_s: float = 0.8
    jammed_s: float = 0.3
    aimless_s: float = 3.0


@dataclass(frozen=True)
class Watch:
    """What is remembered of the attempt."""

    deepest_m: float = -math.inf
    deeper_ns: int = NEVER  # when it last went deeper, or was not at the face
    nearest_m: float = math.inf
    nearer_ns: int = NEVER
    free_ns: int = NEVER  # when it was last not jammed


def begun(now_ns: int) -> Watch:
    """Begin to watch."""
    return Watch(deeper_ns=now_ns, nearer_ns=now_ns, free_ns=now_ns)


def looked(watch: Watch, truth: PlugTruth, now_ns: int) -> Watch:
    """Return the watch after one more look."""
    at_face = abs(truth.depth_m) < FACE_M and truth.contact
    deeper = not at_face or truth.depth_m > watch.deepest_m + DEEPER_M
    distance = math.hypot(*truth.position_m) + TURN_M * math.hypot(*truth.rotation_rad)
    nearer = distance < watch.nearest_m - NEARER_M
    return Watch(
        deepest_m=truth.depth_m if deeper else watch.deepest_m,
        deeper_ns=now_ns if deeper else watch.deeper_ns,
        nearest_m=distance if nearer else watch.nearest_m,
        nearer_ns=now_ns if nearer else watch.nearer_ns,
        free_ns=watch.free_ns if truth.jammed else now_ns,
    )


def is_failing(watch: Watch, truth: PlugTruth, now_ns: int, patience: Patience) -> bool:
    """Whether a person would step in now. A dropped part is past helping."""
    if truth.inserted or truth.dropped:
        return False
    return (
        now_ns - watch.deeper_ns > patience.stuck_s * 1e9
        or now_ns - watch.free_ns > patience.jammed_s * 1e9
        or now_ns - watch.nearer_ns > patience.aimless_s * 1e9
    )


def is_on_track(truth: PlugTruth) -> bool:
    """Whether a person would let go: inside and aligned, or nothing left to do."""
    if truth.inserted or truth.dropped:
        return True
    tilt = math.hypot(*truth.rotation_rad)
    return truth.depth_m >= ON_TRACK_DEPTH_M and tilt < ON_TRACK_TILT_RAD and not truth.jammed


def is_new_scene(before: PlugTruth, after: PlugTruth) -> bool:
    """Whether the plug has jumped between two looks."""
    return math.hypot(*(after.position_m - before.position_m)) > SCENE_CHANGE_M
