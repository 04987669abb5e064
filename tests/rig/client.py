"""The program under test, and the test's end of it: a SpaceMouse in a process under the preload.

`python -m tests.rig.client` opens a SpaceMouse and answers one word a line with one JSON a line.
"""

import json
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from teleop.devices.spacemouse import SpaceMouse
from teleop.errors import NudgeError
from teleop.interfaces import Device
from teleop.rig.pucks import VirtualUsb

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
    )


class ClientProcess:
    """A SpaceMouse in another process; raises what opening it said as RuntimeError."""

    def __init__(self, usb: VirtualUsb) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.rig.client"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=usb.environment,
        )
        said = self._ask("open")
        if said != "ok":
            self._end()
            raise RuntimeError(said)

    def look(self) -> Look | None:
        found = self._ask("look")
        return Look(**found) if isinstance(found, dict) else None  # pyright: ignore

    def wait_for_look(self) -> Look:
        for _ in range(200):
            found = self.look()
            if found is not None:
                return found
            time.sleep(0.01)
        raise TimeoutError("The SpaceMouse gave no reading within 2 s.")

    @property
    def health(self) -> str:
        return str(self._ask("health"))

    def threads(self) -> int:
        """Threads of the process beside its main one."""
        return int(str(self._ask("threads")))

    def close_device(self) -> None:
        self._ask("close")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _ask(self, word: str) -> object:
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        if pipe_in is None or pipe_out is None:
            raise RuntimeError("The client process has no pipes.")
        pipe_in.write(word + "\n")
        pipe_in.flush()
        return json.loads(pipe_out.readline() or '"it died"')

    def _end(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(timeout=10)


def main(orders: IO[str], answers: IO[str]) -> None:
    device: SpaceMouse | None = None
    for line in orders:
        answer: object = "ok"
        if line == "open\n":
            try:
                device = SpaceMouse()
            except NudgeError as error:
                answer = f"{type(error).__name__}: {error}"
        elif line == "threads\n":
            answer = threading.active_count() - 1
        elif device is not None and line == "look\n":
            found = look(device)
            answer = asdict(found) if found else None
        elif device is not None and line == "health\n":
            answer = device.health
        elif device is not None and line == "close\n":
            device.close()
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    if device is not None:
        device.close()


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
