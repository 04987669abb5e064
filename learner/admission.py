"""Whether an episode may be learned from: it must fit the policy and what the policy was taught."""

import numpy as np
import simplejpeg

from learner.model import IMAGE_SIZE
from learner.observe import word_ids
from learner.samples import Samples, Stratum
from recorder.episode_data import EpisodeData
from teleop.errors import EpisodeError

_TAUGHT_BY = (Stratum.DEMONSTRATION, Stratum.SYNTHETIC)


def instructions_of(samples: Samples) -> frozenset[bytes]:
    """The `word_ids` of the instructions that the demonstrations among the rows show."""
    taught = samples.words_NM[np.isin(samples.stratum_N, _TAUGHT_BY)]
    return frozenset(row.astype(np.int64).tobytes() for row in np.unique(taught, axis=0))


def shown_in(episode: EpisodeData, samples: Samples) -> tuple[str, ...]:
    """The same as texts."""
    taught = instructions_of(samples)
    return tuple(n for n in episode.names("instruction") if word_ids(n).tobytes() in taught)


def require_fit(episode: EpisodeData, samples: Samples, taught: frozenset[bytes]) -> None:
    """Refuse an episode that would teach the policy nothing or something else.

    Args:
        episode: where the rows are from.
        samples: all of its rows.
        taught: instructions that were demonstrated, see `instructions_of`; empty: any will do.

    Raises:
        EpisodeError: it has no row to learn from, images of another size, or follows an
            instruction that nobody demonstrated.
    """
    if len(samples) == 0:
        raise EpisodeError(
            f"{episode.path} has no row with fresh images of every camera that the policy sees by; "
            "see `nudge doctor` for the cameras, or discard it."
        )
    _require_size(episode, samples)
    _require_instruction(episode, samples, taught)


def _require_size(episode: EpisodeData, samples: Samples) -> None:
    for code in (code for row in samples.jpeg_NK for code in row):
        try:
            height, width, _, _ = simplejpeg.decode_jpeg_header(code)
        except ValueError as error:
            raise EpisodeError(
                f"{episode.path} holds an image that cannot be read ({error}); `nudge verify` "
                "tells how much of it is damaged."
            ) from error
        if (height, width) != (IMAGE_SIZE, IMAGE_SIZE):
            raise EpisodeError(
                f"{episode.path} has images of {width}x{height}, the policy sees by "
                f"{IMAGE_SIZE}x{IMAGE_SIZE}; set the camera to that size, and discard the episode."
            )


def _require_instruction(episode: EpisodeData, samples: Samples, taught: frozenset[bytes]) -> None:
    """A correction of a task without demonstrations has nothing that it could be balanced with."""
    known = taught | instructions_of(samples)
    if not taught:
        return
    for name in dict.fromkeys(episode.names("instruction")):
        words = word_ids(name)
        if words.tobytes() not in known and (samples.words_NM == words).all(axis=1).any():
            raise EpisodeError(
                f"{episode.path} follows the instruction '{name}', which no demonstration shows; "
                "record or import demonstrations of it, or relabel the episode's instruction."
            )
