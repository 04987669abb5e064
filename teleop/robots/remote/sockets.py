"""Sockets to a robot's side: on this host without keys, to another host never without them.

Keys are CURVE certificates (CurveZMQ, RFC 26), made by `zmq.auth.create_certificates`: each side
has a NAME.key_secret of its own and the other side's NAME.key.
"""

from dataclasses import dataclass
from pathlib import Path

import zmq
import zmq.auth
from zmq.auth.thread import ThreadAuthenticator

from teleop.errors import BusError, ConfigError
from teleop.sockets import bind, connect, open_socket

_HOW = (
    "make keys with zmq.auth.create_certificates and give both sides their own .key_secret and the "
    "other's .key"
)
_LOCAL = ("ipc://", "tcp://127.0.0.1:", "tcp://localhost:", "inproc://")


@dataclass(frozen=True)
class Keys:
    """Files of certificates.

    Attributes:
        own: NAME.key_secret of this side.
        other: NAME.key of the other side, the only one that is talked to.
    """

    own: Path
    other: Path


def connect_robot(endpoint: str, keys: Keys | None) -> zmq.Socket[bytes]:
    """A DEALER that queues nothing towards a side that is not there.

    Raises:
        ConfigError: the endpoint leaves this host and there are no keys, or they cannot be read.
    """
    socket = open_socket(zmq.DEALER)
    socket.setsockopt(zmq.IMMEDIATE, 1)
    socket.setsockopt(zmq.SNDHWM, 4)
    try:
        check_robot_endpoint(endpoint, keys)
        if keys is None:
            connect(socket, endpoint)
            return socket
        public, secret = _certificate(keys.own, secret=True)
        socket.curve_publickey, socket.curve_secretkey = public, secret
        socket.curve_serverkey, _ = _certificate(keys.other, secret=False)
        socket.connect(endpoint)
    except ConfigError:
        socket.close()
        raise
    return socket


def bind_robot(
    endpoint: str, keys: Keys | None
) -> tuple[zmq.Socket[bytes], ThreadAuthenticator | None]:
    """A ROUTER that only the holder of the other key gets through to, and its doorkeeper.

    Raises:
        ConfigError: as `connect_robot`.
        BusError: the address cannot be bound.
    """
    socket = open_socket(zmq.ROUTER)
    try:
        check_robot_endpoint(endpoint, keys)
        if keys is None:
            bind(socket, endpoint)
            return socket, None
        public, secret = _certificate(keys.own, secret=True)
        allowed, _ = _certificate(keys.other, secret=False)
    except ConfigError:
        socket.close()
        raise
    door = ThreadAuthenticator(socket.context)
    door.start()
    door.configure_curve_callback(credentials_provider=_Allowed(allowed))
    socket.curve_publickey, socket.curve_secretkey = public, secret
    socket.curve_server = True
    try:
        socket.bind(endpoint)
    except zmq.ZMQError as error:
        socket.close()
        door.stop()
        raise BusError(
            f"Cannot listen at {endpoint}: {error}. Does another server run there?"
        ) from error
    return socket, door


def check_robot_endpoint(endpoint: str, keys: Keys | None) -> None:
    """Refuse an address that strangers could reach.

    Raises:
        ConfigError: it leaves this host and there are no keys, or is no address.
    """
    if endpoint.startswith(_LOCAL):
        return
    if not endpoint.startswith("tcp://"):
        raise ConfigError(f"{endpoint} is no robot's address; use ipc://PATH or tcp://HOST:PORT.")
    if keys is None:
        raise ConfigError(
            f"The robot's address {endpoint} leaves this host, which needs CURVE keys: {_HOW}."
        )


class _Allowed:
    """Asked by the doorkeeper for each that knocks; keys are in Z85."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def callback(self, domain: str, key: bytes) -> bool:
        return key == self._key


def _certificate(path: Path, *, secret: bool) -> tuple[bytes, bytes]:
    try:
        public, private = zmq.auth.load_certificate(path)
    except (OSError, ValueError) as error:
        raise ConfigError(f"The key {path} cannot be read: {error}; {_HOW}.") from error
    if secret and private is None:
        raise ConfigError(f"The key {path} holds no secret part; give NAME.key_secret; {_HOW}.")
    return public, private or b""
