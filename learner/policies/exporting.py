"""`nudge policy export`: a version as a folder that `--policy` takes, in any session."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import tyro

from learner.monitor import file_name
from learner.monitors import SHIPPED
from learner.policies.naming import named
from learner.seed import DEMONSTRATIONS, demonstrations_file
from learner.store import load_checkpoint, save_checkpoint
from teleop.cli_options import parse
from teleop.errors import ConfigError


@dataclass(frozen=True)
class ExportOptions:
    """What `nudge policy export` takes."""

    out: tyro.conf.Positional[Path]
    """folder to write; must not exist"""
    version: tyro.conf.Positional[str] = ""
    """SESSION:VERSION, VERSION of the newest session, or SESSION; the serving one if not given"""
    demonstrations: bool = False
    """put the demonstrations beside it that its fits held on to"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


@dataclass(frozen=True)
class Exported:
    """What `--json` prints."""

    path: str
    version: int
    files: tuple[str, ...]


def export(folder: Path, out: Path, *, demonstrations: bool) -> Exported:
    """Copy a version's folder, with its monitor if there is one.

    Raises:
        PolicyError: the version cannot be loaded.
        ConfigError: `out` is there already.
    """
    if out.exists():
        raise ConfigError(f"'{out}' exists already; name another folder or remove it.")
    net, manifest = load_checkpoint(folder)
    pack = demonstrations_file(str(folder)) if demonstrations else None
    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    save_checkpoint(out.absolute(), net, manifest)
    monitor = folder.parent / file_name(net)
    if monitor.is_file():
        shutil.copyfile(monitor, out / SHIPPED)
    if pack is not None:
        shutil.copyfile(pack, out / DEMONSTRATIONS)
    files = tuple(sorted(path.name for path in out.iterdir()))
    return Exported(str(out), manifest.version, files)


def main(arguments: list[str]) -> int:
    """Export one version."""
    options = parse(ExportOptions, arguments, prog="nudge policy export", description=__doc__ or "")
    done = export(
        named(options.version).folder,
        options.out.expanduser(),
        demonstrations=options.demonstrations,
    )
    if options.json:
        sys.stdout.write(msgspec.json.encode(done).decode() + "\n")
    else:
        sys.stdout.write(
            f"Version {done.version} is in {done.path}: {', '.join(done.files)}. Start a session "
            f"with it: nudge session --policy {done.path}\n"
        )
    return 0
