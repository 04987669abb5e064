"""Whether a correction that a version learned is still so.

An episode gets another revision when it grows (a hand-back, its end) and when it is edited. Growth
keeps every row that was learned and every entry of it that counts; trimming, relabelling rows and
deleting do not. How much they count may change with what came of the episode (credit.py): that is
for the next fits, not for the versions that there are.
"""

import numpy as np
from numpy.typing import NDArray

from learner.record import Records
from learner.replay import Replay
from learner.samples import Stratum
from teleop.errors import EpisodeIncomplete


def still_so(replay: Replay, name: str, revision: str) -> bool:
    """Whether every correction row of that revision is in the present one, and still counts.

    A revision that is no longer kept is taken for so as long as the episode has corrections.
    """
    now = replay.entry(name)
    if now is None or not now.rows_of(Stratum.CORRECTION):
        return False
    if revision in ("", now.revision):
        return True
    try:
        before = replay.snapshot({name: revision})
    except EpisodeIncomplete:
        return True
    present = replay.view
    old = before.arena.records(before.corrections((name,)))
    new = present.arena.records(present.corrections((name,)))
    return rows_kept(old, new)


def rows_kept(old: Records, new: Records) -> bool:
    """Whether each of the old records is among the new ones, and all that counted still does."""
    places: dict[bytes, NDArray[np.float16]] = {}
    for record in new:
        key = _key(record)
        weight = record["weight"]
        places[key] = np.maximum(weight, places[key]) if key in places else weight
    return all(
        (found := places.get(_key(record))) is not None
        and bool((found[record["weight"] > 0.0] > 0.0).all())
        for record in old
    )


def _key(record: Records) -> bytes:
    return record["position"].tobytes() + record["quaternion"].tobytes()
