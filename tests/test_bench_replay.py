"""The measurement of the learner's memory, on very little."""

import time
from dataclasses import fields
from pathlib import Path

import torch

from learner.bench_replay import ReplayResult
from learner.many_episodes import multiply
from learner.replay_run import Plan, run
from teleop.bench import BENCHES
from teleop.config import SessionConfig
from teleop.session_folder import SessionFolder
from tests.learner_episodes import recorded


def test_the_figures_are_of_both_sessions(tmp_path: Path):
    threads = torch.get_num_threads()
    few, many = SessionFolder(tmp_path / "few"), SessionFolder(tmp_path / "many")
    made = [
        recorded(SessionFolder(tmp_path / "made"), n, instruction=SessionConfig().instruction)
        for n in range(2)
    ]
    multiply(made, few, 1)
    multiply(made, many, 5)
    plan = Plan((str(few.path), str(many.path)), "base", time.monotonic_ns(), 40, 0.1)
    measured = run(plan)
    torch.set_num_threads(threads)
    assert [each.episodes for each in measured.opened] == [1, 5]
    assert [each.left_out for each in measured.opened] == [0, 0]
    assert 40 <= measured.opened[1].prepared <= 45  # and an eighth of them held out
    assert min(*measured.head_batches_hz, *measured.encoder_batches_hz) > 0.0
    assert 20 < measured.resident_mib <= measured.peak_mib


def test_the_bench_is_named_and_says_what_it_promises():
    assert "replay" in [verb.name for verb in BENCHES]
    promised = {"startup_s", "resident_mib", "head_ratio", "encoder_ratio"}
    assert promised <= {field.name for field in fields(ReplayResult)}
