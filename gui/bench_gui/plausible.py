"""Made-up values of a session, of the size and the liveliness of real ones."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teleop.bus import (
    DEVICES,
    EPISODE_ENDED,
    EPISODE_SAVED,
    LEARNER,
    POLICY_PUBLISHED,
    POLICY_SERVING,
    TAKEOVER,
    VERSION_REPORT,
    Topic,
)
from teleop.config import DEFAULT_INSTRUCTION
from teleop.device_messages import DeviceLevel, DeviceProfile, DeviceSeen, DevicesSeen, Six
from teleop.interfaces import Image
from teleop.learner_messages import (
    GateCheck,
    LearnerState,
    LearnerStatus,
    PolicyPublished,
    PolicyServing,
    StratumLoss,
    VersionReport,
)
from teleop.messages import (
    Action,
    Arm,
    EpisodeEnded,
    EpisodeSaved,
    Mode,
    Observation,
    Outcome,
    RobotState,
    SessionMode,
    Step,
    frozen_array,
)
from teleop.takeover_messages import TakeoverStatus

PICTURES = 16  # different ones of each camera
REPEATS_S = 10  # after so long the wrenches come again
EPISODES = 40
VERSIONS = 8


def pictures(number: int) -> list[Image]:
    """Pictures of 640x480 with noise, so that no two rows are alike: a disc that wanders."""
    random = np.random.default_rng(number)
    y, x = np.mgrid[0:480, 0:640].astype(np.float32)
    made: list[Image] = []
    for frame in range(PICTURES):
        image = np.repeat((60 + 90 * y / 480)[:, :, None], 3, axis=2)
        image += random.integers(0, 24, image.shape)
        centre = 320 + 200 * math.sin(2 * math.pi * frame / PICTURES + number)
        image[(x - centre) ** 2 + (y - 260) ** 2 < 70**2] = (225, 150, 60)
        made.append(np.ascontiguousarray(image.astype(np.uint8)))
    return made


def wrenches(rate_hz: int) -> NDArray[np.float32]:
    """(N, arm, 6): slow pushes, a fast tremor and a sensor's noise; it repeats seamlessly."""
    t = np.arange(REPEATS_S * rate_hz)[:, None] / rate_hz
    turns = 2 * math.pi * t / REPEATS_S
    channels = np.arange(12)[None, :]
    values = 5 * np.sin((1 + channels % 4) * turns + channels)
    values += 1.2 * np.sin((70 + 11 * channels) * turns)
    values += np.random.default_rng(0).normal(0.0, 0.3, values.shape)
    values[:, [3, 4, 5, 9, 10, 11]] *= 0.05
    return values.reshape(-1, 2, 6).astype(np.float32)


def template_step(cameras: tuple[str, ...]) -> Step:
    """A step of a rollout; what changes from one to the next is put in later."""
    zero = frozen_array(np.zeros((2, 6)))
    opening = frozen_array((0.31, 0.28))
    rows, columns = np.mgrid[0:8, 0:8]
    pad = 0.4 * np.exp(-((rows - 3.5) ** 2 + (columns - 4) ** 2) / 4.0)
    state = RobotState(
        0, zero, zero, frozen_array(np.zeros((2, 3))), frozen_array([[1, 0, 0, 0]] * 2), zero,
        zero, opening, frozen_array(np.broadcast_to(pad, (2, 2, 8, 8))),
    )  # fmt: skip
    moved = frozen_array(np.tile([0.03, -0.01, 0.02, 0.1, 0.0, -0.1], (2, 1)))
    return Step(
        index=0, stamp_ns=0, episode=12, session_mode=SessionMode.ROLLOUT,
        observation=Observation(state, (), DEFAULT_INSTRUCTION), device="spacemouse",
        operator=Action(moved, opening), proposed=Action(moved, opening),
        proposal_valid=(True, True), executed=Action(moved, opening), authority=(0.0, 0.0),
        modes=(Mode.POLICY, Mode.POLICY), policy_version=VERSIONS, chunk_id=3, chunk_index=1,
        limits_hit=(), device_age_ns=8_000_000, camera_age_ns=34_000_000,
        inference_ns=46_000_000, late_ns=200_000,
    )  # fmt: skip


def takeover(now_ns: int, t_s: float) -> Iterator[tuple[Topic[Any], object]]:
    """What control tells ten times a second: two pucks that are moved, and a wandering risk."""
    seen = tuple(_puck(arm, t_s) for arm in Arm)
    yield DEVICES, DevicesSeen(now_ns, seen)
    risk = (0.5 + 0.4 * math.sin(0.3 * t_s), 0.4)
    yield (
        TAKEOVER,
        TakeoverStatus(now_ns, (1.0, 0.3), (True, True), ("", ""), "", risk, 20.0, 3),
    )


def _puck(arm: Arm, t_s: float) -> DeviceSeen:
    x, y, z, a, b, c = (0.6 * math.sin((0.4 + 0.2 * k) * t_s + k + arm) for k in range(6))
    at: Six = (x, y, z, a, b, c)
    profile = DeviceProfile(f"A{arm.value}", "SpaceMouse Compact", arm, calibrated="2026-11-20")
    return DeviceSeen(
        profile.serial, profile.name, DeviceLevel.OK, "Calibrated.", arm, at, at, 0.006, -1.0,
        profile,
    )  # fmt: skip


def learning(now_ns: int, second: int) -> Iterator[tuple[str, Topic[Any], object]]:
    """Who says what in that second: the past at once, then a fit that gets on."""
    if second == 2:
        yield from _past(now_ns)
    yield (
        "learner",
        LEARNER,
        LearnerStatus(
            now_ns, LearnerState.FULL_FIT, second % 20 / 20, VERSIONS, 7, 40, 0.0123, 0.0341,
            "full fit after correction 7", VERSIONS, "full",
        ),
    )  # fmt: skip


def _past(now_ns: int) -> Iterator[tuple[str, Topic[Any], object]]:
    for episode in range(EPISODES):
        outcome = Outcome.SUCCESS if episode % 3 else Outcome.FAIL
        helped = max(0, 3 - episode // 8)
        yield "control", EPISODE_ENDED, EpisodeEnded(episode, now_ns, outcome, "inserted")
        yield (
            "recorder",
            EPISODE_SAVED,
            EpisodeSaved(
                episode, f"episode_{episode:05d}", True, 1500, helped, 2.5 * helped, outcome,
                "inserted", episode * VERSIONS // EPISODES, 0, -1,
            ),
        )  # fmt: skip
    for version in range(VERSIONS + 1):
        published = PolicyPublished(version, version - 1, "", True, False, "passed", -1, now_ns)
        yield "learner", POLICY_PUBLISHED, published
        yield "learner", VERSION_REPORT, _version(version)
    yield "policy", POLICY_SERVING, PolicyServing(VERSIONS, now_ns, now_ns - 1_900_000_000)


def _version(version: int) -> VersionReport:
    check = GateCheck("held-out demonstrations", 0.071, 0.112, True, "error 0.071, 0.112 allowed")
    losses = (StratumLoss("demonstrations", 2400, 0.066), StratumLoss("corrections", 300, 0.09))
    corrections = tuple(f"episode_{number:05d}" for number in range(version))
    return VersionReport(
        version, version - 1, "finetune", "full", True, "passed", corrections, losses, (check,),
        150, 8.0, 1.6, 1.5, 1_763_845_200_000_000_000 + version,
    )  # fmt: skip
