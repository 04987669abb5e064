"""What is expected of each drill: decided before anything was measured, and why.

A tool that has to come to rest may go on for as long as it takes to notice the fault, then brake,
then let the arm catch up with the target it was commanded, which leads it by the leash at most.
A drill whose fault must not be felt is measured over a second, in which a tool can go as far as the
speed limit lets it.
"""

from dataclasses import dataclass

from teleop.config import ChunkConfig, SafetyLimits, TakeoverConfig

LIMITS = SafetyLimits()
TAKEOVER = TakeoverConfig()
CHUNKS = ChunkConfig()
TICK_S = 0.01
HORIZON_S = 0.8  # eight actions of 0.1 s in a chunk
WINDOW_S = 1.0  # over which a fault that must not be felt is measured
NOTICED_MS = 1000.0  # by the supervisor, which looks four times a second, on a busy machine


@dataclass(frozen=True)
class Expected:
    """What a fault may cost.

    Attributes:
        path_mm: longest way of either tool from the fault until it rests, or over the window.
        announced_ms: from the fault until it is told; None: nobody needs to notice it.
        why: where the two figures come from.
    """

    path_mm: float
    announced_ms: float | None
    why: str


def coast_mm(seconds: float, speed: float) -> float:
    """How far a tool goes that moves at `speed` (m/s), is to stop after `seconds`, and brakes."""
    return (seconds * speed + speed**2 / (2 * LIMITS.linear_acceleration) + LIMITS.leash_m) * 1e3


_OPERATOR = TAKEOVER.linear_scale
_POLICY = LIMITS.linear_speed
_UNFELT = coast_mm(WINDOW_S, _POLICY)
_UNFELT_WHY = f"the speed limit for {WINDOW_S:g} s"

EXPECTED: dict[str, Expected] = {
    "puck-pulled": Expected(
        coast_mm(TAKEOVER.stale_s + 0.02 + TICK_S, _OPERATOR),
        300.0,
        "a reading is stale after 0.15 s; the reader looks every 20 ms; full deflection",
    ),
    "keys-lost": Expected(
        coast_mm(TAKEOVER.stale_s + 0.04 + TICK_S, _OPERATOR),
        300.0,
        "a reading is stale after 0.15 s; held keys are repeated every 40 ms; full deflection",
    ),
    "gui-killed": Expected(_UNFELT, NOTICED_MS, _UNFELT_WHY),
    "policy-killed": Expected(
        coast_mm(HORIZON_S + TICK_S, _POLICY),
        HORIZON_S * 1e3 + 100.0,
        "the last chunk plays out: its horizon, 0.8 s",
    ),
    "learner-killed": Expected(_UNFELT, NOTICED_MS, _UNFELT_WHY),
    "recorder-killed": Expected(_UNFELT, NOTICED_MS, _UNFELT_WHY),
    "camera-frozen": Expected(
        coast_mm(CHUNKS.stale_camera_s + 0.15, _POLICY),
        (CHUNKS.stale_camera_s + 0.15) * 1e3,
        "an image is stale after 0.5 s; the newest may be a frame and its drawing old",
    ),
    "state-frozen": Expected(
        coast_mm(LIMITS.stale_state_s + 2 * TICK_S, _POLICY),
        250.0,
        "a state is stale after 0.1 s, then the session stops",
    ),
    "supervisor-killed": Expected(
        coast_mm(5 * TICK_S, _POLICY),
        NOTICED_MS,
        "control looks for its parent every tick and stops the robot first",
    ),
    "network-delayed": Expected(
        coast_mm(3.0, _POLICY),
        HORIZON_S * 1e3,
        "the speed limit for 3 s; a chunk comes every 0.2 s, and its lateness is told with it",
    ),
    "clock-stepped": Expected(coast_mm(2.0, _POLICY), None, "the speed limit for 2 s"),
    "disk-full": Expected(
        _UNFELT,
        1500.0,
        "the file is flushed every 0.25 s, and the recorder gives a sign of life every second",
    ),
}
