from pathlib import Path

import pytest

from teleop.checks import Outcome
from teleop.checks.gamepad import check_gamepad
from teleop.devices.pad_nodes import find_pads

# As the kernel writes them: an Xbox pad, a stick of 1998, a SpaceNavigator, a keyboard.
PAD = "7cdb000000000000 0 0 0 0"
STICK = "fff00000000 0 0 0 0"
PUCK = "3 0 0 0 0"
KEYBOARD = "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe"


def plug(root: Path, number: int, name: str, keys: str, node: bool = True) -> None:
    device = root / f"sys/class/input/event{number}/device"
    (device / "capabilities").mkdir(parents=True)
    (device / "capabilities/key").write_text(keys + "\n")
    (device / "name").write_text(name + "\n")
    (root / "dev/input").mkdir(parents=True, exist_ok=True)
    if node:
        (root / f"dev/input/event{number}").touch()


@pytest.mark.parametrize(("keys", "count"), [(PAD, 1), (STICK, 1), (PUCK, 0), (KEYBOARD, 0)])
def test_what_has_a_gamepads_buttons_is_one(tmp_path: Path, keys: str, count: int):
    plug(tmp_path, 3, "Thing", keys)
    assert len(find_pads(tmp_path)) == count


def test_without_a_gamepad_nothing_needs_doing(tmp_path: Path):
    check = check_gamepad(tmp_path)
    assert (check.outcome, check.found, check.advice) == (Outcome.OK, "none", "")


def test_a_gamepad_that_may_be_read_is_named_with_its_node(tmp_path: Path):
    plug(tmp_path, 7, "Pad of mine", PAD)
    check = check_gamepad(tmp_path)
    assert check.outcome is Outcome.OK
    assert check.found == f"Pad of mine at {tmp_path}/dev/input/event7"


def test_a_gamepad_that_may_not_be_read_is_told_with_the_remedy(tmp_path: Path):
    plug(tmp_path, 7, "Pad of mine", PAD, node=False)
    check = check_gamepad(tmp_path)
    assert check.outcome is Outcome.WARN
    assert "usermod -aG input" in check.advice


def test_one_that_goes_away_while_it_is_looked_at_is_left_out(tmp_path: Path):
    (tmp_path / "sys/class/input/event2").mkdir(parents=True)
    assert find_pads(tmp_path) == ()
