from pathlib import Path

import pytest

from learner.served import Served
from learner.store import WEIGHTS, PolicyStore
from teleop.serving import POINTER
from tests.learner_data import manifest, small_net


@pytest.mark.parametrize("pointer", ["1", "7", "one"])
def test_a_pointer_to_what_cannot_be_loaded_leaves_the_learner_at_the_version_before(
    tmp_path: Path, pointer: str
):
    store = PolicyStore(tmp_path)
    for version in (0, 1):
        store.publish(small_net(version), manifest(version))
    store.promote(0)
    served = Served(store)
    (store.path(1) / WEIGHTS).write_bytes(b"half")
    (tmp_path / POINTER).write_text(pointer)
    assert not served.follow() and served.manifest.version == 0


def test_a_damaged_version_does_not_keep_the_learner_from_starting(tmp_path: Path):
    store = PolicyStore(tmp_path)
    for version in (0, 1):
        store.publish(small_net(version), manifest(version))
    store.promote(0)
    (store.path(1) / "manifest.json").write_bytes(b"half")
    assert list(Served(store).manifests) == [0]
    assert store.next_version() == 2
