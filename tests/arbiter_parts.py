"""An arbiter that decides tick after tick, for its tests."""

from dataclasses import replace
from typing import Any

from teleop.arbiter import ArbiterInputs, Decision, decide
from teleop.chunks import Proposal
from teleop.config import TakeoverConfig
from teleop.device_messages import DeviceReading
from teleop.messages import Array, Mode, SessionMode, frozen_array
from teleop.ownership import ArbiterState, ArmState
from tests.control_parts import MS, make_proposal, make_reading

CONFIG = TakeoverConfig()
BEYOND, BETWEEN, CENTRED = 0.5, 0.12, 0.01


def rollout(**arm: object) -> ArbiterState:
    owned = replace(ArmState(owner=Mode.POLICY, rest=Mode.POLICY, armed=True), **arm)  # pyright: ignore
    return ArbiterState(SessionMode.ROLLOUT, (owned, owned))


class Run:
    """Decides tick after tick, every 10 ms."""

    def __init__(
        self,
        state: ArbiterState,
        proposal: Proposal | None = None,
        config: TakeoverConfig = CONFIG,
    ) -> None:
        self.state = state
        self.config = config
        self.inputs: dict[str, Any] = {}  # given to every decision
        self.proposal = proposal or make_proposal()
        self.now_ns = 0
        self.opening: Array = frozen_array([0.0, 1.0])

    def tick(self, reading: DeviceReading | None, fault: str = "") -> Decision:
        inputs = ArbiterInputs(
            self.now_ns, reading, self.proposal, self.opening, fault, **self.inputs
        )
        decision = decide(self.state, inputs, self.config)
        self.state, self.opening = decision.state, decision.action.opening
        self.now_ns += 10 * MS
        return decision

    def say(self, ticks: int = 1, **reading: Any) -> Decision:
        """A fresh reading of what is given, for some ticks."""
        decision = self.tick(make_reading(self.now_ns, **reading))
        for _ in range(ticks - 1):
            decision = self.tick(make_reading(self.now_ns, **reading))
        return decision

    def push(self, left: float = 0.0, right: float = 0.0, ticks: int = 1) -> Decision:
        decision = self.tick(make_reading(self.now_ns, left, right))
        for _ in range(ticks - 1):
            decision = self.tick(make_reading(self.now_ns, left, right))
        return decision
