from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from learner.policy import FlowPolicy
from learner.server import Server, agree, begun, is_waited_for, safe_to_swap, sees
from learner.store import PolicyStore
from teleop.errors import FrameLost, PolicyError, PolicyMismatch
from teleop.frames import MemoryFrames
from teleop.learner_messages import (
    PolicyPublished,
)
from teleop.messages import (
    ActionChunk,
    FrameRef,
    Mode,
    SessionMode,
    Step,
)
from tests.learner_data import SMALL, manifest, small_net
from tests.sample_steps import make_step

BOTH_POLICY = (Mode.POLICY, Mode.POLICY)


def rolling(modes: tuple[Mode, Mode] = BOTH_POLICY, episode: int = 1) -> Step:
    step = make_step(0, seed=0)
    return replace(step, session_mode=SessionMode.ROLLOUT, modes=modes, episode=episode)


@pytest.mark.parametrize(
    ("modes", "safe"),
    [
        (BOTH_POLICY, False),
        ((Mode.OPERATOR, Mode.POLICY), True),
        ((Mode.HOLD, Mode.POLICY), False),
        ((Mode.OPERATOR, Mode.HOLD), True),
        ((Mode.HOLD, Mode.HOLD), True),
    ],
)
def test_weights_are_swapped_while_the_operator_has_an_arm_or_both_hold(
    modes: tuple[Mode, Mode], safe: bool
):
    assert safe_to_swap(rolling(), rolling(modes)) is safe


def test_weights_may_be_swapped_when_an_episode_begins_or_nothing_runs():
    assert safe_to_swap(rolling(episode=1), rolling(episode=2))
    assert safe_to_swap(rolling(), replace(rolling(), session_mode=SessionMode.IDLE))


@pytest.mark.parametrize(
    ("mode", "share", "valid", "waited_for"),
    [
        (Mode.HOLD, 0.0, False, True),
        (Mode.HOLD, 1.0, False, False),  # the operator's, who is silent
        (Mode.HOLD, 0.0, True, False),  # by order
        (Mode.POLICY, 0.0, True, False),
    ],
)
def test_an_arm_that_was_handed_back_waits_for_a_chunk(
    mode: Mode, share: float, valid: bool, waited_for: bool
):
    step = rolling((Mode.POLICY, mode))
    step = replace(step, authority=(0.0, share), proposal_valid=(True, valid))
    assert is_waited_for(step) is waited_for
    assert not is_waited_for(replace(step, session_mode=SessionMode.IDLE))


def test_no_chunk_is_made_from_images_of_the_scene_before():
    step = make_step(0, seed=0)
    step = replace(step, observation=replace(step.observation, frames=(FrameRef("top", 1, 1),)))
    assert sees(step, ("top",))
    assert not sees(step, ("top", "front"))


@pytest.fixture
def store(tmp_path: Path) -> PolicyStore:
    store = PolicyStore(tmp_path)
    for version in (0, 1):
        store.publish(small_net(version), manifest(version))
    store.promote(0)
    return store


@pytest.fixture
def server(store: PolicyStore) -> Server:
    server = Server(store, FlowPolicy(store.load(0)[0], 0))
    server.follow()
    return server


def published(version: int, accepted: bool = True) -> PolicyPublished:
    return PolicyPublished(version, 0, "", accepted, True, "", 77, 88)


def moved(server: Server, store: PolicyStore, version: int) -> None:
    store.promote(version)
    server.follow()


def test_a_version_waits_for_a_safe_point(server: Server, store: PolicyStore):
    server.observed(rolling(), 0)
    server.published(published(1))
    moved(server, store, 1)
    assert server.observed(rolling(), 1) is None
    serving = server.observed(rolling(episode=2), 2)
    assert serving is not None and serving.version == 1 and serving.handback_ns == 77
    assert server.policy.version == 1


def test_what_the_pointer_does_not_say_is_never_served(server: Server):
    server.published(published(1, accepted=False))
    server.follow()
    assert server.observed(rolling(episode=2), 2) is None
    assert server.policy.version == 0


def test_a_version_that_was_served_before_its_news_came_is_announced_again(
    server: Server, store: PolicyStore
):
    server.observed(rolling(), 0)
    moved(server, store, 1)
    first = server.observed(rolling(episode=2), 2)
    assert first is not None and first.handback_ns == -1
    assert server.published(published(1)) == replace(first, handback_ns=77)
    assert server.published(published(1)) is None


def test_a_rollback_while_a_version_waits_leaves_it_unserved(server: Server, store: PolicyStore):
    server.observed(rolling(), 0)
    moved(server, store, 1)
    moved(server, store, 0)
    assert server.observed(rolling(episode=2), 2) is None
    assert server.policy.version == 0


