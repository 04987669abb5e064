"""Orders: requests with ids, always answered, or given up with a sentence that says so.

An order carries the time until which its sender waits. One that is found later than that is
refused, so that no robot starts long after the person who asked has gone; holding and stopping
are carried out however late.

Control takes an `Order`, the learner a `LearnerOrder`: each server one type, under an endpoint of
its own.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar, overload

import zmq

from teleop.errors import MalformedMessage, OrderTimeout
from teleop.order_messages import Order, OrderKind, Reply
from teleop.sockets import bind, connect, open_socket
from teleop.wire import decoder, encode

ALWAYS = frozenset({OrderKind.STOP, OrderKind.HOLD})


class Request(Protocol):
    """What every type of order has."""

    @property
    def kind(self) -> StrEnum: ...


R = TypeVar("R", bound=Request)

_decode_reply = decoder(Reply)
_WIDTH = 8  # bytes of an id and of a time


def answer(
    deadline: bytes,
    payload: bytes,
    now_ns: int,
    decode: Callable[[bytes], R],
    handle: Callable[[R], Reply],
) -> Reply:
    """Return the reply to one request: the handler's, or why it was not asked."""
    try:
        order = decode(payload)
    except MalformedMessage as error:
        return Reply(accepted=False, reason=f"The order was not understood: {error}")
    if now_ns > int.from_bytes(deadline, "little") and order.kind not in ALWAYS:
        return Reply(
            accepted=False, reason=f"The order {order.kind} came too late to be carried out."
        )
    return handle(order)


class OrderServer(Generic[R]):
    """Answers every order sent to `endpoint`, malformed ones too.

    Args:
        endpoint: to bind.
        kind: the type of its orders.
    """

    @overload
    def __init__(self: "OrderServer[Order]", endpoint: str) -> None: ...
    @overload
    def __init__(self, endpoint: str, kind: type[R]) -> None: ...
    def __init__(self, endpoint: str, kind: Any = Order) -> None:
        self._decode: Callable[[bytes], R] = decoder(kind)
        self._socket = open_socket(zmq.ROUTER)
        bind(self._socket, endpoint)

    def poll(self, handle: Callable[[R], Reply], timeout_s: float = 0.0) -> int:
        """Answer the orders that have come, waiting up to `timeout_s` for the first.

        Returns:
            How many were answered. At most 100 a call, so that a flood cannot hold the caller.
        """
        if timeout_s > 0.0:
            self._socket.poll(round(timeout_s * 1000))
        for count in range(100):
            try:
                sender, *parts = self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return count
            number, deadline, payload = parts if len(parts) == 3 else (b"", b"", b"")
            reply = answer(deadline, payload, time.monotonic_ns(), self._decode, handle)
            self._socket.send_multipart((sender, number, encode(reply)), zmq.NOBLOCK)
        return 100

    def close(self) -> None:
        """Idempotent."""
        self._socket.close()


class OrderClient(Generic[R]):
    """Sends orders to one server.

    Args:
        endpoint: where the server binds, now or later.
        kind: the type of its orders.
        server: its name, for the sentence that says it did not answer.
    """

    @overload
    def __init__(self: "OrderClient[Order]", endpoint: str, *, server: str = "control") -> None: ...
    @overload
    def __init__(self, endpoint: str, kind: type[R], *, server: str = "control") -> None: ...
    def __init__(self, endpoint: str, kind: Any = Order, *, server: str = "control") -> None:
        del kind  # for the type checker: `encode` takes any message
        self._server = server
        self._endpoint = endpoint
        self._number = 0
        self._socket = open_socket(zmq.DEALER)
        self._socket.setsockopt(zmq.IMMEDIATE, 1)  # no queue towards a server that is not there
        connect(self._socket, endpoint)

    def call(self, order: R, timeout_s: float = 2.0) -> Reply:
        """Send `order` and return its reply.

        Raises:
            OrderTimeout: no reply within `timeout_s`; the order will not be carried out later,
                unless it holds or stops the robot.
            MalformedMessage: the reply is no `Reply`.
        """
        deadline_ns = time.monotonic_ns() + round(timeout_s * 1e9)
        self._number += 1
        number = self._number.to_bytes(_WIDTH, "little")
        request = (number, deadline_ns.to_bytes(_WIDTH, "little"), encode(order))
        if not self._wait(zmq.POLLOUT, deadline_ns):
            raise self._timeout(order, timeout_s, "is not running")
        self._socket.send_multipart(request)
        while self._wait(zmq.POLLIN, deadline_ns):
            parts = self._socket.recv_multipart()
            if len(parts) == 2 and parts[0] == number:  # else: a reply that came too late
                return _decode_reply(parts[1])
        raise self._timeout(order, timeout_s, "did not answer")

    def _wait(self, event: int, deadline_ns: int) -> bool:
        # Rounded up: whoever gives up before the deadline could still see the order carried out.
        remaining_ms = -(-max(0, deadline_ns - time.monotonic_ns()) // 1_000_000)
        return bool(self._socket.poll(remaining_ms, event))

    def _timeout(self, order: R, timeout_s: float, what: str) -> OrderTimeout:
        return OrderTimeout(
            f"The process {self._server} {what}: no reply to {order.kind} within {timeout_s:g} s "
            f"at {self._endpoint}. See its log in the session folder."
        )

    def close(self) -> None:
        """Idempotent."""
        self._socket.close()
