"""Folds the learner's and the policy's messages into what the window shows of them. No Qt."""

from dataclasses import replace

from gui.learner_view import CoachLine, LearnerView
from teleop.learner_messages import (
    CoachNote,
    CorrectionReport,
    EpisodeReport,
    LearnerStatus,
    PolicyPublished,
    PolicyServing,
    VersionReport,
)
from teleop.messages import Arm, Step
from teleop.serving import Move

DELAYS_KEPT = 200
CHANGES_KEPT = 100  # corrections
NOTES_KEPT = 200
EPISODES_KEPT = 2000


class LearnerLog:
    """Versions, losses, corrections, coaching, and how long a correction took to be served."""

    def __init__(self) -> None:
        self._view = LearnerView()
        self._versions: dict[int, VersionReport] = {}
        self._changes: dict[tuple[str, Arm], CorrectionReport] = {}
        self._notes: dict[tuple[str, str, str], CoachLine] = {}
        self._episodes: dict[str, EpisodeReport] = {}

    def status(self, message: LearnerStatus) -> None:
        self._view = replace(
            self._view,
            newest=max(self._view.newest, message.newest_version),
            state=message.state,
            progress=message.progress,
            loss_demonstrations=message.loss_demonstrations,
            loss_corrections=message.loss_corrections,
            corrections=message.corrections,
            demonstrations=message.demonstrations,
            message=message.message,
        )

    def published(self, message: PolicyPublished) -> None:
        view = self._view
        refused = "" if message.accepted else f"v{message.version}: {message.reason}"
        provisional = frozenset({message.version} if message.provisional else ())
        self._view = replace(
            view,
            newest=max(view.newest, message.version),
            provisional=view.provisional | provisional,
            refused=refused if message.version >= view.newest else view.refused,
        )

    def reported(self, message: VersionReport) -> None:
        """A version, from its message or from its manifest: both say the same."""
        self._versions[message.version] = message
        newest_first = sorted(self._versions.values(), key=lambda each: -each.version)
        self._view = replace(
            self._view,
            versions=tuple(newest_first),
            newest=max(self._view.newest, message.version),
        )

    def moved(self, move: Move) -> None:
        """The pointer was moved; a move that is known already changes nothing."""
        if move not in self._view.moves:
            self._view = replace(self._view, moves=(*self._view.moves, move))

    def changed(self, message: CorrectionReport) -> None:
        """What came of a correction; a later version's word replaces an earlier one's."""
        key = (message.episode, message.arm)
        known = self._changes.get(key)
        if known is not None and known.version > message.version:
            return
        self._changes[key] = message
        newest = sorted(self._changes.items(), key=lambda item: -item[1].start_ns)[:CHANGES_KEPT]
        self._changes = dict(newest)
        self._view = replace(self._view, changes=tuple(self._changes.values()))

    def coached(self, note: CoachNote) -> None:
        """A note appears once, however often it is sent."""
        key = (note.kind, note.episode, note.sentence)
        if key not in self._notes:
            self._notes[key] = CoachLine(note)
            while len(self._notes) > NOTES_KEPT:
                del self._notes[next(iter(self._notes))]
            self._show_notes()

    def put_away(self, note: CoachNote | None = None) -> None:
        """The operator has read `note`; None: all of them."""
        for key, line in self._notes.items():
            if note is None or line.note == note:
                self._notes[key] = replace(line, seen=True)
        self._show_notes()

    def _show_notes(self) -> None:
        self._view = replace(self._view, coaching=tuple(reversed(self._notes.values())))

    def episode(self, message: EpisodeReport) -> None:
        self._episodes.pop(message.episode, None)
        self._episodes[message.episode] = message
        while len(self._episodes) > EPISODES_KEPT:
            del self._episodes[next(iter(self._episodes))]
        self._view = replace(self._view, episodes=tuple(reversed(self._episodes.values())))

    def serving(self, message: PolicyServing) -> None:
        view = self._view
        delays = view.serving_delays_s
        if message.version != view.serving and message.handback_ns >= 0:
            delay_s = (message.stamp_ns - message.handback_ns) / 1e9
            delays = (*delays, delay_s)[-DELAYS_KEPT:]
        self._view = replace(
            view,
            serving=message.version,
            newest=max(view.newest, message.version),
            serving_delays_s=delays,
        )

    def stepped(self, step: Step) -> None:
        """A window opened late learns the serving version from the steps."""
        if self._view.serving < 0 <= step.policy_version:
            self._view = replace(self._view, serving=step.policy_version)

    def view(self) -> LearnerView:
        return self._view
