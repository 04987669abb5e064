"""What waits to be written: rows, images, samples and events in the order in which they came."""

from dataclasses import dataclass, field

from recorder.encoded import EncodedImage
from teleop.messages import Step
from teleop.stream_messages import ClockPair, RecordedEvent, SampleBlock


@dataclass
class Batch:
    """Everything since the last hand-over to the file."""

    steps: list[Step] = field(default_factory=list[Step])
    images: list[EncodedImage] = field(default_factory=list[EncodedImage])
    blocks: list[SampleBlock] = field(default_factory=list[SampleBlock])
    events: list[RecordedEvent] = field(default_factory=list[RecordedEvent])
    clock: list[ClockPair] = field(default_factory=list[ClockPair])

    def __bool__(self) -> bool:
        return bool(self.steps or self.images or self.blocks or self.events or self.clock)

    def newest_ns(self) -> int:
        """The newest stamp of anything in it, -1: nothing is."""
        stamps = [step.stamp_ns for step in self.steps[-1:]]
        stamps += [image.ref.stamp_ns for image in self.images[-1:]]
        stamps += [int(block.host_ns[-1]) for block in self.blocks[-1:] if len(block.host_ns)]
        stamps += [event.stamp_ns for event in self.events[-1:]]
        return max(stamps, default=-1)
