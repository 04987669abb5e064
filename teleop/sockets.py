"""Opening a ZeroMQ socket the way every part of the bus does.

Only this host: `ipc://` paths and loopback. A socket belongs to the thread that opened it.
"""

from pathlib import Path

import zmq

from teleop.errors import BusError, ConfigError

LONGEST_IPC_PATH = 100  # bytes; the kernel cuts socket paths off at 107
_LOOPBACK = ("tcp://127.0.0.1:", "tcp://localhost:", "inproc://")


def check_endpoint(endpoint: str) -> str:
    """Return `endpoint` if it stays on this host.

    Raises:
        ConfigError: it does not, or its path is too long for a socket.
    """
    if endpoint.startswith("ipc://"):
        path = endpoint.removeprefix("ipc://")
        if len(path.encode()) > LONGEST_IPC_PATH:
            raise ConfigError(
                f"The socket path {path} is longer than {LONGEST_IPC_PATH} bytes, which the system "
                "cannot bind; choose a session folder with a shorter path."
            )
        return endpoint
    if endpoint.startswith(_LOOPBACK):
        return endpoint
    raise ConfigError(
        f"The endpoint {endpoint} leaves this host; only ipc:// and loopback addresses are used."
    )


def open_socket(kind: int) -> zmq.Socket[bytes]:
    """Return an unconnected socket that is dropped at once on close and reconnects by itself."""
    socket: zmq.Socket[bytes] = zmq.Context.instance().socket(kind)
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.RECONNECT_IVL, 20)  # ms, so that a restarted peer is found soon
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)
    return socket


def bind(socket: zmq.Socket[bytes], endpoint: str) -> None:
    """Bind to `endpoint`, making the folder of an ipc path.

    Raises:
        ConfigError: the endpoint leaves this host, or its path is too long.
        BusError: the address cannot be bound.
    """
    try:
        if check_endpoint(endpoint).startswith("ipc://"):
            Path(endpoint.removeprefix("ipc://")).parent.mkdir(parents=True, exist_ok=True)
        socket.bind(endpoint)
    except (zmq.ZMQError, OSError) as error:
        socket.close()
        raise BusError(
            f"Cannot listen at {endpoint}: {error}. Is the folder writable and no other session "
            "using it?"
        ) from error
    except ConfigError:
        socket.close()
        raise


def connect(socket: zmq.Socket[bytes], endpoint: str) -> None:
    """Connect to `endpoint`, whether or not anybody listens there yet.

    Raises:
        ConfigError: the endpoint leaves this host, or its path is too long.
    """
    try:
        socket.connect(check_endpoint(endpoint))
    except ConfigError:
        socket.close()
        raise
