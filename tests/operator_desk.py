"""An operator's hands and eyes: keys and clicks through X, a virtual puck, the bus, pictures."""

import os
import subprocess
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from PySide6.QtGui import QColor, QImage

from gui import theme
from gui.virtual_screen import virtual_screen
from teleop.bus import EPISODE_SAVED, POLICY_SERVING, STATE, TAKEOVER, Subscriber
from teleop.children import Program
from teleop.config import SessionConfig
from teleop.messages import EpisodeSaved, Step
from teleop.process_tree import GUI, ProcessTree
from teleop.rig.pucks import VirtualPuck, VirtualUsb
from teleop.session import running_session
from teleop.session_folder import SessionFolder
from teleop.takeover_messages import TakeoverStatus

SCREEN = (1440, 900)
KEY_S = 0.15  # between two keys
PICTURES = "NUDGE_PICTURES"  # a folder to keep them in


@dataclass
class OperatorDesk:
    """A session with its window on a virtual screen.

    Attributes:
        saved: episodes that the recorder finished.
        served: versions that the policy process computed with, in turn.
    """

    folder: SessionFolder
    tree: ProcessTree
    puck: VirtualPuck
    screen: Mapping[str, str]
    bus: Subscriber
    pictures: Path
    step: Step | None = None
    takeover: TakeoverStatus | None = None
    saved: list[EpisodeSaved] = field(default_factory=list[EpisodeSaved])
    served: list[int] = field(default_factory=list[int])
    taken: list[str] = field(default_factory=list[str])

    def run(self, *words: str) -> str:
        """What a program that talks to the screen prints."""
        done = subprocess.run(words, env=dict(self.screen), capture_output=True, text=True)
        assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
        return done.stdout.strip()

    def focus(self) -> None:
        """Give the window the keyboard: there is no window manager that would."""
        windows = self.run("xdotool", "search", "--onlyvisible", "--name", "^Nudge").split()
        self.run("xdotool", "windowfocus", "--sync", windows[-1])

    def press(self, *keys: str) -> None:
        """Press and release real keys, as xdotool names them."""
        for key in keys:
            self.run("xdotool", "key", "--delay", "40", key)
            self.look(KEY_S)

    def hold(self, key: str, seconds: float) -> None:
        """Hold a key down."""
        self.run("xdotool", "keydown", key)
        self.look(seconds)
        self.run("xdotool", "keyup", key)

    def click(self, x: int, y: int) -> None:
        """Press the left mouse button there."""
        self.run("xdotool", "mousemove", "--sync", str(x), str(y), "click", "1")
        self.look(KEY_S)

    def look(self, seconds: float) -> None:
        """Take in what the bus brings, and keep the processes running."""
        deadline_s = time.monotonic() + seconds
        while True:
            left_s = deadline_s - time.monotonic()
            for topic, message in self.bus.poll(max(0.0, min(left_s, 0.02))):
                if topic is STATE:
                    self.step = message
                elif topic is TAKEOVER:
                    self.takeover = message
                elif topic is EPISODE_SAVED:
                    self.saved += [message] if message.final else []
                elif topic is POLICY_SERVING:
                    self.served.append(message.version)
            self.tree.watch(0.0)
            if left_s <= 0:
                return

    def until(self, check: Callable[[], bool], what: str, within_s: float = 20.0) -> None:
        """Wait until `check` holds; fails with a picture and the sentence `what`."""
        deadline_s = time.monotonic() + within_s
        while not check():
            if time.monotonic() > deadline_s:
                self.picture("failed")
                raise AssertionError(f"not within {within_s:.0f} s: {what}; see {self.pictures}")
            self.look(0.05)

    def picture(self, name: str, settle_s: float = 0.4) -> Path:
        """Keep a picture of the screen."""
        self.look(settle_s)
        self.taken.append(name)
        path = self.pictures / f"{len(self.taken):02d}-{name}.png"
        self.run("import", "-window", "root", str(path))
        return path

    def stop_button(self) -> tuple[int, int]:
        """Where STOP is, found by its colour as a person finds it."""
        image = QImage(str(self.picture("where-is-stop"))).convertToFormat(
            QImage.Format.Format_RGB32
        )
        pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
        rows, columns = np.nonzero(
            (pixels & 0xFFFFFF) == (QColor(theme.DARK.stop).rgb() & 0xFFFFFF)
        )
        assert len(rows) > 1000, "no STOP button is in sight"
        return int(np.median(columns)), int(np.percentile(rows, 10))


@contextmanager
def operator_desk(path: Path, home: Path, config: SessionConfig) -> Generator[OperatorDesk]:
    """A session whose processes are up, with a puck plugged in and the window focused."""
    kept = Path(os.environ.get(PICTURES, home / "pictures"))
    kept.mkdir(parents=True, exist_ok=True)
    with VirtualUsb() as usb, virtual_screen(*SCREEN) as screen:
        puck = usb.plug(serial="A")
        own = {"XDG_CONFIG_HOME": str(home), "SDL_AUDIODRIVER": "dummy"}

        def adapt(program: Program) -> Program:
            added: dict[str, str] = own
            if program.name == "control":
                added = dict(usb.environment) | own
            elif program.name == GUI:
                added = {name: screen[name] for name in ("DISPLAY", "QT_QPA_PLATFORM")} | own
            return replace(program, environment=dict(program.environment) | added)

        with running_session(
            path, config, window=True, over=lambda: "", say=lambda text: None, adapt=adapt
        ) as (folder, tree):
            ends = [folder.endpoint(name) for name in ("control", "recorder", "policy")]
            with Subscriber(ends, [STATE, TAKEOVER, EPISODE_SAVED, POLICY_SERVING]) as bus:
                desk = OperatorDesk(folder, tree, puck, screen, bus, kept)
                desk.look(1.0)
                desk.focus()
                yield desk
