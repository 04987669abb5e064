"""`nudge record relabel`: another outcome, instruction or label."""

from dataclasses import dataclass
from typing import Literal

from recorder.edits.clip import Clip
from recorder.edits.clip_reader import open_clip
from recorder.edits.edit import Edit, RelabelInstruction, RelabelOutcome, RelabelRows
from recorder.edits.places import row_at, spans_of
from recorder.edits.verb_parts import EPISODE, OneEpisode, carry_out, look_up
from recorder.labels import Label
from teleop.cli_options import parse
from teleop.errors import EpisodeError
from teleop.messages import Arm, Outcome

_LABELS = {label.name.lower().replace("_", "-"): label for label in Label}
_ARMS = {"left": (Arm.LEFT,), "right": (Arm.RIGHT,), "both": tuple(Arm)}


@dataclass(frozen=True)
class RelabelOptions(OneEpisode):
    """Which episode, and one of: an outcome, an instruction, a label over a time."""

    outcome: Literal["success", "fail", "unlabelled"] | None = None
    """how it really ended; a discarded episode comes back"""
    instruction: str | None = None
    """what it really shows"""
    label: (
        Literal["rollout", "demonstration", "pre-intervention", "intervention", "recovery", "hold"]
        | None
    ) = None
    """what the rows from --from-s to --to-s are good for"""
    from_s: float = 0.0
    """seconds from the episode's beginning at which --label begins"""
    to_s: float | None = None
    """seconds from the episode's beginning at which --label ends; its end if not given"""
    arm: Literal["left", "right", "both"] = "both"
    """whose label"""


def main(arguments: list[str]) -> int:
    """Change the outcome or the instruction of an episode, or the label of some of its rows."""
    options = parse(
        RelabelOptions,
        arguments,
        prog="nudge record relabel",
        description=f"Change the outcome or the instruction of an episode, or labels {EPISODE}.",
    )
    given = [options.outcome, options.instruction, options.label]
    if sum(each is not None for each in given) != 1:
        raise EpisodeError("Give exactly one of --outcome, --instruction and --label.")
    views, clip = look_up(options)
    if options.outcome is not None:
        edit: Edit = RelabelOutcome(clip.name, Outcome(options.outcome.upper()))
    elif options.instruction is not None:
        edit = RelabelInstruction(clip.name, options.instruction)
    else:
        edit = _labelled(clip, options)
    return carry_out(options, views, edit)


def _labelled(clip: Clip, options: RelabelOptions) -> RelabelRows:
    with open_clip(clip) as episode:
        stamps = episode.column("stamp_ns")
    start = row_at(stamps, options.from_s)
    stop = len(stamps) if options.to_s is None else row_at(stamps, options.to_s)
    spans = spans_of(clip, start, stop)
    if not spans:
        length_s = float(stamps[-1] - stamps[0]) * 1e-9
        raise EpisodeError(
            f"There is no row of {clip.name} from {options.from_s} s to {options.to_s} s; it is "
            f"{length_s:.2f} s long."
        )
    label = _LABELS[options.label or ""]
    return RelabelRows(clip.name, spans, _ARMS[options.arm], label)
