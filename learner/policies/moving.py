"""`nudge policy promote` and `rollback`: serve another version, with or without a session running.

Only the pointer moves. A running policy process follows it at its next safe point.
"""

import sys
from dataclasses import dataclass

import msgspec
import tyro

from learner.policies.naming import Named, named
from learner.policies.reading import Versions, read_versions, version_before
from learner.store import load_checkpoint
from teleop.cli_options import parse
from teleop.errors import PolicyError, PolicyNotFound
from teleop.serving import Move, move_serving, version_folder

OPERATOR = "operator"


@dataclass(frozen=True)
class PromoteOptions:
    """What `nudge policy promote` takes."""

    version: tyro.conf.Positional[str]
    """SESSION:VERSION, or VERSION of the newest session"""
    force: bool = False
    """serve it though the gate refused it"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


@dataclass(frozen=True)
class RollbackOptions:
    """What `nudge policy rollback` takes."""

    version: tyro.conf.Positional[str] = ""
    """SESSION:VERSION, VERSION, or SESSION; without a number, the version served before"""
    force: bool = False
    """serve it though the gate refused it"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


def serve(name: Named, version: int, reason: str, *, force: bool = False) -> Move:
    """Point at a version that can be served.

    Raises:
        PolicyNotFound: it is not there.
        PolicyMismatch: it cannot be loaded.
        PolicyError: the gate refused it, and `force` is not set.
    """
    policies = name.session.policies
    manifest = read_versions(policies).of(version)
    if manifest is None:
        folder = Named(name.session, version).folder  # says what is the matter
        load_checkpoint(folder)
        raise PolicyNotFound(f"Version {version} of '{name.session.path}' cannot be read.")
    if not manifest.accepted and not force:
        raise PolicyError(
            f"The gate refused version {version}: {manifest.reason}. Serve it all the same with "
            f"--force."
        )
    load_checkpoint(version_folder(policies, version))
    return move_serving(policies, version, OPERATOR, reason)


def rollback_target(name: Named, versions: Versions) -> int:
    """The version to go back to.

    Raises:
        PolicyNotFound: none was served before.
    """
    if name.version >= 0:
        return name.version
    version = version_before(versions)
    if version < 0:
        raise PolicyNotFound(
            f"Before version {versions.serving} none was served in '{name.session.path}'; name "
            f"the version to serve."
        )
    return version


def promote(arguments: list[str]) -> int:
    """Serve a version."""
    options = parse(
        PromoteOptions,
        arguments,
        prog="nudge policy promote",
        description="Serve a version from now on; a running session takes it at a safe point.",
    )
    name = named(options.version)
    if name.version < 0:
        raise PolicyNotFound(f"Name the version to serve: nudge policy promote {options.version}:3")
    move = serve(name, name.version, "promoted by hand", force=options.force)
    return _tell(name, move, as_json=options.json)


def rollback(arguments: list[str]) -> int:
    """Serve an earlier version."""
    options = parse(
        RollbackOptions,
        arguments,
        prog="nudge policy rollback",
        description="Serve the version that was served before, or the one that is named.",
    )
    name = named(options.version)
    target = rollback_target(name, read_versions(name.session.policies))
    move = serve(name, target, "rolled back by hand", force=options.force)
    return _tell(name, move, as_json=options.json)


def _tell(name: Named, move: Move, *, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(msgspec.json.encode(move).decode() + "\n")
    else:
        before = f"; before it was {move.before}" if move.before >= 0 else ""
        sys.stdout.write(
            f"Version {move.version} is to be served in {name.session.path}{before}. A running "
            f"session takes it at its next safe point.\n"
        )
    return 0
