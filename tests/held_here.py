"""A session read in the test's own process, as the window's child would read it."""

import time

from gui.review.held_session import GoOn, HeldSession, held, told
from gui.review.reading_clips import Listing
from gui.review.reading_messages import SessionRead
from teleop.session_folder import SessionFolder
from teleop.wire import decoder, encode


def read_here(folder: SessionFolder, go_on: GoOn = lambda: True) -> HeldSession | None:
    """The session, by way of the bytes that cross between the processes."""
    listing = Listing(folder, frozenset(), lambda name: None)
    listing.more(time.monotonic() + 60)
    assert listing.views is not None
    read = told(str(folder.path), listing.views, listing.edited)
    return held(decoder(SessionRead)(encode(read))) if go_on() else None


def held_of(folder: SessionFolder) -> HeldSession:
    """The session."""
    found = read_here(folder)
    assert found is not None
    return found
