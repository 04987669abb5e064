"""What a peer's process tells at its end; standard library only, for other environments."""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from recorder.bench.plan import Plan

READY = "ready"
REPORT = "peer.json"


@dataclass
class PeerReport:
    """What was handed to a peer's own recorder, and how long its calls took."""

    versions: dict[str, str]
    images: dict[str, list[int]] = field(default_factory=dict[str, list[int]])  # sequences
    samples: int = 0  # at their native rate
    append_ns: list[int] = field(default_factory=list[int])
    close_ns: list[int] = field(default_factory=list[int])  # of each episode
    next_ns: list[int] = field(default_factory=list[int])  # from an end to the next one's first
    recorded_bytes: int = 0
    note: str = ""

    def write(self, folder: Path) -> None:
        """Leave it where the measurement looks for it."""
        (folder / REPORT).write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, folder: Path) -> "PeerReport":
        """What was left there."""
        return cls(**json.loads((folder / REPORT).read_text()))


def wait_for_plan() -> Plan:
    """Say that everything is ready, and wait for the plan."""
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    plan = json.loads(sys.stdin.readline())
    return Plan(plan["start_ns"], plan["seconds"], plan["episodes"], tuple(plan["cameras"]))


def tell_saved(episode: int) -> None:
    """Say that the peer's recorder has said that an episode is saved."""
    sys.stdout.write(f"saved {episode}\n")
    sys.stdout.flush()
