"""Finding a clip by what a person types: its name, or the number of its episode."""

import re
from collections.abc import Sequence

from recorder.edits.clip import Clip
from recorder.edits.session_views import SessionViews
from recorder.edits.views import unknown
from recorder.storage import episode_name
from teleop.errors import EpisodeError

_NUMBER = re.compile(r"(\d+)(.*)")


def find_clip(views: SessionViews, text: str) -> Clip:
    """The clip called `text`: "episode_00012", "12", or "12a" for a part of it.

    Raises:
        EpisodeError: there is none, or several; it names the nearest.
    """
    by_name = {clip.name: clip for clip in views.clips}
    if text in by_name:
        return by_name[text]
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise unknown(text, by_name)
    spelt = f"{episode_name(int(match[1]))}{match[2]}"
    if spelt in by_name:
        return by_name[spelt]
    made_of = [clip for clip in views.clips if not match[2] and _holds(clip, views, int(match[1]))]
    if len(made_of) == 1:
        return made_of[0]
    if made_of:
        raise _several(text, made_of)
    if spelt in views.recorded:
        raise EpisodeError(
            f"{spelt} is no episode by itself any more; `nudge record edits` says what became of "
            "it."
        )
    damaged = next((line for line in views.trouble if f"/{spelt}" in line), None)
    raise EpisodeError(damaged) if damaged else unknown(spelt, by_name)


def _holds(clip: Clip, views: SessionViews, number: int) -> bool:
    return any(views.recorded[piece.episode].header.episode == number for piece in clip.pieces)


def _several(text: str, clips: Sequence[Clip]) -> EpisodeError:
    names = ", ".join(clip.name for clip in clips)
    return EpisodeError(f"Episode {text} is several by now: {names}. Name one of them.")
