"""`nudge policy show`: where a version comes from, what it learned, what the gate said of it."""

import sys
from dataclasses import dataclass

import msgspec
import tyro
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from learner.manifest import Manifest, version_report
from learner.policies.listing import gate_words
from learner.policies.naming import named
from learner.policies.reading import Versions, read_versions
from recorder.words import length_text
from teleop.cli_options import parse
from teleop.errors import PolicyNotFound
from teleop.learner_messages import VersionReport
from teleop.serving import Move


@dataclass(frozen=True)
class ShowOptions:
    """What `nudge policy show` takes."""

    version: tyro.conf.Positional[str] = ""
    """SESSION:VERSION, VERSION of the newest session, or SESSION; the serving one if not given"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


@dataclass(frozen=True)
class Ancestor:
    """A step of the lineage."""

    version: int
    speed: str
    method: str
    learned: tuple[str, ...]  # corrections that its parent had not learned
    left_out: tuple[str, ...]  # corrections of its parent that it was made without


@dataclass(frozen=True)
class ShownVersion:
    """What `--json` prints."""

    session: str
    served: bool
    provisional: bool
    report: VersionReport
    lineage: tuple[Ancestor, ...]  # from the version itself back to the first
    moves: tuple[Move, ...]  # of the pointer to it


def ancestors(versions: Versions, version: int) -> tuple[Ancestor, ...]:
    """Which corrections came in where, from the version itself back to the first."""
    line = versions.lineage(version)
    parents: list[Manifest | None] = [*line[1:], None]
    found: list[Ancestor] = []
    for child, parent in zip(line, parents, strict=True):
        before = parent.corrections if parent else ()
        learned = tuple(sorted(set(child.corrections) - set(before)))
        left_out = tuple(sorted(set(before) - set(child.corrections)))
        found.append(Ancestor(child.version, child.speed, child.method, learned, left_out))
    return tuple(found)


def shown(session: str, versions: Versions, version: int) -> ShownVersion:
    """All about one version.

    Raises:
        PolicyNotFound: it is not there, or cannot be read.
    """
    manifest = versions.of(version)
    if manifest is None:
        known = ", ".join(str(each.version) for each in versions.manifests) or "none"
        raise PolicyNotFound(f"There is no version {version} in '{session}'; there are: {known}.")
    return ShownVersion(
        session=session,
        served=version == versions.serving,
        provisional=manifest.provisional,
        report=version_report(manifest),
        lineage=ancestors(versions, version),
        moves=tuple(move for move in versions.moves if move.version == version),
    )


def _print(console: Console, found: ShownVersion, manifest: Manifest) -> None:
    report = found.report
    words = ["served" if found.served else "not served"]
    words += ["provisional"] if found.provisional else []
    console.print(f"[bold]Version {report.version}[/], {', '.join(words)}", highlight=False)
    console.print(f"{report.speed} by {report.method}, {report.updates} steps in ", end="")
    console.print(length_text(report.fit_s) or "no time", end="")
    if report.seconds_from_handback >= 0:
        console.print(f", {report.seconds_from_handback:.1f} s after the hand-back", end="")
    console.print(f"\nGate: {gate_words(manifest)}\n", highlight=False)
    console.print(_lineage_table(found))
    if report.losses:
        console.print()
        console.print(_losses_table(report))
    if report.checks:
        console.print()
        console.print(_checks_table(report))
    for move in found.moves:
        console.print(
            f"Served from version {move.before} on, by {move.by}: {escape(move.reason) or '-'}",
            highlight=False,
        )


def _lineage_table(found: ShownVersion) -> Table:
    grid = _table("Lineage", "Made by", "Corrections it learned that its parent had not")
    for each in found.lineage:
        learned = ", ".join(each.learned) or "none"
        left_out = f"; without {', '.join(each.left_out)}" if each.left_out else ""
        grid.add_row(f"v{each.version}", f"{each.speed} {each.method}", learned + left_out)
    return grid


def _losses_table(report: VersionReport) -> Table:
    grid = _table("Rows", "Number", "Error in action scales")
    for loss in report.losses:
        grid.add_row(loss.stratum, str(loss.rows), f"{loss.error:.3f}")
    return grid


def _checks_table(report: VersionReport) -> Table:
    grid = _table("Gate", "", "Found")
    for check in report.checks:
        grid.add_row(
            check.name,
            "[green]passed[/]" if check.passed else "[red]failed[/]",
            escape(check.sentence),
        )
    return grid


def _table(*heads: str) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):
        grid.add_column(head, no_wrap=place < len(heads) - 1)
    return grid


def main(arguments: list[str]) -> int:
    """Show one version."""
    options = parse(ShowOptions, arguments, prog="nudge policy show", description=__doc__ or "")
    name = named(options.version)
    versions = read_versions(name.session.policies)
    version = name.version if name.version >= 0 else versions.serving
    found = shown(str(name.session.path), versions, version)
    if options.json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return 0
    manifest = versions.of(version)
    if manifest is not None:
        _print(Console(), found, manifest)
    return 0
