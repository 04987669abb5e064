"""Which image each camera needs, which one to ask for, and what came: no drawing, no reading.

An image that was asked for is waited for, even if another is needed by then, so that a slow reader
is late but never starved; after `PATIENCE_NS` it is asked for again.
"""

from collections.abc import Callable

from gui.review.player.picture_cache import PictureCache, ahead, newest_at
from gui.review.values import CameraTrack, Picture

PATIENCE_NS = 1_000_000_000
LATE_S = 0.15  # an image this much older than the right one is shown while that is read


class ClipPictures:
    """The images of the clip that is shown.

    Args:
        ask: have an image of a camera read.
    """

    def __init__(self, ask: Callable[[str, int], None]) -> None:
        self._ask = ask
        self._cache = PictureCache()
        self._asked: dict[str, tuple[int, int]] = {}  # index, and when
        self._trouble: dict[tuple[str, int], str] = {}

    @property
    def bytes(self) -> int:
        """Of the images kept."""
        return self._cache.bytes

    @property
    def waiting(self) -> bool:
        """Whether an image that was asked for has not come yet."""
        return bool(self._asked)

    def forget(self, *, asked_only: bool) -> None:
        """A clip was read anew or another one is shown; what was asked for may not come any more.

        Args:
            asked_only: the images themselves are still those of the clip.
        """
        self._asked.clear()
        if not asked_only:
            self._cache.clear()
            self._trouble.clear()

    def take(self, picture: Picture) -> None:
        """An image has come."""
        self._cache.add(picture)
        self._answered(picture.camera, picture.index)

    def take_trouble(self, camera: str, index: int, why: str) -> None:
        """An image cannot be read."""
        self._trouble[camera, index] = why
        self._answered(camera, index)

    def _answered(self, camera: str, index: int) -> None:
        if self._asked.get(camera, (-1, 0))[0] == index:
            del self._asked[camera]

    def at(self, camera: CameraTrack, at_ns: int) -> tuple[Picture | None, bool]:
        """The image of a moment and whether it is the right one; None: there is none to show."""
        index = newest_at(camera.stamps_ns, at_ns)
        if index < 0:
            return None, True
        found = self._cache.get(camera.name, index)
        if found is not None:
            return found, True
        while index > 0 and at_ns - int(camera.stamps_ns[index - 1]) < LATE_S * 1e9:
            index -= 1
            found = self._cache.get(camera.name, index)
            if found is not None:
                return found, False
        return None, False

    def trouble(self, camera: CameraTrack, at_ns: int) -> str:
        """Why the image of a moment cannot be shown; empty: it can, or will be."""
        return self._trouble.get((camera.name, newest_at(camera.stamps_ns, at_ns)), "")

    def ask(self, camera: CameraTrack, at_ns: int, speed: float, now_ns: int) -> None:
        """Ask for the image of a moment, or for one that a replay at `speed` needs soon."""
        pending = self._asked.get(camera.name)
        if pending is not None and now_ns - pending[1] < PATIENCE_NS:
            return
        index = newest_at(camera.stamps_ns, at_ns)
        wanted = [index] if index >= 0 else []
        if speed:
            wanted += ahead(camera.stamps_ns, at_ns, speed)
        for each in wanted:
            if not self._cache.has(camera.name, each) and (camera.name, each) not in self._trouble:
                self._asked[camera.name] = (each, now_ns)
                self._ask(camera.name, each)
                return
