"""Immutable policy versions in a folder, and the pointer to the one that is served.

    policies/v0003/weights.safetensors
    policies/v0003/manifest.json        written last: a folder without it is not a version
    policies/serving                    the number of the version to serve, see teleop/serving.py

A version is written under a temporary name, synced and renamed: it is whole or it is not there.
Moving the pointer is all that serving and rollback are.
"""

import os
import shutil
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from learner.manifest import Manifest, load_manifest, manifest_bytes
from learner.model import PolicyNet
from teleop.errors import PolicyError, PolicyMismatch, PolicyNotFound
from teleop.serving import MANIFEST, Move, move_serving, serving_version, version_folder

_READING = "head.reading."
WEIGHTS = "weights.safetensors"


def save_checkpoint(folder: Path, net: PolicyNet, manifest: Manifest) -> None:
    """Write a version folder, so that it appears whole or not at all.

    Raises:
        PolicyError: there is a folder of that name; versions never change.
    """
    if folder.exists():
        raise PolicyError(f"'{folder}' is there already, and a version never changes.")
    partial = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    tensors = {name: tensor.contiguous() for name, tensor in net.state_dict().items()}
    save_file(tensors, partial / WEIGHTS)
    (partial / MANIFEST).write_bytes(manifest_bytes(manifest))
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
    try:
        net = PolicyNet(manifest.model)
    except (ValueError, RuntimeError) as error:
        raise PolicyMismatch(
            f"No policy has the sizes that '{folder / MANIFEST}' states ({error}). "
            f"Name another version."
        ) from error
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
    for name in [n for n in net.state_dict() if n.startswith(_READING) and n not in tensors]:
        # Versions from before the head had a reading of its own read as their encoder does.
        own = name.replace(_READING, "encoder.")
        if own in tensors:
            tensors[name] = tensors[own].clone()
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


class PolicyStore:
    """The versions of one session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def folder(self) -> Path:
        return self._folder

    def path(self, version: int) -> Path:
        return version_folder(self._folder, version)

    def versions(self) -> list[int]:
        """Whole versions, ascending."""
        return sorted(
            int(path.parent.name[1:])
            for path in self._folder.glob(f"v[0-9]*/{MANIFEST}")
            if path.parent.name[1:].isdecimal()
        )

    def next_version(self) -> int:
        return max(self.versions(), default=-1) + 1

    def publish(self, net: PolicyNet, manifest: Manifest) -> Path:
        """Add an immutable version; the serving pointer stays."""
        folder = self.path(manifest.version)
        save_checkpoint(folder, net, manifest)
        return folder

    def remove_leftovers(self) -> None:
        """Remove versions that were half written when a process died; only its writer may ask."""
        for partial in self._folder.glob(".v*.part"):
            shutil.rmtree(partial, ignore_errors=True)

    def load(self, version: int) -> tuple[PolicyNet, Manifest]:
        if version not in self.versions():
            known = ", ".join(map(str, self.versions())) or "none"
            raise PolicyNotFound(
                f"No policy version {version} in '{self._folder}'; there are: {known}."
            )
        return load_checkpoint(self.path(version))

    def promote(self, version: int, by: str = "learner", reason: str = "") -> Move:
        """Move the serving pointer; to an older version it is a rollback.

        Raises:
            PolicyNotFound: there is no such version.
        """
        return move_serving(self._folder, version, by, reason)

    def serving(self) -> int:
        """The version to serve.

        Raises:
            PolicyNotFound: before the first `promote`.
            PolicyMismatch: the pointer holds something else than a number.
        """
        return serving_version(self._folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
