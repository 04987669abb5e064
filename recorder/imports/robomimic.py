"""robomimic's HDF5, and what Isaac Lab and others write in its layout: one file, many episodes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import msgspec
import numpy as np

from recorder.imports.foreign import ForeignEpisode
from recorder.imports.foreign_hdf5 import (
    attribute,
    datasets_below,
    group_at,
    members,
    open_hdf5,
    text_attribute,
    unfit,
)
from recorder.imports.hdf5_episode import take_in
from recorder.imports.own import OUTCOMES, own_stamps
from teleop.errors import ConversionError

# What a step led to is the next row's observation; the first state is no row.
_SKIPPED = ("next_obs", "initial_state")
_DEMO = re.compile(r"demo_(\d{1,9})")


class RobomimicDataset:
    """An open file.

    Attributes:
        env: what the file says of the environment it was made in; may be empty.

    Raises:
        ConversionError: it is no such file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = open_hdf5(path)
        try:
            data = group_at(self._file, "data", path)
            if data is None:
                raise ConversionError(
                    f"{path} has no group 'data', so it is not in robomimic's layout. Files of "
                    "ALOHA are imported by `nudge record import aloha`."
                )
            self._data = data
            found = [_DEMO.fullmatch(name) for name in members(data, path)]
            self._names = sorted((each[0] for each in found if each), key=_number)
            if not self._names:
                raise ConversionError(f"{path} has no episodes: 'data' holds no 'demo_0'.")
            self.env = _environment(data, path)
        except ConversionError:
            self._file.close()
            raise

    def __len__(self) -> int:
        return len(self._names)

    def episodes(self) -> Iterator[ForeignEpisode]:
        """A damaged one raises in its turn; the next can be asked for all the same."""
        return map(self._episode, self._names)

    def close(self) -> None:
        self._file.close()

    def _episode(self, name: str) -> ForeignEpisode:
        where = f"{self.path.name}/data/{name}"
        demo = group_at(self._data, name, self.path)
        if demo is None:
            raise ConversionError(f"{where} is no group.")
        datasets = dict(datasets_below(demo, self.path, _SKIPPED))
        actions = datasets.get("actions")
        if actions is None:
            raise ConversionError(f"{where} has no dataset 'actions'.")
        why = unfit(actions, self.path)
        if why:
            raise ConversionError(f"{where}/actions cannot be imported: {why}.")
        content = take_in(self.path, actions.shape[0], datasets.items(), frozenset())
        return ForeignEpisode(
            name=where,
            fps=_rate(self.env),
            instruction=self._instruction(demo),
            success=self._success(demo),
            arrays=content.arrays,
            cameras=content.cameras,
            stamp_ns=own_stamps(content.arrays),
            left_out=tuple(content.left_out),
        )

    def _success(self, demo: h5py.Group) -> bool | None:
        said = attribute(demo, "success", self.path)  # Isaac Lab
        if isinstance(said, bool | np.bool_ | np.integer):
            return bool(said)
        return OUTCOMES.get(text_attribute(demo, "nudge_outcome", self.path))

    def _instruction(self, demo: h5py.Group) -> str:
        for holder in (demo, self._data):
            for name in ("instruction", "language_instruction", "lang"):
                text = text_attribute(holder, name, self.path)
                if text:
                    return text
        problem = _decoded(text_attribute(self._data, "problem_info", self.path))
        text = problem.get("language_instruction", "")
        return text if isinstance(text, str) else " ".join(map(str, text))


def open_dataset(path: Path) -> RobomimicDataset:
    """Open a file of that layout. Raises ConversionError: it is none."""
    return RobomimicDataset(path)


def _environment(data: h5py.Group, path: Path) -> dict[str, Any]:
    return _decoded(text_attribute(data, "env_args", path))


def _decoded(text: str) -> dict[str, Any]:
    """A JSON object; what is none says nothing, and is not missed."""
    try:
        return msgspec.json.decode(text.encode("utf-8", "replace"), type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
        return {}


def _rate(env: dict[str, Any]) -> float:
    """Rows a second: robosuite's control frequency, or Isaac Lab's step times its decimation."""
    kwargs, simulation = env.get("env_kwargs"), env.get("sim_args")
    rate = 0.0
    if isinstance(kwargs, dict):
        rate = _positive(kwargs.get("control_freq"))
    if isinstance(simulation, dict) and not rate:
        step = _positive(simulation.get("dt")) * _positive(simulation.get("decimation"))
        rate = 1.0 / step if step else 0.0
    return rate


def _positive(value: object) -> float:
    return float(value) if isinstance(value, int | float) and 0 < value < 1e6 else 0.0


def _number(name: str) -> int:
    return int(name.removeprefix("demo_"))
