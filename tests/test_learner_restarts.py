"""A learner that died, and the one that comes after it."""

from pathlib import Path

import pytest
import torch

from learner.fit_log import FITS, FitLog
from learner.learner import Learner
from learner.store import PolicyStore
from teleop.serving import moves
from tests.learner_data import manifest
from tests.test_learner import correction, finished, learner_on, store

__all__ = ["store"]  # a fixture


def weights(store: PolicyStore) -> dict[int, dict[str, torch.Tensor]]:
    return {n: store.load(n)[0].state_dict() for n in store.versions()}


@pytest.mark.parametrize(
    "stop_after", [7, *(pytest.param(steps, marks=pytest.mark.slow) for steps in (1, 5, 11))]
)
def test_a_learner_that_is_restarted_midway_makes_the_very_same_versions(
    tmp_path: Path, store: PolicyStore, stop_after: int
):
    undisturbed = learner_on(store)
    undisturbed.ingest("episode_00004", correction())
    finished(undisturbed)
    other = PolicyStore(tmp_path / "other" / "policies")
    other.publish(store.load(0)[0], manifest(0))
    other.promote(0, "start")
    killed = learner_on(other)
    killed.ingest("episode_00004", correction())
    steps = iter(range(stop_after))
    while killed.work(lambda: next(steps, None) is None) is not None:
        pass
    killed.save()
    killed.replay.close()  # as the kernel does when a process is killed
    torch.manual_seed(99)
    again = learner_on(other)
    again.ingest("episode_00004", correction())
    finished(again)
    assert (other.folder / "losses.jsonl").read_bytes() == (
        store.folder / "losses.jsonl"
    ).read_bytes()
    one, two = weights(store), weights(other)
    assert one.keys() == two.keys() and len(one) == 3
    for version, tensors in one.items():
        for name, tensor in tensors.items():
            assert tensor.equal(two[version][name]), (version, name)


def test_a_version_published_by_a_process_that_then_died_is_served_by_the_next(
    store: PolicyStore, monkeypatch: pytest.MonkeyPatch
):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    monkeypatch.setattr(Learner, "_settle", lambda *_: False)
    learner.work()
    monkeypatch.undo()
    learner.replay.close()
    assert store.serving() == 0 and store.versions() == [0, 1]
    again = learner_on(store)
    again.ingest("episode_00004", correction())
    again.work()
    assert 1 in [move.version for move in moves(store.folder)]


def test_a_half_written_line_of_the_log_was_never_there(store: PolicyStore):
    learner = learner_on(store)
    learner.ingest("episode_00004", correction())
    finished(learner)
    path = store.folder / FITS
    whole = path.read_bytes()
    path.write_bytes(whole + whole.splitlines()[0][:40])
    assert FitLog(store.folder).next_fit() == 2
    assert path.read_bytes() == whole
