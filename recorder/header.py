"""The attributes of an episode file: writing them, and the sums that are taken over its rows."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from functools import partial
from typing import Any

import h5py
import msgspec
import numpy as np
from numpy.typing import NDArray

from recorder.camera_models import as_texts
from recorder.hdf5 import (
    CHECK_SUM,
    attribute,
    check_sum_of,
    group_in,
    has_attribute,
    members_of,
    rows_in,
)
from recorder.labels import OPERATOR, POLICY, interventions, label_rows, takeovers
from recorder.schema import BYTES, EVENTS, FORMAT, LABEL, STEPS, STREAMS, VERSION, Header, State
from teleop.messages import EpisodeOpened, EpisodeSaved, Outcome, SessionMode

_TELEOP = list(SessionMode).index(SessionMode.TELEOP)
_FIELDS = tuple(field.name for field in fields(Header))
_LATER = _FIELDS[_FIELDS.index("uid") :]  # came with version 3
_LONGEST_TICK_S = 0.1  # a longer pause between two rows is a gap, not somebody's work


def first_header(opened: EpisodeOpened, epoch_ns: int, *, corrections_only: bool) -> Header:
    """What can be told of an episode as it begins, by the calendar at `epoch_ns`."""
    return Header(
        state=State.RECORDING,
        episode=opened.episode,
        opened_ns=opened.stamp_ns,
        opened_epoch_ns=epoch_ns,
        ended_ns=-1,
        instruction=opened.instruction,
        scene=opened.scene,
        cameras=opened.cameras,
        demonstration=opened.demonstration,
        outcome=Outcome.UNLABELLED,
        reason="",
        dropped_steps=0,
        lost_images=0,
        uid=uuid.uuid4().hex,
        corrections_only=corrections_only,
        operator=opened.operator,
        camera_models=as_texts(opened.camera_models),
    )


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
    """Read the attributes; those that came with a later version are as if nobody had set them.

    Raises:
        KeyError: one is missing.
        msgspec.ValidationError: one is of another type.
        EpisodeError: one cannot be read.
    """
    found: dict[str, object] = {}
    for name in _FIELDS:
        if name not in _LATER or has_attribute(file, name):
            found[name] = attribute(file, name)
    return msgspec.convert(found, Header)


def summed(header: Header, rows: Callable[[str], NDArray[Any]]) -> Header:
    """The header with what follows from the rows, which `rows` returns by a column's name."""
    modes: NDArray[np.int8] = rows("modes")
    stamp_ns: NDArray[np.int64] = rows("stamp_ns")
    found = () if header.demonstration else interventions(modes)
    backs = [each.end for each in found if each.handed_back]
    operated = (modes == OPERATOR).any(axis=1)
    ticks_s = np.minimum(np.diff(stamp_ns) * 1e-9, _LONGEST_TICK_S)
    driven = (modes == POLICY).any(axis=1) & rows("proposal_valid").any(axis=1)
    versions: NDArray[np.int64] = rows("policy_version")[driven]
    known = header.policy_version if header.corrections_only else -1  # drove in rows not kept
    return replace(
        header,
        steps=len(stamp_ns),
        interventions=takeovers(found),
        operator_s=float(ticks_s[operated[:-1]].sum()),
        policy_version=int(versions.max(initial=known)),
        handback_ns=int(stamp_ns[max(backs)]) if backs else -1,
    )


def derived_labels(header: Header, rows: Callable[[str], NDArray[Any]]) -> NDArray[np.int8]:
    """The codes of `labels.Label` that follow from the rows, (N, 2)."""
    demonstration = (rows("session_mode") == _TELEOP) | header.demonstration
    return label_rows(rows("modes"), rows("stamp_ns"), demonstration)


def settle(file: h5py.File, header: Header) -> Header:
    """Compute what follows from the rows, write labels and header, and return the header."""
    steps = group_in(file, STEPS)
    rows = partial(rows_in, steps)
    if LABEL in steps:
        del steps[LABEL]
    steps.create_dataset(LABEL, data=derived_labels(header, rows))
    _write_check_sums(file)
    header = summed(header, rows)
    write_header(file, header)
    return header


def _write_check_sums(file: h5py.File) -> None:
    """Of every dataset of version 3 but the images' bytes, of which each image has its own."""
    if STREAMS not in file:
        return
    streams = group_in(file, STREAMS)
    groups = [file, group_in(file, STEPS), group_in(file, EVENTS)]
    for group in (*groups, *(group_in(streams, name) for name in members_of(streams))):
        for name, dataset in group.items():
            if name != BYTES and isinstance(dataset, h5py.Dataset):
                dataset.attrs[CHECK_SUM] = np.uint32(check_sum_of(dataset))


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
