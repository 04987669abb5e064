"""What a session came to: its episodes, corrections and policy versions, from the files alone.

Episodes are what edits made of them.
An episode is counted for the version that drove first in it, for that one led to the takeover. A
success counts as the policy's own only if nobody took over. Discarded episodes, demonstrations and
episodes that nobody labelled are shown, and left out of every rate.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from recorder.edits.clip_reader import open_clip
from recorder.edits.edit import counting
from recorder.edits.session_views import session_views
from recorder.episode_data import EpisodeData
from recorder.labels import MODES, POLICY, Intervention, interventions
from recorder.schema import Header
from teleop.errors import EpisodeError
from teleop.messages import Arm, Mode, Outcome
from teleop.serving import Move, moves
from teleop.session_folder import SessionFolder

NO_VERSION = -1


@dataclass(frozen=True)
class Span:
    """One driver of one arm, in seconds since the episode's first row."""

    start_s: float
    end_s: float
    mode: Mode


@dataclass(frozen=True)
class Correction:
    """One arm's intervention.

    Attributes:
        pictures: of each camera, as JPEG: when the operator took over, and at the hand-back (or
            the last row); either may be missing.
    """

    arm: Arm
    takeover_s: float
    end_s: float
    handed_back: bool
    pictures: tuple[tuple[str, bytes | None, bytes | None], ...]


@dataclass(frozen=True)
class EpisodeSummary:
    """One episode after all edits; times in seconds since its first row."""

    file: str
    header: Header
    duration_s: float
    first_version: int
    lanes: tuple[tuple[Span, ...], tuple[Span, ...]]  # left arm, right arm
    corrections: tuple[Correction, ...]

    @property
    def counted(self) -> bool:
        """Whether it says something about a policy."""
        labelled = self.header.outcome in (Outcome.SUCCESS, Outcome.FAIL)
        return labelled and not self.header.demonstration

    @property
    def succeeded(self) -> bool:
        return self.header.outcome is Outcome.SUCCESS

    @property
    def unaided(self) -> bool:
        """Whether the policy succeeded on its own."""
        return self.succeeded and not self.header.interventions


@dataclass(frozen=True)
class VersionManifest:
    """What the learner wrote about a policy version; everything may be missing."""

    version: int = NO_VERSION
    parent: int = NO_VERSION
    method: str = ""
    provisional: bool = False
    accepted: bool = False
    reason: str = ""
    corrections: tuple[str, ...] = ()
    seconds_from_handback: float = -1.0
    created_ns: int = 0


@dataclass(frozen=True)
class VersionSummary:
    """A policy version, and how the episodes went in which it drove first."""

    manifest: VersionManifest
    episodes: int
    successes: int
    unaided: int
    interventions: int
    operator_s: float


@dataclass(frozen=True)
class SessionSummary:
    """A whole session.

    Attributes:
        unreadable: files that could not be read and edits that have no effect, and why.
        moves: of the serving pointer, oldest first.
        edits: how many count.
    """

    folder: Path
    episodes: tuple[EpisodeSummary, ...]
    versions: tuple[VersionSummary, ...]
    unreadable: tuple[str, ...]
    moves: tuple[Move, ...] = ()
    edits: int = 0

    @property
    def counted(self) -> tuple[EpisodeSummary, ...]:
        return tuple(episode for episode in self.episodes if episode.counted)

    @property
    def corrections(self) -> int:
        """Interventions of single arms."""
        return sum(len(episode.corrections) for episode in self.episodes)

    @property
    def operator_s(self) -> float:
        """Time in which a person drove an arm of a running policy."""
        corrected = (e.header for e in self.episodes if not e.header.demonstration)
        return sum(header.operator_s for header in corrected)

    @property
    def seconds_to_serving(self) -> tuple[float, ...]:
        """From a hand-back to the version learned from it, of every version that was accepted."""
        return tuple(
            version.manifest.seconds_from_handback
            for version in self.versions
            if version.manifest.accepted and version.manifest.seconds_from_handback >= 0.0
        )

    @property
    def seconds_to_serving_p50(self) -> float | None:
        times = self.seconds_to_serving
        return statistics.median(times) if times else None


