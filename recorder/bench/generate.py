"""Feeds a recorder in real time: `python -m recorder.bench.generate cameras|sensors SESSION`.

The plan comes as JSON on standard input once everything is ready; what was generated is written
beside the session's episodes at the end.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from recorder.bench.peer_report import wait_for_plan
from recorder.bench.pictures import HEIGHT, WIDTH, picture_loop, shown
from recorder.bench.plan import (
    BLOCK_TICKS,
    CAMERAS,
    FRAME_NS,
    STREAMS,
    TICK_NS,
    Plan,
    make_step,
)
from teleop.bus import EPISODE_ENDED, EPISODE_OPENED, EVENT, SAMPLES, STATE, Outbox
from teleop.clock import RealClock
from teleop.frames import FrameRing, RingReader
from teleop.messages import EpisodeEnded, EpisodeOpened, FrameRef, Outcome
from teleop.session_folder import STEPS, SessionFolder
from teleop.stream_messages import EventKind, RecordedEvent

IMAGES, SENT = "generated_images.json", "generated_sensors.json"
_PARTING_S = 0.5


@dataclass
class GeneratedEpisode:
    """One episode, as it was sent."""

    episode: int
    opened_ns: int
    stamps_ns: list[int] = field(default_factory=list[int])  # of the steps
    samples: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    ended_ns: int = -1


@dataclass(frozen=True)
class Generated:
    """What the sensors' generator sent."""

    episodes: list[GeneratedEpisode]
    refused: int  # messages that did not fit into the queue
    late_max_ms: float  # of its ticks


@dataclass
class GeneratedImages:
    """What the cameras' generator wrote into the rings."""

    images: dict[str, list[tuple[int, int]]]  # sequence and stamp, by camera
    skipped: int = 0  # it was a whole period late, and left the image out as a camera does
    late_max_ms: float = 0.0


class Sensors:
    """Steps, samples, events and episodes, over the bus, at 100 Hz."""

    def __init__(self, folder: SessionFolder, plan: Plan) -> None:
        self._outbox = Outbox(folder.endpoint(STEPS))
        self._plan = plan
        self._rings = {name: RingReader(folder.frames, name) for name in plan.cameras}
        self._newest: dict[str, FrameRef] = {}
        self._next = [0] * len(STREAMS)
        self._episodes: list[GeneratedEpisode] = []

    def run(self) -> Generated:
        """Generate in real time."""
        clock, late_ns = RealClock(), 0
        for tick in range(self._plan.ticks):
            due_ns = self._plan.start_ns + tick * TICK_NS
            clock.sleep_until_ns(due_ns)
            late_ns = max(late_ns, clock.now_ns() - due_ns)
            self._tick(tick, clock.now_ns())
        clock.sleep_until_ns(clock.now_ns() + round(_PARTING_S * 1e9))
        return Generated(self._episodes, self._outbox.dropped, late_ns / 1e6)

    def _tick(self, tick: int, now_ns: int) -> None:
        episode, index = self._plan.place(tick)
        if index == 0:
            self._begin(episode, now_ns)
        begun = self._episodes[-1]
        step = make_step(episode, index, now_ns, self._frames(begun.opened_ns))
        self._outbox.send(STATE, step)
        begun.stamps_ns.append(now_ns)
        last = tick + 1 == self._plan.ticks or self._plan.place(tick + 1)[0] != episode
        if last or tick % BLOCK_TICKS == 0:
            self._send_samples(begun, now_ns)
        if last:
            begun.ended_ns = now_ns
            ended = EpisodeEnded(episode, now_ns, Outcome.SUCCESS, "inserted")
            self._outbox.send(EPISODE_ENDED, ended)

    def _begin(self, episode: int, now_ns: int) -> None:
        self._episodes.append(GeneratedEpisode(episode, now_ns))
        opened = EpisodeOpened(episode, now_ns, "Plug it in.", self._plan.cameras, "bench")
        self._outbox.send(EPISODE_OPENED, opened)
        event = RecordedEvent(now_ns, EventKind.NOTICE, "The episode has begun.", "generator")
        self._outbox.send(EVENT, event)
        begin_ns = now_ns - self._plan.start_ns
        self._next = [-(-begin_ns // stream.period_ns) for stream in STREAMS]

    def _send_samples(self, begun: GeneratedEpisode, now_ns: int) -> None:
        for place, stream in enumerate(STREAMS):
            block = stream.block(self._plan.start_ns, self._next[place], now_ns)
            if len(block.sequence) == 0:
                continue
            self._outbox.send(SAMPLES, block)
            first, last = int(block.sequence[0]), int(block.sequence[-1])
            self._next[place] = last + 1
            first = begun.samples.get(stream.info.name, (first, last))[0]
            begun.samples[stream.info.name] = (first, last)

    def _frames(self, opened_ns: int) -> tuple[FrameRef, ...]:
        for name, ring in self._rings.items():
            known = self._newest.get(name)
            refs = ring.since(known.sequence if known else 0).refs
            if refs:
                self._newest[name] = refs[-1]
        return tuple(ref for ref in self._newest.values() if ref.stamp_ns > opened_ns)


def run_cameras(folder: SessionFolder) -> None:
    """Show the loops in turn, until half a second after the last episode; all in one process."""
    loops = [picture_loop(CAMERAS.index(name)) for name in CAMERAS]
    rings = [FrameRing(folder.frames, name, (HEIGHT, WIDTH, 3)) for name in CAMERAS]
    plan, clock = wait_for_plan(), RealClock()
    written = GeneratedImages({name: [] for name in plan.cameras})
    frames = round((plan.seconds + _PARTING_S) * 1e9 / FRAME_NS)
    for frame in range(frames):
        for place, (name, ring, loop) in enumerate(zip(CAMERAS, rings, loops, strict=True)):
            # They are not triggered together: a quarter of a period apart.
            due_ns = plan.start_ns + frame * FRAME_NS + place * FRAME_NS // 4
            clock.sleep_until_ns(due_ns)
            now_ns = clock.now_ns()
            written.late_max_ms = max(written.late_max_ms, (now_ns - due_ns) / 1e6)
            if now_ns - due_ns > FRAME_NS:
                written.skipped += 1
                continue
            number = len(written.images[name]) + 1
            ref = ring.write(shown(loop, number), now_ns)
            written.images[name].append((ref.sequence, ref.stamp_ns))
    (folder.path / IMAGES).write_bytes(msgspec.json.encode(written))


def run_sensors(folder: SessionFolder) -> None:
    """Run the sensors' part of the plan."""
    generated = Sensors(folder, wait_for_plan()).run()
    (folder.path / SENT).write_bytes(msgspec.json.encode(generated))


def main(arguments: Sequence[str]) -> int:
    """Generate; return the exit code."""
    kind, session = arguments
    folder = SessionFolder(Path(session))
    {"cameras": run_cameras, "sensors": run_sensors}[kind](folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
