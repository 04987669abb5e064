"""A version of the built-in policy, ready to be asked for chunks."""

from dataclasses import replace
from time import monotonic_ns

import numpy as np
import torch
from torch import Tensor

from learner.model import ACTION_SIZE, IMAGE_SIZE, HeadInputs, PolicyNet
from learner.monitor import Glance, Judge, Monitor, digest
from learner.observe import (
    WRENCH_SAMPLES,
    Reference,
    WrenchRing,
    proprioception,
    squash_tactile,
    word_ids,
)
from teleop.errors import FrameLost, PolicyError, PolicyMismatch
from teleop.interfaces import FrameReader, Image
from teleop.messages import NUM_ARMS, ActionChunk, Array, FrameRef, RobotState, frozen_array

CHUNK_PERIOD_NS = 100_000_000


def split_actions(actions_HA: Array) -> tuple[Array, Array]:
    """(H, 14) to twists (H, 2, 6) and openings (H, 2)."""
    arms = actions_HA.reshape(len(actions_HA), 2, ACTION_SIZE // 2)
    return frozen_array(arms[..., :6]), frozen_array(np.clip(arms[..., 6], 0.0, 1.0))


def join_actions(twist_N26: Array, opening_N2: Array) -> Array:
    """The inverse of `split_actions`, for any number of rows."""
    return np.concatenate([twist_N26, opening_N2[..., None]], axis=-1).reshape(
        len(twist_N26), ACTION_SIZE
    )


def reference_of(net: PolicyNet) -> Reference:
    """The poses this net's proprioception is measured from."""
    return Reference(
        frozen_array(net.reference_position.numpy()), frozen_array(net.reference_quaternion.numpy())
    )


def glance_of(chunk: ActionChunk, inputs: HeadInputs, net: PolicyNet) -> Glance:
    """What a monitor judges of one inference of `net`."""
    return Glance(
        chunk.observation_ns,
        net.seen(inputs)[0].numpy(),
        inputs.proprio_BP[0].numpy(),
        inputs.wrench_BW[0].numpy().reshape(WRENCH_SAMPLES, NUM_ARMS, 6),
        chunk.twist,
        chunk.period_ns,
    )


class FlowPolicy:
    """Implements `teleop.interfaces.Policy` over one `PolicyNet`.

    With a monitor of this net's encoder `infer` judges every chunk; without, its scores are 0.
    """

    def __init__(self, net: PolicyNet, version: int, monitor: Monitor | None = None) -> None:
        self._monitor = monitor
        self._judge: Judge | None = None
        self._digest = 0
        self._set(net, version)
        self._wrenches = WrenchRing()
        self._state: RobotState | None = None
        self._chunk_id = 0

    @property
    def version(self) -> int:
        return self._version

    @property
    def judged(self) -> bool:
        """Whether there is a monitor for the served weights."""
        return self._judge is not None

    def swap(self, net: PolicyNet, version: int, monitor: Monitor | None = None) -> None:
        """Serve other weights from the next chunk on; the history stays.

        Without a monitor of its own, the one before goes on if the encoder is the same.
        """
        self._monitor = monitor or self._monitor
        self._set(net, version)

    def _set(self, net: PolicyNet, version: int) -> None:
        self._net, self._version = net.eval(), version
        monitor = self._monitor
        fits = monitor is not None and monitor.encoder == digest(net.encoder)
        self._judge = Judge(monitor) if monitor is not None and fits else None
        self._digest = digest(net) if fits else 0

    def reset(self) -> None:
        if self._judge is not None:
            self._judge.reset()
        self._wrenches.clear()
        self._state = None

    def observe(self, state: RobotState) -> None:
        self._wrenches.append(state.stamp_ns, state.wrench)
        self._state = state

    def infer(self, instruction: str, frames: FrameReader) -> ActionChunk:
        """A chunk from the newest observed state and the newest image of each camera.

        Raises:
            FrameLost: a camera this policy needs has given no image yet.
            PolicyError: no state was observed since `reset`.
            PolicyMismatch: a camera's image has another size than the net was trained with.
        """
        started_ns = monotonic_ns()
        chunk, inputs = self._ask(self._net, self._version, instruction, frames)
        self._chunk_id = chunk.chunk_id
        if self._judge is None:
            return chunk
        verdict = self._judge.judge(glance_of(chunk, inputs, self._net), self._digest)
        return replace(
            chunk,
            novelty=verdict.novelty,
            force_surprise=verdict.force_surprise,
            inference_ns=monotonic_ns() - started_ns,
        )

    def preview(
        self, net: PolicyNet, version: int, instruction: str, frames: FrameReader
    ) -> ActionChunk:
        """What `infer` would return if `net` were served, but for the scores. Raises as it does."""
        return self._ask(net, version, instruction, frames)[0]

    def _ask(
        self, net: PolicyNet, version: int, instruction: str, frames: FrameReader
    ) -> tuple[ActionChunk, HeadInputs]:
        started_ns = monotonic_ns()
        state = self._state
        if state is None:
            raise PolicyError("The policy was asked for a chunk before it saw any robot state.")
        with torch.inference_mode():
            seen, images = self._images(net, frames)
            inputs = self._inputs(net, state, instruction, images)
            actions = net.actions(inputs)[0].double().numpy()
        twist, opening = split_actions(actions)
        chunk = ActionChunk(
            chunk_id=self._chunk_id + 1,
            policy_version=version,
            observation_ns=state.stamp_ns,
            start_ns=state.stamp_ns,
            period_ns=CHUNK_PERIOD_NS,
            twist=twist,
            opening=opening,
            inference_ns=monotonic_ns() - started_ns,
            frames=seen,
        )
        return chunk, inputs

    @staticmethod
    def _images(net: PolicyNet, frames: FrameReader) -> tuple[tuple[FrameRef, ...], Tensor]:
        seen: list[FrameRef] = []
        images: list[Image] = []
        for camera in net.config.cameras:
            newest = frames.newest(camera)
            if newest is None:
                raise FrameLost(
                    f"Camera '{camera}' has given no image yet; is its process running?"
                )
            ref, image = newest
            if image.shape != (IMAGE_SIZE, IMAGE_SIZE, 3):
                raise PolicyMismatch(
                    f"Camera '{camera}' gives images of {image.shape[1]}x{image.shape[0]}; this "
                    f"policy was trained on "
                    f"{IMAGE_SIZE}x{IMAGE_SIZE}. Set the camera to that size or train a policy for "
                    f"it."
                )
            seen.append(ref)
            images.append(image)
        # Stacking copies: rings hand out read-only images.
        return tuple(seen), torch.from_numpy(np.stack(images))[None]

    def _inputs(
        self, net: PolicyNet, state: RobotState, instruction: str, images_BKHWC: Tensor
    ) -> HeadInputs:
        return HeadInputs(
            feature_BF=net.encoder(images_BKHWC),
            proprio_BP=torch.from_numpy(proprioception(state, reference_of(net)))[None],
            wrench_BW=torch.from_numpy(self._wrenches.history().reshape(1, -1)),
            tactile_BT=torch.from_numpy(squash_tactile(state.tactile).reshape(1, -1)),
            words_BN=torch.from_numpy(word_ids(instruction))[None],
        )
