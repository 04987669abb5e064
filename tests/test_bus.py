import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import zmq

from teleop.bus import (
    EPISODE_ENDED,
    HEALTH,
    STATE,
    Inbox,
    OrderClient,
    OrderServer,
    Outbox,
    Publisher,
    Subscriber,
)
from teleop.errors import BusError, ConfigError, MalformedMessage, OrderTimeout
from teleop.learner_messages import LearnerOrder, LearnerOrderKind
from teleop.messages import Action, Arm, EpisodeEnded, Health, Outcome, frozen_array
from teleop.order_messages import Order, OrderKind, Reply
from teleop.wire import encode
from tests.sample_steps import assert_same, make_step


@pytest.fixture
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"ipc://{tmp_path_factory.mktemp('bus')}/s"


def wait_for(condition: Any, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.005)


def joined(endpoint: str, subscriber: Subscriber) -> Publisher:
    """A publisher at `endpoint` that `subscriber` already hears."""
    publisher = Publisher(endpoint)

    def heard() -> bool:
        publisher.send(HEALTH, Health("probe", 0, 0))
        return bool(subscriber.drain())

    wait_for(heard)
    time.sleep(0.05)
    subscriber.drain()
    return publisher


def test_a_step_comes_out_as_it_went_in_with_read_only_arrays():
    step = make_step(5)
    copy = STATE.decode(encode(step))
    assert_same(step, copy)
    assert not copy.observation.state.tactile.flags.writeable


def test_an_array_of_objects_is_refused_on_both_ends():
    with pytest.raises(NotImplementedError, match="cannot cross"):
        encode(Action(np.array([{}], dtype=object), frozen_array([0.0])))  # pyright: ignore[reportArgumentType]
    honest = encode(make_step(1))
    assert b"<f8" in honest
    with pytest.raises(MalformedMessage):
        STATE.decode(honest.replace(b"<f8", b"|O8"))


def test_an_array_whose_shape_and_bytes_disagree_is_malformed():
    payload = encode(make_step(1)).replace(b"\x92\x02\x06", b"\x92\x02\x07", 1)
    with pytest.raises(MalformedMessage):
        STATE.decode(payload)


@pytest.mark.parametrize(
    "payload", [b"", b"\xc1", b"\x80", b"\x81\xa1a", encode(Health("x", 1, 2))]
)
def test_a_payload_of_another_type_is_malformed(payload: bytes):
    with pytest.raises(MalformedMessage, match="same version"):
        STATE.decode(payload)


def test_encoding_and_decoding_a_step_is_cheap():
    step, payload = make_step(1), encode(make_step(1))

    def best_us(call: Any) -> float:
        times: list[int] = []
        for _ in range(300):
            started = time.perf_counter_ns()
            call()
            times.append(time.perf_counter_ns() - started)
        return min(times) / 1000

    assert best_us(lambda: encode(step)) + best_us(lambda: STATE.decode(payload)) < 150


def test_a_subscriber_gets_only_its_topics_in_order(endpoint: str):
    with Subscriber([endpoint], [STATE, HEALTH]) as subscriber, joined(endpoint, subscriber) as out:
        out.send(EPISODE_ENDED, EpisodeEnded(1, 2, Outcome.FAIL, "time out"))
        for index in range(20):
            out.send(STATE, make_step(index))
        steps: list[int] = []
        wait_for(lambda: steps.extend(m.index for _, m in subscriber.drain()) or len(steps) == 20)
        assert steps == list(range(20))


def test_latest_skips_to_the_newest_and_leaves_other_topics_alone(endpoint: str):
    with Subscriber([endpoint], [STATE, HEALTH]) as subscriber, joined(endpoint, subscriber) as out:
        assert subscriber.latest(STATE) is None
        for index in range(5):
            out.send(STATE, make_step(index))
        out.send(HEALTH, Health("control", 1, 2))
        time.sleep(0.1)
        newest = subscriber.latest(STATE)
        assert newest is not None
        assert newest.index == 4
        assert subscriber.latest(STATE) is None
        assert [message.process for _, message in subscriber.drain()] == ["control"]


def test_malformed_messages_are_counted_and_skipped(endpoint: str):
    with Subscriber([endpoint], [STATE, HEALTH]) as subscriber, joined(endpoint, subscriber) as out:
        out._socket.send_multipart((b"state", b"\xc1"))
        out._socket.send_multipart((b"state", b"a", b"b"))
        out.send(STATE, make_step(3))
        messages = subscriber.poll(2.0)
        wait_for(lambda: messages or messages.extend(subscriber.drain()))
        assert [message.index for _, message in messages] == [3]
        assert subscriber.malformed == 2


def test_a_subscriber_hears_a_publisher_that_was_restarted(endpoint: str):
    with Subscriber([endpoint], [HEALTH]) as subscriber:
        joined(endpoint, subscriber).close()
        joined(endpoint, subscriber).close()


def test_poll_returns_empty_after_its_timeout(endpoint: str):
    with Subscriber([endpoint], [HEALTH]) as subscriber:
        started = time.monotonic()
        assert subscriber.poll(0.05) == []
        assert 0.04 < time.monotonic() - started < 1.0


def test_an_outbox_never_waits_and_counts_what_it_drops(endpoint: str):
    with Outbox(endpoint, queue=10) as outbox:
        started = time.monotonic()
        sent = [outbox.send(STATE, make_step(index)) for index in range(100)]
        assert time.monotonic() - started < 1.0
        assert outbox.dropped == sent.count(False) == 90


