"""The program under test, and the test's end of it: a SpaceMouse in a process under the preload.

`python -m tests.rig.client` opens a SpaceMouse and answers one word a line with one JSON a line.
"""

import faulthandler
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec

from teleop.device_messages import DeviceProfile, DeviceSeen
from teleop.devices.hid import find_pucks
from teleop.devices.spacemouse import SpaceMouse
from teleop.errors import NudgeError
from teleop.interfaces import Device
from teleop.messages import Mode
from teleop.rig.pucks import VirtualUsb

NOBODY = 65534
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Look:
    """One reading, and how it was to get it."""

    stamp_ns: int
    now_ns: int
    deflection: list[list[float]]
    presses: list[int]
    stops: int
    writeable: bool
    took_s: float
    takes: list[int]
    rewinds: list[int]
    frames: list[str]
    enter: list[float]
    leave: list[float]
    samples: list[int]


def age_s(seen: Look) -> float:
    """How old the reading was."""
    return (seen.now_ns - seen.stamp_ns) * 1e-9


def look(device: Device) -> Look | None:
    """Read once."""
    now_ns = time.monotonic_ns()
    reading = device.read(now_ns)
    took_s = (time.monotonic_ns() - now_ns) * 1e-9
    if reading is None:
        return None
    return Look(
        reading.stamp_ns,
        now_ns,
        reading.deflection.tolist(),
        list(reading.gripper_presses),
        reading.stop_presses,
        bool(reading.deflection.flags.writeable),
        took_s,
        list(reading.take_presses),
        list(reading.rewind_presses),
        [frame.kind.value for frame in reading.frame],
        list(reading.enter),
        list(reading.leave),
        list(reading.sample_ns),
    )


class ClientProcess:
    """A SpaceMouse in another process; raises what opening it said as RuntimeError.

    Args:
        usb: the ports it sees.
        required: whether there must be a puck now.
        folder: of the profiles; None: one that is empty and goes away.
        ordinary: whether to give up the rights of root, to whom nothing is forbidden.
    """

    def __init__(
        self,
        usb: VirtualUsb,
        required: bool = True,
        folder: Path | None = None,
        ordinary: bool = False,
    ) -> None:
        self._own = tempfile.TemporaryDirectory(prefix="profiles-")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.rig.client"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=usb.environment | {"XDG_CONFIG_HOME": str(folder or self._own.name)},
        )
        if ordinary:
            self.ask("become ordinary")
        said = self.ask("open required" if required else "open")
        if said != "ok":
            self._end()
            raise RuntimeError(said)

    def look(self) -> Look | None:
        found = self.ask("look")
        return Look(**found) if isinstance(found, dict) else None  # pyright: ignore

    def wait_for_look(self) -> Look:
        for _ in range(200):
            found = self.look()
            if found is not None:
                return found
            time.sleep(0.01)
        raise TimeoutError("The SpaceMouse gave no reading within 2 s.")

    def until(self, holds: Callable[[Look], bool], within_s: float = 5.0) -> Look:
        """Look until it holds."""
        deadline = time.monotonic() + within_s
        while True:
            seen = self.look()
            if seen is not None and holds(seen):
                return seen
            if time.monotonic() > deadline:
                raise AssertionError(seen, self.health)
            time.sleep(0.005)

    def until_seen(
        self, serial: str, holds: Callable[[DeviceSeen], bool], within_s: float = 5.0
    ) -> DeviceSeen:
        """Look at what is told of one puck until it holds."""
        deadline = time.monotonic() + within_s
        while True:
            seen = self.seen()
            if serial in seen and holds(seen[serial]):
                return seen[serial]
            if time.monotonic() > deadline:
                raise AssertionError(seen)
            time.sleep(0.02)

    @property
    def health(self) -> str:
        return str(self.ask("health"))

    def seen(self) -> dict[str, DeviceSeen]:
        """All pucks by serial."""
        found = msgspec.convert(self.ask("seen"), list[DeviceSeen])
        return {one.serial: one for one in found}

    def tune(self, profile: DeviceProfile) -> str:
        """What is said against it; empty: nothing."""
        return str(self.ask("tune " + msgspec.json.encode(profile).decode()))

    def calibrate(self, serial: str) -> str:
        """What is said against it; empty: nothing."""
        return str(self.ask(f"calibrate {serial}"))

    def show(self, left: Mode, right: Mode) -> None:
        self.ask(f"show {left} {right}")

    def threads(self) -> int:
        """Threads of the process beside its main one."""
        return int(str(self.ask("threads")))

    def close_device(self) -> None:
        self.ask("close")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def ask(self, line: str) -> object:
        """What the program answers."""
        pipe_in, pipe_out = self.process.stdin, self.process.stdout
        if pipe_in is None or pipe_out is None:
            raise RuntimeError("The client process has no pipes.")
        pipe_in.write(line + "\n")
        pipe_in.flush()
        return json.loads(pipe_out.readline() or '"it died"')

    def _end(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:  # say where it hangs
            self.process.send_signal(signal.SIGABRT)
            self.process.wait(timeout=10)
            raise
        finally:
            self._own.cleanup()


def scan(threads: int) -> str:
    """Look for pucks from several threads at once, for a second."""
    end = time.monotonic() + 1.0

    def run() -> None:
        while time.monotonic() < end:
            find_pucks()

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return "ok"


def answer(device: SpaceMouse, word: str, rest: str) -> object:
    """Do what a line asks for."""
    match word:
        case "look":
            found = look(device)
            return asdict(found) if found else None
        case "seen":
            return msgspec.to_builtins(device.seen(time.monotonic_ns()))
        case "health":
            return device.health
        case "tune":
            return device.tune(msgspec.json.decode(rest, type=DeviceProfile)).reason
        case "calibrate":
            return device.calibrate(rest, time.monotonic_ns()).reason
        case "show":
            left, right = rest.split()
            device.show((Mode(left), Mode(right)))
        case "close":
            device.close()
        case "scan":
            return scan(int(rest))
        case "wakes":
            return wakes(float(rest))
        case _:
            return threading.active_count() - 1
    return "ok"


def wakes(for_s: float) -> float:
    """How often a second the threads of this process wake, its main one left out."""

    def count() -> int:
        total = 0
        for status in Path("/proc/self/task").glob("*/status"):
            if status.parent.name != str(os.getpid()):
                lines = status.read_text().splitlines()
                [line] = [line for line in lines if line.startswith("voluntary_ctxt_switches")]
                total += int(line.split()[1])
        return total

    before = count()
    time.sleep(for_s)
    return (count() - before) / for_s


def main(orders: IO[str], answers: IO[str]) -> None:
    device: SpaceMouse | None = None
    for line in orders:
        word, _, rest = line.rstrip("\n").partition(" ")
        said: object = "ok"
        if word == "become":
            if os.geteuid() == 0:
                os.setuid(NOBODY)
        elif word == "open":
            try:
                device = SpaceMouse(required=rest == "required")
            except NudgeError as error:
                said = f"{type(error).__name__}: {error}"
        elif device is not None:
            said = answer(device, word, rest)
        answers.write(json.dumps(said) + "\n")
        answers.flush()
    if device is not None:
        device.close()


if __name__ == "__main__":
    faulthandler.enable()
    main(sys.stdin, sys.stdout)
