"""Which corrections made which version, and which version has not learned what was taken back.

All of it follows from the versions' manifests and the log of fits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from learner.fit_log import Begun, Record
from learner.manifest import Manifest
from learner.methods.method import Speed

Learned = dict[str, str]  # corrected episode to its revision; "": not known
StillSo = Callable[[str, str], bool]  # whether nothing of an episode's revision was taken back
_ALL_ROWS = 1 << 30


@dataclass(frozen=True)
class Lineage:
    """A session's versions and fits.

    Attributes:
        manifests: by version.
        records: by the number of the fit.
    """

    manifests: Mapping[int, Manifest]
    records: Mapping[int, Record]

    def learned(self, version: int) -> Learned:
        """Every correction that had a part in a version, by way of its parents too."""
        found: Learned = {}
        place = self.manifests.get(version)
        while place is not None:
            record = self.records.get(place.fit)
            own = record.learned if record else dict.fromkeys(place.corrections, "")
            found = own | found
            place = self.manifests.get(place.parent) if place.parent < place.version else None
        return found

    def settled(self, version: int) -> int:
        """The newest version in its line that is not provisional."""
        place = self.manifests[version]
        while place.provisional and place.parent in self.manifests:
            place = self.manifests[place.parent]
        return place.version

    def taken_back(self, version: int, still_so: StillSo) -> list[str]:
        """Episodes of which a version has learned what is no longer so, ascending."""
        return sorted(
            name for name, revision in self.learned(version).items() if not still_so(name, revision)
        )

    def clean(self, version: int, still_so: StillSo) -> int:
        """The newest accepted version up to this one that has learned nothing but what is so."""
        candidates = [
            number
            for number, manifest in self.manifests.items()
            if number <= version and manifest.accepted
        ]
        return next(
            (n for n in sorted(candidates, reverse=True) if not self.taken_back(n, still_so)),
            min(self.manifests),
        )

    def drawn_rows(self) -> dict[str, int]:
        """Of each corrected episode the rows that some fit drew from, whatever came of it.

        Fits that were refused for suspects among them do not count: the rest was not tried.
        """
        found: dict[str, int] = {}
        for record in self.records.values():
            if record.suspected is None:
                _raise_to(found, record.corrections)
        for manifest in self.manifests.values():
            if manifest.fit not in self.records:
                _raise_to(found, dict.fromkeys(manifest.corrections, _ALL_ROWS))
        return found

    def rows(self, version: int) -> dict[str, int]:
        """Of each corrected episode the rows that had a part in a version."""
        found: dict[str, int] = {}
        place = self.manifests.get(version)
        while place is not None:
            record = self.records.get(place.fit)
            own = record.corrections if record else dict.fromkeys(place.corrections, _ALL_ROWS)
            _raise_to(found, own)
            place = self.manifests.get(place.parent) if place.parent < place.version else None
        return found

    def version_of(self, fit: int) -> int | None:
        """The version that a fit came to."""
        return next((n for n, manifest in self.manifests.items() if manifest.fit == fit), None)

    def unfinished(self) -> list[Begun]:
        """Fits that were begun and came to nothing yet, oldest first."""
        ended = {manifest.fit for manifest in self.manifests.values()}
        return [
            record.begun
            for fit, record in sorted(self.records.items())
            if fit not in ended and record.dropped is None
        ]

    def newest(self, *speeds: Speed) -> Record | None:
        """The last fit of some speeds that counts.

        Those do not that were dropped to be begun again, or were refused for suspects.
        """
        found = [
            record
            for _, record in sorted(self.records.items())
            if record.begun.speed in speeds
            and (record.dropped is None or record.dropped.final)
            and record.suspected is None
        ]
        return found[-1] if found else None


def covers(rows: Mapping[str, int], others: Mapping[str, int], present: Mapping[str, int]) -> bool:
    """Whether `rows` hold everything of `others` that is still there."""
    return all(
        rows.get(name, 0) >= min(count, present[name])
        for name, count in others.items()
        if name in present
    )


def _raise_to(found: dict[str, int], rows: Mapping[str, int]) -> None:
    for name, count in rows.items():
        found[name] = max(found.get(name, 0), count)
