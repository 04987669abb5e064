"""The review page: sessions and their clips on the left, the player on the right."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.pages import PageContext, PageWidget
from gui.review.absent import make_actions, make_player
from gui.review.browser import Browser
from gui.review.growth import Growth
from gui.review.reading_messages import Clips, ReadPicture, Sessions, ThumbnailMade
from gui.review.values import ClipRow, ClipTrack, Picture
from gui.texts import review as texts
from gui.view import View
from gui.widgets.panel import TextLabel

SHARES = (30, 70)  # of the width: browser, player


class ReviewPage(PageWidget):
    """The browser with the actions under it, and the player or a sentence in its place."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self.setAccessibleName(texts.TITLE)
        self.setAutoFillBackground(True)  # it lies over the operate view
        self._own = str(context.folder.path)
        self._session = self._own
        self._coming: tuple[ClipRow, ...] = ()  # of a listing that is not whole yet
        self._listed = False  # whether the session was listed to its end once
        self._row: ClipRow | None = None
        self._edited = False  # since it was read
        self._track: ClipTrack | None = None
        self._growth = Growth()
        self.library = context.library
        self._listen()
        self.library.want_clips(self._own)  # it reads while the rest of the page is made
        self.library.want_sessions(self._own)
        self.browser = Browser(self._own, context.look, self)
        self.player = make_player(context, self)
        self.edits = make_actions(context, self.player, self)
        self.sentence = TextLabel("dim", texts.NOTHING_CHOSEN)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stage = QStackedWidget(self)
        self.left_side = QWidget(self)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._place()
        self._connect()
        self._begin(self._own)

    @property
    def intents(self) -> Mapping[Intent, Callable[[], object]]:
        return {
            Intent.REVIEW_OPEN: self.browser.sessions.toggle_path,
            Intent.REVIEW_FILTER: self.browser.begin_filter,
            Intent.REVIEW_LIST: self.toggle_list,
            Intent.NEXT_CLIP: partial(self.browser.step, 1),
            Intent.PREVIOUS_CLIP: partial(self.browser.step, -1),
            **self.player.intents,
            **self.edits.intents,
        }

    def _place(self) -> None:
        self.stage.addWidget(self.sentence)
        self.stage.addWidget(self.player)
        column = QVBoxLayout(self.left_side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.browser, 1)
        column.addWidget(self.edits)
        self.splitter.setHandleWidth(theme.GAP)
        self.splitter.addWidget(self.left_side)
        self.splitter.addWidget(self.stage)
        self.splitter.setCollapsible(1, False)
        self.splitter.setSizes([share * 100 for share in SHARES])
        for index, share in enumerate(SHARES):
            self.splitter.setStretchFactor(index, share)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.GAP, 4, theme.GAP, 4)
        box.addWidget(self.splitter)
        box.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # its place is its size

    def _listen(self) -> None:
        """Nothing of it comes before the page is made: what is read waits for the event loop."""
        library = self.library
        library.sessions_came.connect(self._take_sessions)
        library.clips_came.connect(self._take_clips)
        library.clips_failed.connect(self._take_no_clips)
        library.track_came.connect(self._take_track)
        library.track_failed.connect(self._take_no_track)
        library.picture_came.connect(self._take_picture)
        library.picture_failed.connect(self._take_no_picture)
        library.thumbnail_came.connect(self._take_thumbnail)
        library.thumbnail_failed.connect(self._take_no_thumbnail)
        library.clip_damaged.connect(self._take_damage)

    def _connect(self) -> None:
        browser = self.browser
        browser.sessions.chosen.connect(self.show_session)
        browser.sessions.typed.connect(self.library.want_sessions)
        browser.chosen.connect(self._choose)
        browser.marked.connect(self.edits.show_marked)
        browser.in_sight.connect(self._want_thumbnails)
        self.player.wants_picture.connect(self._want_picture)
        self.edits.changed.connect(self._changed)

    def opened(self) -> None:
        """Look for what is new; the first time, it is being read already."""
        if self._listed:
            self._list()

    def left(self) -> None:
        self.player.left()

    def close_page(self) -> None:
        self.player.close_part()
        self.edits.close_part()

    def show_view(self, view: View) -> None:
        self.player.show_view(view)
        self.edits.show_view(view)
        if self._growth.news(view.episode, view.made_ns) and self._session == self._own:
            self._list()

    def toggle_list(self) -> None:
        """Hide browser and edits, or show them."""
        self.left_side.setVisible(self.left_side.isHidden())

    @Slot(str)
    def show_session(self, session: str) -> None:
        """Look at another session, or at the same one afresh."""
        self._begin(session)
        self.library.forgive(session)
        self.library.want_clips(session)

    def _begin(self, session: str) -> None:
        self._session, self._listed, self._coming = session, False, ()
        self._listing, self._list_again = True, False
        self.browser.begin_session(session)
        self.edits.show_session(Path(session))
        self._show_no_clip(texts.READING_SESSION)

    def _list(self) -> None:
        """Read the list anew; what is shown stays until it is there.

        One that is being read is read to its end first: on a busy machine a session that grows
        would else never be listed.
        """
        if self._listing:
            self._list_again = True
            return
        self._listing, self._coming = True, ()
        self.library.want_clips(self._session)

    def _list_ended(self) -> None:
        self._listing, again, self._list_again = False, self._list_again, False
        if again:
            self._list()

    @Slot(str)
    def _changed(self, session: str) -> None:
        if session == self._session:
            self._edited = True
            self._list()

    @Slot(object)
    def _take_sessions(self, sessions: Sessions) -> None:
        """A folder that was typed is looked at if it is a session; else what lies in it is."""
        choice = self.browser.sessions
        choice.show_sessions(sessions)
        if sessions.trouble or sessions.folder == self._own:
            return
        choice.path.hide()
        paths = [row.path for row in sessions.rows]
        self.show_session(sessions.folder if sessions.folder in paths else paths[0])

    @Slot(object)
    def _take_clips(self, clips: Clips) -> None:
        if clips.session != self._session:
            return
        if clips.whole:
            self._listed, self._coming = True, ()
            self.browser.show_rows(clips.rows)
            told = {row.trouble for row in clips.rows}  # in the list itself
            self.browser.show_trouble(tuple(each for each in clips.trouble if each not in told))
            self._look_at_row()
            if not clips.rows:
                self._show_no_clip(texts.NOTHING_TO_SHOW)
            self._list_ended()
        elif clips.first in (0, len(self._coming)):
            self._coming = (self._coming if clips.first else ()) + clips.rows
            if not self._listed:
                self.browser.show_rows(self._coming, clips.total)

    def _look_at_row(self) -> None:
        """Read the clip again if it was edited or has grown since."""
        row = self.browser.row
        if row is not None and self._row is not None and (row != self._row or self._edited):
            self._edited = False  # other labels leave the line in the list as it was
            self._choose(row)

    @Slot(str, str)
    def _take_no_clips(self, session: str, why: str) -> None:
        if session == self._session:
            self.browser.show_no_session(why)
            self._show_no_clip(why)
            self._list_ended()

    @Slot(object)
    def _choose(self, row: ClipRow | None) -> None:
        if row is None:
            self._show_no_clip(texts.NOTHING_TO_SHOW)
            return
        other = self._row is None or (self._row.session, self._row.name) != (row.session, row.name)
        if other:
            self._show_no_clip(texts.READING_CLIP.format(clip=row.name))
        self._row = row
        self.edits.show_clip(row, None if other else self._track)
        if row.trouble:
            self._show_no_clip(row.trouble, row)
        else:
            self.library.want_track(row.session, row.name)

    def _show_no_clip(self, why: str, row: ClipRow | None = None) -> None:
        self._row, self._track = row, None
        self.player.show_clip(None)
        self.edits.show_clip(row, None)
        self.sentence.show_text(why)
        self.stage.setCurrentWidget(self.sentence)

    def _is_shown(self, session: str, clip: str) -> bool:
        row = self._row
        return row is not None and (row.session, row.name) == (session, clip)

    @Slot(object)
    def _take_track(self, track: ClipTrack) -> None:
        if self._row is not None and self._is_shown(track.row.session, track.row.name):
            self._track = track
            self.stage.setCurrentWidget(self.player)
            self.player.show_clip(track)
            self.edits.show_clip(self._row, track)

    @Slot(str, str, str)
    def _take_no_track(self, session: str, clip: str, why: str) -> None:
        self._take_damage(session, clip, why)
        if self._is_shown(session, clip):
            self._show_no_clip(why, self._row)

    @Slot(str, int)
    def _want_picture(self, camera: str, index: int) -> None:
        if self._track is not None:
            row = self._track.row
            self.library.want_picture(ReadPicture(row.session, row.name, camera, index))

    @Slot(object)
    def _take_picture(self, picture: Picture) -> None:
        if self._is_shown(picture.session, picture.clip):
            self.player.show_picture(picture)

    @Slot(object, str)
    def _take_no_picture(self, request: ReadPicture, why: str) -> None:
        if self._is_shown(request.session, request.clip):
            self.player.show_no_picture(request.camera, request.index, why)

    @Slot(object)
    def _want_thumbnails(self, clips: tuple[str, ...]) -> None:
        self.library.want_thumbnails(self._session, clips)

    @Slot(object)
    def _take_thumbnail(self, made: ThumbnailMade) -> None:
        if made.session == self._session:
            self.browser.model.take_picture(made)

    @Slot(str, str, str)
    def _take_no_thumbnail(self, session: str, clip: str, why: str) -> None:
        del why  # said where the clip is opened
        if session == self._session:
            self.browser.model.take_no_picture(clip)

    @Slot(str, str, str)
    def _take_damage(self, session: str, clip: str, why: str) -> None:
        if session == self._session:
            self.browser.model.take_trouble(clip, why)
