"""Messages as bytes: msgpack with one type per topic, arrays as `[dtype, shape, bytes]`.

A payload is decoded as the one type its topic names and as nothing else. Arrays come out
read-only, over the received bytes; only plain numbers and booleans can be carried. Nothing here
can run code that a payload brings along.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast, get_origin

import msgspec
import numpy as np
from numpy.typing import NDArray

from teleop.errors import MalformedMessage

T = TypeVar("T")

_DTYPES = {
    dtype.str: dtype
    for dtype in map(np.dtype, ("f8", "f4", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?"))
}
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}


def _encode_array(value: object) -> object:
    if not isinstance(value, np.ndarray):
        raise NotImplementedError(f"{type(value).__name__} cannot cross a process")
    array = cast("NDArray[Any]", value)
    name = _NAMES.get(array.dtype)
    if name is None:
        raise NotImplementedError(f"an array of {array.dtype} cannot cross a process")
    return name, array.shape, array.tobytes()


def _decode_array(kind: Any, value: Any) -> NDArray[Any]:
    if get_origin(kind) is not np.ndarray:
        raise NotImplementedError(f"{kind} is not a type that crosses a process")
    name, shape, raw = value
    if name not in _DTYPES:
        raise ValueError(f"an array of {name!r} is not accepted")
    return np.frombuffer(raw, dtype=_DTYPES[name]).reshape(shape)


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode_array)


def encode(message: object) -> bytes:
    """Return `message`, a dataclass of `teleop.messages`, as bytes.

    Raises:
        NotImplementedError: it holds something that cannot be sent, such as an object array.
    """
    return _encoder.encode(message)


def decoder(kind: type[T]) -> Callable[[bytes], T]:
    """Return a function that decodes one message of type `kind`.

    The function raises MalformedMessage if the payload is anything else.
    """
    typed = msgspec.msgpack.Decoder(kind, dec_hook=_decode_array)

    def decode(payload: bytes) -> T:
        try:
            return typed.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise MalformedMessage(
                f"A payload of {len(payload)} bytes is no {kind.__name__}: {error}. Do all "
                "processes run the same version of nudge?"
            ) from error

    return decode


@dataclass(frozen=True)
class Topic(Generic[T]):
    """A name on the bus and the one type that travels under it."""

    name: str
    type: type[T]
    decode: Callable[[bytes], T] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "decode", decoder(self.type))
