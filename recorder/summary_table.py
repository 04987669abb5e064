"""A session's summary as tables for the terminal."""

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recorder.summary import NO_VERSION, SessionSummary, VersionSummary


def version_name(version: int) -> str:
    """How a version is called where people read."""
    return "none" if version == NO_VERSION else f"v{version}"


def served(version: VersionSummary) -> str:
    """What became of a version: a provisional one is `head`, a refused one may have driven."""
    manifest = version.manifest
    if manifest.accepted:
        return "head" if manifest.provisional else "served"
    return "drove" if version.episodes else "refused"


def session_table(summary: SessionSummary) -> RenderableType:
    """Return success and interventions per version, and the sums under it."""
    table = Table(
        title="Success and interventions per policy version",
        title_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("version", no_wrap=True)
    for heading in ("episodes", "success", "unaided", "takeovers", "operator", "to serving"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for version in summary.versions:
        seconds = version.manifest.seconds_from_handback
        table.add_row(
            version_name(version.manifest.version),
            str(version.episodes),
            share(version.successes, version.episodes),
            share(version.unaided, version.episodes),
            str(version.interventions),
            f"{version.operator_s:.1f} s" if version.episodes else "",
            f"{seconds:.1f} s" if seconds >= 0.0 else "",
            served(version),
        )
    return Group(table, Text(sentence(summary)))


def share(part: int, whole: int) -> str:
    """Return "7/8", or nothing where there is nothing to count."""
    return f"{part}/{whole}" if whole else ""


def sentence(summary: SessionSummary) -> str:
    """Return the session's sums in a sentence."""
    counted = summary.counted
    p50 = summary.seconds_to_serving_p50
    text = (
        f"{len(summary.episodes)} episodes, {sum(e.succeeded for e in counted)} of {len(counted)} "
        f"succeeded, {sum(e.unaided for e in counted)} without help; "
        f"{summary.corrections} corrections in {summary.operator_s:.1f} s of operator time"
    )
    return text + (f"; {p50:.1f} s from a correction to its serving." if p50 is not None else ".")
