"""Export as one robomimic HDF5 file, with the labels that Sirius and IWR train by.

While it is made, each episode lies in a file of its own, which appears by a rename; at the end they
are joined into one file, read back, and given the target's name (`journal`). A recording with a gap
gives a demo for each side of it, so that no sequence of a demo jumps. docs/exports.md tells the
layout.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from recorder.episode_data import EpisodeData
from recorder.export.beside import write_story
from recorder.export.export import ExportOptions
from recorder.export.journal import Entry, Journal, entry_of
from recorder.export.new_file import new_file
from recorder.export.robomimic_demo import ACTIONS, Scale, write_demo
from recorder.export.rows import pieces_of
from recorder.hdf5 import dataset_in, group_in
from recorder.storage import part_of, publish
from teleop import __version__
from teleop.errors import ConversionError
from teleop.messages import Outcome

DATA, MASK = "data", "mask"
_WHOLE = "whole.hdf5"
_GYM = 2  # robomimic has no type for a real robot; this one asks for nothing
_VALID_EVERY = 10


def open_export(target: Path, options: ExportOptions) -> "RobomimicExport":
    """Open or continue an export. Raises ConversionError, as `Journal`."""
    return RobomimicExport(Journal(target, "robomimic", options), options)


class RobomimicExport:
    """Implements `export.Export`."""

    def __init__(self, journal: Journal, options: ExportOptions) -> None:
        self._journal = journal
        self._options = options
        self._scale = Scale(options.linear_speed, options.angular_speed)

    def done(self) -> frozenset[str]:
        return self._journal.names

    def add(self, name: str, episode: EpisodeData) -> None:
        pieces = pieces_of(episode, self._options.fps, self._options.cameras)
        first = self._journal.pieces
        path = self._piece(first)
        part = part_of(path)
        made: list[NDArray[np.float64]] = []
        with new_file(part) as file:
            for place, piece in enumerate(pieces):
                demo = file.create_group(f"{DATA}/demo_{first + place}")
                write_story(demo, name, episode)
                last = place == len(pieces) - 1
                made.append(
                    write_demo(
                        demo, episode, piece, self._scale, size=self._options.size, last=last
                    )
                )
        path.unlink(missing_ok=True)  # left by a run that was killed before it was counted
        publish(part, path)
        self._journal.add(entry_of(name, made))

    def finish(self) -> Path:
        whole = self._journal.folder / _WHOLE
        with new_file(whole) as file:
            self._join(file)
        with h5py.File(whole, "r") as file:
            check(file, self._journal.entries)
        return self._journal.publish(_WHOLE)

    def close(self) -> None:
        self._journal.close()

    def _piece(self, first: int) -> Path:
        return self._journal.folder / f"demo_{first:05d}.hdf5"

    def _join(self, file: h5py.File) -> None:
        data = file.create_group(DATA)
        number = 0
        split: list[list[str]] = [[], []]
        kinds: dict[str, list[str]] = {}
        for place, entry in enumerate(self._journal.entries):
            with h5py.File(self._piece(number), "r") as piece:
                for name in (f"demo_{number + n}" for n in range(len(entry.rows))):
                    piece.copy(f"{DATA}/{name}", data, name)
            for name in (f"demo_{number + n}" for n in range(len(entry.rows))):
                demo = group_in(data, name)
                _next_obs(demo)
                split[_is_valid(place, len(self._journal.entries))].append(name)
                for kind in _kinds(demo):
                    kinds.setdefault(kind, []).append(name)
            number += len(entry.rows)
        _write_masks(file, {"train": split[0], "valid": split[1], **kinds})
        data.attrs["total"] = sum(sum(entry.rows) for entry in self._journal.entries)
        data.attrs["env_args"] = json.dumps(self._env_args(), sort_keys=True)
        data.attrs["action_scale"] = self._scale.scale
        data.attrs["action_offset"] = self._scale.offset
        data.attrs["fps"] = self._options.fps
        data.attrs["source"] = f"nudge {__version__}"

    def _env_args(self) -> dict[str, object]:
        return {
            "env_name": "nudge",
            "type": _GYM,
            "env_kwargs": {
                "control_freq": self._options.fps,
                "action_scale": self._scale.scale.tolist(),
                "action_offset": self._scale.offset.tolist(),
                "action": "per arm: twist in world axes, m/s and rad/s, then gripper opening",
            },
        }


def check(file: h5py.File, entries: Sequence[Entry]) -> None:
    """Compare what the file holds with what was written.

    Raises:
        ConversionError: a demo is missing, short, or has other numbers.
    """
    data = group_in(file, DATA)
    number = 0
    for entry in entries:
        demos = [group_in(data, f"demo_{number + place}") for place in range(len(entry.rows))]
        for demo, rows in zip(demos, entry.rows, strict=True):
            _check_lengths(demo, rows)
        first = dataset_in(demos[0], "actions")[0]
        last = dataset_in(demos[-1], "actions")[-1]
        if first.tolist() != list(entry.first) or last.tolist() != list(entry.last):
            raise ConversionError(
                f"{file.filename}: {demos[0].name} is not what was written of {entry.name}. Delete "
                "the folder and export again; the disk may be failing."
            )
        number += len(entry.rows)
    if len(data) != number:
        raise ConversionError(f"{file.filename} has {len(data)} demos instead of {number}.")


def _check_lengths(demo: h5py.Group, rows: int) -> None:
    actions = dataset_in(demo, "actions")
    lengths = {len(values) for values in demo.values() if isinstance(values, h5py.Dataset)}
    for group in ("obs", "next_obs"):
        lengths |= {len(values) for values in group_in(demo, group).values()}
    if lengths != {rows} or actions.shape != (rows, ACTIONS) or demo.attrs["num_samples"] != rows:
        raise ConversionError(
            f"{demo.file.filename}: {demo.name} has {sorted(lengths)} rows instead of {rows}."
        )


def _next_obs(demo: h5py.Group) -> None:
    """The observation after each row: the same numbers one further on, and the last one twice."""
    following = demo.create_group("next_obs")
    obs = group_in(demo, "obs")
    for key in map(str, obs):
        source = dataset_in(obs, key)
        layout = h5py.VirtualLayout(source.shape, source.dtype)
        view = h5py.VirtualSource(source)
        if len(source) > 1:
            layout[:-1] = view[1:]
        layout[-1:] = view[-1:]
        following.create_virtual_dataset(key, layout)


def _kinds(demo: h5py.Group) -> list[str]:
    modes = dataset_in(demo, "action_modes")[()]
    outcome = Outcome(demo.attrs["nudge_outcome"])
    found = ["success"] if outcome is Outcome.SUCCESS else []
    found += ["fail"] if outcome is Outcome.FAIL else []
    if (modes == 1).any():
        return [*found, "corrections"]
    return [*found, "demonstrations" if (modes == -1).any() else "rollouts"]


def _is_valid(place: int, count: int) -> bool:
    """Every tenth episode, and of fewer than ten, but more than one, the last."""
    if count < _VALID_EVERY:
        return count > 1 and place == count - 1
    return place % _VALID_EVERY == _VALID_EVERY - 1


def _write_masks(file: h5py.File, masks: dict[str, list[str]]) -> None:
    """Names as bytes of one length; an empty mask is left out, loaders stumble over it."""
    group = file.create_group(MASK)
    for name, demos in masks.items():
        if demos:
            group[name] = np.array(demos, dtype="S")