def test_the_pointer_is_read_again_only_when_it_was_moved(
    server: Server, store: PolicyStore, monkeypatch: pytest.MonkeyPatch
):
    reads: list[int] = []
    monkeypatch.setattr(store, "serving", lambda: reads.append(1) or 0)
    for _ in range(5):
        server.follow()
    assert not reads
    moved(server, store, 0)
    assert reads == [1]


@pytest.mark.parametrize("damage", ["cut", "nan", "cameras", "pointer"])
def test_a_version_that_cannot_be_loaded_leaves_the_serving_one_and_says_why(
    server: Server, store: PolicyStore, damage: str
):
    net, about = small_net(2), manifest(2)
    if damage == "nan":
        with torch.no_grad():
            next(net.parameters()).fill_(float("nan"))
    if damage == "cameras":
        about = replace(about, model=replace(SMALL, cameras=("left_eye", "right_eye")))
    store.publish(net, about)
    weights = store.path(2) / "weights.safetensors"
    if damage == "cut":
        weights.write_bytes(weights.read_bytes()[:100])
    if damage == "pointer":
        (store.folder / "serving").write_text("two")
        server.follow()
    else:
        moved(server, store, 2)
    assert server.observed(rolling(episode=2), 2) is None and server.policy.version == 0
    assert server.trouble.startswith("version 0 stays: ")
    moved(server, store, 1)
    assert server.trouble == ""
    assert server.observed(rolling(episode=3), 3) is not None


def test_a_session_whose_serving_version_is_broken_begins_with_the_one_before(store: PolicyStore):
    store.publish(small_net(2), manifest(2, accepted=False))
    store.publish(small_net(3), manifest(3))
    (store.path(3) / "weights.safetensors").write_bytes(b"nothing")
    store.promote(3)
    server, cameras = begun(store, "")
    assert server.policy.version == 1 and cameras == SMALL.cameras
    assert "not a whole safetensors file" in server.trouble


def frames(size: int = 96) -> MemoryFrames:
    memory = MemoryFrames(("close_front", "close_top"))
    for camera in memory.cameras:
        memory.put(camera, np.zeros((size, size, 3), np.uint8), 5)
    return memory


def test_the_same_observation_gives_the_same_chunk():
    chunks = []
    for _ in range(2):
        policy = FlowPolicy(small_net(), 3)
        policy.observe(rolling().observation.state)
        chunks.append(policy.infer("Plug it in.", frames()))
    assert np.array_equal(chunks[0].twist, chunks[1].twist)
    assert chunks[0].policy_version == 3 and chunks[0].twist.shape == (8, 2, 6)
    assert (chunks[0].opening >= 0).all() and (chunks[0].opening <= 1).all()


def test_a_policy_without_state_image_or_the_right_size_says_so():
    policy = FlowPolicy(small_net(), 0)
    with pytest.raises(PolicyError, match="before it saw"):
        policy.infer("", frames())
    policy.observe(rolling().observation.state)
    with pytest.raises(FrameLost, match="close_front"):
        policy.infer("", MemoryFrames(("close_front", "close_top")))
    with pytest.raises(PolicyMismatch, match="64x64"):
        policy.infer("", frames(64))


def chunk_of(speed: float) -> ActionChunk:
    twist = np.zeros((8, 2, 6))
    twist[:, 0, 0] = speed
    return ActionChunk(1, 0, 0, 0, 100_000_000, twist, np.zeros((8, 2)), 0)


def test_versions_that_mean_nearly_the_same_agree_and_others_do_not():
    assert agree(chunk_of(0.02), chunk_of(0.035))
    assert not agree(chunk_of(0.02), chunk_of(-0.02))


def test_a_version_that_agrees_takes_over_in_mid_rollout(server: Server, store: PolicyStore):
    server.observed(rolling(), 0)
    moved(server, store, 1)
    server.policy.swap(small_net(1), 0)  # the same weights as version 1
    chunk, serving = server.chunk(frames(), 5)
    assert chunk.policy_version == 0 and serving is not None and serving.version == 1
    assert server.chunk(frames(), 6)[0].policy_version == 1


def test_a_version_that_disagrees_waits(server: Server, store: PolicyStore):
    server.observed(rolling(), 0)
    net = small_net(1)
    with torch.no_grad():
        net.action_offset_A += 1.0
    server.policy.swap(net, 0)
    moved(server, store, 1)
    assert server.chunk(frames(), 5)[1] is None
    assert server.policy.version == 0
