"""The first version of a session, and the demonstrations every fit holds on to."""

from dataclasses import replace
from pathlib import Path

from learner.policies.naming import named
from learner.store import PolicyStore, load_checkpoint
from teleop.assets import asset_path
from teleop.config import NO_POLICY
from teleop.errors import PolicyNotFound, SessionError
from teleop.serving import MANIFEST
from teleop.session_folder import SessionFolder
from teleop.session_record import read_record

BASE = "base"
DEMONSTRATIONS = "demonstrations.h5"
IMPORTED = "import"  # a version of elsewhere, as the first of a session


def checkpoint_folder(name: str) -> Path:
    """The folder of the policy a user named.

    Args:
        name: `base` for the shipped one, the folder of a version or of an exported policy, a
            session for what it serves, or SESSION:VERSION.

    Raises:
        PolicyNotFound: there is no such policy.
    """
    if name == BASE:
        return asset_path("policies/plug_base")
    if name == NO_POLICY:
        raise PolicyNotFound(
            "This session has no policy (--policy none): nothing is served and nothing learns. "
            "Start one with --policy base, and it does."
        )
    folder = Path(name).expanduser()
    if folder.is_file():
        folder = folder.parent
    if (folder / MANIFEST).is_file():
        return folder
    try:
        return named(name).folder
    except SessionError:
        raise PolicyNotFound(
            f"No policy at '{folder}'. Use --policy base for the one that ships with the program, "
            f"name a version "
            "folder of an earlier session, or train one with `nudge train`."
        ) from None


def demonstrations_file(name: str) -> Path:
    """The demonstrations beside the named policy, else those of its session, else the shipped ones.

    Raises:
        PolicyNotFound: there is no such policy.
    """
    asked: set[Path] = set()
    while (folder := checkpoint_folder(name)) not in asked:
        asked.add(folder)
        beside = folder / DEMONSTRATIONS
        if beside.is_file():
            return beside
        session = SessionFolder(folder.absolute().parent.parent)
        if folder.absolute().parent != session.policies or not session.config.is_file():
            break
        name = read_record(session).config.policy
    return asset_path(f"policies/plug_base/{DEMONSTRATIONS}")


def seed_store(store: PolicyStore, name: str) -> None:
    """Make the named policy version 0 of an empty store; leave a store with versions alone.

    Raises:
        PolicyError: there is no such policy, or it cannot be loaded.
    """
    if store.versions():
        return
    net, manifest = load_checkpoint(checkpoint_folder(name))
    first = replace(
        manifest,
        version=0,
        parent=-1,
        corrections=(),
        speed=manifest.speed if manifest.method == BASE else IMPORTED,
        provisional=False,
        accepted=True,
        fit=-1,
    )
    store.publish(net, first)
    store.promote(0, "start", f"the session began with '{name}'")
