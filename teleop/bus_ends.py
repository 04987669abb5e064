"""The control loop's seams with the bus behind them: steps out, chunks and image names in."""

from teleop.bus import (
    CHUNK,
    EPISODE_ENDED,
    EPISODE_OPENED,
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


class BusSteps:
    """Implements `teleop.interfaces.StepSink`.

    Every step is published for whoever looks on; those of an episode also go to the recorder, by a
    road on which nothing is lost unseen.
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

    def ended(self, message: EpisodeEnded) -> None:
        self._recorder.send(EPISODE_ENDED, message)
        self._publisher.send(EPISODE_ENDED, message)


class BusChunks:
    """Implements `teleop.interfaces.ChunkSource`: the policy process sees each step on the bus."""

    def __init__(self, policy: Subscriber) -> None:
        self._policy = policy

    def exchange(self, observation: Observation) -> ActionChunk | None:
        return self._policy.latest(CHUNK)


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
