"""The page of the review: what is chosen is shown; what cannot be shown says so in its place."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui import theme
from gui.action_spec import Intent
from gui.actions import Actions
from gui.pages import PageContext
from gui.review import absent
from gui.review.browser import Browser, first_choice
from gui.review.clip_filter import Which
from gui.review.clip_model import ClipModel
from gui.review.library import Library
from gui.review.page import ReviewPage
from gui.review.parts import ActionsPart, PlayerPart
from gui.review.values import ClipRow, ClipTrack, Picture
from gui.texts import review as texts
from recorder.edits.edit import RelabelOutcome
from recorder.schema import WHOLE
from teleop.config import SessionConfig
from teleop.messages import Outcome
from teleop.session_folder import SessionFolder
from tests.sample_steps import CAMERAS
from tests.test_review_library import until
from tests.test_review_reading import edit, record


class Player(PlayerPart):
    """Notes what it is shown."""

    def __init__(self, context: PageContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self.track: ClipTrack | None = None
        self.pictures: list[Picture] = []

    def show_clip(self, track: ClipTrack | None) -> None:
        self.track = track

    def show_picture(self, picture: Picture) -> None:
        self.pictures.append(picture)


class Edits(ActionsPart):
    """Notes what it is told."""

    def __init__(self, context: PageContext, player: PlayerPart, parent: QWidget) -> None:
        super().__init__(context, player, parent)
        self.marked: tuple[ClipRow, ...] = ()
        self.row: ClipRow | None = None

    def show_clip(self, row: ClipRow | None, track: ClipTrack | None) -> None:
        self.row = row

    def show_marked(self, rows: tuple[ClipRow, ...]) -> None:
        self.marked = rows


class Stage:
    """A page on a session, with a player and edits that only note."""

    def __init__(self, path: Path) -> None:
        self.window = QWidget()
        self.window.resize(1280, 500)
        context = PageContext(
            folder=SessionFolder(path),
            config=SessionConfig(),
            cameras=(),
            look=theme.DARK,
            commands=Actions(self.window),
            ask=lambda order: None,
            serve=lambda version: None,
            say=lambda text, level: None,
            go=lambda page: None,
            library=Library(self.window),
        )
        context.library.start()
        self.page = ReviewPage(context, self.window)
        self.page.resize(self.window.size())
        self.player = cast(Player, self.page.player)
        self.edits = cast(Edits, self.page.edits)
        self.window.show()
        self.page.opened()

    @property
    def shown(self) -> str:
        track = self.player.track
        return "" if track is None else track.row.name

    @property
    def names(self) -> list[str]:
        return [texts.short_name(row) for row in self.page.browser.model.shown]

    @property
    def told(self) -> str:
        """The sentence in the place of the player, if it is in sight."""
        page = self.page
        return page.sentence.text() if page.sentence.isVisible() else ""

    def close(self) -> None:
        self.page.close_page()
        self.page.library.close()
        self.window.close()
        self.window.deleteLater()


@contextmanager
def open_page(path: Path) -> Generator[Stage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(absent, "PLAYER", f"{__name__}:Player")
        patch.setattr(absent, "ACTIONS", f"{__name__}:Edits")
        stage = Stage(path)
    yield stage
    stage.close()


@pytest.fixture(scope="module")
def no_session(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stage]:
    del qapp
    with open_page(tmp_path_factory.mktemp("no_session")) as stage:
        until(lambda: "no session folder" in stage.told)  # its process is no single test's
        yield stage


@pytest.fixture
def two_sessions(qapp: QApplication, tmp_path: Path) -> Path:
    """`one` with three episodes, of which the second is damaged, and `two` with none."""
    del qapp
    folder = SessionFolder(tmp_path / "one")
    for episode in (4, 5, 6):
        record(folder, episode)
    whole = folder.episodes / "episode_00005" / WHOLE
    whole.write_bytes(whole.read_bytes()[:2000])
    SessionFolder(tmp_path / "two").episodes.mkdir(parents=True)
    return tmp_path


def test_a_session_is_browsed_filtered_edited_and_left_for_another(two_sessions: Path):
    with open_page(two_sessions / "one") as stage:
        browse(stage)
        filter_the_list(stage)
        edit_a_clip(stage)
        leave_for_another(stage, two_sessions)


def browse(stage: Stage) -> None:
    page, browser = stage.page, stage.page.browser
    until(lambda: stage.shown == "episode_00006")  # the newest
    assert stage.names == ["6", "5", "4"]
    assert stage.told == ""
    until(lambda: browser.model.pictures.get("episode_00006") is not None)
    stage.player.wants_picture.emit(CAMERAS[0], 3)
    until(lambda: bool(stage.player.pictures))
    assert stage.player.pictures[0].index == 3
    page.intents[Intent.NEXT_CLIP]()
    assert stage.shown == ""
    assert "episode_00005" in stage.told  # a sentence where the clip would be
    assert "damaged" in stage.told
    page.intents[Intent.NEXT_CLIP]()
    until(lambda: stage.shown == "episode_00004")
    browser.list.selectAll()
    assert [row.episode for row in stage.edits.marked] == [4, 5, 6]


def filter_the_list(stage: Stage) -> None:
    browser = stage.page.browser
    browser.filter.setText("damaged")
    assert stage.names == ["5"]
    assert stage.shown == "episode_00004"  # stays, though the list no longer holds it
    browser.filter.setText("nothing like it")
    assert browser.sentence.text() == texts.NONE_MATCHES.format(count=3)
    browser.filter.clear()
    browser.which.setCurrentText(Which.SUCCESS)
    assert stage.names == ["6", "4"]


def edit_a_clip(stage: Stage) -> None:
    folder = stage.page.context.folder
    edit(folder, RelabelOutcome("episode_00004", Outcome.FAIL))
    stage.edits.changed.emit(str(folder.path))
    until(lambda: stage.player.track is not None and stage.player.track.row.edited)
    assert stage.edits.row is not None
    assert stage.edits.row.outcome is Outcome.FAIL
    assert stage.names == ["6"]


def leave_for_another(stage: Stage, folder: Path) -> None:
    browser = stage.page.browser
    until(lambda: browser.sessions.box.count() == 2)
    browser.sessions.typed.emit(str(folder / "two"))
    until(lambda: browser.sentence.text() == texts.NO_EPISODES)
    assert stage.told == texts.NOTHING_TO_SHOW
    browser.sessions.typed.emit(str(folder / "nowhere"))
    until(lambda: "nowhere" in browser.sessions.trouble.text())


def test_a_folder_that_is_no_session_says_so(no_session: Stage):
    until(lambda: "no session folder" in no_session.told)
    assert "no session folder" in no_session.page.browser.sentence.text()


def test_keys_typed_into_the_filter_do_not_act_on_the_robot(no_session: Stage):
    stage = no_session
    triggered: list[object] = []
    commands = stage.page.context.commands
    commands.triggered.connect(triggered.append)
    stage.window.addActions(list(commands.all()))
    stage.window.activateWindow()
    QTest.qWaitForWindowActive(stage.window)
    stage.page.intents[Intent.REVIEW_FILTER]()
    for key in (Qt.Key.Key_T, Qt.Key.Key_G, Qt.Key.Key_Space, Qt.Key.Key_Return):
        QTest.keyClick(stage.page.browser.filter, key)
    assert triggered == []
    assert stage.page.browser.filter.text() == "tg "
    stage.page.intents[Intent.REVIEW_OPEN]()
    QTest.keyClick(stage.page.browser.sessions.path, Qt.Key.Key_Return)
    assert triggered == []
    stage.page.intents[Intent.REVIEW_LIST]()
    assert stage.page.left_side.isHidden()


def test_before_anybody_chose_the_newest_episode_with_an_end_is_shown():
    ended = ClipRow("/session", "episode_00001", 1, 0, 1.0, Outcome.SUCCESS, "", 0, 0.0)
    unlabelled = replace(ended, outcome=Outcome.UNLABELLED)
    running, damaged = replace(ended, open=True), replace(ended, trouble="cut off")
    assert first_choice((running, damaged, unlabelled, ended, ended)) == 3
    assert first_choice((running,)) == 0


def test_what_is_found_damaged_while_it_is_opened_stays_marked_until_it_changes(
    qapp: QApplication,
):
    model = ClipModel(qapp)
    row = ClipRow("/session", "episode_00001", 1, 0, 1.0, Outcome.SUCCESS, "", 0, 0.0)
    other = replace(row, name="episode_00002")
    model.show_rows((row, other))
    model.take_trouble(row.name, "a check sum is wrong")
    model.show_rows((row, other))
    assert [each.trouble for each in model.rows] == ["a check sum is wrong", ""]
    model.show_rows((replace(row, outcome=Outcome.FAIL), other))
    assert not any(each.trouble for each in model.rows)
    model.deleteLater()


def test_small_pictures_are_asked_for_only_where_they_are_seen(qapp: QApplication):
    del qapp
    browser = Browser("/session", theme.DARK, cast(QWidget, None))
    browser.resize(380, 300)
    browser.show()
    asked: list[tuple[str, ...]] = []
    browser.in_sight.connect(asked.append)
    first = ClipRow("/session", "", 0, 0, 1.0, Outcome.SUCCESS, "", 0, 0.0)
    rows = tuple(replace(first, name=f"episode_{n:05d}", episode=n) for n in range(2000))
    begun_s = time.process_time()
    browser.show_rows(rows)
    browser.filter.setText("success unaided")
    assert time.process_time() - begun_s < 0.3  # of the window's thread
    until(lambda: bool(asked))
    assert 2 < len(asked[-1]) < 30
    assert asked[-1][0] == "episode_01999"
    asked.clear()
    browser.list.scrollToBottom()
    until(lambda: bool(asked))
    assert asked[-1][-1] == "episode_00000"
    assert len(asked[-1]) < 30
    browser.close()
    browser.deleteLater()
