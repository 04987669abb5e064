"""The process that reads episodes, dying as HDF5 would over one of them: `deadly`."""

import os
import signal
import sys
from pathlib import Path

from gui.review import reading_clips, reading_work
from recorder.catalog import CatalogEntry, entry_of
from recorder.edits.clip import Clip
from recorder.episode_data import EpisodeData

DEADLY_TO_LIST, DEADLY_TO_OPEN = "episode_00005", "episode_00006"


def main() -> int:
    """Read as ever, but for two episodes."""
    open_clip = reading_work.open_clip

    def listed(path: Path) -> CatalogEntry:
        if path.name == DEADLY_TO_LIST:
            os.kill(os.getpid(), signal.SIGSEGV)
        return entry_of(path)

    def opened(clip: Clip) -> EpisodeData:
        if clip.name == DEADLY_TO_OPEN:
            os.kill(os.getpid(), signal.SIGSEGV)
        return open_clip(clip)

    reading_clips.entry_of = listed
    reading_work.open_clip = opened
    return reading_work.main()


if __name__ == "__main__":
    sys.exit(main())
