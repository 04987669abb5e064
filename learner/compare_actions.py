"""What versions would do on the frames of a corrected clip: the actions behind a report.

Rows, normalisation and the rule of what is needed are those of the gate (need.py), so that they
cannot contradict it. Tensor suffixes as in model.py.
"""

from collections.abc import Callable, Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from learner.extract import extract_placed
from learner.model import ACTION_SIZE, PolicyNet
from learner.need import need
from learner.rows import Rows, encode
from learner.samples import Samples
from recorder.episode_data import EpisodeData
from recorder.labels import Label
from teleop.action_comparison import ActionComparison, Match, VersionActions
from teleop.errors import EpisodeError
from teleop.messages import NUM_ARMS, Arm, frozen_array

ARM_SIZE = ACTION_SIZE // NUM_ARMS
SHOWN = (Label.PRE_INTERVENTION, Label.INTERVENTION)

Progress = Callable[[str], None]


def compare(
    clip: str,
    episode: EpisodeData,
    versions: Iterable[tuple[int, PolicyNet]],
    progress: Progress = lambda _: None,
) -> ActionComparison:
    """Run each version over the corrected rows of a clip and those just before them.

    Args:
        clip: its name.
        episode: it, after all edits.
        versions: numbers and nets, loaded one after the other; one at least.
        progress: told in words what is done next.

    Raises:
        EpisodeError: nobody corrected anything in it, or it cannot be read.
    """
    labels = episode.labels()
    if not (labels == Label.INTERVENTION).any():
        raise EpisodeError(
            f"Nobody took over in {clip}, so there is no correction to compare versions on."
        )
    seen: dict[tuple[str, ...], tuple[Samples, NDArray[np.intp]]] = {}
    found: list[VersionActions] = []
    for number, net in versions:
        progress(f"version {number}")
        cameras = net.config.cameras
        if cameras not in seen:
            samples, rows = extract_placed(episode, cameras)
            shown = np.any(np.isin(labels[rows], SHOWN), axis=1)
            seen[cameras] = samples.select(shown), rows[shown]
        samples, rows = seen[cameras]
        if not len(samples):
            raise EpisodeError(f"No row of the corrections in {clip} has images of all cameras.")
        found.append(_version(number, net, encode(net, samples), labels[rows]))
    if len(seen) > 1:
        raise EpisodeError("These versions see by different cameras and cannot be compared.")
    _, rows = next(iter(seen.values()))
    executed = np.concatenate(
        (
            episode.column("executed_twist")[rows],
            episode.column("executed_opening")[rows][:, :, None],
        ),
        axis=2,
    )
    return ActionComparison(
        clip,
        rows.astype(np.int64),
        episode.column("stamp_ns")[rows].astype(np.int64),
        labels[rows] == Label.INTERVENTION,
        frozen_array(executed),
        tuple(found),
    )


def _version(
    number: int, net: PolicyNet, rows: Rows, labels_N2: NDArray[np.int8]
) -> VersionActions:
    with torch.inference_mode():
        chunks_NHA = net.chunks(rows.inputs)
        first_NA = chunks_NHA[:, 0] * net.action_scale_A + net.action_offset_A
    actions = first_NA.double().numpy().reshape(-1, NUM_ARMS, ARM_SIZE)
    found = (_match(arm, rows, chunks_NHA, labels_N2[:, arm]) for arm in Arm)
    return VersionActions(
        number, frozen_array(actions), tuple(match for match in found if match is not None)
    )


def _match(arm: Arm, rows: Rows, chunks_NHA: Tensor, labels_N: NDArray[np.int8]) -> Match | None:
    corrected = torch.from_numpy(labels_N == Label.INTERVENTION)
    part = slice(arm * ARM_SIZE, (arm + 1) * ARM_SIZE)
    weight_NHA = torch.zeros_like(rows.weight_NHA)
    weight_NHA[..., part] = rows.weight_NHA[..., part] * corrected[:, None, None]
    found = need(chunks_NHA, rows.target_NHA, weight_NHA)
    if found is None:
        return None
    return Match(arm, found.disagreement, found.allowed, found.needed)
