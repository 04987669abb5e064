"""The control loop's seams with the bus behind them: steps out, chunks and image names in."""

from teleop.bus import (
    CHUNK,
    EPISODE_ENDED,
    EPISODE_OPENED,
    EVENT,
    SAMPLES,
    STATE,
    Outbox,
    Publisher,
    Subscriber,
)
from teleop.episodes import NO_EPISODE
from teleop.messages import (
    ActionChunk,
    EpisodeEnded,
    EpisodeOpened,
    FrameRef,
    Observation,
    Step,
)
from teleop.stream_messages import WRENCH_STREAMS, RecordedEvent, SampleBlock

# From an observation to the arrival of what the policy makes of it; two figures against flicker.
LATE_NS, ON_TIME_NS = 250_000_000, 200_000_000


def late_chunk(age_ns: int, inference_ns: int) -> str:
    """Say how late the policy is, and what of it is its own."""
    return (
        f"The policy plans on what was {age_ns / 1e9:.1f} s ago ({inference_ns / 1e9:.1f} s of "
        "that it thinks): it may miss what moves. See what slows the machine or the network down."
    )


class BusSteps:
    """Implements `teleop.interfaces.StepSink` and `SampleSink`.

    Every step is published for whoever looks on; those of an episode also go to the recorder,
    with samples and events, by a road on which nothing is lost unseen. Wrenches are published too:
    a knock between two steps shall be seen.
    """

    def __init__(self, publisher: Publisher, recorder: Outbox) -> None:
        self._publisher = publisher
        self._recorder = recorder

    def opened(self, message: EpisodeOpened) -> None:
        self._recorder.send(EPISODE_OPENED, message)
        self._publisher.send(EPISODE_OPENED, message)

    def step(self, step: Step) -> None:
        self._publisher.send(STATE, step)
        if step.episode != NO_EPISODE:
            self._recorder.send(STATE, step)

    def samples(self, block: SampleBlock) -> None:
        self._recorder.send(SAMPLES, block)
        if block.info.name in WRENCH_STREAMS:
            self._publisher.send(SAMPLES, block)

    def event(self, event: RecordedEvent) -> None:
        self._recorder.send(EVENT, event)

    def ended(self, message: EpisodeEnded) -> None:
        self._recorder.send(EPISODE_ENDED, message)
        self._publisher.send(EPISODE_ENDED, message)


class BusChunks:
    """Implements `teleop.interfaces.ChunkSource`: the policy process sees each step on the bus."""

    def __init__(self, policy: Subscriber) -> None:
        self._policy = policy
        self.trouble = ""  # what the operator should know of the road from the policy

    def exchange(self, observation: Observation) -> ActionChunk | None:
        chunk = self._policy.latest(CHUNK)
        if chunk is not None:
            age_ns = observation.state.stamp_ns - chunk.observation_ns
            late = age_ns > (ON_TIME_NS if self.trouble else LATE_NS)
            self.trouble = late_chunk(age_ns, chunk.inference_ns) if late else ""
        return chunk


class BusFrames:
    """The names of the newest images, as the camera processes announce them.

    It is a `teleop.interfaces.StepSink` too: once an episode has begun, images of the scene before
    it are named no more, so that nobody pairs them with the arms' new poses.
    """

    def __init__(self, cameras: Subscriber) -> None:
        self._cameras = cameras
        self._newest: dict[str, FrameRef] = {}
        self._begun_ns = 0

    def __call__(self) -> tuple[FrameRef, ...]:
        for _, frame in self._cameras.drain():
            self._newest[frame.camera] = frame
        return tuple(ref for ref in self._newest.values() if ref.stamp_ns > self._begun_ns)

    def opened(self, message: EpisodeOpened) -> None:
        self._begun_ns = message.stamp_ns

    def step(self, step: Step) -> None:
        return

    def ended(self, message: EpisodeEnded) -> None:
        return
