"""Other recorders under the same load, as far as they are installed."""

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recorder.bench.check import read_images
from recorder.bench.cpu import cpu_s
from recorder.bench.peer_report import PeerReport
from recorder.bench.plan import CAMERAS, STREAMS, TICK_NS, Plan
from recorder.bench.processes import next_line, process, require_ended_well, tell, wait_ready
from teleop.errors import SessionError
from teleop.session_folder import SessionFolder

PEER_SECONDS = 20.0  # at most; some take long to save
EPISODES = 2
KILL_SECONDS, KILL_EPISODES = 240.0, 60  # longer than any takes to save one, never run out
_KILL_AFTER_S = 1.5  # the first episode was said to be saved
_LEAD_S = 1.0
_SAVE_S = 900.0


@dataclass(frozen=True)
class Peer:
    """Another recorder: the module that drives it, and what it needs."""

    module: str
    needs: str  # a module of our environment; empty: an environment of its own
    get: str  # how it is installed
    native_samples: bool  # whether samples at their own rate can be stored


PEERS = {
    "mcap": Peer(
        "recorder.bench.peer_mcap", "mcap_protobuf", "pip install 'nudge-teleop[formats]'", True
    ),
    "lerobot": Peer("recorder.bench.peer_lerobot", "", "tools/peer-env lerobot", False),
}


@dataclass(frozen=True)
class PeerResult:
    """What a peer has shown; named as ours, where it is the same."""

    dropped: int  # images, and samples where it can store them
    core_fraction: float
    mb_per_s: float
    append_p99_ms: float  # of a call for one image, sample or frame
    append_max_ms: float
    episode_close_s: float
    next_start_ms: float
    seconds: float
    after_kill: str
    note: str
    versions: dict[str, str]


def measure_peer(
    name: str, scratch: Path, seconds: float, say: Callable[[str], None]
) -> PeerResult | str:
    """Run it under load, then kill it; why not, where it is not there or fails."""
    peer = PEERS[name]
    python = _python(name, peer)
    if not python:
        return f"not run: it is not installed ({peer.get})"
    try:
        return _measure(name, peer, python, scratch, min(seconds, PEER_SECONDS), say)
    except SessionError as error:
        return f"not measured: {error}"


def _measure(
    name: str, peer: Peer, python: str, scratch: Path, seconds: float, say: Callable[[str], None]
) -> PeerResult:
    say(f"{name}: recording for {seconds:.0f} s, then saving.")
    folder = SessionFolder(scratch / name)
    plan, cpu = _run(peer, python, folder, seconds)
    report = PeerReport.read(folder.path)
    say(f"{name}: killed after its first episode.")
    after_kill = _kill(peer, python, SessionFolder(scratch / f"{name}_killed"))
    missing = _missing_images(folder, plan, report)
    if peer.native_samples:
        missing += _samples_due(plan) - report.samples
    return PeerResult(
        dropped=missing,
        core_fraction=round(cpu / seconds, 4),
        mb_per_s=round(report.recorded_bytes / 1e6 / seconds, 3),
        append_p99_ms=_ms(report.append_ns, 99.0),
        append_max_ms=_ms(report.append_ns, 100.0),
        episode_close_s=round(_ms(report.close_ns, 100.0) / 1e3, 4),
        next_start_ms=_ms(report.next_ns, 100.0),
        seconds=seconds,
        after_kill=after_kill,
        note=report.note,
        versions=report.versions,
    )


def _python(name: str, peer: Peer) -> str:
    """The interpreter that has it, empty: none."""
    if peer.needs:
        return sys.executable if importlib.util.find_spec(peer.needs) else ""
    home = Path(os.environ.get("NUDGE_PEERS", Path.home() / ".cache/nudge/peers"))
    python = home / name / "bin" / "python"
    return str(python) if python.exists() else ""


def _run(peer: Peer, python: str, folder: SessionFolder, seconds: float) -> tuple[Plan, float]:
    """Record to the end; the plan, and seconds of CPU of all its processes."""
    folder.path.mkdir(parents=True)
    with (
        process("recorder.bench.generate", "cameras", folder.path) as cameras,
        process(peer.module, folder.path, python=python) as recorder,
    ):
        plan, before = _begin([cameras, recorder], recorder.pid, seconds, EPISODES)
        cpu, deadline_s = 0.0, time.monotonic() + _SAVE_S
        while recorder.poll() is None:
            cpu = max(cpu, sum(cpu_s(recorder.pid)) - before)
            if time.monotonic() > deadline_s:
                raise SessionError(f"{peer.module} did not end within {_SAVE_S:.0f} s.")
            time.sleep(0.1)
        require_ended_well(recorder, peer.module, folder.path)
        cameras.wait(_SAVE_S)
    return plan, cpu


def _begin(
    started: list[subprocess.Popen[bytes]], pid: int, seconds: float, episodes: int
) -> tuple[Plan, float]:
    for each in started:
        wait_ready(each)
    start_ns = time.monotonic_ns() + round(_LEAD_S * 1e9)
    plan = Plan(start_ns, seconds, episodes, CAMERAS)
    for each in started:
        tell(each, plan)
    return plan, sum(cpu_s(pid))


def _kill(peer: Peer, python: str, folder: SessionFolder) -> str:
    """Kill it after its first episode, and see what it can read of what it had said was saved."""
    folder.path.mkdir(parents=True)
    with (
        process("recorder.bench.generate", "cameras", folder.path) as cameras,
        process(peer.module, folder.path, python=python) as recorder,
    ):
        _begin([cameras, recorder], recorder.pid, KILL_SECONDS, KILL_EPISODES)
        while "saved" not in (line := next_line(recorder)):
            if not line:
                return "it ended before it had saved an episode"
        time.sleep(_KILL_AFTER_S)
        recorder.kill()
        recorder.wait()
    command = [python, "-m", peer.module, "--read", str(folder.path)]
    root = str(Path(__file__).resolve().parents[2])
    environment = dict(os.environ) | {"PYTHONPATH": root, "HF_HUB_OFFLINE": "1"}
    read = subprocess.run(command, capture_output=True, env=environment, check=False)
    lines = read.stdout.decode().strip().splitlines()
    found = lines[-1] if lines else "nothing"
    return f"killed {_KILL_AFTER_S} s after it had saved one episode; readable: {found}"


def _missing_images(folder: SessionFolder, plan: Plan, report: PeerReport) -> int:
    """Images generated within the episodes that were not handed to the recorder or not taken."""
    until_ns = plan.start_ns + plan.ticks * TICK_NS
    missing = 0
    for name, images in read_images(folder).images.items():
        due = {number for number, stamp in images if plan.start_ns <= stamp < until_ns}
        missing += len(due - set(report.images.get(name, [])))
    return missing


def _samples_due(plan: Plan) -> int:
    last_ns = (plan.ticks - 1) * TICK_NS
    return sum(last_ns // stream.period_ns + 1 for stream in STREAMS)


def _ms(values_ns: list[int], percent: float) -> float:
    return round(float(np.percentile(values_ns, percent)) / 1e6, 4) if values_ns else float("nan")
