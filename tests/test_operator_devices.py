from collections.abc import Iterator
from pathlib import Path

import pytest

from teleop import operator_devices
from teleop.bus import KEYS, Subscriber
from teleop.clock import SimClock
from teleop.config import CellConfig, SessionConfig
from teleop.devices.pad_nodes import PadNode
from teleop.devices.plug_operator import plug_operator
from teleop.devices.scripted import ScriptedOperator
from teleop.errors import DeviceForbidden, DeviceNotFound, NudgeError, SetupError
from teleop.operator_devices import open_devices
from teleop.robots.mujoco_cell import MujocoCell


@pytest.fixture
def window(session_dir: Path) -> Iterator[Subscriber]:
    with Subscriber([f"ipc://{session_dir}/gui"], [KEYS]) as made:
        yield made


@pytest.fixture(scope="module")
def scripted() -> ScriptedOperator:
    robot = MujocoCell(SimClock(), CellConfig(), 100.0)
    return plug_operator(robot, SessionConfig().takeover)


@pytest.fixture(autouse=True)
def no_gamepad(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this machine's."""
    monkeypatch.setattr(operator_devices, "find_pads", lambda: ())


def with_puck(
    monkeypatch: pytest.MonkeyPatch, error: NudgeError | None, troubled: str = ""
) -> None:
    class Puck:
        name = "spacemouse"
        trouble = troubled

        def __init__(self, required: bool) -> None:
            if error is not None:
                raise error

    monkeypatch.setattr(operator_devices, "SpaceMouse", Puck)


def test_people_count_before_the_script(
    window: Subscriber, scripted: ScriptedOperator, monkeypatch: pytest.MonkeyPatch
):
    with_puck(monkeypatch, None)
    opened = open_devices(SessionConfig(device="auto"), window, scripted)
    assert opened.device.name == "spacemouse+keyboard+scripted"
    assert opened.trouble == ""
    assert not scripted.enabled


def test_the_scripted_operator_is_on_when_it_was_asked_for(
    window: Subscriber, scripted: ScriptedOperator
):
    opened = open_devices(SessionConfig(device="scripted"), window, scripted)
    assert opened.device.name == "keyboard+scripted"
    assert scripted.enabled


def test_without_hidapi_the_keyboard_is_used_and_nothing_is_said(
    window: Subscriber,
    scripted: ScriptedOperator,
    monkeypatch: pytest.MonkeyPatch,
):
    with_puck(monkeypatch, SetupError("no hidapi"))
    opened = open_devices(SessionConfig(device="auto"), window, scripted)
    assert (opened.device.name, opened.trouble) == ("keyboard+scripted", "")


def test_a_puck_that_may_not_be_opened_is_told_about_and_the_keyboard_is_used(
    window: Subscriber, scripted: ScriptedOperator, monkeypatch: pytest.MonkeyPatch
):
    with_puck(monkeypatch, None, "write a udev rule")
    opened = open_devices(SessionConfig(device="auto"), window, scripted)
    assert opened.trouble == "write a udev rule"


@pytest.mark.parametrize("error", [DeviceNotFound, DeviceForbidden, SetupError])
def test_a_puck_that_was_asked_for_must_be_there(
    error: type[NudgeError],
    window: Subscriber,
    scripted: ScriptedOperator,
    monkeypatch: pytest.MonkeyPatch,
):
    with_puck(monkeypatch, error("no"))
    with pytest.raises(error):
        open_devices(SessionConfig(device="spacemouse"), window, scripted)


def with_pads(monkeypatch: pytest.MonkeyPatch, count: int, error: SetupError | None = None) -> None:
    class Pad:
        name = "gamepad"

        def __init__(self, asked: bool) -> None:
            if error is not None:
                raise error

    nodes = (PadNode("Pad", Path("/dev/input/event7"), True),) * count
    monkeypatch.setattr(operator_devices, "Gamepad", Pad)
    monkeypatch.setattr(operator_devices, "find_pads", lambda: nodes)


@pytest.mark.parametrize("count", [0, 1])
def test_a_gamepad_that_was_asked_for_may_be_plugged_in_later(
    count: int, window: Subscriber, scripted: ScriptedOperator, monkeypatch: pytest.MonkeyPatch
):
    with_pads(monkeypatch, count)
    opened = open_devices(SessionConfig(device="gamepad"), window, scripted)
    assert opened.device.name == "gamepad+keyboard+scripted"


@pytest.mark.parametrize(
    ("count", "names"),
    [(0, "spacemouse+keyboard+scripted"), (1, "spacemouse+gamepad+keyboard+scripted")],
)
def test_by_itself_a_gamepad_is_used_only_where_there_is_one(
    count: int,
    names: str,
    window: Subscriber,
    scripted: ScriptedOperator,
    monkeypatch: pytest.MonkeyPatch,
):
    with_puck(monkeypatch, None)
    with_pads(monkeypatch, count)
    opened = open_devices(SessionConfig(device="auto"), window, scripted)
    assert opened.device.name == names


def test_without_sdl_a_gamepad_that_was_asked_for_is_an_error_and_otherwise_told(
    window: Subscriber, scripted: ScriptedOperator, monkeypatch: pytest.MonkeyPatch
):
    with_puck(monkeypatch, None)
    with_pads(monkeypatch, 1, SetupError("no SDL"))
    with pytest.raises(SetupError):
        open_devices(SessionConfig(device="gamepad"), window, scripted)
    assert open_devices(SessionConfig(device="auto"), window, scripted).trouble == "no SDL"


def test_what_can_be_set_up_by_a_profile_is_offered_as_one(
    window: Subscriber, scripted: ScriptedOperator
):
    assert open_devices(SessionConfig(device="keyboard"), window, scripted).tunable is None
    opened = open_devices(SessionConfig(device="gamepad"), window, scripted)
    assert opened.tunable is not None
    (seen,) = opened.tunable.seen(1)
    assert seen.name == "Gamepad"
    opened.device.close()
