"""What the course of a demonstration depends on, taken from a view. Pure."""

from dataclasses import dataclass

from gui.action_spec import Intent
from gui.actions import spec_of
from gui.texts import demonstrate as words
from gui.view import FRAME_STALE_S, STEP_SILENCE_S, EpisodeMark, Lead, Level, View
from teleop.chunks import NEVER
from teleop.messages import SessionMode
from teleop.order_messages import OrderKind
from teleop.takeover_messages import NoticeKind


@dataclass(frozen=True)
class Seen:
    """A view, as far as it matters here.

    Attributes:
        demonstrating: a demonstration's episode is open.
        episode: its number, or that of the one before; -1: there was none.
        elapsed_s: since it was opened.
        holds: both arms hold, so that nothing moves.
        trouble: why no demonstration can begin, and what to do; empty: it can.
        last: how the newest episode ended.
        refused: control's newest refusal, and when the window was told.
    """

    demonstrating: bool = False
    episode: int = -1
    elapsed_s: float = 0.0
    instruction: str = ""
    holds: bool = True
    trouble: str = ""
    last: EpisodeMark | None = None
    refused: str = ""
    refused_ns: int = NEVER


def seen_in(view: View, cameras: int) -> Seen:
    """Return what `view` says of demonstrations, in a session with that many cameras."""
    episode = view.episode
    refusals = [line for line in view.notices.log if line.kind is NoticeKind.REFUSED]
    holds = all(arm.lead not in (Lead.POLICY, Lead.OPERATOR, Lead.REWIND) for arm in view.arms)
    known = view.step_age_s <= STEP_SILENCE_S
    return Seen(
        demonstrating=known and episode.running and episode.session_mode is SessionMode.TELEOP,
        episode=episode.number,
        elapsed_s=episode.elapsed_s,
        instruction=episode.instruction,
        holds=holds,
        trouble=trouble_in(view, cameras, holds),
        last=episode.last,
        refused=refusals[-1].text if refusals else "",
        refused_ns=refusals[-1].came_ns if refusals else NEVER,
    )


def trouble_in(view: View, cameras: int, holds: bool) -> str:
    """Return why no demonstration can begin now; empty: one can."""
    vitals, leads = view.vitals, {arm.lead for arm in view.arms}
    if view.step_age_s > STEP_SILENCE_S:
        return words.NO_CONTROL
    if Lead.FAULT in leads:
        return words.FAULT
    if view.episode.session_mode is SessionMode.STOPPED:
        return words.stopped(spec_of(Intent.RELEASE_STOP).key)
    if view.episode.session_mode is SessionMode.ROLLOUT and not holds:
        return words.policy_drives(spec_of(OrderKind.HOLD).key)
    if vitals.recorder_level in (Level.ERROR, Level.UNKNOWN):
        return words.not_recorded(vitals.recorder)
    age_ms = vitals.camera_age_ms
    if cameras and (age_ms is None or age_ms > FRAME_STALE_S * 1e3):
        return words.CAMERA_STALE
    return ""
