"""Immutable policy versions in a folder, and the pointer to the one that is served.

    policies/v0003/weights.safetensors
    policies/v0003/manifest.json        written last: a folder without it is not a version
    policies/serving                    the number of the version to serve, replaced atomically

A version is written under a temporary name, synced and renamed: it is whole or it is not there.
Moving the pointer is all that serving and rollback are.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from learner.model import ModelConfig, PolicyNet
from teleop.errors import PolicyMismatch, PolicyNotFound

FORMAT = "nudge-policy"
FORMAT_VERSION = 1
WEIGHTS = "weights.safetensors"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class GateResult:
    """What the gate measured of a candidate; mean absolute errors in action scales."""

    accepted: bool
    reason: str
    held_out_error: float
    held_out_error_serving: float
    corrections_error: float
    corrections_error_serving: float


@dataclass(frozen=True)
class Manifest:
    """Where a version comes from and what it is for."""

    version: int
    parent: int  # -1: none
    method: str  # "base", "head", "full"
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
    gate: GateResult | None = None
    format: str = FORMAT
    format_version: int = FORMAT_VERSION


def save_checkpoint(folder: Path, net: PolicyNet, manifest: Manifest) -> None:
    """Write a version folder, which must not exist yet, so that it appears whole or not at all."""
    partial = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    tensors = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    save_file(tensors, partial / WEIGHTS)
    (partial / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n")
    for name in (WEIGHTS, MANIFEST):
        _sync(partial / name)
    partial.rename(folder)
    _sync(folder.parent)


def load_checkpoint(folder: Path) -> tuple[PolicyNet, Manifest]:
    """The net and manifest of a version folder.

    Raises:
        PolicyNotFound: the folder or one of its two files is missing.
        PolicyMismatch: the files are something else than a policy of this program.
    """
    manifest = load_manifest(folder)
    net = PolicyNet(manifest.model)
    try:
        tensors = load_file(folder / WEIGHTS)
    except FileNotFoundError:
        raise PolicyNotFound(
            f"No weights in '{folder}': {WEIGHTS} is missing. Name another version or train one "
            f"with `nudge train`."
        ) from None
    except SafetensorError as error:
        raise PolicyMismatch(
            f"'{folder / WEIGHTS}' is not a whole safetensors file ({error}). Name another version."
        ) from error
    try:
        net.load_state_dict(tensors)
    except RuntimeError as error:
        first = str(error).splitlines()[-1].strip()
        raise PolicyMismatch(
            f"The weights in '{folder}' are of another shape than its manifest says ({first}). "
            f"Name another version."
        ) from error
    bad = [name for name, tensor in tensors.items() if not bool(torch.isfinite(tensor).all())]
    if bad:
        raise PolicyMismatch(
            f"The weights in '{folder}' hold values that are not numbers ({bad[0]})."
        )
    return net.eval(), manifest


def load_manifest(folder: Path) -> Manifest:
    """The manifest alone. Raises as `load_checkpoint`."""
    try:
        content = (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise PolicyNotFound(
            f"No policy in '{folder}': {MANIFEST} is missing. Name a version folder, or train one "
            f"with `nudge train`."
        ) from None
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise PolicyMismatch(
            f"'{folder / MANIFEST}' is not a policy manifest of this program ({error})."
        ) from error
    if manifest.format != FORMAT or manifest.format_version > FORMAT_VERSION:
        raise PolicyMismatch(
            f"'{folder}' is a '{manifest.format}' of format {manifest.format_version}; this "
            f"program reads "
            f"'{FORMAT}' up to {FORMAT_VERSION}."
        )
    return manifest


class PolicyStore:
    """The versions of one session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, version: int) -> Path:
        return self._folder / f"v{version:04d}"

    def versions(self) -> list[int]:
        """Whole versions, ascending."""
        return sorted(
            int(path.parent.name[1:]) for path in self._folder.glob(f"v[0-9]*/{MANIFEST}")
        )

    def next_version(self) -> int:
        return max(self.versions(), default=-1) + 1

    def publish(self, net: PolicyNet, manifest: Manifest) -> Path:
        """Add an immutable version; the serving pointer stays."""
        folder = self.path(manifest.version)
        save_checkpoint(folder, net, manifest)
        return folder

    def load(self, version: int) -> tuple[PolicyNet, Manifest]:
        if version not in self.versions():
            known = ", ".join(map(str, self.versions())) or "none"
            raise PolicyNotFound(
                f"No policy version {version} in '{self._folder}'; there are: {known}."
            )
        return load_checkpoint(self.path(version))

    def promote(self, version: int) -> None:
        """Move the serving pointer; to an older version it is a rollback."""
        if version not in self.versions():
            raise PolicyNotFound(
                f"Version {version} cannot be served: '{self.path(version)}' is not there."
            )
        pointer = self._folder / "serving"
        partial = pointer.with_name(".serving.part")
        partial.write_text(f"{version}\n")
        _sync(partial)
        partial.rename(pointer)
        _sync(self._folder)

    def serving(self) -> int:
        """The version to serve. Raises PolicyNotFound before the first `promote`."""
        try:
            return int((self._folder / "serving").read_text())
        except FileNotFoundError:
            raise PolicyNotFound(f"No policy is served from '{self._folder}' yet.") from None
        except ValueError:
            raise PolicyMismatch(
                f"'{self._folder / 'serving'}' does not hold a version number."
            ) from None


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
