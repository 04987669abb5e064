from teleop.messages import Arm, Mode
from teleop.takeover_match import Push, Taken, match
from teleop.timing import Change

MS = 1_000_000
P, OP, H = Mode.POLICY, Mode.OPERATOR, Mode.HOLD


def change(at_ms: float, left: Mode, right: Mode, owned: str = "") -> Change:
    """A tick that begins at `at_ms` and sends 1 ms later; `owned` names arms that only hold."""
    shares = (float(left is OP or "left" in owned), float(right is OP or "right" in owned))
    stamp_ns = round(at_ms * MS)
    return Change(stamp_ns, stamp_ns + MS, 0, (left, right), shares, 0)


def push(at_ms: int, arm: Arm = Arm.LEFT) -> Push:
    """Beyond the threshold from 8 ms after the first report on, let go after 80 ms."""
    beyond = tuple((at_ms + 8 * report) * MS for report in range(1, 9))
    return Push(arm, at_ms * MS, beyond, (at_ms + 80) * MS)


START = change(0, P, P)


def taken_from(at_ms: int) -> list[Change]:
    """The left arm: taken 19 ms after the push began, given back, and driven by the policy."""
    return [
        change(at_ms + 19, OP, P),
        change(at_ms + 340, H, P),
        change(at_ms + 360, P, P),
    ]


def test_a_takeover_is_timed_from_the_report_that_completes_it():
    [taken] = match([push(100)], [START, *taken_from(100)], 2)
    assert taken == Taken(1, 1, 0, 3 * MS, 4 * MS, False, 281 * MS)
    assert taken.sound


def test_each_push_has_the_changes_until_the_next_one():
    changes = [START, *taken_from(100), *taken_from(600)]
    assert [taken.sound for taken in match([push(100), push(600)], changes, 2)] == [True, True]


def test_a_push_that_took_nothing_is_lost():
    changes = [START, *taken_from(600)]
    lost, taken = match([push(100), push(600)], changes, 2)
    assert (lost.takeovers, lost.sound) == (0, False)
    assert taken.sound


def test_an_arm_that_is_given_back_and_taken_again_by_one_push_is_double():
    again = [change(150, P, P), change(160, OP, P)]
    first, *rest = taken_from(100)
    [taken] = match([push(100)], [START, first, *again, *rest], 2)
    assert (taken.takeovers, taken.hand_backs, taken.sound) == (2, 2, False)


def test_an_arm_that_is_never_given_back_is_not_sound():
    [taken] = match([push(100)], [START, taken_from(100)[0]], 2)
    assert (taken.takeovers, taken.hand_backs, taken.sound) == (1, 0, False)


def test_the_other_arm_that_is_taken_is_the_wrong_one():
    both = [change(119, OP, OP), change(440, H, H), change(460, P, P)]
    [taken] = match([push(100)], [START, *both], 2)
    assert (taken.wrong, taken.sound) == (1, True)
    other = [change(119, P, OP), change(440, P, H), change(460, P, P)]
    [taken] = match([push(100)], [START, *other], 2)
    assert (taken.wrong, taken.takeovers, taken.sound) == (1, 0, False)


def test_an_arm_that_holds_for_want_of_a_reading_is_not_taken_twice():
    held = [change(130, H, P, owned="left"), change(140, OP, P)]
    first, *rest = taken_from(100)
    [taken] = match([push(100)], [START, first, *held, *rest], 2)
    assert taken.sound


def test_a_takeover_before_the_report_that_completes_it_is_early():
    changes = [START, change(110, OP, P), *taken_from(100)[1:]]
    [taken] = match([push(100)], changes, 2)
    assert taken.early
    assert taken.report_to_command_ns == -5 * MS


def test_without_any_change_every_push_is_lost():
    assert match([push(100), push(200)], [], 2) == [Taken(), Taken()]
