import json
from pathlib import Path

import pytest
import torch

from learner.store import MANIFEST, WEIGHTS, PolicyStore, load_checkpoint, save_checkpoint
from teleop.errors import PolicyError, PolicyMismatch, PolicyNotFound
from teleop.serving import moves
from tests.learner_data import manifest, small_net


def test_a_published_version_comes_back_with_the_same_weights(tmp_path: Path):
    store = PolicyStore(tmp_path)
    net = small_net()
    store.publish(net, manifest(0, speed="base"))
    loaded, found = store.load(0)
    assert found == manifest(0, speed="base")
    for name, tensor in net.state_dict().items():
        assert torch.equal(tensor, loaded.state_dict()[name])


def test_the_serving_pointer_moves_forward_and_back(tmp_path: Path):
    store = PolicyStore(tmp_path)
    for version in (0, 1):
        store.publish(small_net(version), manifest(version))
    store.promote(1)
    assert store.serving() == 1
    store.promote(0, "operator", "it worked better")
    assert PolicyStore(tmp_path).serving() == 0
    assert [(m.before, m.version, m.by) for m in moves(tmp_path)] == [
        (-1, 1, "learner"),
        (1, 0, "operator"),
    ]


def test_a_version_never_changes(tmp_path: Path):
    store = PolicyStore(tmp_path)
    store.publish(small_net(), manifest(0))
    with pytest.raises(PolicyError, match="there already"):
        store.publish(small_net(1), manifest(0))


def test_a_folder_that_only_looks_like_a_version_is_none(tmp_path: Path):
    store = PolicyStore(tmp_path)
    store.publish(small_net(), manifest(0))
    (tmp_path / "v0000-copy").mkdir()
    (tmp_path / "v0000-copy" / MANIFEST).write_text("{}")
    assert store.versions() == [0]


def test_nothing_is_served_before_the_first_promotion(tmp_path: Path):
    with pytest.raises(PolicyNotFound, match="No policy is served"):
        PolicyStore(tmp_path).serving()


def test_a_version_that_is_not_there_is_named_with_those_that_are(tmp_path: Path):
    store = PolicyStore(tmp_path)
    store.publish(small_net(), manifest(0))
    with pytest.raises(PolicyNotFound, match=r"version 7.*there are: 0"):
        store.load(7)
    with pytest.raises(PolicyNotFound):
        store.promote(7)


def test_a_half_written_version_is_no_version(tmp_path: Path):
    store = PolicyStore(tmp_path)
    store.publish(small_net(), manifest(0))
    partial = tmp_path / ".v0001.part"
    partial.mkdir()
    (partial / WEIGHTS).write_bytes(b"half")
    assert store.versions() == [0] and store.next_version() == 1


def test_a_foreign_file_is_refused_in_one_sentence(tmp_path: Path):
    folder = tmp_path / "v0000"
    save_checkpoint(folder, small_net(), manifest(0))
    (folder / WEIGHTS).write_bytes(b"\x80\x04pickled")
    with pytest.raises(PolicyMismatch, match="not a whole safetensors file"):
        load_checkpoint(folder)


def test_another_manifest_is_refused(tmp_path: Path):
    folder = tmp_path / "v0000"
    save_checkpoint(folder, small_net(), manifest(0))
    (folder / MANIFEST).write_text(json.dumps({"robot": "other"}))
    with pytest.raises(PolicyMismatch, match="not a policy manifest"):
        load_checkpoint(folder)


def test_sizes_that_no_policy_can_have_are_refused(tmp_path: Path):
    folder = tmp_path / "v0000"
    save_checkpoint(folder, small_net(), manifest(0))
    content = json.loads((folder / MANIFEST).read_text())
    content["model"]["channels"] = [7]
    (folder / MANIFEST).write_text(json.dumps(content))
    with pytest.raises(PolicyMismatch, match="No policy has the sizes"):
        load_checkpoint(folder)


def test_weights_of_another_shape_are_refused(tmp_path: Path):
    folder = tmp_path / "v0000"
    save_checkpoint(folder, small_net(), manifest(0))
    content = json.loads((folder / MANIFEST).read_text())
    content["model"]["hidden"] = 48
    (folder / MANIFEST).write_text(json.dumps(content))
    with pytest.raises(PolicyMismatch, match="another shape"):
        load_checkpoint(folder)


def test_weights_that_are_not_numbers_are_refused(tmp_path: Path):
    net = small_net()
    with torch.no_grad():
        next(net.parameters()).fill_(float("nan"))
    save_checkpoint(tmp_path / "v0000", net, manifest(0))
    with pytest.raises(PolicyMismatch, match="not numbers"):
        load_checkpoint(tmp_path / "v0000")


def test_a_missing_folder_says_what_to_do(tmp_path: Path):
    with pytest.raises(PolicyNotFound, match="nudge train"):
        load_checkpoint(tmp_path / "nowhere")
