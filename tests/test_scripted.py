from collections.abc import Callable

import numpy as np
import pytest

from teleop.config import ConfigError, TakeoverConfig
from teleop.devices.person import WORSE, OperatorProfile
from teleop.devices.scripted import ScriptedOperator
from teleop.messages import Arm, Array
from tests.plug_scenes import FREE, HOME, IN, JAMMED, Scene

MS = 1_000_000
TAKEOVER = TakeoverConfig()
CALM = OperatorProfile(wander=0.0, tremor=0.0, wrong_rate=0.0)


class Person:
    """An operator who is looked at every 10 ms."""

    def __init__(self, scene: Scene, profile: OperatorProfile = CALM, seed: int = 0) -> None:
        self.operator = ScriptedOperator(scene.truth, scene.expert, TAKEOVER, profile, seed)
        self.now_ms = 0

    def tick(self) -> Array:
        self.now_ms += 10
        reading = self.operator.read(self.now_ms * MS)
        assert reading is not None
        return reading.deflection

    def until(self, holds: Callable[[float], bool], within_ms: int = 6000) -> int:
        """Milliseconds until the larger deflection of the left arm holds."""
        for waited in range(0, within_ms, 10):
            if holds(float(np.abs(self.tick()[Arm.LEFT]).max())):
                return waited
        raise AssertionError("it never came")


def jammed(profile: OperatorProfile = CALM, seed: int = 0) -> tuple[Scene, Person]:
    scene = Scene()
    person = Person(scene, profile, seed)
    for _ in range(50):
        person.tick()
    scene.now = JAMMED  # so far off that it is a new scene to the eye
    return scene, person


def test_nothing_is_touched_while_the_policy_gets_on():
    person = Person(Scene())
    assert all(not person.tick().any() for _ in range(500))


def test_it_steps_in_late_and_not_always_equally_late():
    waits = [jammed(seed=seed)[1].until(lambda size: size > TAKEOVER.enter) for seed in range(12)]
    # Perception 0.12 s, patience 0.3 s, reaction 0.2 to 0.5 s.
    assert min(waits) >= 600
    assert max(waits) <= 980
    assert len(set(waits)) > 4


def test_the_same_seed_is_the_same_person():
    def pushes(seed: int) -> list[float]:
        _, person = jammed(OperatorProfile(), seed)
        return [float(person.tick()[0, 1]) for _ in range(200)]

    assert pushes(3) == pushes(3)
    assert pushes(3) != pushes(4)


def test_it_drives_one_arm_and_a_takeover_is_a_firm_push():
    _, person = jammed()
    person.until(lambda size: size > TAKEOVER.enter)
    again = person.tick()
    assert np.abs(again[Arm.LEFT]).max() > TAKEOVER.enter
    assert not again[Arm.RIGHT].any()


def test_it_lets_go_a_perception_later_than_it_is_on_track():
    scene, person = jammed()
    person.until(lambda size: size > TAKEOVER.enter)
    for _ in range(30):
        person.tick()
    scene.now = IN
    assert 110 <= person.until(lambda size: size == 0.0) <= 150


def test_while_driving_it_never_lets_go_by_accident():
    _, person = jammed()
    person.until(lambda size: size > TAKEOVER.enter)
    person.operator._expert = lambda truth: np.zeros(6)  # nothing to do for the moment
    centred = [np.abs(person.tick()[0]).max() < TAKEOVER.leave for _ in range(100)]
    # It may pass through the middle on the way, but not for as long as a hand-back takes.
    assert sum(centred) * 0.01 < TAKEOVER.dwell_s / 2
    assert not any(centred[40:])


def test_its_speed_is_bounded():
    _, person = jammed(OperatorProfile(linear_speed=0.02, wander=0.0, tremor=0.0))
    person.operator._expert = lambda truth: np.array([1.0, 0, 0, 0, 0, 0])
    person.until(lambda size: size > TAKEOVER.enter)
    for _ in range(50):
        person.tick()
    slope = (person.tick()[0, 0] - TAKEOVER.leave) / (1 - TAKEOVER.leave)
    assert slope * TAKEOVER.linear_scale == pytest.approx(0.02, rel=0.01)


def test_a_bad_operator_begins_in_a_wrong_direction():
    def first_push(wrong_rate: float) -> float:
        _, person = jammed(OperatorProfile(wrong_rate=wrong_rate, wander=0.0, tremor=0.0))
        person.until(lambda size: size > TAKEOVER.enter)
        return float(person.tick()[0, 1])

    assert first_push(0.0) * first_push(1.0) < 0.0


def pushes_until_let_go(person: Person) -> list[float]:
    """Sideways deflections of the next takeover."""
    person.until(lambda size: size > TAKEOVER.enter)
    pushes: list[float] = []
    for _ in range(1000):
        tick = person.tick()[Arm.LEFT]
        if not tick.any():
            break
        pushes.append(float(tick[1]))
    return pushes


def test_every_so_many_takeovers_one_is_wrong_from_beginning_to_end_and_given_up():
    profile = OperatorProfile(
        wander=0.0, tremor=0.0, wrong_rate=0.0, contrary_every=2, contrary_s=1.0
    )
    scene, person = jammed(profile)
    person.until(lambda size: size > TAKEOVER.enter)
    right = [float(person.tick()[0, 1]) for _ in range(300)]
    scene.now = IN
    person.until(lambda size: size == 0.0)
    scene.now = JAMMED
    wrong = pushes_until_let_go(person)
    assert max(right) < 0.0 < min(wrong)
    assert len(wrong) == pytest.approx(100, abs=2)
    assert person.operator.takeovers == 2


def test_a_person_remembers_the_takeovers_of_earlier_episodes():
    scene = Scene(JAMMED)
    operator = ScriptedOperator(
        scene.truth, scene.expert, TAKEOVER, OperatorProfile(contrary_every=5), takeovers=4
    )
    person = Person(scene)
    person.operator = operator
    person.until(lambda size: size > TAKEOVER.enter)
    assert person.tick()[0, 1] > 0.0
    assert operator.takeovers == 5


def test_the_worse_operator_is_late_and_unsteady_by_a_factor_of_two():
    good = OperatorProfile()
    assert WORSE.perception_s == 2 * good.perception_s
    assert WORSE.reaction_s == (2 * good.reaction_s[0], 2 * good.reaction_s[1])
    assert (WORSE.wander, WORSE.tremor) == (2 * good.wander, 2 * good.tremor)
    assert WORSE.contrary_every == 5


def test_a_new_scene_makes_it_let_go_at_once():
    scene, person = jammed()
    person.until(lambda size: size > TAKEOVER.enter)
    scene.now = FREE
    assert not person.tick().any()


def test_switched_off_in_flight_it_lets_go_and_stays_away():
    _, person = jammed()
    person.until(lambda size: size > TAKEOVER.enter)
    person.operator.enabled = False
    assert all(not person.tick().any() for _ in range(300))
    reading = person.operator.read(person.now_ms * MS)
    assert reading is not None
    assert reading.stamp_ns < (person.now_ms - 1500) * MS  # nobody is there
    person.operator.enabled = True
    person.until(lambda size: size > TAKEOVER.enter)


def test_a_finished_plug_is_left_alone():
    person = Person(Scene(HOME))
    assert all(not person.tick().any() for _ in range(600))


def test_an_impossible_person_is_refused():
    with pytest.raises(ConfigError, match="wrong_rate"):
        OperatorProfile(wrong_rate=1.5)
