"""Walks the table 'One sample's journey' of ARCHITECTURE.md with the real parts."""

import ast
import re
from pathlib import Path

import pytest
import torch

from learner.extract import extract
from learner.gate_checks import GateConfig
from learner.learner import Learner
from learner.learner_config import LearnerConfig
from learner.methods.finetune import FinetuneConfig
from learner.methods.method import Speed
from learner.policy import FlowPolicy
from learner.replay import Demonstrations
from learner.samples import Stratum
from learner.store import PolicyStore
from recorder.inline import InlineRecorder
from recorder.reader import EpisodeReader
from teleop.config import EpisodeConfig, SessionConfig, TakeoverConfig
from teleop.devices.plug_operator import plug_operator
from teleop.lockstep import Lockstep
from teleop.messages import EpisodeSaved, Mode
from teleop.session_folder import SessionFolder
from tests.learner_data import manifest, samples, small_net

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| \d+ \| \[`([^`]+)`\]\(([^)]+)\) `(\w+)`", re.MULTILINE)


def test_every_station_of_the_journey_is_where_the_page_says():
    rows = ROW.findall((ROOT / "ARCHITECTURE.md").read_text())
    assert len(rows) == 9
    for name, link, function in rows:
        assert name == link
        tree = ast.parse((ROOT / link).read_text())
        assert function in {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
        }


def test_every_link_of_the_page_leads_somewhere():
    for link in re.findall(r"\]\(([^)#]+)\)", (ROOT / "ARCHITECTURE.md").read_text()):
        assert (ROOT / link).exists(), link


@pytest.mark.timeout(120)
def test_a_correction_travels_from_the_hand_to_the_next_version_and_back(tmp_path: Path):
    torch.set_num_threads(1)
    store = PolicyStore(tmp_path / "policies")
    store.publish(small_net(), manifest(0))
    store.promote(0)
    kind = GateConfig(held_out_share=99.0, floor=99.0, explained=-2.0, contradicted=-2.0)
    lenient = LearnerConfig(finetune=FinetuneConfig(head_steps=20), gate=kind)
    learner = Learner(store, Demonstrations(samples(20), samples(5, seed=1)), lenient)
    policy = FlowPolicy(store.load(0)[0], 0)
    folder, saved = SessionFolder(tmp_path), list[EpisodeSaved]()
    lockstep = Lockstep(SessionConfig(episode=EpisodeConfig(time_limit_s=7.0)))
    recorder = InlineRecorder(folder, lockstep.frames, saved.append)
    try:
        result = lockstep.run_episode(
            "shifted",
            5,
            policy,
            lambda robot: plug_operator(robot, TakeoverConfig()),
            (recorder,),
        )
        assert result.interventions > 0
        path = Path(saved[-1].path)
        with EpisodeReader(path) as episode:
            steps = [episode.step(i) for i in range(len(episode))]
        assert any(step.modes[0] is Mode.OPERATOR for step in steps)
        assert all(step.modes[1] is not Mode.OPERATOR for step in steps)

        rows = extract(path, policy_cameras := ("close_front", "close_top"))
        assert len(policy_cameras) == 2 and (rows.stratum_N == Stratum.CORRECTION).any()
        assert learner.ingest(path.name, rows)
        published = learner.learn(Speed.QUICK)
        assert published is not None and published.manifest.corrections == (path.name,)
        # An untrained policy that is corrected for a moment does not pass the gate for sure.
        store.promote(published.manifest.version, "operator", "by hand")

        policy.swap(store.load(1)[0], 1)
        lockstep.run_episode("near", 6, policy, sinks=(recorder,), episode=1)
        with EpisodeReader(Path(saved[-1].path)) as episode:
            versions = set(episode.column("policy_version").tolist())
        assert versions == {-1, 1}  # -1: before the first chunk
    finally:
        recorder.close()
        lockstep.close()
