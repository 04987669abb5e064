"""An export that makes one file per episode: each is whole or not there."""

from collections.abc import Callable
from pathlib import Path

from recorder.episode_data import EpisodeData
from recorder.export.journal import RECORD
from recorder.storage import part_of, publish
from teleop.errors import ConversionError

# Writes an episode into a new file.
WriteEpisode = Callable[[Path, EpisodeData], None]


class OneFileEach:
    """Files in a folder, named after the episodes.

    Args:
        target: the folder; made if it is missing.
        suffix: of the files, such as ".mcap".
        write: makes one of them.

    Raises:
        ConversionError: the target is something else, or cannot be written.
    """

    def __init__(self, target: Path, suffix: str, write: WriteEpisode) -> None:
        self._target = target
        self._suffix = suffix
        self._write = write
        try:
            target.mkdir(parents=True, exist_ok=True)
            others = [path.name for path in target.iterdir() if not self._is_own(path)]
        except OSError as error:
            raise ConversionError(
                f"Cannot export into {target}: {error.strerror or error}. Name another folder."
            ) from error
        if others:
            raise ConversionError(
                f"{target} holds something else already ('{sorted(others)[0]}'); name an empty "
                "folder, or one that an earlier export of this format made."
            )

    def done(self) -> frozenset[str]:
        return frozenset(
            path.name.removesuffix(self._suffix)
            for path in self._target.iterdir()
            if path.name.endswith(self._suffix)
        )

    def add(self, name: str, episode: EpisodeData) -> None:
        path = self._target / f"{name}{self._suffix}"
        if path.parent != self._target:
            raise ConversionError(f"'{name}' is no name for a file in {self._target}.")
        part = part_of(path)
        try:
            self._write(part, episode)
            path.unlink(missing_ok=True)  # an earlier version, which the caller wants anew
            publish(part, path)
        except OSError as error:
            raise ConversionError(
                f"Cannot write {path}: {error.strerror or error}. The episodes before it are whole."
            ) from error
        finally:
            part.unlink(missing_ok=True)

    def finish(self) -> Path:
        return self._target

    def close(self) -> None:
        """Nothing is held between two episodes."""

    def _is_own(self, path: Path) -> bool:
        name = path.name.removesuffix(".part")
        return name.endswith(self._suffix) or name == RECORD
