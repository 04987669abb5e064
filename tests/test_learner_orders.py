"""What the learner answers to orders, and what it does about them."""

from learner.orders import Orders
from learner.store import PolicyStore
from teleop.learner_messages import LearnerOrder, LearnerOrderKind
from tests.learner_data import manifest, small_net
from tests.test_learner import correction, finished, learner_on, store

__all__ = ["store"]  # a fixture


def test_an_operator_serves_any_version_and_is_told_of_those_that_are_not_there(
    store: PolicyStore,
):
    store.publish(small_net(1), manifest(1))
    learner = learner_on(store)
    orders = Orders(learner)
    assert orders.answer(LearnerOrder(LearnerOrderKind.SERVE, 1)).accepted
    assert store.serving() == 1 and learner.serving.version == 1
    reply = orders.answer(LearnerOrder(LearnerOrderKind.SERVE, 7))
    assert not reply.accepted and "7" in reply.reason
    assert store.serving() == 1


def test_a_paused_learner_refuses_to_consolidate_and_does_so_once_it_goes_on(store: PolicyStore):
    learner = learner_on(store)
    orders = Orders(learner)
    learner.ingest("episode_00004", correction())
    assert orders.answer(LearnerOrder(LearnerOrderKind.PAUSE)).accepted
    assert not orders.answer(LearnerOrder(LearnerOrderKind.CONSOLIDATE)).accepted
    assert finished(learner) == []
    assert orders.answer(LearnerOrder(LearnerOrderKind.GO_ON)).accepted
    assert orders.answer(LearnerOrder(LearnerOrderKind.CONSOLIDATE)).accepted
    assert [each.manifest.speed for each in finished(learner)] == ["head", "consolidate"]
