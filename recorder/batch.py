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

    def __iadd__(self, later: "Batch") -> "Batch":
        self.steps += later.steps
        self.images += later.images
        self.blocks += later.blocks
        self.events += later.events
        self.clock += later.clock
        return self

    def __bool__(self) -> bool:
        return bool(self.steps or self.images or self.blocks or self.events or self.clock)

    def stamp_ns(self) -> int:
        """When the newest thing in it was: its last row if there is one; -1: nothing tells."""
        if self.steps:
            return self.steps[-1].stamp_ns
        if self.images:
            return self.images[-1].ref.stamp_ns
        return int(self.blocks[-1].host_ns[-1]) if self.blocks else -1
