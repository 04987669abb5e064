"""Asking the learner, and rolling back without one."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui import learner_desk as module
from gui.learner_desk import learner_desk, without_learner
from gui.order_desk import OrderDesk
from teleop.bus import OrderServer
from teleop.learner_messages import LearnerOrder, LearnerOrderKind
from teleop.order_messages import Reply
from teleop.serving import moves, serving_version
from teleop.session_folder import LEARNER_ORDERS, SessionFolder
from tests.fake_learner import version_report, write_version

SERVE_1 = LearnerOrder(LearnerOrderKind.SERVE, 1)


@contextmanager
def open_desk(folder: SessionFolder) -> Generator[tuple[OrderDesk[LearnerOrder], list[Reply]]]:
    replies: list[Reply] = []
    desk = learner_desk(folder, None)
    desk.answered.connect(lambda order, reply: replies.append(reply))  # pyright: ignore[reportUnknownLambdaType]
    desk.start()
    try:
        yield desk, replies
    finally:
        desk.close()


def test_the_learners_own_answer_is_passed_on(session_dir: Path, qtbot: QtBot):
    folder = SessionFolder(session_dir)
    server = OrderServer(folder.endpoint(LEARNER_ORDERS), LearnerOrder)
    asked: list[LearnerOrder] = []

    def handle(order: LearnerOrder) -> Reply:
        asked.append(order)
        return Reply(accepted=False, reason="The learner is paused.")

    over = threading.Event()

    def answer() -> None:
        while not over.is_set():
            server.poll(handle, 0.05)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with open_desk(folder) as (desk, replies):
            desk.ask(LearnerOrder(LearnerOrderKind.CONSOLIDATE))
            qtbot.waitUntil(lambda: bool(replies), timeout=5000)
    finally:
        over.set()
        thread.join()
        server.close()
    assert replies == [Reply(False, "The learner is paused.")]
    assert [order.kind for order in asked] == [LearnerOrderKind.CONSOLIDATE]


def test_a_rollback_works_without_a_learner(
    session_dir: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "TIMEOUT_S", 0.05)
    folder = SessionFolder(session_dir)
    for version in range(3):
        write_version(folder.policies, version_report(version))
    with open_desk(folder) as (desk, replies):
        desk.ask(SERVE_1)
        qtbot.waitUntil(lambda: bool(replies), timeout=5000)
    assert replies[0].accepted
    assert serving_version(folder.policies) == 1
    assert moves(folder.policies)[-1].by == "operator"


def test_a_version_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path):
    reply = without_learner(SERVE_1, "no learner", tmp_path)
    assert not reply.accepted
    assert "Version 1 cannot be served" in reply.reason


def test_what_needs_a_learner_is_refused_without_one(tmp_path: Path):
    for kind in (LearnerOrderKind.PAUSE, LearnerOrderKind.GO_ON, LearnerOrderKind.CONSOLIDATE):
        reply = without_learner(LearnerOrder(kind), "The learner is not running.", tmp_path)
        assert reply == Reply(False, "The learner is not running.")
