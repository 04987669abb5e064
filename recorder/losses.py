"""What never came, told from the gaps in what came."""

from teleop.messages import FrameRef, Step
from teleop.stream_messages import EventKind, RecordedEvent, SampleBlock


class Losses:
    """Counts gaps, and tells each as an event.

    Args:
        first_index: of the first step that can be expected.

    Attributes:
        steps: missing rows.
        images: of all cameras.
        samples: of all streams.
    """

    def __init__(self, first_index: int) -> None:
        self._next_index = first_index
        self._images: dict[str, int] = {}  # the next sequence of each camera
        self._samples: dict[str, int] = {}
        self._shapes: dict[str, tuple[int, ...]] = {}
        self.steps = 0
        self.images = 0
        self.samples = 0

    def of_step(self, step: Step) -> list[RecordedEvent]:
        """Count the rows missing before it."""
        gap = max(0, step.index - self._next_index)
        self._next_index = step.index + 1
        self.steps += gap
        return _told(EventKind.STEPS_LOST, step.stamp_ns, gap, "")

    def of_image(self, ref: FrameRef) -> list[RecordedEvent]:
        """Count the images of its camera missing before it; one that begins anew loses none."""
        gap = max(0, ref.sequence - self._images.get(ref.camera, ref.sequence))
        self._images[ref.camera] = ref.sequence + 1
        return self._image_gap(ref, gap)

    def of_missed(self, ref: FrameRef) -> list[RecordedEvent]:
        """Count it, and those missing before it."""
        gap = max(0, ref.sequence - self._images.get(ref.camera, ref.sequence))
        self._images[ref.camera] = ref.sequence + 1
        return self._image_gap(ref, gap + 1)

    def _image_gap(self, ref: FrameRef, gap: int) -> list[RecordedEvent]:
        self.images += gap
        return _told(EventKind.IMAGES_LOST, ref.stamp_ns, gap, ref.camera)

    def of_samples(self, block: SampleBlock) -> tuple[bool, list[RecordedEvent]]:
        """Count the samples missing before and within a block; False: it fits no stream."""
        name, count = block.info.name, len(block.sequence)
        if count == 0:
            return False, []
        shape = self._shapes.setdefault(name, block.info.shape)
        expected = (count, *shape)
        stamp_ns = int(block.host_ns[-1]) if len(block.host_ns) else 0
        if (
            block.data.shape != expected
            or len(block.host_ns) != count
            or len(block.device_ns) != count
        ):
            self.samples += count
            return False, _told(EventKind.SAMPLES_LOST, stamp_ns, count, name)
        first, last = int(block.sequence[0]), int(block.sequence[-1])
        gap = max(0, first - self._samples.get(name, first)) + max(0, last - first + 1 - count)
        self._samples[name] = last + 1
        self.samples += gap
        return True, _told(EventKind.SAMPLES_LOST, stamp_ns, gap, name)


def _told(kind: EventKind, stamp_ns: int, count: int, source: str) -> list[RecordedEvent]:
    if not count:
        return []
    what = kind.value.removesuffix("_lost")
    return [
        RecordedEvent(
            stamp_ns, kind, f"{count} {what} are missing.", source, {"count": float(count)}
        )
    ]
