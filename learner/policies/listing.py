"""`nudge policy list`: the versions of a session, and which one is served."""

import sys
from dataclasses import dataclass
from datetime import datetime

import msgspec
import tyro
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from learner.manifest import Manifest, version_report
from learner.policies.naming import named
from learner.policies.reading import Versions, read_versions
from teleop.cli_options import parse
from teleop.learner_messages import VersionReport

_TO_THE_RIGHT = frozenset({"Version", "From", "Corrections"})


@dataclass(frozen=True)
class ListOptions:
    """What `nudge policy list` takes."""

    session: tyro.conf.Positional[str] = ""
    """session folder; the newest one under ./sessions if not given"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


@dataclass(frozen=True)
class ListedVersion:
    """A version in the list."""

    served: bool
    provisional: bool
    report: VersionReport


@dataclass(frozen=True)
class VersionList:
    """What `--json` prints."""

    session: str
    serving: int
    versions: tuple[ListedVersion, ...]
    trouble: tuple[str, ...]


def listed(session: str, versions: Versions) -> VersionList:
    """The list as data."""
    rows = tuple(
        ListedVersion(m.version == versions.serving, m.provisional, version_report(m))
        for m in versions.manifests
    )
    return VersionList(session, versions.serving, rows, versions.trouble)


def table(versions: Versions) -> Table:
    """The list for people, a line a version."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("Version", "", "Speed", "Method", "From", "Corrections", "Gate", "When"):
        grid.add_column(head, justify="right" if head in _TO_THE_RIGHT else "left", no_wrap=True)
    for manifest in versions.manifests:
        served = manifest.version == versions.serving
        grid.add_row(
            str(manifest.version),
            "served" if served else "",
            manifest.speed,
            manifest.method,
            str(manifest.parent) if manifest.parent >= 0 else "",
            str(len(manifest.corrections)) if manifest.corrections else "",
            gate_words(manifest).partition(":")[0],
            f"{datetime.fromtimestamp(manifest.created_ns * 1e-9):%m-%d %H:%M}",
            style="bold green" if served else "" if manifest.accepted else "dim",
        )
    return grid


def gate_words(manifest: Manifest) -> str:
    """What the gate said, in a few words."""
    if manifest.parent < 0:
        return "not asked"
    return "passed" if manifest.accepted else escape(f"refused: {manifest.reason}")


def main(arguments: list[str]) -> int:
    """List, print; return 0, or 1 if something could not be read."""
    options = parse(ListOptions, arguments, prog="nudge policy list", description=__doc__ or "")
    session = named(options.session).session
    versions = read_versions(session.policies)
    if options.json:
        found = listed(str(session.path), versions)
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        console = Console()
        console.print(table(versions))
        console.print()
        refused = [manifest for manifest in versions.manifests if not manifest.accepted]
        for manifest in refused:
            words = f"Version {manifest.version} was {gate_words(manifest)}."
            console.print(words, highlight=False)
        console.print(
            f"{escape(str(session.path))}: {len(versions.manifests)} versions, {len(refused)} "
            f"refused, version {versions.serving} is served.",
            highlight=False,
        )
    for line in versions.trouble:
        sys.stderr.write(line + "\n")
    return 1 if versions.trouble else 0
