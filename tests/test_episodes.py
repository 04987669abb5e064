import pytest

from teleop.config import EpisodeConfig
from teleop.episodes import NO_EPISODE, Ending, EpisodeState, closed, opened, watch
from teleop.messages import Outcome, SessionMode, TaskStatus

CONFIG = EpisodeConfig(time_limit_s=10.0, settle_s=0.3)
S = 1_000_000_000
ROLLOUT = SessionMode.ROLLOUT
INSERTED = TaskStatus(inserted=True)


def watch_for(
    *events: tuple[float, TaskStatus],
    config: EpisodeConfig = CONFIG,
    mode: SessionMode = ROLLOUT,
) -> Ending | None:
    """Watch an episode that opens at 0 s at the given instants; how it ended at the last."""
    state = opened(EpisodeState(), 0)
    ending = None
    for at_s, status in events:
        assert ending is None
        state, ending = watch(state, int(at_s * S), status, mode, config)
    return ending


def test_an_episode_goes_on_while_nothing_has_happened():
    assert watch_for((1.0, TaskStatus()), (9.99, TaskStatus(jammed=True))) is None


def test_a_plug_that_stays_inserted_is_a_success():
    assert watch_for((1.0, INSERTED), (1.29, INSERTED)) is None
    ending = watch_for((1.0, INSERTED), (1.29, INSERTED), (1.3, INSERTED))
    assert ending == Ending(Outcome.SUCCESS, "inserted")


def test_a_plug_that_slips_out_again_has_to_settle_anew():
    assert (
        watch_for((1.0, INSERTED), (1.2, TaskStatus()), (1.25, INSERTED), (1.5, INSERTED)) is None
    )


def test_a_drop_and_the_time_limit_are_failures():
    assert watch_for((1.0, TaskStatus(dropped=True))) == Ending(Outcome.FAIL, "dropped")
    assert watch_for((10.0, TaskStatus())) == Ending(Outcome.FAIL, "time out")


def test_a_plug_that_is_in_at_the_time_limit_may_settle():
    assert watch_for((9.9, INSERTED), (10.1, INSERTED)) is None
    assert watch_for((9.9, INSERTED), (10.2, INSERTED)) == Ending(Outcome.SUCCESS, "inserted")


def test_without_automatic_nothing_but_a_stop_ends_it():
    manual = EpisodeConfig(time_limit_s=10.0, automatic=False)
    assert watch_for((1.0, INSERTED), (11.0, TaskStatus(dropped=True)), config=manual) is None


@pytest.mark.parametrize("automatic", [True, False])
def test_a_stopped_episode_is_nobodys_success(automatic: bool):
    config = EpisodeConfig(automatic=automatic, settle_s=0.0)
    ending = watch_for((1.0, INSERTED), config=config, mode=SessionMode.STOPPED)
    assert ending == Ending(Outcome.UNLABELLED, "stopped")


def test_episodes_are_numbered_on_and_their_steps_are_counted():
    state = opened(EpisodeState(next_episode=7), 0)
    for index in range(3):
        assert state.index == index
        state, _ = watch(state, index, TaskStatus(), ROLLOUT, CONFIG)
    state, message = closed(state, Ending(Outcome.FAIL, "operator"), 9)
    assert (message.episode, message.outcome, message.reason) == (7, Outcome.FAIL, "operator")
    assert state.episode == NO_EPISODE
    assert opened(state, 0).episode == 8
