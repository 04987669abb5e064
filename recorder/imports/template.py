"""A mapping as a file to be completed: what was found, what is known, and what is open."""

from collections.abc import Iterable, Iterator

import msgspec
import numpy as np

from recorder.imports.foreign import ForeignEpisode
from recorder.imports.mapping import Frame, Kind, Mapping, Turn
from recorder.imports.questions import Question

_PARTS = ("position", "rotation", "model", "opening", "q", "dq", "wrench", "tactile")


def described(episode: ForeignEpisode) -> Iterator[str]:
    """A line for each array: name, shape, the range of each of its first columns, their names."""
    width = max((len(name) for name in episode.arrays), default=0)
    for name, rows in sorted(episode.arrays.items()):
        line = f"{name:<{width}}  {'x'.join(map(str, rows.shape))} {rows.dtype}"
        flat = rows.reshape(len(rows), -1)
        if flat.size and rows.dtype.kind in "iuf":
            with np.errstate(all="ignore"):
                low, high = flat[:, :8].min(axis=0), flat[:, :8].max(axis=0)
            ranges = [f"{a:.3g}..{b:.3g}" for a, b in zip(low, high, strict=True)]
            line += "  " + " ".join(ranges) + (" ..." if flat.shape[1] > 8 else "")
        names = episode.columns.get(name, ())
        if names:
            line += f"  ({' '.join(names[:16])}{' ...' if len(names) > 16 else ''})"
        yield line
    for camera in sorted(episode.cameras):
        yield f"camera {camera}"


def template(mapping: Mapping, episode: ForeignEpisode, asked: Iterable[Question]) -> str:
    """A mapping file with a comment wherever something is open."""
    notes: dict[str, list[str]] = {}
    for question in asked:
        notes.setdefault(question.key, []).append(question.text)
    lines = [
        f"# What the arrays of {episode.name} mean. docs/imports.md explains every key.",
        "#",
        *(f"#   {line}" for line in described(episode)),
        "",
        *_open(notes, "fps"),
        f"fps = {mapping.fps or 0.0}  # 0: as the dataset says"
        + (f" ({episode.fps:g})" if episode.fps else ""),
        f"instruction = {_value(mapping.instruction)}  # empty: as the dataset says",
        f"colours = {_value(mapping.colours)}  # or bgr",
    ]
    for side in ("left", "right"):
        part = getattr(mapping, side)
        if part is not None:
            lines += _arm(side, msgspec.to_builtins(part), notes)
        elif side in notes:
            lines += ["", *_open(notes, side), f"# [{side}.action]", '# array = "..."']
    if mapping.driver is not None:
        lines += ["", "[driver]", *_keys(msgspec.to_builtins(mapping.driver), "driver", notes)]
    lines += ["", *_open(notes, "cameras"), "[cameras]  # theirs = ours"]
    for camera in sorted(episode.cameras):
        name = mapping.cameras.get(camera, camera)
        lines += [*_open(notes, f"cameras.{camera}"), f"{_value(camera)} = {_value(name)}"]
    left = [f"# {key}: {text}" for key, texts in notes.items() for text in texts]
    return "\n".join([*lines, *left]) + "\n"


def _arm(side: str, part: dict[str, object], notes: dict[str, list[str]]) -> Iterator[str]:
    for name in ("action", "gripper", *_PARTS):
        key, values = f"{side}.{name}", part.get(name)
        if isinstance(values, dict):
            yield ""
            yield from _open(notes, key)
            yield f"[{key}]"
            yield from _keys(values, key, notes)
        elif key in notes:
            yield ""
            yield from _open(notes, key)
            yield f"# [{key}]"
            yield from (f"# {line}" for line in _EXAMPLES.get(name, ()))


def _keys(values: dict[str, object], prefix: str, notes: dict[str, list[str]]) -> Iterator[str]:
    for name, value in values.items():
        key = f"{prefix}.{name}"
        yield from _open(notes, key)
        choices = _CHOICES.get(name, ())
        told = f"  # one of: {', '.join(choices)}" if choices else ""
        if value is None:
            if name not in ("constant",):
                yield f"# {name} ={told}"
        elif value not in ([], ""):
            yield f"{name} = {_value(value)}{told}"


def _open(notes: dict[str, list[str]], key: str) -> Iterator[str]:
    for text in notes.pop(key, ()):
        yield f"# ?? {key}: {text}"


def _value(value: object) -> str:
    """As TOML writes it; JSON's strings, numbers and lists are TOML's too."""
    return msgspec.json.encode(value).decode()


_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "frame": tuple(Frame),
    "rotation": tuple(Turn),
    "order": tuple(Turn),
}
_EXAMPLES: dict[str, tuple[str, ...]] = {
    "gripper": ('array = "actions"', "column = 6", "open = 1.0", "closed = -1.0"),
    "position": ('array = "obs/eef_pos"',),
    "rotation": ('array = "obs/eef_quat"', 'order = "quaternion_wxyz"'),
}