def summarise(session: Path) -> SessionSummary:
    """Read all episodes, as their edits show them, and version manifests of a session folder.

    Raises:
        EpisodeError: the log of edits may not be read.
    """
    folder = SessionFolder(session)
    views = session_views(folder)
    unreadable = list(views.trouble)
    episodes: list[EpisodeSummary] = []
    for clip in views.clips:
        try:
            with open_clip(clip) as episode:
                episodes.append(summarise_episode(clip.name, episode))
        except EpisodeError as error:
            unreadable.append(str(error))
    episodes.sort(key=lambda each: (each.header.opened_epoch_ns, each.header.episode))
    manifests: list[VersionManifest] = []
    for path in sorted(folder.policies.glob("v*/manifest.json")):
        try:
            manifests.append(msgspec.json.decode(path.read_bytes(), type=VersionManifest))
        except (OSError, msgspec.DecodeError) as error:
            unreadable.append(f"{path} is no manifest of a policy version: {error}")
    try:
        moved = moves(folder.policies)
    except OSError as error:
        moved = ()
        unreadable.append(f"The moves of the serving version cannot be read: {error}.")
    return SessionSummary(
        session,
        tuple(episodes),
        summarise_versions(episodes, manifests),
        tuple(unreadable),
        moved,
        len(counting(views.log.entries)),
    )


def summarise_episode(name: str, reader: EpisodeData) -> EpisodeSummary:
    """Read what the summary needs of one episode."""
    modes: NDArray[np.int8] = reader.column("modes")
    stamps: NDArray[np.int64] = reader.column("stamp_ns")
    times_s = (stamps - stamps[0]) * 1e-9 if len(stamps) else np.zeros(0)
    duration_s = float(times_s[-1]) if len(times_s) else 0.0
    driven = (modes == POLICY).any(axis=1) & reader.column("proposal_valid").any(axis=1)
    versions: NDArray[np.int64] = reader.column("policy_version")[driven]
    found = () if reader.header.demonstration else interventions(modes)
    return EpisodeSummary(
        file=name,
        header=reader.header,
        duration_s=duration_s,
        first_version=int(versions[0]) if len(versions) else reader.header.policy_version,
        lanes=(spans(modes[:, Arm.LEFT], times_s), spans(modes[:, Arm.RIGHT], times_s)),
        corrections=tuple(_correction(reader, each, times_s) for each in found),
    )


def spans(modes: NDArray[np.int8], times_s: NDArray[np.float64]) -> tuple[Span, ...]:
    """Return who drove from when to when."""
    if len(modes) == 0:
        return ()
    starts = np.concatenate(([0], np.flatnonzero(np.diff(modes)) + 1))
    ends = np.concatenate((starts[1:], [len(modes) - 1]))
    return tuple(
        Span(float(times_s[start]), float(times_s[end]), MODES[modes[start]])
        for start, end in zip(starts, ends, strict=True)
    )


def _correction(
    reader: EpisodeData, found: Intervention, times_s: NDArray[np.float64]
) -> Correction:
    last = min(found.end, len(times_s) - 1)
    return Correction(
        arm=found.arm,
        takeover_s=float(times_s[found.takeover]),
        end_s=float(times_s[last]),
        handed_back=found.handed_back,
        pictures=tuple(
            (camera, _picture(reader, camera, found.takeover), _picture(reader, camera, last))
            for camera in reader.header.cameras
        ),
    )


def _picture(reader: EpisodeData, camera: str, row: int) -> bytes | None:
    image = int(reader.image_rows(camera)[row])
    return None if image < 0 else reader.jpegs(camera, [image])[0]


def summarise_versions(
    episodes: Sequence[EpisodeSummary], manifests: Sequence[VersionManifest]
) -> tuple[VersionSummary, ...]:
    """Count the episodes of each version: those with a manifest, and those that only drove."""
    known = {manifest.version: manifest for manifest in manifests}
    counted = [episode for episode in episodes if episode.counted]
    for version in {episode.first_version for episode in counted} - known.keys():
        known[version] = VersionManifest(version=version)
    summaries: list[VersionSummary] = []
    for version in sorted(known):
        own = [episode for episode in counted if episode.first_version == version]
        summaries.append(
            VersionSummary(
                manifest=known[version],
                episodes=len(own),
                successes=sum(episode.succeeded for episode in own),
                unaided=sum(episode.unaided for episode in own),
                interventions=sum(episode.header.interventions for episode in own),
                operator_s=sum(episode.header.operator_s for episode in own),
            )
        )
    return tuple(summaries)
