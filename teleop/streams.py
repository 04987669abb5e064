"""From control to the recorder, beside steps: samples in blocks, takeovers, notices, devices."""

from collections.abc import Callable, Sequence

from teleop.device_messages import DeviceReading
from teleop.interfaces import Sampled, SampleSink
from teleop.messages import Arm, EpisodeEnded, EpisodeOpened, Mode, Step
from teleop.order_messages import Order, OrderKind
from teleop.settings_live import Configured
from teleop.stream_messages import EventKind, RecordedEvent
from teleop.takeover_messages import Notice, NoticeKind

BLOCK_NS = 50_000_000  # samples wait as long for others, which saves messages

Readings = tuple[DeviceReading | None, DeviceReading | None]


def no_readings() -> Readings:
    """Nobody's device."""
    return None, None


class Streams:
    """Implements `teleop.interfaces.StepSink`; stands before the sinks that it gives to.

    Within episodes only. Lives in the control loop's thread.

    Args:
        sources: what is sampled.
        sinks: what takes samples and events; without any nothing is sampled.
        readings: the device's newest reading and the one before, to tell what handed an arm back.
    """

    def __init__(
        self,
        sources: Sequence[Sampled],
        sinks: Sequence[SampleSink],
        readings: Callable[[], Readings] = no_readings,
    ) -> None:
        self._sources = sources
        self._sinks = sinks
        self._readings = readings
        self._open = False
        self._due_ns = 0
        self._taken = [False, False]
        self._ordered: set[Arm] = set()
        self._why = ["", ""]  # an arm will be handed back, which may wait for a chunk
        self._device = ""
        self._waiting: list[Configured] = []  # came while no episode was open

    def opened(self, message: EpisodeOpened) -> None:
        """Begin to sample; what a demonstration's operator does is no takeover."""
        self._open = bool(self._sinks)
        self._due_ns = message.stamp_ns + BLOCK_NS
        self._taken = [message.demonstration, message.demonstration]
        self._ordered.clear()
        self._device = ""
        self._sample(self._open)
        for configured in self._waiting:
            self._tell_settings(configured)
        self._waiting.clear()

    def step(self, step: Step) -> None:
        """Give what has been sampled once it is worth a message, or an arm was handed back."""
        if not self._open:
            return
        if step.device != self._device:
            self._device = step.device
            self._tell(step.stamp_ns, EventKind.DEVICE, "The operator's device.", step.device)
        handed_back = False
        for arm, mode in zip(Arm, step.modes, strict=True):
            # A hold, and a rewind, belongs to whoever drove before it.
            driven = mode is Mode.OPERATOR
            self._why[arm] = "" if driven else self._why[arm] or self._cause(arm)
            if (driven or mode is Mode.POLICY) and driven != self._taken[arm]:
                self._taken[arm] = driven
                handed_back |= not driven
                self._changed(step, arm, driven)
        self._ordered.clear()
        if handed_back or step.stamp_ns >= self._due_ns:
            self._due_ns = step.stamp_ns + BLOCK_NS
            self._give()

    def ended(self, message: EpisodeEnded) -> None:
        """Give the rest, and sample no more."""
        if self._open:
            self._give()
            self._open = False
            self._sample(False)

    def notice(self, notice: Notice) -> None:
        """Keep what the operator is told; of settings `configured` keeps more."""
        if self._open and notice.kind is not NoticeKind.SETTINGS:
            text = f"{notice.kind.value}: {notice.text}"
            self._tell(notice.stamp_ns, EventKind.NOTICE, text, _name(notice.arm))

    def configured(self, configured: Configured) -> None:
        """Keep settings that are in force from now on; between episodes for the next one."""
        if self._open:
            self._tell_settings(configured)
        elif self._sinks:
            self._waiting.append(configured)

    def ordered(self, order: Order) -> None:
        """Remember that this order was granted, until the next step."""
        if order.kind in (OrderKind.GIVE, OrderKind.START):
            self._ordered |= set(Arm) if order.arm is None else {order.arm}

    def _changed(self, step: Step, arm: Arm, driven: bool) -> None:
        if driven:
            text = f"The operator took the {_name(arm)} arm over."
            self._tell(step.stamp_ns, EventKind.TAKEOVER, text, _name(arm))
            return
        why = self._why[arm] or "the device was let go"
        text = f"The {_name(arm)} arm went back to the policy: {why}."
        self._tell(step.stamp_ns, EventKind.HAND_BACK, text, _name(arm))

    def _cause(self, arm: Arm) -> str:
        return "it was ordered" if arm in self._ordered else cause_of(self._readings(), arm)

    def _tell(self, stamp_ns: int, kind: EventKind, text: str, source: str) -> None:
        event = RecordedEvent(stamp_ns, kind, text, source)
        for sink in self._sinks:
            sink.event(event)

    def _tell_settings(self, configured: Configured) -> None:
        self._tell(configured.stamp_ns, EventKind.SETTINGS, configured.text, "control")

    def _give(self) -> None:
        for source in self._sources:
            for block in source.samples():
                for sink in self._sinks:
                    sink.samples(block)

    def _sample(self, on: bool) -> None:
        for source in self._sources:
            source.sampling = on


def cause_of(readings: Readings, arm: Arm) -> str:
    """What was done on the device that hands an arm back; empty: nothing."""
    now, before = readings
    if now is None or before is None:
        return ""
    if now.take_presses[arm] != before.take_presses[arm]:
        return "its button was pressed"
    if before.clutch[arm] and not now.clutch[arm]:
        return "the clutch was released"
    return ""


def _name(arm: Arm | None) -> str:
    return "" if arm is None else arm.name.lower()
