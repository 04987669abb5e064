from types import SimpleNamespace
from typing import Any, cast

import pytest

from learner.service import Service


class Noting:
    """Notes what it is asked to do, and does nothing."""

    def __init__(self, did: list[str], **values: object) -> None:
        self._did = did
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        def note(*arguments: object, **named: object) -> None:
            self._did.append(name)

        return note


@pytest.mark.parametrize("waited_for", [False, True])
def test_episodes_edits_and_reports_wait_while_somebody_waits_for_a_version(waited_for: bool):
    did: list[str] = []
    changes = SimpleNamespace(gone=(), fresh=())
    parts = (
        Noting(did, waited_for=waited_for, running=None, work=lambda *a, **k: did.append("fit")),
        Noting(did, waiting=0, work=lambda *a: did.append("read")),
        Noting(did, edited=lambda: did.append("look for edits") or changes),
        Noting(did),
        Noting(did, poll=lambda *a: []),
        Noting(did),
    )
    service = Service(*(cast(Any, part) for part in parts))
    service.work(exercise=False)
    assert "fit" in did
    for later in ("read", "look for edits", "debrief"):
        assert (later in did) is not waited_for
