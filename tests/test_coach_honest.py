"""The coach and an honest operator at the simulated cell: nothing to say."""

from pathlib import Path

import pytest

from learner.coaching import Coach
from learner.extract import extract
from learner.policy import FlowPolicy
from learner.rows import encode
from learner.samples import Stratum
from learner.seed import seed_store
from learner.store import PolicyStore
from recorder.inline import InlineRecorder
from recorder.reader import EpisodeReader
from teleop.config import TakeoverConfig
from teleop.devices.plug_operator import plug_operator
from teleop.learner_messages import CoachNote
from teleop.lockstep import Lockstep
from teleop.messages import EpisodeSaved
from teleop.session_folder import SessionFolder

SCENES = range(24)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_at_most_one_honest_correction_in_twenty_is_talked_about(session_dir: Path):
    folder = SessionFolder(session_dir)
    store = PolicyStore(folder.policies)
    seed_store(store, "base")
    net, manifest = store.load(store.serving())
    policy = FlowPolicy(net, manifest.version)
    lockstep, coach = Lockstep(), Coach()
    notes: list[CoachNote] = []
    corrected = 0
    for scene in SCENES:
        saved: list[EpisodeSaved] = []
        recorder = InlineRecorder(folder, lockstep.frames, saved.append, flush_s=5.0)
        lockstep.run_episode(
            "shifted",
            31_000 + scene,
            policy,
            lambda robot, seed=scene: plug_operator(robot, TakeoverConfig(), seed=seed),
            (recorder,),
            episode=scene,
        )
        recorder.close()
        path = Path(saved[-1].path)
        samples = extract(path, net.config.cameras)
        samples = samples.select(samples.stratum_N == Stratum.CORRECTION)
        if len(samples) > 0:
            corrected += 1
            with EpisodeReader(path) as episode:
                notes += coach.look(path.name, episode, encode(net, samples), net)
    lockstep.close()
    assert corrected >= 5
    assert len(notes) <= max(1, corrected // 20), notes
