"""One episode into one HDF5 file: `.part` while it grows, renamed when it is whole."""

import contextlib
import ctypes
import logging
import os
import shutil
import time
from collections.abc import Generator
from dataclasses import replace
from typing import Protocol

import h5py

from recorder.columns import GrowingRows, StepColumn
from recorder.header import saved_message, settle, write_header
from recorder.image_log import ImageLog
from recorder.schema import (
    COLUMNS,
    FRAME_SEQUENCE,
    FRAME_STAMP,
    IMAGE,
    IMAGES,
    STEPS,
    Header,
    State,
)
from recorder.storage import episode_name, part_of, publish, require_room, unused
from teleop.errors import EpisodeError, FrameLost
from teleop.interfaces import Image
from teleop.messages import EpisodeOpened, EpisodeSaved, FrameRef, Mode, Outcome, Step
from teleop.session_folder import SessionFolder

FLUSH_S = 0.25  # what a crash may cost
_NO_IMAGE = -1

log = logging.getLogger(__name__)


class FrameArchive(Protocol):
    """Where the images are that steps refer to."""

    def read(self, ref: FrameRef) -> Image:
        """Return an image. Raises FrameLost if it is gone."""
        ...


class EpisodeWriter:
    """Writes one episode.

    Args:
        folder: the session.
        opened: what the episode is.
        frames: where its images come from.
        flush_s: of recorded time, between two hand-overs to the file.
        first_index: of the first step that can be expected.

    Attributes:
        dropped_steps: rows missing, from gaps in their index.
        lost_images: images that were gone before they could be read.

    Raises:
        EpisodeError: the folder cannot be written or the disk is full.
    """

    def __init__(
        self,
        folder: SessionFolder,
        opened: EpisodeOpened,
        frames: FrameArchive,
        flush_s: float = FLUSH_S,
        first_index: int = 0,
    ) -> None:
        self._folder = folder
        self._frames = frames
        self._flush_ns = round(flush_s * 1e9)
        self._header = _first_header(opened)
        self._cuts = 0
        self._next_index = first_index
        self._flushed_ns = opened.stamp_ns
        self._rows: list[Step] = []
        self._image_rows: list[list[int]] = []
        self._newest: dict[str, tuple[FrameRef, int]] = {}
        self._corrected = [False, False]  # arms the operator took, not yet handed back
        self.dropped_steps = 0
        self.lost_images = 0
        self._broken = False  # HDF5 could not write
        with _sentence(f"make an episode file in {folder.episodes}"):
            folder.episodes.mkdir(parents=True, exist_ok=True)
            require_room(folder.episodes)
            self.path = unused(folder.episodes, episode_name(opened.episode))
            self._part = part_of(self.path)
            self._file = h5py.File(self._part, "w")
            self._descriptor = int(self._file.id.get_vfd_handle())
            self._create(opened.cameras)
            self._file.flush()

    def _create(self, cameras: tuple[str, ...]) -> None:
        steps = self._file.create_group(STEPS)
        self._columns = [StepColumn(steps, column) for column in COLUMNS]
        across = (len(cameras),)
        self._sequence = GrowingRows(steps, FRAME_SEQUENCE, "i8", across)
        self._stamp = GrowingRows(steps, FRAME_STAMP, "i8", across)
        self._image = GrowingRows(steps, IMAGE, "i4", across)
        images = self._file.create_group(IMAGES)
        self._logs = {camera: ImageLog(images.create_group(camera)) for camera in cameras}
        write_header(self._file, self._header)

    def append(self, step: Step) -> bool:
        """Take one row in; True if an arm was handed back to the policy in it.

        Raises:
            EpisodeError: the file could not be written.
        """
        self.dropped_steps += max(0, step.index - self._next_index)
        self._next_index = step.index + 1
        self._rows.append(step)
        self._image_rows.append(self._take_images(step.observation.frames))
        if step.stamp_ns - self._flushed_ns >= self._flush_ns:
            self.flush()
        return self._handed_back(step)

    def _take_images(self, refs: tuple[FrameRef, ...]) -> list[int]:
        if self._image_rows and refs == self._rows[-2].observation.frames:
            return self._image_rows[-1]  # as most ticks have no new image
        for ref in refs:
            newest = self._newest.get(ref.camera)
            if (newest is not None and newest[0] == ref) or ref.camera not in self._logs:
                continue
            try:
                row = self._logs[ref.camera].append(self._frames.read(ref), ref)
            except FrameLost:
                self.lost_images += 1
                row = _NO_IMAGE
            self._newest[ref.camera] = (ref, row)
        seen = {ref.camera for ref in refs}
        return [self._newest[camera][1] if camera in seen else _NO_IMAGE for camera in self._logs]

    def _handed_back(self, step: Step) -> bool:
        back = False
        for arm, mode in enumerate(step.modes):
            if mode is Mode.OPERATOR:
                self._corrected[arm] = not self._header.demonstration
            elif mode is Mode.POLICY:
                back |= self._corrected[arm]
                self._corrected[arm] = False
        return back

    def flush(self) -> None:
        """Hand all rows to the file, so that a crash does not cost them.

        Raises:
            EpisodeError: the file could not be written.
        """
        if not self._rows:
            return
        with self._writing(f"write {self._part}"):
            require_room(self._folder.episodes)
            for images in self._logs.values():
                images.flush()
            for column in self._columns:
                column.append(self._rows)
            self._append_frames()
            self._file.flush()
        self._flushed_ns = self._rows[-1].stamp_ns
        self._rows.clear()
        self._image_rows.clear()

    def _append_frames(self) -> None:
        refs = [{ref.camera: ref for ref in step.observation.frames} for step in self._rows]
        none = FrameRef("", -1, -1)
        seen = [[of.get(name, none) for name in self._logs] for of in refs]
        self._sequence.append([[ref.sequence for ref in row] for row in seen])
        self._stamp.append([[ref.stamp_ns for ref in row] for row in seen])
        self._image.append(self._image_rows)

    def cut(self) -> EpisodeSaved:
        """Copy the episode so far into a file of its own, whole and never changed again.

        Raises:
            EpisodeError: the copy could not be written; the episode itself is untouched.
        """
        self.flush()
        self._cuts += 1
        with _sentence(f"write a cut of {self._part} in {self._folder.cuts}"):
            self._folder.cuts.mkdir(exist_ok=True)
            path = unused(self._folder.cuts, f"{self.path.stem}_cut_{self._cuts}")
            with self._writing(f"write {self._part}"):
                header = settle(self._file, replace(self._present(), state=State.CUT))
                self._file.flush()
            partial = path.with_name(path.name + ".tmp")
            try:
                shutil.copyfile(self._part, partial)
                partial.rename(path)
            finally:
                partial.unlink(missing_ok=True)
                write_header(self._file, replace(header, state=State.RECORDING))
        return saved_message(header, str(path), final=False)

    def close(self, outcome: Outcome, reason: str, ended_ns: int | None = None) -> EpisodeSaved:
        """Finish the file and give it its name. A discarded episode is kept, and marked.

        Args:
            outcome: how the episode ended.
            reason: why, in words.
            ended_ns: when; by default with its last row.

        Raises:
            EpisodeError: it could not be finished; what was flushed stays in the `.part`.
        """
        self.flush()
        header = replace(
            self._present(),
            state=State.FINAL,
            outcome=outcome,
            reason=reason,
            ended_ns=self._flushed_ns if ended_ns is None else ended_ns,
        )
        with self._writing(f"finish {self._part}"):
            header = settle(self._file, header)
            self._file.flush()
            self._file.close()
            publish(self._part, self.path)
        return saved_message(header, str(self.path), final=True)

    def give_up(self, reason: str) -> EpisodeSaved | None:
        """Finish the file with the rows it already has, after a write has failed.

        Returns:
            The unlabelled episode; None if not even that could be written, and the `.part` is
            left to be salvaged at the recorder's next start.
        """
        self.dropped_steps += len(self._rows)
        self._rows.clear()
        self._image_rows.clear()
        if not self._broken:
            try:
                return self.close(Outcome.UNLABELLED, reason)
            except EpisodeError as error:
                log.error("%s", error)
        self._abandon()
        return None

    def _abandon(self) -> None:
        """Never touch the file again: HDF5 crashes the process that closes what it cannot write.

        What it writes as the process ends goes nowhere, and the `.part` stays as it is.
        """
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self))  # its datasets are never collected
        if not self._file:  # it is closed already
            return
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, self._descriptor)
        os.close(nowhere)

    @contextlib.contextmanager
    def _writing(self, doing: str) -> Generator[None]:
        """As `_sentence`, and remember that HDF5 could not write: the file is not to be touched."""
        with _sentence(doing):
            try:
                yield
            except (OSError, RuntimeError):
                self._broken = True
                raise

    def _present(self) -> Header:
        return replace(self._header, dropped_steps=self.dropped_steps, lost_images=self.lost_images)


def _first_header(opened: EpisodeOpened) -> Header:
    return Header(
        state=State.RECORDING,
        episode=opened.episode,
        opened_ns=opened.stamp_ns,
        opened_epoch_ns=time.time_ns(),
        ended_ns=-1,
        instruction=opened.instruction,
        scene=opened.scene,
        cameras=opened.cameras,
        demonstration=opened.demonstration,
        outcome=Outcome.UNLABELLED,
        reason="",
        dropped_steps=0,
        lost_images=0,
    )


@contextlib.contextmanager
def _sentence(doing: str) -> Generator[None]:
    """Say what could not be done, and why, where HDF5 and the system raise their own errors."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        raise EpisodeError(
            f"Cannot {doing}: {error}. Is the disk full, or the session folder not writable? "
            "Finished episodes are untouched."
        ) from error
