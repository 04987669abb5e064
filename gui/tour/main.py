"""`make screenshots`: pictures of every view, dark and light, small and large, from real rows.

Without --session a small session is made first: three episodes of `nudge demo`, with all its
processes. A copy of it is played, one of its episodes over the bus, while the real window is shown
off-screen and photographed at every station. What a machine can see is wrong is printed: words that
are cut, labels over each other, pictures of one colour, errors. The exit code is 1 if there is any.

--keep names a folder for the few that are kept with the project, as PNG of 256 colours at most.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from recorder.edits.listed import listed
from recorder.edits.session_views import session_views
from teleop.cli_options import parse
from teleop.display import prepare_display
from teleop.errors import SessionError
from teleop.session_folder import SessionFolder

EPISODES = 3
KEPT = (  # of the looks that are kept with the project
    "dark-1280x800",
    "light-1280x800",
)
KEPT_LIGHT = (  # all of the dark ones, and these
    "operate-policy",
    "operate-operator",
    "operate-fault",
    "alarm",
    "learn",
    "review",
    "review-what-changed",
    "set-up",
    "demonstrate",
)
COLOURS = 200
LONGEST_S = 900.0


@dataclass(frozen=True)
class Form:
    """A look and a size."""

    look: str
    width: int
    height: int
    scale: int = 1

    @property
    def name(self) -> str:
        """Of its folder."""
        scaled = f"@{self.scale}" if self.scale > 1 else ""
        return f"{self.look}-{self.width}x{self.height}{scaled}"


FORMS = (
    Form("dark", 1280, 800),
    Form("light", 1280, 800),
    Form("dark", 1920, 1080),
    Form("light", 1920, 1080),
    Form("dark", 1280, 800, scale=2),
)


@dataclass(frozen=True)
class ScreenshotsOptions:
    """From what, and where to."""

    session: Path | None = None
    """a recorded session; a small one is made if none is given"""
    out: Path = Path("build/screenshots")
    """folder of all pictures, one folder for each look and size"""
    keep: Path | None = None
    """folder for the few that are kept, smaller"""
    only: tuple[str, ...] = ()
    """stations; all if none is named"""
    forms: tuple[str, ...] = ()
    """looks and sizes such as dark-1280x800; all if none is named"""


def main(arguments: list[str]) -> int:
    """Make the pictures; return the exit code."""
    options = parse(
        ScreenshotsOptions, arguments, prog="make screenshots", description=__doc__ or ""
    )
    console = Console(stderr=True)
    prepare_display()
    with tempfile.TemporaryDirectory(prefix="nudge-", dir="/tmp") as scratch:
        made = Path(scratch) / "made"
        if options.session is None:
            console.print(f"Making a session of {EPISODES} episodes.")
            make_session(made)
        folder = Path(scratch) / "s"
        shutil.copytree(options.session or made, folder, ignore=shutil.ignore_patterns("bus"))
        episode = corrected_episode(SessionFolder(folder))
        wrong = 0
        for form in FORMS:
            if options.forms and form.name not in options.forms:
                continue
            console.print(f"[bold]{form.name}[/bold]", highlight=False)
            for station, lines in photograph(form, folder, episode, options).items():
                for line in lines:
                    console.print(f"  {station}: {line}", highlight=False, markup=False)
                wrong += bool(lines)
            if options.keep is not None and form.name in KEPT:
                keep(options.out / form.name, options.keep, form.look)
    console.print(f"The pictures: {options.out}", highlight=False)
    return int(wrong > 0)


def make_session(folder: Path) -> None:
    """Record one with real processes.

    Raises:
        SessionError: the demo did not end well.
    """
    command = [sys.executable, "-m", "teleop.cli", "demo", "--headless", "--session", str(folder)]
    done = subprocess.run([*command, "--episodes", str(EPISODES)], check=False, timeout=LONGEST_S)
    if done.returncode:
        raise SessionError(
            f"No session could be made for the pictures (exit code {done.returncode})."
        )


def corrected_episode(folder: SessionFolder) -> Path:
    """The recorded episode with a takeover that is the longest.

    Raises:
        SessionError: there is none.
    """
    views = session_views(folder)
    found = [
        (each.header.operator_s, views.recorded[piece.episode].path)
        for each in listed(folder, views, [])
        for piece in each.clip.pieces
        if each.header.interventions > 0
    ]
    if not found:
        raise SessionError(
            f"No episode of {folder.path} was corrected: take one with at least one takeover."
        )
    return max(found)[1]


def photograph(
    form: Form, folder: Path, episode: Path, options: ScreenshotsOptions
) -> dict[str, list[str]]:
    """What was found at each station.

    Raises:
        SessionError: the process that takes the pictures failed.
    """
    command = [sys.executable, "-m", "gui.tour.photograph", str(folder), str(episode)]
    command += [str(options.out / form.name), "--look", form.look]
    command += ["--width", str(form.width), "--height", str(form.height)]
    if options.only:
        command += ["--only", *options.only]
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(form.scale),
        "SDL_AUDIODRIVER": "dummy",
    }
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, check=False, timeout=LONGEST_S
    )
    if done.returncode:
        raise SessionError(f"No pictures of {form.name} (exit code {done.returncode}): see above.")
    return json.loads(done.stdout.splitlines()[-1])


def keep(pictures: Path, kept: Path, look: str) -> None:
    """Copy pictures into `kept`, in few colours where ImageMagick is there to find them."""
    kept.mkdir(parents=True, exist_ok=True)
    program = shutil.which("convert")
    for picture in sorted(pictures.glob("*.png")):
        if look == "light" and picture.stem not in KEPT_LIGHT:
            continue
        target = kept / f"{picture.stem}-{look}.png"
        if program is None:
            shutil.copy(picture, target)
            continue
        fewer = ["-dither", "None", "-colors", str(COLOURS), f"PNG8:{target}"]
        subprocess.run([program, str(picture), "-strip", *fewer], check=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
