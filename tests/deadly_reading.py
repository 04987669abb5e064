"""The process that reads episodes, dying as HDF5 would over some of them.

Over another it hangs, but only once: the file that NUDGE_TEST_ONCE names says that it did.
"""

import os
import signal
import sys
import time
from pathlib import Path

from gui.review import reading_clips, reading_work
from recorder.catalog import CatalogEntry, entry_of
from recorder.edits.clip import Clip
from recorder.episode_data import EpisodeData

DEADLY_TO_LIST, DEADLY_TO_OPEN, HANGS_ONCE = "episode_00005", "episode_00006", "episode_00007"
ONCE = "NUDGE_TEST_ONCE"


def hang(once: Path) -> None:
    """Hang the first time."""
    if not once.exists():
        once.touch()
        time.sleep(600)


def main() -> int:
    """Read as ever, but for three episodes."""
    open_clip = reading_work.open_clip

    def listed(path: Path) -> CatalogEntry:
        if path.name == DEADLY_TO_LIST:
            os.kill(os.getpid(), signal.SIGSEGV)
        return entry_of(path)

    def opened(clip: Clip) -> EpisodeData:
        if clip.name == DEADLY_TO_OPEN:
            os.kill(os.getpid(), signal.SIGSEGV)
        if clip.name == HANGS_ONCE:
            hang(Path(os.environ[ONCE]))
        return open_clip(clip)

    reading_clips.entry_of = listed
    reading_work.open_clip = opened
    return reading_work.main()


if __name__ == "__main__":
    sys.exit(main())
