"""What the window remembers, and what becomes of a wish for another look or scale."""

from pathlib import Path

import msgspec
import pytest

from gui.app import GuiOptions, opening_memory
from gui.appearance import Verdict, Wish, judged
from gui.view import ArmView, Lead
from gui.window_memory import (
    LOOKS,
    SCALES,
    CameraPlaces,
    WindowMemory,
    memory_file,
    recall,
    remember,
    stepped,
)
from teleop.errors import SetupError
from teleop.messages import Arm

LARGE_SCREEN = (3840.0, 2160.0)
FREE = (ArmView(Arm.LEFT, Lead.POLICY), ArmView(Arm.RIGHT, Lead.HOLD))


def test_what_was_remembered_is_recalled(tmp_path: Path):
    memory = WindowMemory(look="light", scale=1.5).at(b"place", CameraPlaces("a", ("b",), ("c",)))
    remember(tmp_path / "nudge" / "window.json", memory)
    assert recall(tmp_path / "nudge" / "window.json") == memory
    assert memory.geometry_bytes == b"place"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b"\xff\xfe", b'{"version": 99, "look": "light"}', b'{"scale": "large"}'],
)
def test_a_bad_file_never_keeps_the_window_from_opening(tmp_path: Path, content: bytes):
    path = tmp_path / "window.json"
    path.write_bytes(content)
    assert recall(path) == WindowMemory()


def test_values_out_of_range_are_as_if_they_were_not_there(tmp_path: Path):
    path = tmp_path / "window.json"
    path.write_bytes(b'{"version": 1, "look": "pink", "scale": 40, "geometry": "not base64"}')
    kept = recall(path)
    assert (kept.look, kept.scale, kept.geometry_bytes) == ("dark", None, b"")


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="cannot be written"):
        remember(tmp_path / "file" / "window.json", WindowMemory())


def test_a_screenshot_does_not_depend_on_the_users_own_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    remember(memory_file(), WindowMemory(look="light", scale=2.0))
    shot = GuiOptions(tmp_path, screenshot=tmp_path / "w.png")
    assert opening_memory(shot) == WindowMemory()
    assert opening_memory(GuiOptions(tmp_path)).look == "light"
    assert opening_memory(GuiOptions(tmp_path, look="dark", scale=1.25)).scale == 1.25
    with pytest.raises(SetupError, match="out of range"):
        opening_memory(GuiOptions(tmp_path, scale=3.0))


def test_the_look_changes_to_the_other_one_and_back():
    light = judged(Wish(other_look=True), WindowMemory(), FREE, LARGE_SCREEN).memory
    assert light is not None
    assert light.look == LOOKS[1]
    assert judged(Wish(other_look=True), light, FREE, LARGE_SCREEN) == Verdict(WindowMemory())


@pytest.mark.parametrize("lead", [Lead.OPERATOR, Lead.REWIND])
def test_nothing_changes_while_an_arm_is_in_the_operators_hand(lead: Lead):
    arms = (ArmView(Arm.LEFT, lead), FREE[1])
    for wish in (Wish(other_look=True), Wish(larger=1)):
        verdict = judged(wish, WindowMemory(), arms, LARGE_SCREEN)
        assert verdict.memory is None
        assert "LEFT is in the operator's hand" in verdict.refusal


def test_the_scale_goes_in_steps_from_100_to_200_percent():
    scale: float | None = None
    seen = [scale := stepped(scale, 1) for _ in SCALES]
    assert seen == [1.25, 1.5, 1.75, 2.0, 2.0]
    at_end = msgspec.structs.replace(WindowMemory(), scale=2.0)
    assert "200 %" in judged(Wish(larger=1), at_end, FREE, LARGE_SCREEN).refusal
    assert "100 %" in judged(Wish(larger=-1), WindowMemory(), FREE, LARGE_SCREEN).refusal


def test_a_scale_at_which_the_window_would_not_fit_is_refused():
    refusal = judged(Wish(larger=1), WindowMemory(), FREE, (1280.0, 800.0)).refusal
    assert "1600 x 1000" in refusal
