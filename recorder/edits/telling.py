"""What an edit changes, and what was edited, in words."""

from collections.abc import Mapping
from datetime import datetime

from recorder.edits.clip import Clip
from recorder.edits.edit import Edit, Entry, sentence, undone
from recorder.edits.editing import clips_after, write_edit
from recorder.edits.session_views import SessionViews
from teleop.session_folder import SessionFolder


def edit_and_tell(
    folder: SessionFolder, views: SessionViews, edit: Edit, *, dry_run: bool = False
) -> str:
    """Do it, and return what changed and how it is taken back.

    Raises:
        EpisodeError: it cannot be done; nothing was changed.
    """
    if dry_run:
        entry = Entry(views.log.next_number, 0, edit)
        changed = _differences(views.clips, clips_after(views, entry))
        return "\n".join((f"This would be edit {entry.number}: it {sentence(edit)}.", *changed))
    entry = write_edit(folder, views, edit)
    changed = _differences(views.clips, clips_after(views, entry))
    return "\n".join(
        (
            f"Edit {entry.number} {sentence(edit)}.",
            *changed,
            f"To take it back: nudge record undo {folder.path} {entry.number}",
        )
    )


def _differences(before: tuple[Clip, ...], after: tuple[Clip, ...]) -> list[str]:
    """A line for each clip that is not as it was, oldest first."""
    old = {clip.name: clip for clip in before}
    new = {clip.name: clip for clip in after}
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    return [f"  {name}: {_state(name, old)} -> {_state(name, new)}" for name in names]


def _state(name: str, clips: Mapping[str, Clip]) -> str:
    if name not in clips:
        return "none"
    clip = clips[name]
    parts = [f"{clip.rows} rows", clip.outcome.value.lower()]
    told = {piece.instruction for piece in clip.pieces} - {None}
    parts += [f"“{instruction}”" for instruction in sorted(filter(None, told))]
    relabels = sum(each.stop - each.start for piece in clip.pieces for each in piece.relabels)
    if relabels:
        parts.append(f"{relabels} labels changed by hand")
    return ", ".join(parts)


def log_lines(views: SessionViews) -> list[str]:
    """A line for each edit, oldest first, and for each that has no effect."""
    gone = undone(views.log.entries)
    lines = [_line(entry, gone) for entry in views.log.entries]
    lines = lines or ["Nothing was edited."]
    return [*lines, *views.trouble]


def _line(entry: Entry, gone: Mapping[int, int]) -> str:
    when = datetime.fromtimestamp(entry.epoch_ns * 1e-9)
    by = f"  (undone by {gone[entry.number]})" if entry.number in gone else ""
    return f"{entry.number:>4}  {when:%Y-%m-%d %H:%M:%S}  {sentence(entry.edit)}{by}"
