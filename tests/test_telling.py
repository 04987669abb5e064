from pathlib import Path

import pytest

from learner.judging import Published
from learner.telling import PASSED_OVER, announced
from tests.learner_data import manifest


@pytest.mark.parametrize(
    ("accepted", "served", "says_why"),
    [(True, True, False), (True, False, True), (False, False, False)],
)
def test_a_version_that_passed_and_is_not_served_is_not_told_as_refused(
    accepted: bool, served: bool, says_why: bool
):
    made = manifest(3, accepted=accepted, reason="the gate's sentence")
    news = announced(Published(made, served=served, handback_ns=7), Path("v0003"), 9)
    assert news.accepted is accepted
    assert news.reason.startswith("the gate's sentence")
    assert (PASSED_OVER in news.reason) is says_why
    assert (news.version, news.handback_ns, news.published_ns) == (3, 7, 9)
