"""Files damaged in the ways of disks, cables and malice, each by a seed."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import h5py
import numpy as np

_PAGE = 512
_SIGNS = (b"TREE", b"HEAP", b"SNOD", b"GCOL", b"OHDR", b"FRHP", b"\x89HDF")
Content = bytearray
Random = np.random.Generator


def damaged(content: bytes, seed: int, path: Path) -> str:
    """Write a damaged copy to `path`; return what was done to it."""
    random = np.random.default_rng(seed)
    if random.random() < 0.3 and content[:4] == b"\x89HDF":
        path.write_bytes(content)
        lie = LIES[int(random.integers(len(LIES)))]
        with h5py.File(path, "r+", locking=False) as file:
            lie(file, random)
        return lie.__name__
    changed = bytearray(content)
    spoil = SPOILS[int(random.integers(len(SPOILS)))]
    spoil(changed, random)
    path.write_bytes(changed)
    return spoil.__name__


def is_a_lie(damage: str) -> bool:
    """Whether the file was changed by HDF5 itself, which made new check sums."""
    return damage in {lie.__name__ for lie in LIES}


def _places(content: Content, random: Random, count: int) -> list[int]:
    """Half of them where HDF5 keeps its structures, which are a small part of the file."""
    signs = [at for sign in _SIGNS for at in _all(content, sign)]
    places: list[int] = []
    for _ in range(count):
        if signs and random.random() < 0.5:
            at = signs[int(random.integers(len(signs)))] + int(random.integers(400))
        else:
            at = int(random.integers(len(content)))
        places.append(min(at, len(content) - 1))
    return places


def _all(content: Content, sign: bytes) -> list[int]:
    found, at = [], content.find(sign)
    while at >= 0 and len(found) < 400:
        found.append(at)
        at = content.find(sign, at + 1)
    return found


def bit_flips(content: Content, random: Random) -> None:
    for at in _places(content, random, int(random.integers(1, 65))):
        content[at] ^= 1 << int(random.integers(8))


def one_bit(content: Content, random: Random) -> None:
    content[_places(content, random, 1)[0]] ^= 1 << int(random.integers(8))


def truncation(content: Content, random: Random) -> None:
    del content[int(random.integers(len(content))) :]


def zeroed_pages(content: Content, random: Random) -> None:
    for at in _places(content, random, int(random.integers(1, 9))):
        start = at // _PAGE * _PAGE
        content[start : start + _PAGE] = bytes(len(content[start : start + _PAGE]))


def swapped_pages(content: Content, random: Random) -> None:
    for _ in range(int(random.integers(1, 5))):
        one, other = (at // _PAGE * _PAGE for at in _places(content, random, 2))
        first, second = content[one : one + _PAGE], content[other : other + _PAGE]
        if len(first) == len(second):
            content[one : one + _PAGE], content[other : other + _PAGE] = second, first


def noise(content: Content, random: Random) -> None:
    for at in _places(content, random, int(random.integers(1, 5))):
        size = min(int(random.integers(1, 64)), len(content) - at)
        content[at : at + size] = random.bytes(size)


def absurd_numbers(content: Content, random: Random) -> None:
    """Lengths and addresses of eight bytes that are as large as they can be, or negative."""
    for at in _places(content, random, int(random.integers(1, 4))):
        at = at // 8 * 8
        value = (2**63 - 1, 2**64 - 1, 2**32, 1 << 40, 0)[int(random.integers(5))]
        if at + 8 <= len(content):
            struct.pack_into("<Q", content, at, value)


SPOILS: tuple[Callable[[Content, Random], None], ...] = (
    bit_flips,
    one_bit,
    truncation,
    zeroed_pages,
    swapped_pages,
    noise,
    absurd_numbers,
)


def _any_dataset(file: h5py.File, random: Random) -> h5py.Dataset:
    names: list[str] = []
    file.visititems(
        lambda name, found: names.append(name) if isinstance(found, h5py.Dataset) else None
    )
    return cast(h5py.Dataset, file[names[int(random.integers(len(names)))]])


def _instead(file: h5py.File, random: Random, **how: Any) -> None:
    name = str(_any_dataset(file, random).name)
    del file[name]
    file.create_dataset(name, **how)


def huge_shape(file: h5py.File, random: Random) -> None:
    _instead(file, random, shape=(1 << 40,), maxshape=(None,), chunks=(1 << 16,), dtype="i8")


def huge_packed(file: h5py.File, random: Random) -> None:
    shape, chunks = (1 << 33, 8), (1 << 20, 8)
    _instead(file, random, shape=shape, chunks=chunks, dtype="f8", compression="gzip")


def longer_than_it_is(file: h5py.File, random: Random) -> None:
    dataset = _any_dataset(file, random)
    if dataset.maxshape and dataset.maxshape[0] is None:
        dataset.resize(dataset.shape[0] + (1 << int(random.integers(1, 40))), axis=0)


def shorter_than_others(file: h5py.File, random: Random) -> None:
    dataset = _any_dataset(file, random)
    if dataset.chunks and dataset.shape[0]:
        dataset.resize(int(random.integers(dataset.shape[0])), axis=0)


def numbers_out_of_range(file: h5py.File, random: Random) -> None:
    dataset = _any_dataset(file, random)
    if dataset.shape and dataset.shape[0] and dataset.dtype.kind in "iu":
        kind = np.iinfo(dataset.dtype)
        dataset[int(random.integers(dataset.shape[0]))] = random.choice([kind.min, kind.max])


def other_type(file: h5py.File, random: Random) -> None:
    kinds = ["S5", "c16", "f2", np.dtype([("a", "i4"), ("b", "f8")]), h5py.string_dtype()]
    kind = kinds[int(random.integers(len(kinds)))]
    _instead(file, random, shape=(12,), dtype=kind)


def lists_of_any_length(file: h5py.File, random: Random) -> None:
    _instead(file, random, shape=(12,), dtype=h5py.vlen_dtype(np.uint8))


def references(file: h5py.File, random: Random) -> None:
    _instead(file, random, shape=(12,), dtype=h5py.ref_dtype)


def link_to_another_file(file: h5py.File, random: Random) -> None:
    name = str(_any_dataset(file, random).name)
    del file[name]
    file[name] = h5py.ExternalLink("/etc/hostname", "/x")


def cyclic_links(file: h5py.File, random: Random) -> None:
    name = str(_any_dataset(file, random).name)
    del file[name]
    if random.random() < 0.5:
        file[name] = file["/"]
    else:
        file[name] = h5py.SoftLink(name)


def data_in_another_file(file: h5py.File, random: Random) -> None:
    _instead(file, random, shape=(12,), dtype="u1", external=[("/etc/passwd", 0, 12)])


def made_of_another_file(file: h5py.File, random: Random) -> None:
    name = str(_any_dataset(file, random).name)
    del file[name]
    layout = h5py.VirtualLayout(shape=(12,), dtype="u1")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", shape=(12,))
    file.create_virtual_dataset(name, layout)


def lying_attribute(file: h5py.File, random: Random) -> None:
    names = list(file.attrs) or ["made_up"]
    name = names[int(random.integers(len(names)))]
    lies: list[Any] = [-1, 2**62, 1e300, "x", np.zeros((3, 3)), b"\xff\xfe", np.zeros(0), "RECORD"]
    if name in file.attrs:
        del file.attrs[name]
    if random.random() < 0.9:
        file.attrs[name] = lies[int(random.integers(len(lies)))]


def lying_names(file: h5py.File, random: Random) -> None:
    if "steps" not in file:
        lying_attribute(file, random)
        return
    steps = cast(h5py.Group, file["steps"])
    column = steps[("modes", "session_mode", "device", "limits_hit")[int(random.integers(4))]]
    lies: list[Any] = [[], ["POLICY"], ["POLICY", "NOBODY", "x"], ["POLICY"] * 5, 3]
    lie = lies[int(random.integers(len(lies)))]
    column.attrs["names"] = lie if lie == 3 else np.array(lie, dtype=h5py.string_dtype())


def missing(file: h5py.File, random: Random) -> None:
    if random.random() < 0.5:
        del file[str(_any_dataset(file, random).name)]
    else:
        names = list(file)
        del file[names[int(random.integers(len(names)))]]


def foreign(file: h5py.File, random: Random) -> None:
    for name in list(file):
        del file[name]
    for name in list(file.attrs):
        if random.random() < 0.7:
            del file.attrs[name]
    file["data/demo_0/actions"] = np.zeros((5, 7))


LIES: tuple[Callable[[h5py.File, Random], None], ...] = (
    huge_shape,
    huge_packed,
    longer_than_it_is,
    shorter_than_others,
    numbers_out_of_range,
    other_type,
    lists_of_any_length,
    references,
    link_to_another_file,
    cyclic_links,
    data_in_another_file,
    made_of_another_file,
    lying_attribute,
    lying_names,
    missing,
    foreign,
)
