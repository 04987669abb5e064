import json

import pytest

from learner.drills import main
from learner.drills.feed import made_up


def test_a_made_up_session_is_the_same_for_the_same_seed():
    one, two = made_up(3), made_up(3)
    assert one.config == two.config
    assert all(a.equal(b) for a, b in zip(one.net.parameters(), two.net.parameters(), strict=True))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_learner_killed_at_random_moments_makes_the_versions_of_an_undisturbed_one(
    capsys: pytest.CaptureFixture[str],
):
    assert main.main(["--kills", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["kills"] == 3 and found["versions"] > 5
