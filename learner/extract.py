"""From a recorded episode, or what edits made of it, to training rows."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from learner.credit import credit
from learner.goal import hindsight_goals
from learner.observe import Float32, squash_tactile, word_ids, wrench_history
from learner.policy import CHUNK_PERIOD_NS, join_actions
from learner.samples import Samples, Stratum, chunk_targets, rows_after_gaps
from recorder.episode_data import EpisodeData
from recorder.labels import Label
from recorder.reader import EpisodeReader
from recorder.schema import FRAME_STAMP
from teleop.errors import EpisodeError
from teleop.messages import Outcome

ROW_PERIOD_NS = 90_000_000  # about ten rows a second
OLDEST_IMAGE_NS = 50_000_000

_NOT_LEARNED = (Label.PRE_INTERVENTION, Label.HOLD)
_BY_HAND = (Label.INTERVENTION, Label.DEMONSTRATION)


def extract(path: Path, cameras: tuple[str, ...]) -> Samples:
    """The training rows of one episode as it was recorded, whole or so far.

    Raises:
        EpisodeError: as `extract_rows`, or there is no such episode.
    """
    with EpisodeReader(path) as episode:
        return extract_rows(episode, cameras)


def extract_rows(episode: EpisodeData, cameras: tuple[str, ...]) -> Samples:
    """The training rows of one episode.

    Raises:
        EpisodeError: it is empty, damaged or of another robot, lacks one of `cameras`, or holds
            actions that are not numbers.
    """
    return extract_placed(episode, cameras)[0]


def extract_placed(
    episode: EpisodeData, cameras: tuple[str, ...]
) -> tuple[Samples, NDArray[np.intp]]:
    """As `extract_rows`, and (N,) which row of the episode each is."""
    if len(episode) == 0:
        raise EpisodeError(f"{episode.path} holds no rows; discard it.")
    missing = [camera for camera in cameras if camera not in episode.header.cameras]
    if missing:
        raise EpisodeError(
            f"{episode.path} has no camera '{missing[0]}', which the policy sees by; it has: "
            f"{', '.join(episode.header.cameras) or 'none'}. Discard it, or train a policy for its "
            "cameras."
        )
    rows = _rows_with_fresh_images(episode, cameras, episode.column("stamp_ns"))
    samples = _extract(episode, cameras, rows)
    whole = _whole(samples)
    return (samples, rows) if whole.all() else (samples.select(whole), rows[whole])


def _whole(samples: Samples) -> NDArray[np.bool_]:
    """(N,) rows in which every sensor gave numbers."""
    seen = (samples.position_N23, samples.quaternion_N24, samples.opening_N2)
    felt = (samples.wrench_NW26, samples.tactile_N2288)
    whole = np.ones(len(samples), np.bool_)
    for values in (*seen, *felt):
        whole &= np.isfinite(values.reshape(len(samples), -1)).all(axis=1)
    return whole


def _extract(episode: EpisodeData, cameras: tuple[str, ...], rows: NDArray[np.intp]) -> Samples:
    stamps = episode.column("stamp_ns")
    executed = join_actions(
        episode.column("executed_twist").astype(np.float64), episode.column("executed_opening")
    )
    if not np.isfinite(executed).all():
        raise EpisodeError(
            f"{episode.path} holds actions that are not numbers; trim those rows, or discard it."
        )
    labels = episode.labels()
    target, weight = chunk_targets(
        stamps, executed, _learnable(episode, labels), rows, CHUNK_PERIOD_NS
    )
    weight *= credit(stamps, labels, episode.header.outcome)[rows, None, None]
    wrenches = episode.column("wrench").astype(np.float64)
    instructions = np.stack([word_ids(name) for name in episode.names("instruction")])
    history = [
        wrench_history(stamps[first : row + 1], wrenches[first : row + 1], int(stamps[row]))
        for first, row in zip(_first_rows(stamps, rows), rows, strict=True)
    ]
    images = [_jpegs(episode, camera, rows) for camera in cameras]
    return Samples(
        jpeg_NK=tuple(zip(*images, strict=True)),
        position_N23=episode.column("position")[rows],
        quaternion_N24=episode.column("quaternion")[rows],
        opening_N2=episode.column("opening")[rows],
        wrench_NW26=np.stack(history) if history else np.zeros((0, 8, 2, 6), np.float32),
        tactile_N2288=squash_tactile(episode.column("tactile")[rows]),
        words_NM=instructions[episode.column("instruction")[rows]],
        target_NHA=target,
        weight_NHA=weight,
        stratum_N=_strata(labels[rows], episode.header.outcome),
        goal_N6=_goals(episode, rows, labels),
    )


def _goals(episode: EpisodeData, rows: NDArray[np.intp], labels: NDArray[np.int8]) -> Float32:
    """Known in hindsight where the episode ended in success; NaN elsewhere.

    How the parts were turned is known only if a person had a hand in it: a policy that misreads a
    tilt pushes the plug in as tilted as the holes let it, and would be told that it read right.
    """
    if episode.header.outcome is not Outcome.SUCCESS:
        return np.full((len(rows), 6), np.nan, np.float32)
    goals = hindsight_goals(
        episode.column("position")[rows],
        episode.column("quaternion")[rows],
        episode.column("position")[-1],
        episode.column("quaternion")[-1],
    )
    if not np.isin(labels, _BY_HAND).any():
        goals[:, 3:] = np.nan
    return goals


def _first_rows(stamps: NDArray[np.int64], rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each of `rows` the first from which on no row is missing up to it."""
    gaps = rows_after_gaps(stamps, CHUNK_PERIOD_NS // 2)
    return np.concatenate(([0], gaps))[np.searchsorted(gaps, rows, side="right")]


def _rows_with_fresh_images(
    episode: EpisodeData, cameras: tuple[str, ...], stamps: NDArray[np.int64]
) -> NDArray[np.intp]:
    """Rows about a tenth of a second apart whose images of all `cameras` are kept and new."""
    places = [episode.header.cameras.index(camera) for camera in cameras]
    ages = stamps[:, None] - episode.column(FRAME_STAMP)[:, places]
    kept = np.stack([episode.image_rows(camera) for camera in cameras], axis=1) >= 0
    fresh = np.flatnonzero((kept & (ages <= OLDEST_IMAGE_NS)).all(axis=1))
    chosen: list[int] = []
    for row in fresh:
        if not chosen or stamps[row] - stamps[chosen[-1]] >= ROW_PERIOD_NS:
            chosen.append(int(row))
    return np.array(chosen, dtype=np.intp)


def _learnable(episode: EpisodeData, labels: NDArray[np.int8]) -> NDArray[np.float64]:
    """(T, 2) 1 where what an arm was made to do may be imitated.

    A hand that rests on the device (before it lets go, or to think) asks for nothing; imitating it
    would teach the policy to stop there.
    """
    resting = (labels == Label.INTERVENTION) & ~episode.column("operator_twist").any(axis=2)
    return (~np.isin(labels, _NOT_LEARNED) & ~resting).astype(np.float64)


def _strata(labels_N2: NDArray[np.int8], outcome: Outcome) -> NDArray[np.int8]:
    own = Stratum.ROLLOUT if outcome is Outcome.SUCCESS else Stratum.EXCLUDED
    strata = np.full(len(labels_N2), own, np.int8)
    strata[(labels_N2 == Label.PRE_INTERVENTION).any(axis=1)] = Stratum.PRE_INTERVENTION
    strata[(labels_N2 == Label.INTERVENTION).any(axis=1)] = Stratum.CORRECTION
    strata[(labels_N2 == Label.DEMONSTRATION).any(axis=1)] = Stratum.DEMONSTRATION
    return strata


def _jpegs(episode: EpisodeData, camera: str, rows: NDArray[np.intp]) -> list[bytes]:
    return episode.jpegs(camera, episode.image_rows(camera)[rows].tolist())
