"""What reaches the learner's memory of what lies in a session, and what is said about the rest."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from learner import intake as intake_module
from learner.intake import Intake
from learner.material import Material
from learner.observe import word_ids
from learner.replay import Demonstrations, Replay
from learner.samples import Samples, Stratum
from recorder.edits.edit import RelabelOutcome
from recorder.edits.editing import write_edit
from recorder.edits.session_views import session_views
from recorder.schema import WHOLE
from teleop.messages import Outcome, Step, frozen_array
from teleop.session_folder import SessionFolder
from tests.learner_data import samples, small_net
from tests.learner_episodes import CAMERAS, TASK, recorded


def taught(count: int = 4) -> Samples:
    rows = samples(count)
    rows.words_NM[:] = word_ids(TASK)
    return rows


class Session:
    """A session's folder and a learner's memory of it."""

    def __init__(self, path: Path) -> None:
        self.folder = SessionFolder(path)
        self.said: list[str] = []
        self.begin()

    def begin(self) -> None:
        demonstrations = Demonstrations(taught(), taught(2))
        self.replay = Replay(self.folder.path / "learner", demonstrations, small_net())
        self.material = Material(self.folder)
        self.intake = Intake(self.replay, demonstrations, CAMERAS, self.said.append)
        self.intake.follow(self.material.read())

    def look(self) -> list[str]:
        self.intake.follow(self.material.edited())
        return [each.name for each in self.intake.work()]

    def names(self) -> list[str]:
        return sorted(self.replay.episodes())


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(tmp_path)


def nan_action(step: Step) -> Step:
    twist = np.array(step.executed.twist)
    twist[0, 2] = np.nan
    return replace(step, executed=replace(step.executed, twist=frozen_array(twist)))


def of_other_shape(path: Path, column: str, *shape: int) -> None:
    with h5py.File(path / WHOLE, "r+") as file:
        rows = file.require_group("steps")["stamp_ns"].shape[0]  # pyright: ignore
        del file[f"steps/{column}"]
        file[f"steps/{column}"] = np.zeros((rows, *shape))


def test_bad_episodes_are_each_left_out_with_one_sentence_and_the_rest_goes_on(session: Session):
    folder = session.folder
    recorded(folder, 0)
    recorded(folder, 1, cameras=("close_front",))
    recorded(folder, 2, change=nan_action)
    recorded(folder, 3, instruction="Turn the knob.")
    recorded(folder, 4, size=64)
    (recorded(folder, 5) / WHOLE).write_bytes(b"")
    whole = recorded(folder, 6) / WHOLE
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    of_other_shape(recorded(folder, 7), "q", 2, 7)
    of_other_shape(recorded(folder, 8), "position", 3, 3)
    recorded(folder, 9)
    session.look()
    assert session.names() == ["episode_00000", "episode_00009"]
    wanted = {
        1: ("no camera 'close_top'", "train a policy for its cameras"),
        2: ("actions that are not numbers", "trim those rows, or discard it"),
        3: ("'Turn the knob.', which no demonstration shows", "record or import demonstrations"),
        4: ("images of 64x64", "set the camera to that size"),
        5: ("is not HDF5", "move it out of the session"),
        6: ("cut off or damaged", "`nudge repair`"),
        7: ("a row of q is (2, 7) large instead of (2, 6), as of another robot", "discard it"),
        8: ("a row of position is (3, 3) large", "import it with a mapping"),
    }
    assert len(session.said) == len(wanted)
    for number, parts in wanted.items():
        (sentence,) = [each for each in session.said if f"episode_{number:05d}" in each]
        assert all(part in sentence for part in parts), sentence
        assert sentence.startswith("left out: ")


def test_corrections_of_a_task_are_taken_once_it_has_been_demonstrated(session: Session):
    recorded(session.folder, 0, instruction="Turn the knob.")
    assert session.look() == [] and len(session.said) == 1
    recorded(session.folder, 1, instruction="Turn the knob.", demonstration=True)
    assert session.look() == ["episode_00001", "episode_00000"]
    assert session.replay.corrected() == ["episode_00000"]
    assert len(session.said) == 1


def test_demonstrations_of_the_session_are_drawn_as_demonstrations(session: Session):
    before = len(session.replay.where(Stratum.DEMONSTRATION))
    recorded(session.folder, 0, demonstration=True)
    session.look()
    assert len(session.replay.where(Stratum.DEMONSTRATION)) > before
    assert len(session.replay.where(Stratum.ROLLOUT)) == 0


def test_an_import_into_a_running_session_is_learned_from_without_a_restart(session: Session):
    recorded(session.folder, 0)
    assert session.look() == ["episode_00000"]
    assert session.look() == []
    made = recorded(SessionFolder(session.folder.path / "importing"), 1)
    assert session.look() == []  # not half of it
    made.rename(session.folder.episodes / "episode_00001")
    assert session.look() == ["episode_00001"]
    (session.folder.episodes / "episode_00001").rename(session.folder.path / "away")
    session.look()
    assert session.names() == ["episode_00000"]


def test_an_episode_is_read_once_in_its_life(session: Session, monkeypatch: pytest.MonkeyPatch):
    recorded(session.folder, 0)
    session.look()
    held = session.replay.view.revisions()
    session.replay.close()
    monkeypatch.setattr(intake_module, "read_clip", None)
    session.begin()
    assert session.look() == ["episode_00000"]
    assert session.replay.view.revisions() == held


def test_an_edited_episode_is_read_anew_and_a_discarded_one_forgotten(session: Session):
    recorded(session.folder, 0)
    session.look()
    first = session.replay.view.revisions()["episode_00000"]
    assert len(session.replay.where(Stratum.ROLLOUT)) > 0

    def relabel(outcome: Outcome) -> None:
        write_edit(
            session.folder, session_views(session.folder), RelabelOutcome("episode_00000", outcome)
        )

    relabel(Outcome.FAIL)
    assert session.look() == ["episode_00000"]
    assert session.replay.view.revisions()["episode_00000"] != first
    assert len(session.replay.where(Stratum.ROLLOUT)) == 0
    relabel(Outcome.DISCARDED)
    session.look()
    assert session.names() == []


def test_what_was_just_recorded_goes_before_a_long_list(session: Session):
    for number in range(4):
        recorded(session.folder, number)
    session.intake.follow(session.material.read())
    assert [each.name for each in session.intake.work(lambda: False)] == ["episode_00000"]
    recorded(session.folder, 4)
    session.intake.follow(session.material.edited(), first=True)
    assert [each.name for each in session.intake.work(lambda: False)] == ["episode_00004"]
    assert session.intake.waiting == 3


def test_a_moment_without_a_reading_is_left_out_and_the_rest_kept(session: Session):
    def silent_sensor(step: Step) -> Step:
        wrench = np.array(step.observation.state.wrench)
        if step.index < 10:
            wrench[:] = np.nan
        state = replace(step.observation.state, wrench=frozen_array(wrench))
        return replace(step, observation=replace(step.observation, state=state))

    recorded(session.folder, 0, ticks=150, change=silent_sensor)
    session.look()
    replay = session.replay
    every = np.concatenate([replay.where(stratum) for stratum in Stratum])
    assert len(replay.entry("episode_00000").runs) > 0  # pyright: ignore[reportOptionalMemberAccess]
    assert np.isfinite(replay.rows(every).inputs.wrench_BW.numpy()).all()
    assert session.said == []
