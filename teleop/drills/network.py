"""Drill: the road from the policy to control takes 300 ms longer."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from teleop.bus import CHUNK
from teleop.children import Program
from teleop.drills.events import Event, Source
from teleop.drills.relay import relayed
from teleop.drills.result import Findings
from teleop.drills.stage import Stage, staged
from teleop.messages import ActionChunk, Mode, Step

DELAY_S = 0.3
LATE_FOR_S = 3.0


@dataclass
class _Schedule:
    """When each action of each chunk is due, and the steps that played one at another time."""

    chunks: dict[int, ActionChunk] = field(default_factory=dict[int, ActionChunk])
    played: int = 0
    wrong: int = 0
    oldest_ns: int = 0
    _last: Step | None = None

    def passed_on(self, parts: list[bytes]) -> None:
        if parts[0] == CHUNK.name.encode():
            chunk = CHUNK.decode(parts[1])
            self.chunks[chunk.chunk_id] = chunk

    def check(self, step: Step) -> None:
        """Count a step that plays a chunk, and whether it plays the action that is due."""
        chunk = self.chunks.get(step.chunk_id)
        if step is self._last or chunk is None or not any(step.proposal_valid):
            return
        self._last = step
        self.played += 1
        due = (step.stamp_ns - chunk.start_ns) // chunk.period_ns
        self.wrong += due != step.chunk_index
        self.oldest_ns = max(self.oldest_ns, step.stamp_ns - chunk.observation_ns)


def network_delayed(folder: Path) -> Findings:
    """Delay what the policy sends; late chunks are played from where they are, not from the start.

    A stream that is late moves the arm only by actions that are due now.
    """
    schedule = _Schedule()
    with relayed(folder, "policy", schedule.passed_on) as (relay, far):

        def behind_the_relay(program: Program) -> Program:
            if program.name != "policy":
                return program
            relay.start()
            return replace(program, arguments=("policy", "serve", str(far)))

        with staged(folder, adapt=behind_the_relay) as stage:
            stage.rolling()
            stage.fault(lambda: setattr(relay, "delay_s", DELAY_S))
            stage.never("", lambda: _checked(stage, schedule), LATE_FOR_S)
            stage.settled()
            if schedule.wrong or not schedule.played:
                stage.complaints.append(
                    f"{schedule.wrong} of {schedule.played} steps played an action that was not due"
                )
            relay.delay_s = 0.0
            stage.expect("a policy on time again", lambda: Mode.POLICY in stage.step.modes, 5.0)
            stage.expect("an episode that goes on", stage.goes_on)
            words = f"went on; actions up to {schedule.oldest_ns / 1e6:.0f} ms old, each in time"
            return stage.findings(_late_policy, ending=words)


def _checked(stage: Stage, schedule: _Schedule) -> bool:
    schedule.check(stage.step)
    return False


def _late_policy(event: Event) -> bool:
    return (
        event.tells(Source.MODE, "HOLD")
        or event.tells(Source.NOTICE, "policy", "chunk")
        or event.tells(Source.HEALTH, "control")
        or event.tells(Source.STATUS, "holds")
    )
