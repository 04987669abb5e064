"""A disk that loses, when its power is cut, whatever it was not told to keep.

Of each file that changed since its last sync any of its 4 KiB pages may be as it is, as it was in
between, or as it was then; its length too. Of a folder any names that changed since its last sync
may be as before. This is harsher than any file system in use, which keep an order.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path

from recorder.drills.write_log import Call, Record

PAGE = 4096


@dataclass
class File:
    """Content as the process sees it, and as it was at the last sync."""

    now: bytearray = field(default_factory=bytearray)
    synced: bytes = b""
    pages: dict[int, list[bytes]] = field(default_factory=dict[int, list[bytes]])  # since then

    def write(self, place: int, content: bytes) -> None:
        end = place + len(content)
        if end > len(self.now):
            self.now.extend(bytes(end - len(self.now)))
        self.now[place:end] = content
        self._changed(place, end)

    def resize(self, length: int) -> None:
        before = len(self.now)
        if length < before:
            del self.now[length:]
        else:
            self.now.extend(bytes(length - before))
        self._changed(min(length, before), max(length, before))

    def _changed(self, start: int, end: int) -> None:
        for page in range(start // PAGE, -(-end // PAGE)):
            content = bytes(self.now[page * PAGE : (page + 1) * PAGE])
            self.pages.setdefault(page, []).append(content)

    def sync(self) -> None:
        self.synced = bytes(self.now)
        self.pages.clear()

    def after_a_cut(self, chance: random.Random, kept: float) -> bytes:
        """What is on the disk; each changed page has got there with the probability `kept`."""
        length = len(self.now) if chance.random() < 0.5 else len(self.synced)
        found = bytearray(self.synced)
        found.extend(bytes(max(0, length - len(found))))
        for page, versions in self.pages.items():
            if chance.random() < kept:
                version = chance.choice(versions)
                start = page * PAGE
                found.extend(bytes(max(0, start + len(version) - len(found))))
                found[start : start + len(version)] = version
        return bytes(found[:length]) if self.pages else self.synced


@dataclass
class Folder:
    """Names as the process sees them, and what changed since the last sync."""

    synced: dict[str, "File | Folder"] = field(default_factory=dict[str, "File | Folder"])
    now: dict[str, "File | Folder"] = field(default_factory=dict[str, "File | Folder"])
    changes: list[tuple[str, str, "File | Folder | None"]] = field(
        default_factory=list[tuple[str, str, "File | Folder | None"]]
    )  # (old name, new name, what): one of the names may be empty

    def change(self, old: str, new: str, what: "File | Folder | None") -> None:
        self.changes.append((old, new, what))
        _apply(self.now, old, new, what)

    def sync(self) -> None:
        self.synced = dict(self.now)
        self.changes.clear()

    def after_a_cut(self, chance: random.Random) -> dict[str, "File | Folder"]:
        """The names on the disk: of the changes the first few, or any."""
        found = dict(self.synced)
        if chance.random() < 0.5:
            kept = self.changes[: chance.randint(0, len(self.changes))]
        else:
            kept = [change for change in self.changes if chance.random() < 0.5]
        for change in kept:
            if not change[0] or change[0] in found:  # a name that never was cannot change
                _apply(found, *change)
        return found


def _apply(names: dict[str, File | Folder], old: str, new: str, what: File | Folder | None) -> None:
    if old:
        names.pop(old, None)
    if new and what is not None:
        names[new] = what


class FragileDisk:
    """What a process wrote below `root`, call after call."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._top = Folder()

    def do(self, record: Record) -> None:
        """Take one call in."""
        if record.call is Call.SAY:
            return
        found = self._find(Path(record.path))
        parent, name = self._parent(Path(record.path))
        match record.call:
            case Call.CREATE:
                parent.change("", name, File())
            case Call.FOLDER:
                parent.change("", name, Folder())
            case Call.REMOVE:
                parent.change(name, "", None)
            case Call.RENAME:
                _, new = self._parent(Path(record.content.decode()))
                parent.change(name, new, found)
            case Call.SYNC if found is not None:
                found.sync()
            case Call.WRITE if isinstance(found, File):
                found.write(record.number, record.content)
            case Call.LENGTH if isinstance(found, File):
                found.resize(record.number)
            case _:
                pass

    def _find(self, path: Path) -> File | Folder | None:
        at: File | Folder | None = self._top
        for name in path.relative_to(self._root).parts:
            at = at.now.get(name) if isinstance(at, Folder) else None
        return at

    def _parent(self, path: Path) -> tuple[Folder, str]:
        parent = self._find(path.parent) if path != self._root else self._top
        return (parent if isinstance(parent, Folder) else Folder()), path.name

    def cut(self, target: Path, chance: random.Random) -> None:
        """Write into the new folder `target` what is on the disk after a power cut."""
        _write(self._top, target, chance, chance.choice((0.0, 0.5, 0.9)))


def _write(folder: Folder, target: Path, chance: random.Random, kept: float) -> None:
    target.mkdir()
    for name, what in folder.after_a_cut(chance).items():
        if isinstance(what, Folder):
            _write(what, target / name, chance, kept)
        else:
            (target / name).write_bytes(what.after_a_cut(chance, kept))
