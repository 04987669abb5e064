"""When the list of a session that is being recorded is read again. Pure."""

from gui.view import EpisodeView

EVERY_NS = 8_000_000_000  # while an episode runs: its finished segments


class Growth:
    """Watches what the recorder and control tell."""

    def __init__(self) -> None:
        self._told: tuple[int, bool, str] | None = None
        self._looked_ns = 0

    def news(self, episode: EpisodeView, now_ns: int) -> bool:
        """Whether there may be more to list than at the last news.

        Args:
            episode: as it is now.
            now_ns: monotonic.
        """
        told = (episode.number, episode.running, episode.saved)
        before, self._told = self._told, told
        longer = episode.running and now_ns - self._looked_ns > EVERY_NS
        if before is None or (before == told and not longer):
            self._looked_ns = self._looked_ns or now_ns
            return False
        self._looked_ns = now_ns
        return True
