"""Views for the tests of sound and of the list before the first motion."""

from dataclasses import replace
from typing import Any

import numpy as np

from gui.view import (
    ArmView,
    CameraView,
    EpisodeView,
    Lead,
    Level,
    ProcessView,
    View,
    VitalsView,
)
from teleop.messages import Arm, SessionMode

SECOND = 1_000_000_000
PROCESSES = ("control", "policy", "recorder", "learner", "camera_top")


def processes(**levels: Level) -> tuple[ProcessView, ...]:
    """All processes alive, but for those named."""
    return tuple(
        ProcessView(name, 0.4 if level is Level.OK else 9.0, level)
        for name in PROCESSES
        for level in (levels.get(name, Level.OK),)
    )


def vitals(**changes: Any) -> VitalsView:
    """Everything well."""
    made = VitalsView(
        recorder="recording",
        recorder_level=Level.OK,
        processes=processes(),
        cameras=(CameraView("top", 0.03), CameraView("front", 0.05)),
        free_gb=120.0,
        room_s=90_000.0,
        state_age_ms=2.0,
        behind_ms=1.0,
    )
    return replace(made, **changes)


def arm_of(arm: Arm, lead: Lead, **changes: Any) -> ArmView:
    """One arm with a quiet wrench."""
    return replace(ArmView(arm, lead, "a reason", wrench=np.full(6, 0.1)), **changes)


def a_view(
    left: Lead = Lead.POLICY,
    right: Lead = Lead.POLICY,
    mode: SessionMode | None = SessionMode.ROLLOUT,
    episode: dict[str, Any] | None = None,
    arm: dict[str, Any] | None = None,
    **changes: Any,
) -> View:
    """A view in which nothing is wrong; `arm` changes the left one."""
    made = View(
        SECOND,
        0.01,
        (arm_of(Arm.LEFT, left, **(arm or {})), arm_of(Arm.RIGHT, right)),
        EpisodeView(session_mode=mode, **(episode or {})),
        vitals=vitals(),
    )
    return replace(made, **changes)
