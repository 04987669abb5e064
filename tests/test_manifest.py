from pathlib import Path

import msgspec
import pytest

from learner.manifest import load_manifest, manifest_bytes, version_report
from learner.seed import checkpoint_folder
from teleop.errors import PolicyNotFound
from teleop.learner_messages import GateCheck, StratumLoss
from teleop.serving import MANIFEST
from tests.learner_data import manifest


def test_the_shipped_policy_is_read_though_it_is_older_than_speeds_and_checks():
    found = load_manifest(checkpoint_folder("base"))
    assert (found.method, found.speed, found.checks) == ("base", "base", ())


@pytest.mark.parametrize("old", ["head", "full"])
def test_a_version_of_before_there_were_methods_was_finetuned(tmp_path: Path, old: str):
    content = msgspec.to_builtins(manifest(3, method=old, parent=2))
    for name in ("speed", "fit", "seed", "losses", "checks", "data_age_s"):
        del content[name]
    (tmp_path / MANIFEST).write_bytes(msgspec.json.encode(content))
    found = load_manifest(tmp_path)
    assert (found.method, found.speed, found.parent) == ("finetune", old, 2)


def test_losses_and_checks_come_back_and_what_was_not_measured_is_minus_one(tmp_path: Path):
    made = manifest(
        2,
        method="residual",
        speed="full",
        losses=(StratumLoss("corrections", 0, float("nan")),),
        checks=(GateCheck("held-out demonstrations", float("inf"), 0.2, False, "It forgot."),),
    )
    (tmp_path / MANIFEST).write_bytes(manifest_bytes(made))
    found = load_manifest(tmp_path)
    assert found.losses == (StratumLoss("corrections", 0, -1.0),)
    assert found.checks[0].value == -1.0 and found.checks[0].sentence == "It forgot."
    report = version_report(found)
    assert (report.method, report.speed, report.checks) == ("residual", "full", found.checks)


def test_a_path_through_a_file_is_no_policy(tmp_path: Path):
    (tmp_path / "v0001").write_text("")
    with pytest.raises(PolicyNotFound, match="missing"):
        load_manifest(tmp_path / "v0001")
