"""What a policy version says of itself: where it comes from, and what the gate said of it."""

import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from learner.model import ModelConfig
from teleop.errors import PolicyMismatch, PolicyNotFound
from teleop.learner_messages import GateCheck, StratumLoss, VersionReport
from teleop.serving import MANIFEST

FORMAT = "nudge-policy"
FORMAT_VERSION = 1
NOT_MEASURED = -1.0  # JSON knows no NaN
_SPEEDS = ("base", "head", "full")  # what `method` said before there were several methods


@dataclass(frozen=True)
class Manifest:
    """Where a version comes from and what it is for.

    A number that was not measured is -1; manifests of earlier versions of this program lack the
    fields that have a default.
    """

    version: int
    parent: int  # -1: none
    method: str  # a name in learner.methods, or "base"
    provisional: bool
    accepted: bool
    reason: str
    corrections: tuple[str, ...]  # names of the episodes it learned from
    demonstrations: int
    updates: int  # gradient steps since the parent
    fit_s: float
    seconds_from_handback: float  # -1: not caused by a correction
    created_ns: int  # wall clock, since the epoch
    model: ModelConfig
    speed: str = ""  # "base", "head", "full", "consolidate", "import"
    fit: int = -1  # its number in the session's log of fits
    seed: int = -1  # of everything random in that fit
    losses: tuple[StratumLoss, ...] = ()
    checks: tuple[GateCheck, ...] = ()
    data_age_s: float = NOT_MEASURED  # from the newest row it learned from to its publication
    format: str = FORMAT
    format_version: int = FORMAT_VERSION


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as JSON, what is not a number as -1."""
    return json.dumps(_numbers(asdict(manifest)), indent=2, allow_nan=False).encode() + b"\n"


def load_manifest(folder: Path) -> Manifest:
    """The manifest of a version's folder.

    Raises:
        PolicyNotFound: there is none.
        PolicyMismatch: it is something else than a manifest that this program reads.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise PolicyNotFound(
            f"No policy in '{folder}': {MANIFEST} is missing. Name a version folder, or train one "
            f"with `nudge train`."
        ) from None
    except OSError as error:
        raise PolicyNotFound(f"'{path}' cannot be read ({error.strerror}).") from None
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PolicyMismatch(
            f"'{path}' is not a policy manifest of this program ({error})."
        ) from error
    if manifest.format != FORMAT or manifest.format_version > FORMAT_VERSION:
        raise PolicyMismatch(
            f"'{folder}' is a '{manifest.format}' of format {manifest.format_version}; this "
            f"program reads "
            f"'{FORMAT}' up to {FORMAT_VERSION}."
        )
    return _completed(manifest)


def version_report(manifest: Manifest) -> VersionReport:
    """What the window and the verbs show of a version."""
    return VersionReport(
        version=manifest.version,
        parent=manifest.parent,
        method=manifest.method,
        speed=manifest.speed,
        accepted=manifest.accepted,
        reason=manifest.reason,
        corrections=manifest.corrections,
        losses=manifest.losses,
        checks=manifest.checks,
        updates=manifest.updates,
        fit_s=manifest.fit_s,
        data_age_s=manifest.data_age_s,
        seconds_from_handback=manifest.seconds_from_handback,
        created_ns=manifest.created_ns,
    )


def _completed(manifest: Manifest) -> Manifest:
    """A manifest of before there were methods, in today's words."""
    if manifest.speed or manifest.method not in _SPEEDS:
        return manifest
    method = manifest.method if manifest.method == "base" else "finetune"
    return replace(manifest, method=method, speed=manifest.method)


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _numbers(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [_numbers(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, float) and not math.isfinite(value):
        return NOT_MEASURED
    return value
