import json
from dataclasses import replace
from pathlib import Path

import pytest

from learner.bench_gate.trial import Trial
from learner.bench_gate.verb import main, summed
from learner.gate import decide
from learner.gate_checks import CONSISTENCY, HELD_OUT
from teleop.learner_messages import GateCheck

GOOD = GateCheck(HELD_OUT, 0.1, 0.2, True, "fine")
BAD = replace(GOOD, passed=False, sentence="it forgot")
SUSPECT = GateCheck(CONSISTENCY, 0.0, 0.6, False, "contradicts")


def test_what_was_served_and_refused_is_counted_by_kind_and_by_check():
    honest = [Trial("honest", 1, decide((GOOD,))), Trial("honest", 2, decide((BAD,)))]
    poison = [Trial("random", 1, decide((GOOD, SUSPECT))), Trial("mirrored", 2, decide((GOOD,)))]
    found = summed(list(zip(honest, poison, strict=True)), [1.0, 3.0])
    assert found["poisoned_served"] == 1 and found["poisoned_served_but_for_consistency"] == 2
    assert found["poisoned_served_by_kind"] == {"mirrored": 1, "random": 0}
    assert found["poisoned_refused_by"] == {CONSISTENCY: 1}
    assert found["honest_refused_by"] == {HELD_OUT: 1}
    assert found["false_rejection_rate"] == 0.5


@pytest.mark.slow
def test_no_poisoned_correction_is_served_in_three_trials(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    words = ["--json", "--trials", "3", "--corrections", "6", "--keep", str(tmp_path)]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["poisoned"] == 3 and found["poisoned_served"] == 0
