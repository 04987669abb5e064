"""What never came, counted by the gaps in what came."""

from teleop.messages import FrameRef, Step
from teleop.stream_messages import EventKind, SampleBlock


class Losses:
    """Counts gaps. Why there is one is told by whoever knows it.

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
        self._firsts: dict[tuple[EventKind, str], int] = {}
        self._shapes: dict[str, tuple[int, ...]] = {}
        self.steps = 0
        self.images = 0
        self.samples = 0

    def of_step(self, step: Step) -> None:
        """Count the rows missing before it."""
        self.steps += max(0, step.index - self._next_index)
        self._next_index = step.index + 1

    def of_image(self, ref: FrameRef) -> None:
        """Count the images of its camera missing before it; one that begins anew loses none."""
        self.images += max(0, ref.sequence - self._images.get(ref.camera, ref.sequence))
        self._images[ref.camera] = ref.sequence + 1
        self._firsts.setdefault((EventKind.IMAGES_LOST, ref.camera), ref.sequence)

    def of_missed(self, ref: FrameRef) -> None:
        """Count it, and those missing before it."""
        self.of_image(ref)
        self.images += 1

    def of_samples(self, block: SampleBlock) -> bool:
        """Count the samples missing before and within a block.

        Returns:
            Whether it can be kept; one of another shape than its stream's first is lost too.
        """
        name, count = block.info.name, len(block.sequence)
        if count == 0:
            return False
        first, last = int(block.sequence[0]), int(block.sequence[-1])
        self.samples += max(0, first - self._samples.get(name, first))
        self.samples += max(0, last - first + 1 - count)
        self._samples[name] = last + 1
        self._firsts.setdefault((EventKind.SAMPLES_LOST, name), first)
        shape = self._shapes.setdefault(name, block.info.shape)
        lengths = (len(block.host_ns), len(block.device_ns))
        fits = block.data.shape == (count, *shape) and lengths == (count, count)
        self.samples += 0 if fits else count
        return fits

    def of_told(self, kind: EventKind, source: str, first: int, last: int) -> None:
        """Count what lies before the first and after the last that came; gaps show the rest."""
        if kind is EventKind.STEPS_LOST:
            self.steps += max(0, last + 1 - self._next_index)
            self._next_index = max(self._next_index, last + 1)
            return
        due = self._images if kind is EventKind.IMAGES_LOST else self._samples
        known = self._firsts.setdefault((kind, source), first)
        count = max(0, min(known, last + 1) - first) + max(0, last + 1 - due.get(source, first))
        due[source] = max(due.get(source, first), last + 1)
        self._firsts[kind, source] = min(known, first)
        if kind is EventKind.IMAGES_LOST:
            self.images += count
        else:
            self.samples += count