def test_steps_sent_before_and_during_a_restart_of_the_receiver_arrive(endpoint: str):
    with Outbox(endpoint) as outbox:
        outbox.send(STATE, make_step(0))
        seen: list[int] = []

        def take(count: int) -> None:
            with Inbox(endpoint, [STATE, EPISODE_ENDED]) as inbox:
                wait_for(
                    lambda: seen.extend(m.index for _, m in inbox.poll(0.1)) or len(seen) == count
                )

        for index in (1, 2):
            take(index)
            time.sleep(0.05)
            outbox.send(STATE, make_step(index))
        take(3)
        assert seen == [0, 1, 2]
        assert outbox.dropped == 0


@pytest.fixture
def server(endpoint: str) -> Iterator[list[Order]]:
    """A server in a thread that refuses RESET and accepts the rest; the orders it was given."""
    orders: list[Order] = []
    stopping = threading.Event()

    def handle(order: Order) -> Reply:
        orders.append(order)
        if order.kind is OrderKind.RESET:
            return Reply(accepted=False, reason="The arm is moving.")
        return Reply(accepted=True)

    def serve() -> None:
        answers = OrderServer(endpoint)
        while not stopping.is_set():
            answers.poll(handle, 0.02)
        answers.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield orders
    stopping.set()
    thread.join()


def test_an_order_is_answered_with_its_reason(endpoint: str, server: list[Order]):
    client = OrderClient(endpoint)
    assert client.call(Order(OrderKind.TAKE, Arm.RIGHT)) == Reply(accepted=True)
    assert client.call(Order(OrderKind.RESET)) == Reply(accepted=False, reason="The arm is moving.")
    assert server[0] == Order(OrderKind.TAKE, Arm.RIGHT)
    client.close()


def test_a_malformed_order_is_answered_too(endpoint: str, server: list[Order]):
    client = OrderClient(endpoint)
    client.call(Order(OrderKind.HOLD))
    client._socket.send_multipart((b"nr", b"\xff" * 8, b"\xc1"))
    number, payload = client._socket.recv_multipart()
    assert number == b"nr"
    assert b"not understood" in payload
    client._socket.send_multipart((b"only one part",))
    assert b"not understood" in client._socket.recv_multipart()[1]
    assert len(server) == 1
    client.close()


def test_an_order_nobody_answers_says_who(endpoint: str):
    client = OrderClient(endpoint, server="control")
    with pytest.raises(OrderTimeout, match="process control is not running"):
        client.call(Order(OrderKind.START), timeout_s=0.1)
    deaf = zmq.Context.instance().socket(zmq.ROUTER)
    deaf.bind(endpoint)
    with pytest.raises(OrderTimeout, match="process control did not answer"):
        client.call(Order(OrderKind.START), timeout_s=1.0)
    deaf.close(linger=0)
    client.close()


@pytest.mark.parametrize(("kind", "accepted"), [(OrderKind.START, False), (OrderKind.STOP, True)])
def test_a_stale_order_starts_nothing_but_still_stops(
    endpoint: str, kind: OrderKind, accepted: bool
):
    server, client = OrderServer(endpoint), OrderClient(endpoint)
    assert client._wait(zmq.POLLOUT, time.monotonic_ns() + 5_000_000_000)
    with pytest.raises(OrderTimeout):
        client.call(Order(kind), timeout_s=0.02)
    replies: list[Order] = []
    server.poll(lambda order: replies.append(order) or Reply(accepted=True), 1.0)
    assert bool(replies) is accepted
    # The late reply to the first order is not taken for the reply to the next.
    with pytest.raises(OrderTimeout):
        client.call(Order(OrderKind.HOLD), timeout_s=0.05)
    client.close()
    server.close()


def test_only_this_host_is_reachable():
    for endpoint in ("tcp://0.0.0.0:5555", "tcp://10.0.0.1:5555", "udp://127.0.0.1:1"):
        with pytest.raises(ConfigError, match="leaves this host"):
            Publisher(endpoint)


def test_a_socket_path_that_is_too_long_is_named():
    path = "/tmp/" + "x" * 100
    with pytest.raises(ConfigError, match=path):
        Subscriber([f"ipc://{path}"], [HEALTH])


def test_an_address_that_cannot_be_bound_is_a_sentence():
    with pytest.raises(BusError, match="Cannot listen at ipc:///proc/nowhere/s"):
        Publisher("ipc:///proc/nowhere/s")


def test_a_server_takes_orders_of_its_own_type_only(endpoint: str):
    server = OrderServer(endpoint, LearnerOrder)
    client = OrderClient(endpoint, LearnerOrder, server="learner")
    taken: list[LearnerOrder] = []

    def serve() -> None:
        for _ in range(2):
            server.poll(lambda order: taken.append(order) or Reply(accepted=True), 5.0)

    thread = threading.Thread(target=serve)
    thread.start()
    assert client.call(LearnerOrder(LearnerOrderKind.SERVE, 3)).accepted
    other = OrderClient(endpoint)
    assert "not understood" in other.call(Order(OrderKind.TAKE)).reason
    thread.join()
    assert taken == [LearnerOrder(LearnerOrderKind.SERVE, 3)]
    for end in (server, client, other):
        end.close()
