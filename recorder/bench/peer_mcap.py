"""The same streams through MCAP's own writer: `python -m recorder.bench.peer_mcap SESSION`.

One file an episode, chunks of 1 MB without compression (images are JPEG already), one message an
image and a sample, as players expect it. One thread compresses images, the other does the rest;
the samples are made in this process, which spares it what they cost on their way to ours.
"""

import sys
import threading
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec
from foxglove_schemas_protobuf.CompressedImage_pb2 import CompressedImage
from mcap.exceptions import McapError
from mcap.reader import NonSeekingReader
from mcap.writer import CompressionType, Writer
from mcap_protobuf.schema import build_file_descriptor_set

from recorder.bench.peer_report import PeerReport, tell_saved, wait_for_plan
from recorder.bench.plan import BLOCK_TICKS, STREAMS, TICK_NS, Plan, make_step
from recorder.export.mcap_schemas import Sample
from recorder.image_log import encode_jpeg
from teleop.clock import RealClock
from teleop.frame_ring import RingReader
from teleop.session_folder import SessionFolder

_REST_S = 0.02
_CHUNK_BYTES = 1 << 20


class McapEpisode:
    """One file, written by two threads."""

    def __init__(self, path: Path, cameras: Sequence[str], report: PeerReport) -> None:
        self.path = path
        self._file = path.open("wb")
        none = CompressionType.NONE
        self._writer = Writer(self._file, chunk_size=_CHUNK_BYTES, compression=none)
        self._writer.start(profile="", library="nudge bench")
        self._lock = threading.Lock()
        self._report = report
        image, sample = self._schema(CompressedImage), self._schema(Sample)
        self._channels = {name: self._channel(f"/camera/{name}", image) for name in cameras}
        for stream in STREAMS:
            self._channels[stream.info.name] = self._channel(f"/{stream.info.name}", sample)
        self._channels["steps"] = self._channel("/steps", sample)

    def add(self, name: str, stamp_ns: int, sequence: int, data: bytes) -> None:
        """Write one message."""
        began_ns = time.monotonic_ns()
        with self._lock:
            self._writer.add_message(
                self._channels[name], stamp_ns, data, stamp_ns, sequence & 0xFFFFFFFF
            )
        self._report.append_ns.append(time.monotonic_ns() - began_ns)

    def close(self) -> None:
        """Write the summary."""
        with self._lock:
            self._writer.finish()
            self._file.close()
        self._report.recorded_bytes += self.path.stat().st_size

    def _schema(self, kind: Any) -> int:
        content = build_file_descriptor_set(kind).SerializeToString()
        name = kind.DESCRIPTOR.full_name
        return self._writer.register_schema(name=name, encoding="protobuf", data=content)

    def _channel(self, topic: str, schema: int) -> int:
        return self._writer.register_channel(topic, "protobuf", schema)


class Images:
    """Follows the rings and compresses what comes, in a thread of its own."""

    def __init__(self, folder: SessionFolder, plan: Plan, report: PeerReport) -> None:
        self._rings = {name: RingReader(folder.frames, name) for name in plan.cameras}
        self._position = dict.fromkeys(plan.cameras, 0)
        self._report = report
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._episode: McapEpisode | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def into(self, episode: McapEpisode | None) -> None:
        """What came so far goes into the episode until now; what comes later into this one."""
        self._follow_all()
        with self._lock:
            self._episode = episode

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._over.is_set():
            self._follow_all()
            self._over.wait(_REST_S)

    def _follow_all(self) -> None:
        with self._lock:
            if self._episode is not None:
                for name, ring in self._rings.items():
                    self._follow(name, ring, self._episode)

    def _follow(self, name: str, ring: RingReader, episode: McapEpisode) -> None:
        for ref in ring.since(self._position[name]).refs:
            self._position[name] = ref.sequence
            code = ring.look(ref, encode_jpeg)
            if code is None:
                continue
            image = CompressedImage(frame_id=name, format="jpeg", data=code)
            image.timestamp.FromNanoseconds(ref.stamp_ns)
            episode.add(name, ref.stamp_ns, ref.sequence, image.SerializeToString())
            self._report.images.setdefault(name, []).append(ref.sequence)


def record(folder: SessionFolder) -> PeerReport:
    """Record by the plan, in real time."""
    packages = ("mcap", "mcap-protobuf-support", "foxglove-schemas-protobuf")
    report = PeerReport({name: metadata.version(name) for name in packages})
    plan, clock = wait_for_plan(), RealClock()
    images = Images(folder, plan, report)
    images.start()
    next_sample = [0] * len(STREAMS)
    episode: McapEpisode | None = None
    ended_ns = 0
    for tick in range(plan.ticks):
        clock.sleep_until_ns(plan.start_ns + tick * TICK_NS)
        now_ns = clock.now_ns()
        number, index = plan.place(tick)
        if episode is None:
            path = folder.path / f"episode_{number}.mcap"
            episode = McapEpisode(path, plan.cameras, report)
            images.into(episode)
        row = make_step(number, index, now_ns, ()).observation.state.q
        _add_sample(episode, "steps", now_ns, index, row.ravel().tolist())
        if index == 0 and ended_ns:
            report.next_ns.append(clock.now_ns() - ended_ns)
        last = tick + 1 == plan.ticks or plan.place(tick + 1)[0] != number
        if last or tick % BLOCK_TICKS == 0:
            _add_samples(episode, plan, next_sample, now_ns, report)
        if last:
            ended_ns = clock.now_ns()
            images.into(None)
            episode.close()
            episode = None
            report.close_ns.append(clock.now_ns() - ended_ns)
            tell_saved(number)
    images.stop()
    return report


def _add_samples(
    episode: McapEpisode, plan: Plan, next_sample: list[int], now_ns: int, report: PeerReport
) -> None:
    for place, stream in enumerate(STREAMS):
        block = stream.block(plan.start_ns, next_sample[place], now_ns)
        next_sample[place] += len(block.sequence)
        report.samples += len(block.sequence)
        rows = [sample.ravel().tolist() for sample in block.data]
        for stamp_ns, number, row in zip(
            block.host_ns.tolist(), block.sequence.tolist(), rows, strict=True
        ):
            _add_sample(episode, stream.info.name, stamp_ns, number, row)


def _add_sample(
    episode: McapEpisode, name: str, stamp_ns: int, number: int, row: list[float]
) -> None:
    sample = Sample(sequence=number, data=row)
    sample.timestamp.FromNanoseconds(stamp_ns)
    episode.add(name, stamp_ns, number, sample.SerializeToString())


def read_back(path: Path) -> dict[str, object]:
    """What can be read of each file after a kill: image messages, up to the first error."""
    found: dict[str, object] = {}
    for file in sorted(path.glob("*.mcap")):
        count, error = 0, ""
        with file.open("rb") as stream:
            reader = NonSeekingReader(stream)
            try:
                for _, channel, _ in reader.iter_messages(log_time_order=False):
                    count += channel.topic.startswith("/camera")
            except McapError as caught:
                error = type(caught).__name__
        found[file.name] = {"images": count, "error": error}
    return found


def main(arguments: Sequence[str]) -> int:
    """Record, or read what is there; return the exit code."""
    folder = SessionFolder(Path(arguments[-1]))
    if arguments[0] == "--read":
        sys.stdout.write(msgspec.json.encode(read_back(folder.path)).decode() + "\n")
        return 0
    record(folder).write(folder.path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
