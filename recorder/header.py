"""The attributes of an episode file: writing them, and the sums that are taken over its rows."""

from dataclasses import asdict, replace

import h5py
import msgspec
import numpy as np
from numpy.typing import NDArray

from recorder.hdf5 import group_in, rows_in
from recorder.labels import OPERATOR, POLICY, interventions, label_rows, takeovers
from recorder.schema import FORMAT, LABEL, STEPS, VERSION, Header
from teleop.messages import EpisodeSaved, SessionMode

_TELEOP = list(SessionMode).index(SessionMode.TELEOP)
_LONGEST_TICK_S = 0.1  # a longer pause between two rows is a gap, not somebody's work


def write_header(file: h5py.File, header: Header) -> None:
    """Write every attribute; those that are there are replaced."""
    file.attrs["format"] = FORMAT
    if "version" not in file.attrs:
        file.attrs["version"] = VERSION
    for name, value in asdict(header).items():
        if isinstance(value, tuple):
            value = np.array(value, dtype=h5py.string_dtype())
        file.attrs[name] = str(value) if isinstance(value, str) else value  # enums: their value


def read_header(file: h5py.File) -> Header:
    """Read the attributes.

    Raises:
        KeyError: one is missing.
        msgspec.ValidationError: one is of another type.
    """
    found: dict[str, object] = {}
    for name in Header.__dataclass_fields__:
        value = file.attrs[name]
        found[name] = value.tolist() if isinstance(value, np.generic | np.ndarray) else value
    return msgspec.convert(found, Header)


def settle(file: h5py.File, header: Header) -> Header:
    """Compute what follows from the rows, write labels and header, and return the header."""
    steps = group_in(file, STEPS)
    modes: NDArray[np.int8] = rows_in(steps, "modes")
    stamp_ns: NDArray[np.int64] = rows_in(steps, "stamp_ns")
    teleop = rows_in(steps, "session_mode") == _TELEOP
    demonstration = teleop | header.demonstration
    labels = label_rows(modes, stamp_ns, demonstration)
    if LABEL in steps:
        del steps[LABEL]
    steps.create_dataset(LABEL, data=labels)

    found = () if header.demonstration else interventions(modes)
    backs = [each.end for each in found if each.handed_back]
    operated = (modes == OPERATOR).any(axis=1)
    ticks_s = np.minimum(np.diff(stamp_ns) * 1e-9, _LONGEST_TICK_S)
    driven = (modes == POLICY).any(axis=1) & rows_in(steps, "proposal_valid").any(axis=1)
    versions: NDArray[np.int64] = rows_in(steps, "policy_version")[driven]
    header = replace(
        header,
        steps=len(stamp_ns),
        interventions=takeovers(found),
        operator_s=float(ticks_s[operated[:-1]].sum()),
        policy_version=int(versions.max(initial=-1)),
        handback_ns=int(stamp_ns[max(backs)]) if backs else -1,
    )
    write_header(file, header)
    return header


def saved_message(header: Header, path: str, final: bool) -> EpisodeSaved:
    """What the other processes are told about a file."""
    return EpisodeSaved(
        episode=header.episode,
        path=path,
        final=final,
        steps=header.steps,
        interventions=header.interventions,
        operator_s=header.operator_s,
        outcome=header.outcome,
        reason=header.reason,
        policy_version=header.policy_version,
        dropped_steps=header.dropped_steps,
        handback_ns=header.handback_ns,
    )
