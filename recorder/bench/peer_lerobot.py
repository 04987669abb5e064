"""The same streams through LeRobot: `PEER/python -m recorder.bench.peer_lerobot SESSION`.

Runs in the environment that `tools/peer-env lerobot` makes. A frame 30 times a second, of the
newest image of each camera, the state, the action and the last millisecond samples as a window,
which is all that the format has room for; four writer threads a camera, as LeRobot's own recording
script has by default; videos, coded in `save_episode`.
"""

import importlib
import json
import sys
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from recorder.bench.peer_report import PeerReport, tell_saved, wait_for_plan
from recorder.bench.pictures import HEIGHT, WIDTH
from recorder.bench.plan import CAMERAS, FRAME_NS, STREAMS, TICK_NS, Plan, make_step
from teleop.clock import RealClock
from teleop.frame_ring import RingReader
from teleop.session_folder import SessionFolder

FPS = 30
THREADS_PER_CAMERA = 4
_WINDOW = 33  # samples of 1 kHz in a frame


def features() -> dict[str, dict[str, Any]]:
    """What a frame holds; windows are flat, because viewers refuse two dimensions."""
    image = {"dtype": "video", "shape": (HEIGHT, WIDTH, 3), "names": ["height", "width", "channel"]}
    found: dict[str, dict[str, Any]] = {f"observation.images.{name}": image for name in CAMERAS}
    sizes = {"observation.state": 12, "action": 12}
    for stream in STREAMS:
        window = _WINDOW if len(stream.info.shape) == 1 else 1
        sizes[f"observation.{stream.info.name}"] = window * int(np.prod(stream.info.shape))
    for name, size in sizes.items():
        found[name] = {"dtype": "float32", "shape": (size,), "names": None}
    return found


class Frames:
    """Makes frames of what is newest."""

    def __init__(self, folder: SessionFolder, plan: Plan, report: PeerReport) -> None:
        self._rings = {name: RingReader(folder.frames, name) for name in plan.cameras}
        self._plan = plan
        self._report = report

    def frame(self, now_ns: int) -> dict[str, Any] | None:
        """A frame; None while a camera has given nothing."""
        found: dict[str, Any] = {"task": "Plug the connector in."}
        for name, ring in self._rings.items():
            newest = ring.newest()
            if newest is None:
                return None
            found[f"observation.images.{name}"] = newest[1]
            self._report.images.setdefault(name, []).append(newest[0].sequence)
        row = make_step(0, (now_ns - self._plan.start_ns) // TICK_NS, now_ns, ())
        state = row.observation.state.q.ravel().astype(np.float32)
        found |= {"observation.state": state, "action": state}
        for stream in STREAMS:
            window = _WINDOW if len(stream.info.shape) == 1 else 1
            last = max(window, (now_ns - self._plan.start_ns) // stream.period_ns)
            numbers = stream.numbers(np.arange(last - window, last))
            found[f"observation.{stream.info.name}"] = numbers.ravel()
        return found


def record(folder: SessionFolder) -> PeerReport:
    """Record by the plan, in real time."""
    report = PeerReport({name: metadata.version(name) for name in ("lerobot", "torch", "av")})
    module = importlib.import_module("lerobot.datasets.lerobot_dataset")
    root = folder.path / "dataset"
    threads = THREADS_PER_CAMERA * len(CAMERAS)
    dataset: Any = module.LeRobotDataset.create(
        "nudge/bench", FPS, features(), root=root, image_writer_threads=threads
    )
    plan, clock = wait_for_plan(), RealClock()
    frames = Frames(folder, plan, report)
    ended_ns, current = 0, -1
    until_ns = plan.start_ns + plan.ticks * TICK_NS
    while (now_ns := clock.now_ns()) < until_ns:
        passed = max(0, now_ns - plan.start_ns) // FRAME_NS
        clock.sleep_until_ns(plan.start_ns + (passed + 1) * FRAME_NS)
        now_ns = clock.now_ns()
        number = plan.place(min((now_ns - plan.start_ns) // TICK_NS, plan.ticks - 1))[0]
        if current not in (-1, number):
            ended_ns = plan.start_ns + plan.first(number) * TICK_NS
            _save(dataset, report, current)
            current = -1
            continue
        frame = frames.frame(now_ns)
        if frame is None:
            continue
        began_ns = time.monotonic_ns()
        dataset.add_frame(frame)
        report.append_ns.append(time.monotonic_ns() - began_ns)
        if current == -1 and ended_ns:
            report.next_ns.append(time.monotonic_ns() - ended_ns)
        current = number
    if current != -1:
        _save(dataset, report, current)
    dataset.finalize()
    report.recorded_bytes = sum(f.stat().st_size for f in root.rglob("*") if f.is_file())
    report.note = "samples at their own rate cannot be stored; stamps are made up from the rate"
    return report


def _save(dataset: Any, report: PeerReport, episode: int) -> None:
    began_ns = time.monotonic_ns()
    dataset.save_episode()
    report.close_ns.append(time.monotonic_ns() - began_ns)
    tell_saved(episode)


def read_back(root: Path) -> dict[str, object]:
    """What can be loaded after a kill."""
    module = importlib.import_module("lerobot.datasets.lerobot_dataset")
    try:
        dataset: Any = module.LeRobotDataset("nudge/bench", root=root)
        return {"episodes": dataset.num_episodes, "frames": dataset.num_frames, "error": ""}
    except (LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
        return {"episodes": 0, "frames": 0, "error": f"{type(error).__name__}: {error}"[:200]}


def main(arguments: Sequence[str]) -> int:
    """Record, or read what is there; return the exit code."""
    folder = SessionFolder(Path(arguments[-1]))
    if arguments[0] == "--read":
        sys.stdout.write(json.dumps(read_back(folder.path / "dataset")) + "\n")
        return 0
    record(folder).write(folder.path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
