"""Where everything of one session lies.

SESSION/
  session.json        resolved configuration, package versions
  lock                held by the supervisor while it lives
  log/PROCESS.log
  bus/                ipc sockets: each process publishes at its own name (control, camera_CAMERA,
                      policy, recorder, learner, gui); orders go to `orders` and
                      `learner_orders`, steps to `steps`
  frames/CAMERA.ring  newest images (see frames.py)
  episodes/episode_00012/       episode.h5, or segments of it while it is recorded; sessions of
                      earlier versions have single files episode_00012.h5 instead, and in cuts/
                      copies of the episode so far, made at hand-backs
  edits.log           what was trimmed, relabelled, discarded, split and merged since
  policies/v0003/     immutable policy versions; `serving` names the one to use
  learner/            the learner's memory of the episodes, a cache
  thumbnails/         small pictures of the episodes for the window, a cache
"""

from dataclasses import dataclass
from pathlib import Path

ORDERS = "orders"  # where the control process answers orders
LEARNER_ORDERS = "learner_orders"  # where the learner answers its own
STEPS = "steps"  # where the recorder takes steps and episode boundaries


def camera_process(camera: str) -> str:
    """The name of the process that serves `camera`: of its log, socket and Health messages."""
    return f"camera_{camera}"


@dataclass(frozen=True)
class SessionFolder:
    """The paths of one session."""

    path: Path

    @property
    def config(self) -> Path:
        return self.path / "session.json"

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def logs(self) -> Path:
        return self.path / "log"

    @property
    def bus(self) -> Path:
        return self.path / "bus"

    @property
    def frames(self) -> Path:
        return self.path / "frames"

    @property
    def episodes(self) -> Path:
        return self.path / "episodes"

    @property
    def cuts(self) -> Path:
        return self.path / "cuts"

    @property
    def policies(self) -> Path:
        return self.path / "policies"

    @property
    def learner(self) -> Path:
        return self.path / "learner"

    def endpoint(self, name: str) -> str:
        """The ipc address of the socket that process or role `name` binds."""
        return f"ipc://{self.bus / name}"
