"""What changed: two versions on the frames of a correction, as curves, arrows and a sentence."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QThread, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QRadioButton, QWidget

from gui import theme
from gui.review.changed.comparer import Comparer, Wanted, wanted
from gui.review.changed.curves import GAP_NS, ActionCurves
from gui.review.changed.versions import ReadVersions, VersionsFound, usual_pair
from gui.review.edits.sheet import Sheet
from gui.review.values import ClipTrack, OtherActions
from gui.texts import changed as texts
from gui.widgets.own_keys import OwnKeys
from gui.widgets.panel import TextLabel
from recorder.labels import Label
from teleop.action_comparison import ActionComparison, Match, VersionActions
from teleop.messages import Arm


class ChangedSheet(Sheet):
    """Which versions, what they do, and what is to be said of it.

    Signals:
        drawn: `OtherActions` of the newer version for the player's pictures; empty: none.
    """

    drawn = Signal(object)
    share = 0.65  # the pictures, into which the actions are drawn, stay in sight

    def __init__(self, area: QWidget, look: theme.Theme, key: str, parent: QWidget) -> None:
        super().__init__(area, look, key, parent)
        self._track: ClipTrack | None = None
        self._found: ActionComparison | None = None
        self._versions: VersionsFound | None = None
        self._wanted: Wanted | None = None
        self._reading: QThread | None = None
        self.comparer = Comparer(self)
        self.comparer.compared.connect(self._take)
        self.comparer.going.connect(self._take_going)
        self.comparer.failed.connect(self._take_failure)
        self.old = self._choice(texts.BEFORE)
        self.new = self._choice(texts.AFTER)
        self.arms = QButtonGroup(self)
        self.sentence = TextLabel("text", "", name=texts.SENTENCE_NAME)
        self.sentence.setWordWrap(True)
        self.curves = ActionCurves(look, self)
        self._place_parts()

    def _choice(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.setMinimumWidth(160)
        box.installEventFilter(OwnKeys(box))
        box.view().installEventFilter(OwnKeys(box))  # Enter there chooses, and ends no episode
        box.activated.connect(self._compare)
        return box

    def _place_parts(self) -> None:
        place = self.head.count() - 1  # before the button that closes
        for arm in Arm:
            button = QRadioButton(texts.ARM[arm], self)
            self.arms.addButton(button, arm)
            self.head.insertWidget(place, button)
            place += 1
        self.arms.button(Arm.LEFT).setChecked(True)
        self.arms.idClicked.connect(self._show_arm)
        line = QHBoxLayout()
        line.setSpacing(8)
        for box, name in ((self.old, texts.BEFORE), (self.new, texts.AFTER)):
            line.addWidget(TextLabel("title", name.upper()))
            line.addWidget(box)
            line.addSpacing(8)
        line.addWidget(self.sentence, 1)
        self.body.addLayout(line)
        self.body.addWidget(self.curves, 1)

    @property
    def arm(self) -> Arm:
        """The one that is shown."""
        return Arm(self.arms.checkedId())

    def show_track(self, track: ClipTrack | None) -> None:
        """Compare on another clip, or on this one read anew."""
        other = track is None or self._track is None or not _same_clip(track, self._track)
        self._track = track
        if self.isHidden():
            return
        if other:
            self._forget()
        self.begin()

    def begin(self) -> None:
        """Look which versions there are, and compare."""
        track = self._track
        if track is None:
            self._say(texts.NO_CLIP)
        elif not (track.labels == Label.INTERVENTION).any():
            self._forget()
            self._say(texts.NOT_CORRECTED)
        elif self._reading is None:
            reading = ReadVersions(Path(track.row.session), self)
            reading.finished_with.connect(self._take_versions)
            reading.finished.connect(self._reading_ended)
            self._reading = reading
            reading.start()

    def show_time(self, seconds: float) -> None:
        """Mark the moment that the player shows."""
        self.curves.show_time(seconds)

    def close_child(self) -> None:
        """End the child and the thread. Idempotent."""
        self.comparer.close()
        if self._reading is not None:
            self._reading.wait()

    def _reading_ended(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.deleteLater()

    def _take_versions(self, found: VersionsFound) -> None:
        track = self._track
        if track is None or Path(track.row.session) != found.session:
            return
        if len(found.versions) < 2:
            self._say(texts.ONE_VERSION if found.versions else texts.NO_VERSIONS)
            return
        kept = self._chosen() if self._versions == found else None
        self._versions = found
        old, new = kept or usual_pair(found, track)
        for box, number in ((self.old, old), (self.new, new)):
            box.clear()
            for each in found.versions:
                name = texts.version_name(
                    each.number,
                    serving=each.serving,
                    accepted=each.accepted,
                    provisional=each.provisional,
                )
                box.addItem(name, each.number)
            box.setCurrentIndex([each.number for each in found.versions].index(number))
        self._compare()

    def _chosen(self) -> tuple[int, int] | None:
        old, new = self.old.currentData(), self.new.currentData()
        return (int(old), int(new)) if old is not None and new is not None else None

    def _compare(self) -> None:
        chosen = self._chosen()
        if self._track is None or chosen is None:
            return
        self._wanted = wanted(self._track, chosen)
        self.comparer.ask(self._wanted)

    def _take_going(self, words: str) -> None:
        self._say(words)

    def _take_failure(self, what: Wanted, why: str) -> None:
        if what == self._wanted:
            self._forget()
            self._say(why)

    def _take(self, what: Wanted, found: ActionComparison) -> None:
        if what != self._wanted or self._track is None or self.isHidden():
            return
        self._found = found
        for arm in Arm:
            self.arms.button(arm).setEnabled(bool(found.corrected[:, arm].any()))
        if not self.arms.button(self.arm).isEnabled():
            self.arms.button(1 - self.arm).setChecked(True)
        self._show_arm()
        # The older one's are drawn already: they are what the recording says was proposed.
        self.drawn.emit(other_actions(found)[-1:])

    def _show_arm(self) -> None:
        found, track = self._found, self._track
        if found is None or track is None:
            return
        self.curves.show_comparison(found, self.arm, int(track.stamps_ns[0]))
        self._say(verdict_of(found, self.arm))

    def _forget(self) -> None:
        self._found = None
        self.curves.show_comparison(None, self.arm, 0)
        self.drawn.emit(())

    def dismiss(self) -> None:
        if not self.isHidden():
            self._forget()
        super().dismiss()

    def _say(self, words: str) -> None:
        self.sentence.show_text(words)


def verdict_of(found: ActionComparison, arm: Arm) -> str:
    """The sentence about one arm; empty where it was not compared."""
    before, after = found.versions[0], found.versions[-1]
    pair = _match(before, arm), _match(after, arm)
    if pair[0] is None or pair[1] is None:
        return ""
    return texts.verdict(pair[0], pair[1], before.version, after.version)


def _match(version: VersionActions, arm: Arm) -> Match | None:
    return next((match for match in version.matches if match.arm is arm), None)


def other_actions(found: ActionComparison) -> tuple[OtherActions, ...]:
    """What the player draws into its pictures: each action until the next one was computed."""
    lasts_ns = np.diff(found.stamps_ns, append=found.stamps_ns[-1:] + GAP_NS)
    period = int(np.median(np.diff(found.rows))) if len(found.rows) > 1 else 1
    counts = np.where(lasts_ns < GAP_NS, np.diff(found.rows, append=0), period)
    which = np.repeat(np.arange(len(found.rows)), counts)
    firsts = np.repeat(np.cumsum(counts) - counts, counts)
    rows = found.rows[which] + np.arange(len(which)) - firsts
    return tuple(
        OtherActions(each.version, rows, np.ascontiguousarray(each.actions[which, :, :6]))
        for each in found.versions
    )


def _same_clip(one: ClipTrack, other: ClipTrack) -> bool:
    return (one.row.session, one.row.name) == (other.row.session, other.row.name)
