"""`nudge policy actions`: what versions would do on the frames of a correction."""

import json
from pathlib import Path

import numpy as np
import pytest

from learner.store import PolicyStore
from recorder.labels import Label
from teleop import cli
from teleop.action_comparison import comparison_in
from teleop.messages import Arm
from teleop.session_folder import SessionFolder
from tests.learner_data import manifest, small_net
from tests.learner_episodes import recorded
from tests.review_parts import read_track


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions, an episode with a correction and one without."""
    folder = SessionFolder(tmp_path_factory.mktemp("compared"))
    store = PolicyStore(folder.policies)
    for version in range(2):
        store.publish(small_net(version), manifest(version))
    recorded(folder, 0)
    recorded(folder, 1, demonstration=True)
    return folder.path


def test_versions_are_compared_on_the_corrected_rows_and_those_before(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "found"
    arguments = ("policy", "actions", str(session), "0", "--versions", "0", "1")
    assert cli.main([*arguments, "--output", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    found = comparison_in(out.read_bytes())
    track = read_track(SessionFolder(session))
    assert [each["version"] for each in told["versions"]] == [0, 1]
    assert told["rows"] == len(found.rows)
    labels = track.labels[found.rows]
    assert np.isin(labels, (Label.PRE_INTERVENTION, Label.INTERVENTION)).any(axis=1).all()
    assert (found.corrected == (labels == Label.INTERVENTION)).all()
    assert found.executed[:, :, :6] == pytest.approx(track.executed[found.rows])
    assert {match.arm for match in found.versions[0].matches} == {Arm.RIGHT}
    assert (found.versions[0].actions != found.versions[1].actions).any()


def test_without_a_correction_it_says_so(session: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["policy", "actions", str(session), "1", "--versions", "0"]) == 1
    assert "Nobody took over in episode_00001" in capsys.readouterr().err


def test_a_version_that_is_not_there_is_named(session: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["policy", "actions", str(session), "0", "--versions", "7"]) == 1
    assert "no version 7" in capsys.readouterr().err
