"""Steps with random content, episodes of them, and comparison field by field."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np

from recorder.encoded import EncodedImage
from recorder.image_log import encode_jpeg
from teleop.interfaces import Image
from teleop.messages import (
    Action,
    EpisodeOpened,
    FrameRef,
    Mode,
    Observation,
    RobotState,
    SessionMode,
    Step,
    frozen_array,
)

T = TypeVar("T")

CAMERAS = ("left", "room")
TICK_NS = 10_000_000
LIMITS = ("speed", "workspace", "force")


def make_step(index: int, seed: int | None = None) -> Step:
    """A step in which every field is drawn at random (from `index`, unless a seed is given)."""
    random = np.random.default_rng(index if seed is None else seed)
    draw = random.standard_normal

    def pick(choices: Sequence[T]) -> T:
        return choices[int(random.integers(len(choices)))]

    state = RobotState(
        stamp_ns=int(random.integers(1 << 62)),
        q=frozen_array(draw((2, 6))),
        dq=frozen_array(draw((2, 6))),
        position=frozen_array(draw((2, 3))),
        quaternion=frozen_array(draw((2, 4))),
        twist=frozen_array(draw((2, 6))),
        wrench=frozen_array(draw((2, 6))),
        opening=frozen_array(draw(2)),
        tactile=frozen_array(draw((2, 2, 8, 8))),
        fault=pick(["", "left arm: joint limit"]),
    )
    actions = [Action(frozen_array(draw((2, 6))), frozen_array(draw(2))) for _ in range(3)]
    cameras = [camera for camera in CAMERAS if random.random() < 0.8]
    return Step(
        index=index,
        stamp_ns=1_000_000_000 + index * TICK_NS,
        episode=4,
        session_mode=pick(list(SessionMode)),
        observation=Observation(
            state,
            tuple(FrameRef(name, index, index * TICK_NS) for name in cameras),
            pick(["Plug the connector in.", "Stöpsle ein."]),
        ),
        device=pick(["", "spacemouse"]),
        operator=actions[0],
        proposed=actions[1],
        proposal_valid=(bool(random.integers(2)), bool(random.integers(2))),
        executed=actions[2],
        authority=(float(random.random()), float(random.random())),
        modes=(pick(list(Mode)), pick(list(Mode))),
        policy_version=int(random.integers(-1, 9)),
        chunk_id=int(random.integers(1 << 40)),
        chunk_index=int(random.integers(20)),
        limits_hit=tuple(name for name in LIMITS if random.random() < 0.5),
        device_age_ns=int(random.integers(-1, 1 << 40)),
        camera_age_ns=int(random.integers(-1, 1 << 40)),
        inference_ns=int(random.integers(1 << 40)),
        late_ns=int(random.integers(1 << 40)),
        observed_ns=int(random.integers(-1, 1 << 40)),
        seen=tuple(FrameRef(name, index, index * TICK_NS) for name in cameras[:1]),
    )


def plain_step(index: int, modes: tuple[Mode, Mode] = (Mode.POLICY, Mode.POLICY)) -> Step:
    """A step of a rollout, with images of both cameras."""
    step = make_step(index)
    frames = tuple(FrameRef(name, index // 3 + 1, index // 3 * 3 * TICK_NS) for name in CAMERAS)
    return replace(
        step,
        seen=frames,
        session_mode=SessionMode.ROLLOUT,
        modes=modes,
        policy_version=2,
        proposal_valid=(True, True),
        observation=replace(step.observation, frames=frames, instruction="Plug it in."),
    )


def correction(before: int, during: int, after: int) -> list[Step]:
    """A rollout in which the right arm is taken over and handed back."""
    modes = [Mode.POLICY] * before + [Mode.OPERATOR] * during + [Mode.POLICY] * after
    return [plain_step(index, (Mode.POLICY, mode)) for index, mode in enumerate(modes)]


def opening(episode: int = 4, demonstration: bool = False) -> EpisodeOpened:
    return EpisodeOpened(
        episode, 1_000_000_000, "Plug it in.", CAMERAS, "plug/shifted/17", demonstration
    )


def picture(ref: FrameRef) -> Image:
    """The image that `DrawnFrames` shows under `ref`: a smooth one, which JPEG keeps well."""
    ramp = np.linspace(0, 200, 32, dtype=np.float64)
    plane = (ramp[:, None] * 0.5 + ramp[None, :] * 0.5 + ref.sequence % 50).astype(np.uint8)
    return np.stack([plane, plane // 2, 255 - plane], axis=2)


def encoded(ref: FrameRef) -> EncodedImage:
    """That image as it reaches the writer."""
    return EncodedImage(ref, encode_jpeg(picture(ref)), (32, 32, 3))


class DrawnFrames:
    """Has an image for every name, as if no ring ever ran over."""

    def read(self, ref: FrameRef) -> Image:
        return picture(ref)


def assert_same(left: Any, right: Any, relative: float = 0.0) -> None:
    """Compare field by field; arrays within `relative`."""
    if is_dataclass(left):
        assert type(left) is type(right)
        for each in fields(left):
            if each.name == "limits_hit":  # a set
                assert set(getattr(left, each.name)) == set(getattr(right, each.name))
            else:
                assert_same(getattr(left, each.name), getattr(right, each.name), relative)
    elif isinstance(left, np.ndarray):
        np.testing.assert_allclose(left, right, rtol=relative, atol=0.0)
        assert left.dtype == right.dtype
        assert not right.flags.writeable
    elif isinstance(left, tuple):
        assert len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            assert_same(one, other)
    else:
        assert left == right
        assert type(left) is type(right)
