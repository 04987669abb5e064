"""The first version of a session, and the demonstrations every fit holds on to."""

from dataclasses import replace
from pathlib import Path

from learner.store import PolicyStore, load_checkpoint
from teleop.assets import asset_path
from teleop.errors import PolicyNotFound

BASE = "base"
DEMONSTRATIONS = "demonstrations.h5"


def checkpoint_folder(name: str) -> Path:
    """The folder of the policy a user named: `base` for the shipped one, else a path.

    Raises:
        PolicyNotFound: there is no such folder.
    """
    folder = asset_path("policies/plug_base") if name == BASE else Path(name).expanduser()
    if folder.is_file():
        folder = folder.parent
    if not folder.is_dir():
        raise PolicyNotFound(
            f"No policy at '{folder}'. Use --policy base for the one that ships with the program, "
            f"name a version "
            "folder of an earlier session, or train one with `nudge train`."
        )
    return folder


def demonstrations_file(name: str) -> Path:
    """The demonstrations beside the named policy, or the shipped ones."""
    beside = checkpoint_folder(name) / DEMONSTRATIONS
    return beside if beside.is_file() else asset_path(f"policies/plug_base/{DEMONSTRATIONS}")


def seed_store(store: PolicyStore, name: str) -> None:
    """Make the named policy version 0 of an empty store; leave a store with versions alone."""
    if store.versions():
        return
    net, manifest = load_checkpoint(checkpoint_folder(name))
    store.publish(net, replace(manifest, version=0, parent=-1, corrections=()))
    store.promote(0)
